//! Epochs: numbers that grow when all that was issued before must not count any more.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{Insert, QueryTrait};

use crate::infra::database::{Database, Row, Unit, WriteError};

/// Condition that fails when the register of clients was changed after it was read.
pub const REGISTER_UNCHANGED: &str = "register_unchanged";

/// Kinds of epochs.
const CLIENT: &str = "client";
/// The version of the register of clients, which has one row without a name.
const CLIENTS: &str = "clients";
/// How many keys of an algorithm were ever made.
pub const SIGNING_KEY: &str = "signing_key";

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "epoch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use rows::{Column, Entity};

/// The epochs of clients whose epoch was ever raised; zero for all others.
pub async fn of_clients(db: &Database) -> Result<BTreeMap<String, i64>, WriteError> {
    let rows = Entity::find().filter(Column::Kind.eq(CLIENT)).all(db.read()).await;
    let rows = rows.map_err(WriteError::Unavailable)?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

/// Ends whatever the client was given so far.
pub fn raise_client(unit: &mut Unit, client_id: &str) {
    let more = Expr::col((Entity, Column::Value)).add(1_i64);
    let again = OnConflict::columns([Column::Kind, Column::Name]).value(Column::Value, more).to_owned();
    let first = row(CLIENT, client_id, 1).to_be_written();
    unit.run(&Insert::one(first).on_conflict(again).into_query());
}

/// The version of the register of clients; zero where nothing was ever applied.
pub async fn of_register(db: &Database) -> Result<i64, WriteError> {
    let row = Entity::find_by_id((CLIENTS.to_owned(), String::new())).one(db.read()).await;
    Ok(row.map_err(WriteError::Unavailable)?.map_or(0, |row| row.value))
}

/// Brings the register to its next version; the unit is refused when it is not at this one any more.
pub fn next_register(unit: &mut Unit, version: i64) {
    if version == 0 {
        return unit.insert_once(REGISTER_UNCHANGED, row(CLIENTS, "", 1));
    }
    let update = Entity::update_many()
        .col_expr(Column::Value, Expr::value(version + 1))
        .filter(Column::Kind.eq(CLIENTS))
        .filter(Column::Name.eq(""))
        .filter(Column::Value.eq(version));
    unit.require(REGISTER_UNCHANGED, &update.into_query());
}

pub fn row(kind: &str, name: &str, value: i64) -> rows::Model {
    rows::Model { kind: kind.to_owned(), name: name.to_owned(), value }
}
