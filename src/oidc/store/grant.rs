//! What a client was given in a person's name, and how far its refresh tokens have come.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryTrait, UpdateMany};

use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when a grant is over.
pub const GRANT_OPEN: &str = "grant_open";
/// Condition that fails when a refresh token is not the present one any more, or its grant is over.
pub const REFRESH_PRESENT: &str = "refresh_token_present";

pub mod token_grant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "token_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client_id: String,
        pub account_id: Uuid,
        pub session_id: Uuid,
        /// Whether it outlives the session.
        pub offline: bool,
        pub scope: String,
        pub claims: String,
        pub audience: String,
        pub acr: String,
        pub amr: String,
        pub authenticated_at: i64,
        pub account_epoch: i64,
        pub client_epoch: i64,
        /// What its refresh tokens are made from, sealed; `None` where none was given.
        pub refresh_secret: Option<Vec<u8>>,
        /// The number of the present refresh token, counted from one.
        pub generation: i64,
        /// When the present one took the place of the one before.
        pub rotated_at: i64,
        pub created_at: i64,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use token_grant::Model as Grant;
use token_grant::{Column, Entity};

pub fn insert(unit: &mut Unit, grant: Grant) {
    unit.insert(grant);
}

pub async fn find(db: &Database, id: Uuid) -> Result<Option<Grant>, WriteError> {
    db.first(Entity::find_by_id(id)).await.map_err(WriteError::Unavailable)
}

/// Makes the next refresh token the present one: one conditional statement, so that of many who hold the
/// same token one is the first.
pub fn rotate(unit: &mut Unit, grant: &Grant, now: Moment) {
    let update = open(grant.id)
        .col_expr(Column::Generation, Expr::value(grant.generation + 1))
        .col_expr(Column::RotatedAt, Expr::value(now.micros()))
        .filter(Column::ClientId.eq(grant.client_id.as_str()))
        .filter(Column::Generation.eq(grant.generation))
        .filter(Column::ExpiresAt.gt(now.micros()));
    unit.require(REFRESH_PRESENT, &update.into_query());
}

/// Ends an open grant with all that came of it; the unit is refused when it is over, so that one tells of its
/// end.
pub fn end(unit: &mut Unit, id: Uuid, now: Moment) {
    let update = open(id).col_expr(Column::EndedAt, Expr::value(now.micros()));
    unit.require(GRANT_OPEN, &update.into_query());
}

/// Ends everything that a person gave a client.
pub fn end_all(unit: &mut Unit, account: Uuid, client_id: &str, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.micros()))
        .filter(Column::AccountId.eq(account))
        .filter(Column::ClientId.eq(client_id))
        .filter(Column::EndedAt.is_null());
    unit.run(&update.into_query());
}

pub fn forget_before(unit: &mut Unit, before: Moment) {
    let grants = Entity::delete_many().filter(Column::ExpiresAt.lt(before.micros()));
    unit.run(&grants.into_query());
}

fn open(id: Uuid) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.eq(id)).filter(Column::EndedAt.is_null())
}
