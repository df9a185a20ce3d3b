//! Requests that browsers took to upstream providers.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when an answer came before, comes too late, or is another browser's or provider's.
pub const STATE_USABLE: &str = "upstream_state_usable";

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upstream_state")]
    pub struct Model {
        /// Digest of the state; the state itself is nowhere.
        #[sea_orm(primary_key, auto_increment = false)]
        pub state: Vec<u8>,
        pub provider: String,
        pub issuer: String,
        pub journey_id: Uuid,
        /// Digest of the browser's id.
        pub browser: Vec<u8>,
        /// Digest of the nonce.
        pub nonce: Vec<u8>,
        /// Verifier of the code, sealed.
        pub verifier: Vec<u8>,
        pub required_acr: String,
        pub freshness: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as State;
use rows::{Column, Entity};

pub fn insert(unit: &mut Unit, state: State) {
    unit.insert(state);
}

pub async fn find(db: &Database, digest: &[u8]) -> Result<Option<State>, WriteError> {
    db.first(Entity::find_by_id(digest.to_vec())).await.map_err(WriteError::Unavailable)
}

/// Uses a state up: one conditional statement with its whole binding.
pub fn spend(unit: &mut Unit, state: &State, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.micros()))
        .filter(Column::State.eq(state.state.clone()))
        .filter(Column::Provider.eq(state.provider.as_str()))
        .filter(Column::Browser.eq(state.browser.clone()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.micros()));
    unit.require(STATE_USABLE, &update.into_query());
}

pub fn forget_before(unit: &mut Unit, before: Moment) {
    let gone = Entity::delete_many().filter(Column::ExpiresAt.lt(before.micros()));
    unit.run(&gone.into_query());
}
