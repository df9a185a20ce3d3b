//! What is kept of people of directories, of passwords that were sent there, and of how far they were read.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    CaseStatement, DeleteStatement, Expr, ExprTrait, InsertStatement, OnConflict, UpdateStatement,
};
use sea_orm::{DatabaseConnection, Insert, QuerySelect, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod person {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "directory_person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub directory: String,
        pub key: Vec<u8>,
        pub dn: String,
        pub upn: Option<String>,
        pub state: String,
        pub changed_at: i64,
        pub changed_mark: Option<i64>,
        pub expires_at: Option<i64>,
        pub must_change: bool,
        pub locked: bool,
        pub locked_until: Option<i64>,
        pub earliest_change: Option<i64>,
        pub protected: bool,
        pub refreshed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod send {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "directory_send")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sender: String,
        pub sent: i64,
        pub since: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "directory_cursor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub directory: String,
        pub controller: String,
        pub mark: String,
        pub all_read_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn person_of(db: &Database, account: Uuid) -> Result<Option<person::Model>, DbErr> {
    db.first(person::Entity::find_by_id(account)).await
}

/// Everyone of a directory.
pub async fn people(db: &DatabaseConnection, directory: &str) -> Result<Vec<person::Model>, DbErr> {
    person::Entity::find().filter(person::Column::Directory.eq(directory)).all(db).await
}

/// Every account of a directory whose password has a date, with it.
pub async fn dates(db: &DatabaseConnection, directory: &str) -> Result<Vec<(Uuid, i64)>, DbErr> {
    let dated = person::Entity::find()
        .filter(person::Column::Directory.eq(directory))
        .filter(person::Column::ExpiresAt.is_not_null());
    let columns = dated.select_only().columns([person::Column::AccountId, person::Column::ExpiresAt]);
    columns.into_tuple().all(db).await
}

pub async fn cursor_of(db: &DatabaseConnection, directory: &str) -> Result<Option<cursor::Model>, DbErr> {
    cursor::Entity::find_by_id(directory).one(db).await
}

pub fn put_cursor(row: cursor::Model) -> InsertStatement {
    use cursor::Column;
    let before = OnConflict::column(Column::Directory)
        .update_columns([Column::Controller, Column::Mark, Column::AllReadAt])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(before).into_query()
}

pub fn put_person(row: person::Model) -> InsertStatement {
    use person::Column;
    let before = OnConflict::column(Column::AccountId)
        .update_columns([
            Column::Dn,
            Column::Upn,
            Column::State,
            Column::ChangedAt,
            Column::ChangedMark,
            Column::ExpiresAt,
            Column::MustChange,
            Column::Locked,
            Column::LockedUntil,
            Column::EarliestChange,
            Column::Protected,
            Column::RefreshedAt,
        ])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(before).into_query()
}

/// What a new password makes of a row.
pub fn password_written(account: Uuid, now: i64, expires_at: Option<i64>) -> UpdateStatement {
    use person::Column;
    person::Entity::update_many()
        .col_expr(Column::ChangedAt, Expr::value(now))
        .col_expr(Column::ChangedMark, Expr::value(None::<i64>))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .col_expr(Column::MustChange, Expr::value(false))
        .col_expr(Column::Locked, Expr::value(false))
        .col_expr(Column::LockedUntil, Expr::value(None::<i64>))
        .filter(Column::AccountId.eq(account))
        .into_query()
}

/// What a try has said of a password.
pub fn password_seen(account: Uuid, must_change: bool, expires_at: Option<i64>) -> UpdateStatement {
    use person::Column;
    person::Entity::update_many()
        .col_expr(Column::MustChange, Expr::value(must_change))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .col_expr(Column::Locked, Expr::value(false))
        .filter(Column::AccountId.eq(account))
        .into_query()
}

pub fn unlocked(account: Uuid) -> UpdateStatement {
    use person::Column;
    person::Entity::update_many()
        .col_expr(Column::Locked, Expr::value(false))
        .col_expr(Column::LockedUntil, Expr::value(None::<i64>))
        .filter(Column::AccountId.eq(account))
        .into_query()
}

/// One statement: counts one more send while there are fewer than `at_most` since the last quiet time.
pub fn send_one_more(first: send::Model, at_most: u32, quiet_before: i64) -> InsertStatement {
    let sent = || Expr::col((send::Entity, send::Column::Sent));
    let is_over = || Expr::col((send::Entity, send::Column::Since)).lt(quiet_before);
    let next = CaseStatement::new().case(is_over(), 1_i64).finally(sent().add(1_i64));
    let now = first.since;
    let again = OnConflict::columns([send::Column::AccountId, send::Column::Sender])
        .value(send::Column::Sent, next)
        .value(send::Column::Since, now)
        .action_and_where(sent().lt(i64::from(at_most)).or(is_over()))
        .to_owned();
    Insert::one(first.to_be_written()).on_conflict(again).into_query()
}

pub fn send_one_less(account: Uuid, sender: &str) -> UpdateStatement {
    send::Entity::update_many()
        .col_expr(send::Column::Sent, Expr::col(send::Column::Sent).sub(1_i64))
        .filter(send::Column::AccountId.eq(account))
        .filter(send::Column::Sender.eq(sender))
        .filter(send::Column::Sent.gt(0))
        .into_query()
}

pub fn forget_sends(account: Uuid) -> DeleteStatement {
    send::Entity::delete_many().filter(send::Column::AccountId.eq(account)).into_query()
}
