//! Authorization codes.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when a code was used, ran out, or is another client's or address's.
pub const CODE_USABLE: &str = "code_usable";

pub mod authorization_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authorization_code")]
    pub struct Model {
        /// Digest of the code; the code itself is nowhere.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: Vec<u8>,
        /// The grant that it becomes.
        pub grant_id: Uuid,
        pub client_id: String,
        pub redirect_uri: String,
        pub account_id: Uuid,
        pub session_id: Uuid,
        pub scope: String,
        /// The claims that were asked for by name, as JSON.
        pub claims: String,
        /// The resource servers that its access tokens are for, separated by spaces.
        pub audience: String,
        pub nonce: Option<String>,
        pub challenge: String,
        pub acr: String,
        pub amr: String,
        pub authenticated_at: i64,
        pub account_epoch: i64,
        pub client_epoch: i64,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use authorization_code::Model as Code;
use authorization_code::{Column, Entity};

pub fn insert(unit: &mut Unit, code: Code) {
    unit.insert(code);
}

pub async fn find(db: &Database, digest: &[u8]) -> Result<Option<Code>, WriteError> {
    let row = db.first(Entity::find_by_id(digest.to_vec())).await;
    row.map_err(WriteError::Unavailable)
}

/// Uses a code: one conditional statement with its whole binding.
pub fn spend(unit: &mut Unit, code: &Code, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.micros()))
        .filter(Column::Code.eq(code.code.clone()))
        .filter(Column::ClientId.eq(code.client_id.as_str()))
        .filter(Column::RedirectUri.eq(code.redirect_uri.as_str()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.micros()));
    unit.require(CODE_USABLE, &update.into_query());
}

/// Takes away what a client was given in a person's name and has not redeemed yet.
pub fn take_back(unit: &mut Unit, account: Uuid, client_id: &str) {
    let unused = Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .filter(Column::ClientId.eq(client_id))
        .filter(Column::UsedAt.is_null());
    unit.run(&unused.into_query());
}

pub fn forget_before(unit: &mut Unit, before: Moment) {
    let codes = Entity::delete_many().filter(Column::ExpiresAt.lt(before.micros()));
    unit.run(&codes.into_query());
}
