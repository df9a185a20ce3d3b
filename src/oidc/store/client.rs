//! The register of clients: what was applied last, the same for every node.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{Insert, QueryOrder, QueryTrait};

use crate::infra::database::{Database, Row, Unit, WriteError};
use crate::kernel::time::Moment;

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "client")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_id: String,
        /// The checked registration as JSON; of secrets only their digests.
        pub registration: String,
        pub applied_at: i64,
        /// When it was taken out of the register.
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as Registered;
use rows::{Column, Entity};

/// Every client that is registered now, by its id.
pub async fn registered(db: &Database) -> Result<Vec<Registered>, WriteError> {
    let rows = Entity::find().filter(Column::EndedAt.is_null()).order_by_asc(Column::ClientId);
    rows.all(db.read()).await.map_err(WriteError::Unavailable)
}

/// Keeps a registration, in place of what was there under its id.
pub fn keep(unit: &mut Unit, client_id: &str, registration: &str, now: Moment) {
    let row = Registered {
        client_id: client_id.to_owned(),
        registration: registration.to_owned(),
        applied_at: now.micros(),
        ended_at: None,
    };
    let before = OnConflict::column(Column::ClientId)
        .update_columns([Column::Registration, Column::AppliedAt, Column::EndedAt])
        .to_owned();
    unit.run(&Insert::one(row.to_be_written()).on_conflict(before).into_query());
}

pub fn end(unit: &mut Unit, client_id: &str, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.micros()))
        .filter(Column::ClientId.eq(client_id))
        .filter(Column::EndedAt.is_null());
    unit.run(&update.into_query());
}
