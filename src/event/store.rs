//! Rows of the log and everything it asks the database.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    DeleteStatement, Expr, ExprTrait, InsertStatement, LockType, OnConflict, Order, Query,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Insert, JoinType, QueryOrder, QuerySelect, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub class: i64,
        pub subject: Option<Uuid>,
        pub case_code: Option<String>,
        pub plain: String,
        pub key_id: Uuid,
        pub personal: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_one = "super::event_seal::Entity")]
        Seal,
    }

    impl Related<super::event_seal::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Seal.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod event_seal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_seal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sequence: i64,
        pub event_id: Uuid,
        pub record_hash: Vec<u8>,
        pub previous_hash: Vec<u8>,
        pub sealed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::event::Entity",
            from = "Column::EventId",
            to = "super::event::Column::Id"
        )]
        Event,
    }

    impl Related<super::event::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Event.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod event_unsealed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_unsealed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod personal_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "personal_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub subject: Uuid,
        pub month: String,
        pub key: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod case_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub opened_at: i64,
        pub expires_at: i64,
        pub throttle_window: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whether an event waits for its seal.
pub async fn any_waits_for_seal(db: &Database) -> Result<bool, DbErr> {
    Ok(db.first(event_unsealed::Entity::find()).await?.is_some())
}

/// Events that wait for their seals, oldest first. A list and no high-water mark: what commits late is found
/// all the same.
pub async fn waiting_for_seal(db: &DatabaseConnection, at_most: u64) -> Result<Vec<event::Model>, DbErr> {
    let waiting = Query::select()
        .column(event_unsealed::Column::EventId)
        .from(event_unsealed::Entity)
        .order_by(event_unsealed::Column::EventId, Order::Asc)
        .limit(at_most)
        .to_owned();
    event::Entity::find()
        .filter(event::Column::Id.in_subquery(waiting))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .all(db)
        .await
}

pub fn no_longer_waiting(sealed: Vec<Uuid>) -> DeleteStatement {
    event_unsealed::Entity::delete_many().filter(event_unsealed::Column::EventId.is_in(sealed)).into_query()
}

/// Events that no seal covers, whether or not they are listed as waiting for one.
pub async fn unsealed(db: &DatabaseConnection, at_most: u64) -> Result<Vec<event::Model>, DbErr> {
    event::Entity::find()
        .join(JoinType::LeftJoin, event::Relation::Seal.def())
        .filter(event_seal::Column::EventId.is_null())
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .limit(at_most)
        .all(db)
        .await
}

pub async fn last_seal(db: &DatabaseConnection) -> Result<Option<event_seal::Model>, DbErr> {
    event_seal::Entity::find().order_by_desc(event_seal::Column::Sequence).one(db).await
}

/// Seals after a sequence number with their events; an event that was removed is `None`.
pub async fn sealed_after(
    db: &DatabaseConnection,
    sequence: i64,
    at_most: u64,
) -> Result<Vec<(event_seal::Model, Option<event::Model>)>, DbErr> {
    event_seal::Entity::find()
        .filter(event_seal::Column::Sequence.gt(sequence))
        .order_by_asc(event_seal::Column::Sequence)
        .limit(at_most)
        .find_also_related(event::Entity)
        .all(db)
        .await
}

/// The newest events of one subject, of some classes.
pub async fn latest_of(
    db: &DatabaseConnection,
    subject: Uuid,
    classes: &[i64],
    at_most: u64,
) -> Result<Vec<event::Model>, DbErr> {
    event::Entity::find()
        .filter(event::Column::Subject.eq(subject))
        .filter(event::Column::Class.is_in(classes.iter().copied()))
        .order_by_desc(event::Column::At)
        .order_by_desc(event::Column::Id)
        .limit(at_most)
        .all(db)
        .await
}

pub async fn with_case_code(db: &DatabaseConnection, code: &str) -> Result<Vec<event::Model>, DbErr> {
    event::Entity::find()
        .filter(event::Column::CaseCode.eq(code))
        .order_by_asc(event::Column::At)
        .all(db)
        .await
}

