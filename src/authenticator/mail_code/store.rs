//! Rows of codes that were sent by mail, and of how often something was asked for in an hour.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, InsertStatement, OnConflict, UpdateStatement};
use sea_orm::{Insert, QueryOrder, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod mail_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub journey_id: Uuid,
        pub account_id: Uuid,
        pub purpose: String,
        pub digest: Vec<u8>,
        pub tries: i64,
        pub created_at: i64,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod hourly_count {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "hourly_count")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub what: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hour: i64,
        pub count: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The one code of a journey that was neither used nor replaced.
pub async fn present(db: &Database, journey: Uuid, purpose: &str) -> Result<Option<mail_code::Model>, DbErr> {
    let of_journey = mail_code::Entity::find().filter(mail_code::Column::JourneyId.eq(journey));
    let of_purpose = of_journey.filter(mail_code::Column::Purpose.eq(purpose));
    let present = of_purpose.filter(mail_code::Column::EndedAt.is_null());
    db.first(present.order_by_desc(mail_code::Column::Id)).await
}

/// Ends the codes of a journey that are there so far.
pub fn end_all(journey: Uuid, purpose: &str, now: i64) -> UpdateStatement {
    mail_code::Entity::update_many()
        .col_expr(mail_code::Column::EndedAt, Expr::value(now))
        .filter(mail_code::Column::JourneyId.eq(journey))
        .filter(mail_code::Column::Purpose.eq(purpose))
        .filter(mail_code::Column::EndedAt.is_null())
        .into_query()
}

/// Counts a try of a code that may still be tried.
pub fn count_try(id: Uuid, tries_max: i64, now: i64) -> UpdateStatement {
    mail_code::Entity::update_many()
        .col_expr(mail_code::Column::Tries, Expr::col(mail_code::Column::Tries).add(1_i64))
        .filter(mail_code::Column::Id.eq(id))
        .filter(mail_code::Column::Tries.lt(tries_max))
        .filter(mail_code::Column::EndedAt.is_null())
        .filter(mail_code::Column::ExpiresAt.gt(now))
        .into_query()
}

/// Uses up a code that is unused.
pub fn use_up(id: Uuid, now: i64) -> UpdateStatement {
    mail_code::Entity::update_many()
        .col_expr(mail_code::Column::EndedAt, Expr::value(now))
        .filter(mail_code::Column::Id.eq(id))
        .filter(mail_code::Column::EndedAt.is_null())
        .filter(mail_code::Column::ExpiresAt.gt(now))
        .into_query()
}

/// One more in this hour, as long as there are fewer than so many.
pub fn count_in_hour(what: &str, hour: i64, at_most: i64) -> InsertStatement {
    let count = || Expr::col((hourly_count::Entity, hourly_count::Column::Count));
    let again = OnConflict::columns([hourly_count::Column::What, hourly_count::Column::Hour])
        .value(hourly_count::Column::Count, count().add(1_i64))
        .action_and_where(count().lt(at_most))
        .to_owned();
    let first = hourly_count::Model { what: what.to_owned(), hour, count: 1 };
    Insert::one(first.to_be_written()).on_conflict(again).into_query()
}

pub fn forget_codes_before(before: i64) -> DeleteStatement {
    mail_code::Entity::delete_many().filter(mail_code::Column::ExpiresAt.lt(before)).into_query()
}

pub fn forget_hours_before(hour: i64) -> DeleteStatement {
    hourly_count::Entity::delete_many().filter(hourly_count::Column::Hour.lt(hour)).into_query()
}

pub fn forget_account(account: Uuid) -> DeleteStatement {
    mail_code::Entity::delete_many().filter(mail_code::Column::AccountId.eq(account)).into_query()
}
