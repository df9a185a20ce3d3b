//! Change-by days, notices that went out, and passwords that were met expired.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, InsertStatement, OnConflict};
use sea_orm::{DatabaseConnection, Insert, QueryOrder, QuerySelect, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod change_by {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "change_by")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        /// The true date that the day is for.
        pub expires_at: i64,
        /// As 2027-01-12.
        pub day: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod expiry_notice {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "expiry_notice")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub expires_at: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub notice: i64,
        pub sent_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod expiry_met {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "expiry_met")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub expires_at: i64,
        pub met_at: i64,
        pub at_home: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn all_days(db: &DatabaseConnection) -> Result<Vec<change_by::Model>, DbErr> {
    change_by::Entity::find().all(db).await
}

pub async fn day_of(db: &Database, account: Uuid) -> Result<Option<change_by::Model>, DbErr> {
    db.first(change_by::Entity::find_by_id(account)).await
}

pub fn put_day(row: change_by::Model) -> InsertStatement {
    use change_by::Column;
    let replace =
        OnConflict::column(Column::AccountId).update_columns([Column::ExpiresAt, Column::Day]).to_owned();
    Insert::one(row.to_be_written()).on_conflict(replace).into_query()
}

pub fn take_day(account: Uuid) -> DeleteStatement {
    change_by::Entity::delete_many().filter(change_by::Column::AccountId.eq(account)).into_query()
}

/// Account, date and number of every notice for a date from a moment on.
pub async fn notices(db: &DatabaseConnection, expires_from: i64) -> Result<Vec<(Uuid, i64, i64)>, DbErr> {
    use expiry_notice::Column::{AccountId, ExpiresAt, Notice};
    let sent = expiry_notice::Entity::find().select_only().columns([AccountId, ExpiresAt, Notice]);
    sent.filter(ExpiresAt.gte(expires_from)).into_tuple().all(db).await
}

pub fn forget_notices(expired_before: i64) -> DeleteStatement {
    expiry_notice::Entity::delete_many()
        .filter(expiry_notice::Column::ExpiresAt.lt(expired_before))
        .into_query()
}

/// The first time that an expired password is met counts, once for its date.
pub fn meet(row: expiry_met::Model) -> InsertStatement {
    use expiry_met::Column;
    let once = OnConflict::columns([Column::AccountId, Column::ExpiresAt]).do_nothing().to_owned();
    Insert::one(row.to_be_written()).on_conflict(once).into_query()
}

pub async fn met_since(db: &DatabaseConnection, from: i64) -> Result<Vec<expiry_met::Model>, DbErr> {
    let met = expiry_met::Entity::find().filter(expiry_met::Column::MetAt.gte(from));
    met.order_by_asc(expiry_met::Column::MetAt).all(db).await
}
