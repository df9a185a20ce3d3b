//! Our own keys that upstream providers read.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, QueryTrait};

use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when another node made the key of this number in the meantime.
pub const NUMBER_FREE: &str = "upstream_key_number_free";
/// Condition that fails when another node retired the key in the meantime.
pub const KEY_WHOLE: &str = "upstream_key_whole";

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upstream_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub id: Uuid,
        /// PKCS#8, sealed; empty once the key is retired.
        pub private: Vec<u8>,
        pub public_jwk: String,
        pub created_at: i64,
        pub active_from: i64,
        pub retired_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as StoredKey;
use rows::{Column, Entity};

/// Keys that have their private part, in the order in which they were made.
pub async fn whole(db: &Database) -> Result<Vec<StoredKey>, WriteError> {
    let whole = Entity::find().filter(Column::RetiredAt.is_null());
    let ordered = whole.order_by_asc(Column::Line).order_by_asc(Column::Number);
    ordered.all(db.read()).await.map_err(WriteError::Unavailable)
}

/// Keeps a key; of many nodes that make the one of a number, one does.
pub fn insert(unit: &mut Unit, key: StoredKey) {
    unit.insert_once(NUMBER_FREE, key);
}

/// Retires a key and destroys its private part.
pub fn retire(unit: &mut Unit, id: Uuid, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(now.micros()))
        .col_expr(Column::Private, Expr::value(Vec::<u8>::new()))
        .filter(Column::Id.eq(id))
        .filter(Column::RetiredAt.is_null());
    unit.require(KEY_WHOLE, &update.into_query());
}
