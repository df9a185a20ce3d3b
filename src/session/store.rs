//! Rows of sessions, the clients that they reached, and devices.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    DeleteStatement, Expr, InsertStatement, OnConflict, Query, SelectStatement, UpdateStatement,
};
use sea_orm::{Condition, DatabaseConnection, Insert, QueryOrder, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub token: Vec<u8>,
        pub account_id: Uuid,
        pub device_id: Uuid,
        pub acr: String,
        pub amr: String,
        pub authenticated_at: i64,
        pub created_at: i64,
        pub seen_at: i64,
        pub idle_seconds: i64,
        pub ends_at: i64,
        pub epoch: i64,
        pub address: String,
        pub user_agent: String,
        pub ended_at: Option<i64>,
        pub end_reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod session_client {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_client")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub session_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_id: String,
        pub first_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod device {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub generation: i64,
        pub user_agent: String,
        pub first_at: i64,
        pub last_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod device_account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device_account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub first_at: i64,
        pub last_at: i64,
        pub remembered_until: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod trusted_browser {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "trusted_browser")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub account_epoch: i64,
        pub since: i64,
        pub until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn by_token(db: &Database, token: &[u8]) -> Result<Option<session::Model>, DbErr> {
    db.first(session::Entity::find().filter(session::Column::Token.eq(token))).await
}

pub async fn by_id(db: &Database, id: Uuid) -> Result<Option<session::Model>, DbErr> {
    db.first(session::Entity::find_by_id(id)).await
}

/// Sessions of an account that have not been ended, newest first.
pub async fn open_of(db: &DatabaseConnection, account: Uuid) -> Result<Vec<session::Model>, DbErr> {
    session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .order_by_desc(session::Column::CreatedAt)
        .all(db)
        .await
}

pub async fn clients_of(
    db: &DatabaseConnection,
    sessions: Vec<Uuid>,
) -> Result<Vec<session_client::Model>, DbErr> {
    session_client::Entity::find()
        .filter(session_client::Column::SessionId.is_in(sessions))
        .order_by_asc(session_client::Column::FirstAt)
        .all(db)
        .await
}

/// Which sessions of an account are meant.
pub enum Which {
    One { id: Uuid, of: Uuid },
    AllBut { kept: Option<Uuid>, of: Uuid },
}

/// Ends sessions that are still open.
pub fn end(which: &Which, now: i64, reason: &str) -> UpdateStatement {
    let (Which::One { of, .. } | Which::AllBut { of, .. }) = which;
    let mut end = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .col_expr(session::Column::EndReason, Expr::value(reason))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::AccountId.eq(*of));
    match which {
        Which::One { id, .. } => end = end.filter(session::Column::Id.eq(*id)),
        Which::AllBut { kept: Some(kept), .. } => end = end.filter(session::Column::Id.ne(*kept)),
        Which::AllBut { kept: None, .. } => {}
    }
    end.into_query()
}

pub fn seen(id: Uuid, now: i64) -> UpdateStatement {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::SeenAt.lt(now))
        .into_query()
}

pub fn reached(row: session_client::Model) -> InsertStatement {
    let known = OnConflict::columns([session_client::Column::SessionId, session_client::Column::ClientId])
        .do_nothing()
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(known).into_query()
}

pub async fn device_account(
    db: &Database,
    device: Uuid,
    account: Uuid,
) -> Result<Option<device_account::Model>, DbErr> {
    db.first(device_account::Entity::find_by_id((device, account))).await
}

/// Makes the device's record, or moves it to its next generation.
pub fn prove_device(row: device::Model) -> InsertStatement {
    let again = OnConflict::column(device::Column::Id)
        .update_columns([device::Column::Generation, device::Column::UserAgent, device::Column::LastAt])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(again).into_query()
}

pub fn prove_device_account(row: device_account::Model) -> InsertStatement {
    let again = OnConflict::columns([device_account::Column::DeviceId, device_account::Column::AccountId])
        .update_columns([device_account::Column::LastAt])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(again).into_query()
}

/// Devices on which only this account was ever proved.
pub fn forget_devices_of(account: Uuid) -> DeleteStatement {
    let devices = || -> SelectStatement {
        Query::select().column(device_account::Column::DeviceId).from(device_account::Entity).to_owned()
    };
    let own = devices().and_where(device_account::Column::AccountId.eq(account)).to_owned();
    let of_others = devices().and_where(device_account::Column::AccountId.ne(account)).to_owned();
    device::Entity::delete_many()
        .filter(device::Column::Id.in_subquery(own))
        .filter(device::Column::Id.not_in_subquery(of_others))
        .into_query()
}

/// Sessions that ended or ran out before a moment.
pub fn forget_before(before: i64) -> DeleteStatement {
    let over =
        Condition::any().add(session::Column::EndsAt.lt(before)).add(session::Column::EndedAt.lt(before));
    session::Entity::delete_many().filter(over).into_query()
}

/// Browsers that nobody signed in with since a moment.
pub fn forget_devices_before(before: i64) -> DeleteStatement {
    device::Entity::delete_many().filter(device::Column::LastAt.lt(before)).into_query()
}

pub async fn device(db: &Database, id: Uuid) -> Result<Option<device::Model>, DbErr> {
    db.first(device::Entity::find_by_id(id)).await
}

pub async fn devices(db: &Database, ids: Vec<Uuid>) -> Result<Vec<device::Model>, DbErr> {
    db.all(device::Entity::find().filter(device::Column::Id.is_in(ids))).await
}

pub async fn trusted(
    db: &Database,
    device: Uuid,
    account: Uuid,
) -> Result<Option<trusted_browser::Model>, DbErr> {
    db.first(trusted_browser::Entity::find_by_id((device, account))).await
}

pub async fn trusted_of(db: &Database, account: Uuid) -> Result<Vec<trusted_browser::Model>, DbErr> {
    let of_the_account =
        trusted_browser::Entity::find().filter(trusted_browser::Column::AccountId.eq(account));
    db.all(of_the_account.order_by_desc(trusted_browser::Column::Since)).await
}

/// Trusts a browser, also one that was trusted before.
pub fn trust(row: trusted_browser::Model) -> InsertStatement {
    let again = OnConflict::columns([trusted_browser::Column::DeviceId, trusted_browser::Column::AccountId])
        .update_columns([
            trusted_browser::Column::AccountEpoch,
            trusted_browser::Column::Since,
            trusted_browser::Column::Until,
        ])
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(again).into_query()
}

/// A statement that touches the row only while the browser is trusted.
pub fn still_trusted(device: Uuid, account: Uuid, epoch: i64, now: i64) -> UpdateStatement {
    trusted_browser::Entity::update_many()
        .col_expr(trusted_browser::Column::Since, Expr::col(trusted_browser::Column::Since))
        .filter(trusted_browser::Column::DeviceId.eq(device))
        .filter(trusted_browser::Column::AccountId.eq(account))
        .filter(trusted_browser::Column::AccountEpoch.eq(epoch))
        .filter(trusted_browser::Column::Until.gt(now))
        .into_query()
}

/// Moves a device on from the generation that its browser showed.
pub fn next_generation(device: Uuid, from: i64) -> UpdateStatement {
    device::Entity::update_many()
        .col_expr(device::Column::Generation, Expr::value(from + 1))
        .filter(device::Column::Id.eq(device))
        .filter(device::Column::Generation.eq(from))
        .into_query()
}

pub fn distrust(account: Uuid, device: Option<Uuid>) -> DeleteStatement {
    let mut delete =
        trusted_browser::Entity::delete_many().filter(trusted_browser::Column::AccountId.eq(account));
    if let Some(device) = device {
        delete = delete.filter(trusted_browser::Column::DeviceId.eq(device));
    }
    delete.into_query()
}

pub fn forget_trust_before(now: i64) -> DeleteStatement {
    trusted_browser::Entity::delete_many().filter(trusted_browser::Column::Until.lt(now)).into_query()
}
