//! What people agreed that an application may know.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Insert, QueryOrder, QueryTrait};

use crate::infra::database::{Database, Row, Unit, WriteError};

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consent")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_id: String,
        /// The client's epoch at that time: a consent of another one counts no more.
        pub client_epoch: i64,
        /// Names of scopes, separated by spaces.
        pub scope: String,
        /// Names of claims that were asked for one by one, separated by spaces.
        pub claims: String,
        pub given_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as Consent;
use rows::{Column, Entity};

/// What a person agreed to with the client as it is now.
pub async fn find(
    db: &Database,
    account: Uuid,
    client_id: &str,
    client_epoch: i64,
) -> Result<Option<Consent>, WriteError> {
    let key = (account, client_id.to_owned());
    let row = db.first(Entity::find_by_id(key).filter(Column::ClientEpoch.eq(client_epoch))).await;
    row.map_err(WriteError::Unavailable)
}

/// Everything that a person agreed to, by the client's id.
pub async fn of_account(db: &Database, account: Uuid) -> Result<Vec<Consent>, DbErr> {
    let rows = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::ClientId);
    rows.all(db.read()).await
}

/// Keeps what was agreed to, in place of what was before.
pub fn keep(unit: &mut Unit, consent: Consent) {
    let before = OnConflict::columns([Column::AccountId, Column::ClientId])
        .update_columns([Column::ClientEpoch, Column::Scope, Column::Claims, Column::GivenAt])
        .to_owned();
    unit.run(&Insert::one(consent.to_be_written()).on_conflict(before).into_query());
}

pub fn withdraw(unit: &mut Unit, account: Uuid, client_id: &str) {
    let gone =
        Entity::delete_many().filter(Column::AccountId.eq(account)).filter(Column::ClientId.eq(client_id));
    unit.run(&gone.into_query());
}
