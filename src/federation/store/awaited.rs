//! National register numbers that are awaited for accounts, as keyed digests.

use sea_orm::Insert;
use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use crate::infra::database::{Database, Row, Unit};

/// Condition that fails when the number is awaited for another account already.
pub const NUMBER_FREE: &str = "national_number_free";
/// Condition that fails when the number is not awaited any more.
pub const NUMBER_AWAITED: &str = "national_number_awaited";

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upstream_awaited")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        /// Version of the pepper.
        pub pepper: i64,
        pub digest: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as Awaited;
use rows::{Column, Entity};

/// Awaits a number for an account, in place of what was awaited for it before.
pub fn keep(unit: &mut Unit, row: Awaited) {
    let before = OnConflict::column(Column::AccountId)
        .update_columns([Column::Pepper, Column::Digest, Column::CreatedAt])
        .to_owned();
    unit.require(NUMBER_FREE, &Insert::one(row.to_be_written()).on_conflict(before).into_query());
}

pub async fn find(db: &Database, pepper: i64, digest: &[u8]) -> Result<Option<Awaited>, DbErr> {
    let who = Entity::find().filter(Column::Pepper.eq(pepper)).filter(Column::Digest.eq(digest.to_vec()));
    db.first(who).await
}

/// The number has come: it is awaited no more.
pub fn take(unit: &mut Unit, row: &Awaited) {
    let gone = Entity::delete_many()
        .filter(Column::AccountId.eq(row.account_id))
        .filter(Column::Pepper.eq(row.pepper))
        .filter(Column::Digest.eq(row.digest.clone()));
    unit.require(NUMBER_AWAITED, &gone.into_query());
}

pub fn forget_account(unit: &mut Unit, account: Uuid) {
    unit.run(&Entity::delete_many().filter(Column::AccountId.eq(account)).into_query());
}