pub async fn personal_key_for(
    db: &Database,
    subject: Uuid,
    month: &str,
) -> Result<Option<personal_key::Model>, DbErr> {
    let of_the_subject = personal_key::Entity::find().filter(personal_key::Column::Subject.eq(subject));
    db.first(of_the_subject.filter(personal_key::Column::Month.eq(month))).await
}

pub async fn personal_key(db: &Database, id: Uuid) -> Result<Option<personal_key::Model>, DbErr> {
    db.first(personal_key::Entity::find_by_id(id)).await
}

pub fn insert_personal_key_of_nobody(row: personal_key::Model) -> InsertStatement {
    Insert::one(row.to_be_written()).on_conflict(no_key_of_the_month()).into_query()
}

/// One statement: a key for an account that is there, unless it has one for the month. The account's row
/// is locked, so that an erasure on PostgreSQL comes wholly before (then there is no key) or wholly after
/// (then it takes the key away).
///
/// # Errors
/// The statement cannot be put together.
pub fn insert_personal_key_of_account(row: &personal_key::Model) -> Result<InsertStatement, DbErr> {
    use personal_key::Column::{CreatedAt, Id, Key, Month, Subject};

    let of_the_account = Query::select()
        .exprs([
            Expr::val(row.id),
            Expr::col("id"),
            Expr::val(row.month.as_str()),
            Expr::val(row.key.as_slice()),
            Expr::val(row.created_at),
        ])
        .from("account")
        .and_where(Expr::col("id").eq(row.subject))
        .lock(LockType::KeyShare)
        .to_owned();
    let mut insert = Query::insert();
    insert.into_table(personal_key::Entity).columns([Id, Subject, Month, Key, CreatedAt]);
    insert.on_conflict(no_key_of_the_month());
    insert.select_from(of_the_account).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(insert)
}

fn no_key_of_the_month() -> OnConflict {
    OnConflict::columns([personal_key::Column::Subject, personal_key::Column::Month]).do_nothing().to_owned()
}

pub fn destroy_personal_keys_of(subject: Uuid) -> DeleteStatement {
    personal_key::Entity::delete_many().filter(personal_key::Column::Subject.eq(subject)).into_query()
}

pub async fn has_personal_keys_before(db: &DatabaseConnection, month: &str) -> Result<bool, DbErr> {
    let any = personal_key::Entity::find().filter(personal_key::Column::Month.lt(month)).one(db).await?;
    Ok(any.is_some())
}

pub fn destroy_personal_keys_before(month: &str) -> DeleteStatement {
    personal_key::Entity::delete_many().filter(personal_key::Column::Month.lt(month)).into_query()
}

/// Takes a code that is free, or whose time is over.
pub fn take_case_code(row: case_code::Model, now: i64) -> InsertStatement {
    let over = OnConflict::column(case_code::Column::Code)
        .update_columns([
            case_code::Column::OpenedAt,
            case_code::Column::ExpiresAt,
            case_code::Column::ThrottleWindow,
        ])
        .action_and_where(Expr::col((case_code::Entity, case_code::Column::ExpiresAt)).lt(now))
        .to_owned();
    Insert::one(row.to_be_written()).on_conflict(over).into_query()
}

pub async fn case_code_of_window(db: &DatabaseConnection, window: &str) -> Result<Option<String>, DbErr> {
    let row = case_code::Entity::find().filter(case_code::Column::ThrottleWindow.eq(window)).one(db).await?;
    Ok(row.map(|row| row.code))
}

pub fn forget_case_codes_before(now: i64) -> DeleteStatement {
    case_code::Entity::delete_many().filter(case_code::Column::ExpiresAt.lt(now)).into_query()
}

/// Accounts that have no key for a month yet.
pub async fn subjects_without_key(db: &DatabaseConnection, month: &str) -> Result<Vec<Uuid>, DbErr> {
    let with_key = Query::select()
        .column(personal_key::Column::Subject)
        .from(personal_key::Entity)
        .and_where(personal_key::Column::Month.eq(month))
        .to_owned();
    let without = Query::select()
        .column("id")
        .from("account")
        .and_where(Expr::col("id").not_in_subquery(with_key))
        .to_owned();
    let rows = db.query_all(&without).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
