//! Rows of journeys.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, UpdateStatement};
use sea_orm::{QueryTrait, UpdateMany};

use crate::infra::database::Database;

pub mod journey {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "journey")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub browser: Vec<u8>,
        pub purpose: String,
        pub required_acr: String,
        pub account_id: Option<Uuid>,
        pub account_epoch: Option<i64>,
        pub login: String,
        pub proofs: String,
        pub target: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub finished_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The journey of an id, for the browser that began it and while its time runs.
pub async fn find(
    db: &Database,
    id: Uuid,
    browser: &[u8],
    now: i64,
) -> Result<Option<journey::Model>, DbErr> {
    let of_the_browser = journey::Entity::find_by_id(id).filter(journey::Column::Browser.eq(browser));
    db.first(of_the_browser.filter(journey::Column::ExpiresAt.gt(now))).await
}

/// A journey as it was read, and by whom.
pub struct Seen {
    pub id: Uuid,
    pub browser: Vec<u8>,
    pub version: i64,
    pub now: i64,
}

/// A change of a journey that is still the one that was read.
fn change(seen: &Seen) -> UpdateMany<journey::Entity> {
    journey::Entity::update_many()
        .col_expr(journey::Column::Version, Expr::value(seen.version + 1))
        .filter(journey::Column::Id.eq(seen.id))
        .filter(journey::Column::Browser.eq(seen.browser.as_slice()))
        .filter(journey::Column::Version.eq(seen.version))
        .filter(journey::Column::ExpiresAt.gt(seen.now))
}

pub fn add_proof(seen: &Seen, next: &journey::Model) -> UpdateStatement {
    change(seen)
        .col_expr(journey::Column::AccountId, Expr::value(next.account_id))
        .col_expr(journey::Column::AccountEpoch, Expr::value(next.account_epoch))
        .col_expr(journey::Column::RequiredAcr, Expr::value(next.required_acr.as_str()))
        .col_expr(journey::Column::Login, Expr::value(next.login.as_str()))
        .col_expr(journey::Column::Proofs, Expr::value(next.proofs.as_str()))
        .filter(journey::Column::FinishedAt.is_null())
        .into_query()
}

pub fn finish(seen: &Seen) -> UpdateStatement {
    change(seen)
        .col_expr(journey::Column::FinishedAt, Expr::value(seen.now))
        .filter(journey::Column::FinishedAt.is_null())
        .into_query()
}

/// Ends a finished journey for good: what it was for is handed out once.
pub fn consume(seen: &Seen) -> UpdateStatement {
    change(seen)
        .col_expr(journey::Column::ExpiresAt, Expr::value(seen.now))
        .filter(journey::Column::FinishedAt.is_not_null())
        .into_query()
}

pub fn forget_before(now: i64) -> DeleteStatement {
    journey::Entity::delete_many().filter(journey::Column::ExpiresAt.lt(now)).into_query()
}

pub fn forget_account(account: Uuid) -> DeleteStatement {
    journey::Entity::delete_many().filter(journey::Column::AccountId.eq(account)).into_query()
}
