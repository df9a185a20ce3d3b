//! Rows of resets.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Condition, DeleteStatement, Expr, UpdateStatement};
use sea_orm::{QueryTrait, UpdateMany};

use crate::infra::database::Database;

pub mod password_reset {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password_reset")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub journey_id: Uuid,
        pub account_id: Uuid,
        pub case_code: String,
        pub problem: String,
        pub claimed_at: Option<i64>,
        pub outcome: Option<String>,
        pub finished_at: Option<i64>,
        pub sessions_ended: i64,
        pub applications: String,
        pub expires_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn find(db: &Database, journey: Uuid) -> Result<Option<password_reset::Model>, DbErr> {
    db.first(password_reset::Entity::find_by_id(journey)).await
}

/// A reset that has not ended.
fn open(journey: Uuid) -> UpdateMany<password_reset::Entity> {
    password_reset::Entity::update_many()
        .filter(password_reset::Column::JourneyId.eq(journey))
        .filter(password_reset::Column::FinishedAt.is_null())
}

/// Takes the writing of the password, unless somebody has taken it since `stale`.
pub fn claim(journey: Uuid, now: i64, stale: i64) -> UpdateStatement {
    let is_free = Condition::any()
        .add(password_reset::Column::ClaimedAt.is_null())
        .add(password_reset::Column::ClaimedAt.lt(stale));
    open(journey).col_expr(password_reset::Column::ClaimedAt, Expr::value(now)).filter(is_free).into_query()
}

/// Gives it back: nothing was written.
pub fn give_back(journey: Uuid) -> UpdateStatement {
    open(journey).col_expr(password_reset::Column::ClaimedAt, Expr::value(Option::<i64>::None)).into_query()
}

/// How a reset ended.
pub struct End<'a> {
    pub outcome: &'a str,
    pub sessions: i64,
    pub applications: &'a str,
    pub now: i64,
}

pub fn finish(journey: Uuid, end: &End<'_>) -> UpdateStatement {
    open(journey)
        .col_expr(password_reset::Column::Outcome, Expr::value(end.outcome))
        .col_expr(password_reset::Column::SessionsEnded, Expr::value(end.sessions))
        .col_expr(password_reset::Column::Applications, Expr::value(end.applications))
        .col_expr(password_reset::Column::FinishedAt, Expr::value(end.now))
        .into_query()
}

pub fn forget_before(before: i64) -> DeleteStatement {
    password_reset::Entity::delete_many().filter(password_reset::Column::ExpiresAt.lt(before)).into_query()
}

pub fn forget_account(account: Uuid) -> DeleteStatement {
    password_reset::Entity::delete_many().filter(password_reset::Column::AccountId.eq(account)).into_query()
}
