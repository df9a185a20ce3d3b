//! Signing keys.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, QueryTrait, Select};

use super::epoch;
use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when another node made a key of the algorithm in the meantime.
pub const LAST_MADE: &str = "last_signing_key";
/// Condition that fails when another node decided about the key in the meantime.
pub const UNDECIDED: &str = "signing_key_undecided";

pub mod signing_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signing_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub algorithm: String,
        /// PKCS#8, sealed; empty once the key is retired.
        pub private: Vec<u8>,
        pub public_jwk: String,
        pub created_at: i64,
        pub active_from: i64,
        /// From when it does not count any more; `None` while that is open.
        pub retired_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use signing_key::Model as StoredKey;
use signing_key::{Column, Entity};

/// Keys that have their private part, in the order in which they sign.
pub async fn whole(db: &Database) -> Result<Vec<StoredKey>, WriteError> {
    let whole = in_order().filter(Column::Private.ne(Vec::<u8>::new()));
    whole.all(db.read()).await.map_err(WriteError::Unavailable)
}

/// Every key that there ever was, in the order in which they sign.
pub async fn all(db: &Database) -> Result<Vec<StoredKey>, WriteError> {
    in_order().all(db.read()).await.map_err(WriteError::Unavailable)
}

fn in_order() -> Select<Entity> {
    Entity::find().order_by_asc(Column::ActiveFrom).order_by_asc(Column::Id)
}

/// How many keys of an algorithm were ever made.
pub async fn made(db: &Database, algorithm: &str) -> Result<i64, WriteError> {
    let id = (epoch::SIGNING_KEY.to_owned(), algorithm.to_owned());
    let row = epoch::rows::Entity::find_by_id(id).one(db.read()).await;
    Ok(row.map_err(WriteError::Unavailable)?.map_or(0, |row| row.value))
}

/// Keeps a key, if no other of its algorithm was made since so many had been.
pub fn insert(unit: &mut Unit, key: StoredKey, made: i64) {
    if made == 0 {
        unit.insert_once(LAST_MADE, epoch::row(epoch::SIGNING_KEY, &key.algorithm, 1));
    } else {
        let count = epoch::rows::Entity::update_many()
            .col_expr(epoch::rows::Column::Value, Expr::value(made + 1))
            .filter(epoch::rows::Column::Kind.eq(epoch::SIGNING_KEY))
            .filter(epoch::rows::Column::Name.eq(key.algorithm.as_str()))
            .filter(epoch::rows::Column::Value.eq(made));
        unit.require(LAST_MADE, &count.into_query());
    }
    unit.insert(key);
}

/// Says from when a key will not count any more, or takes that back.
pub fn plan(unit: &mut Unit, id: Uuid, before: Option<Moment>, retired_at: Option<Moment>) {
    let micros = |at: Option<Moment>| at.map(Moment::micros);
    let known = match before {
        Some(before) => Column::RetiredAt.eq(before.micros()),
        None => Column::RetiredAt.is_null(),
    };
    let update = Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(micros(retired_at)))
        .filter(Column::Id.eq(id))
        .filter(known);
    unit.run(&update.into_query());
}

/// Retires a key from a moment on and destroys its private part.
pub fn retire(unit: &mut Unit, id: Uuid, retired_at: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(retired_at.micros()))
        .col_expr(Column::Private, Expr::value(Vec::<u8>::new()))
        .filter(Column::Id.eq(id))
        .filter(Column::Private.ne(Vec::<u8>::new()));
    unit.require(UNDECIDED, &update.into_query());
}
