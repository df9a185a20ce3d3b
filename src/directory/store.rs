//! The rows of local passwords.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, InsertStatement, OnConflict};
use sea_orm::{DatabaseConnection, Insert, QuerySelect, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod password {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub memory_kib: i64,
        pub passes: i64,
        pub lanes: i64,
        pub salt: Vec<u8>,
        pub verifier: Vec<u8>,
        pub changed_at: i64,
        pub expires_at: Option<i64>,
        pub must_change: bool,
        /// Verifier of the password before, under the same salt and cost, and until when it is kept.
        pub previous: Option<Vec<u8>>,
        pub previous_until: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn password_of(db: &Database, account: Uuid) -> Result<Option<password::Model>, DbErr> {
    db.first(password::Entity::find_by_id(account)).await
}

/// Memory, passes and lanes of every stored password.
pub async fn costs(db: &DatabaseConnection, at_most: u64) -> Result<Vec<(i64, i64, i64)>, DbErr> {
    use password::Column::{Lanes, MemoryKib, Passes};
    let costs = password::Entity::find().select_only().columns([MemoryKib, Passes, Lanes]).limit(at_most);
    costs.into_tuple().all(db).await
}

/// Account and date of every password that has one.
pub async fn all_dates(db: &DatabaseConnection) -> Result<Vec<(Uuid, i64)>, DbErr> {
    use password::Column::{AccountId, ExpiresAt};
    let dated = password::Entity::find().select_only().columns([AccountId, ExpiresAt]);
    dated.filter(ExpiresAt.is_not_null()).into_tuple().all(db).await
}

pub fn forget(account: Uuid) -> DeleteStatement {
    password::Entity::delete_many().filter(password::Column::AccountId.eq(account)).into_query()
}

/// Puts a password in the place of the one before.
pub fn put(row: password::Model) -> InsertStatement {
    use password::Column;
    let replace = OnConflict::column(Column::AccountId)
        .update_columns([
            Column::MemoryKib,
            Column::Passes,
            Column::Lanes,
            Column::Salt,
            Column::Verifier,
            Column::ChangedAt,
            Column::ExpiresAt,
            Column::MustChange,
            Column::Previous,
            Column::PreviousUntil,
        ])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(replace).into_query()
}
