//! Periodic work is leased: of several nodes one does it, and another takes over when that one is gone.

use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, Insert, QueryFilter, QueryTrait};

use super::database::{Database, Row, WriteError};
use crate::kernel::time::Moment;

mod job_lease {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job_lease")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub holder: String,
        pub until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Condition that fails while another node holds the lease.
const LEASE_FREE: &str = "lease_free";

/// Takes or renews a lease; `false` while another node holds it.
///
/// # Errors
/// The database does not take it.
pub async fn take(
    db: &Database,
    name: &str,
    holder: &str,
    span: Duration,
    now: Moment,
) -> Result<bool, WriteError> {
    let mut unit = db.unit();
    unit.require(LEASE_FREE, &statement(name, holder, now.plus(span), now));
    match db.write(unit).await {
        Ok(_) => Ok(true),
        Err(WriteError::Refused(LEASE_FREE)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives up what one holder has, so that the next one need not wait.
///
/// # Errors
/// The database does not take it.
pub async fn give_up(db: &Database, holder: &str) -> Result<(), WriteError> {
    let mut unit = db.unit();
    let ours = job_lease::Entity::delete_many().filter(job_lease::Column::Holder.eq(holder));
    unit.run(&ours.into_query());
    db.write(unit).await.map(|_| ())
}

fn statement(name: &str, holder: &str, until: Moment, now: Moment) -> InsertStatement {
    let column = |column: job_lease::Column| Expr::col((job_lease::Entity, column));
    let ours = column(job_lease::Column::Holder).eq(holder);
    let over = column(job_lease::Column::Until).lt(now.micros());
    let take = OnConflict::column(job_lease::Column::Name)
        .update_columns([job_lease::Column::Holder, job_lease::Column::Until])
        .action_and_where(ours.or(over))
        .to_owned();
    let row = job_lease::Model { name: name.to_owned(), holder: holder.to_owned(), until: until.micros() };
    Insert::one(row.to_be_written()).on_conflict(take).into_query()
}
