//! On PostgreSQL a unit is a transaction of its own; the server groups the commits.

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, TransactionTrait};

use super::counts::WriteCounts;
use super::unit::{Committed, Unit, WriteError};

/// How often a unit is tried again when PostgreSQL ends it for the sake of another.
const TRIES_MAX: u32 = 4;

pub async fn write(
    pool: &DatabaseConnection,
    unit: &Unit,
    counts: &WriteCounts,
) -> Result<Committed, WriteError> {
    let mut tries = 1;
    loop {
        match attempt(pool, unit).await {
            Ok(done) => {
                counts.committed(1);
                return Ok(done);
            }
            Err(WriteError::Unavailable(error)) if tries < TRIES_MAX && is_passing(&error) => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

async fn attempt(pool: &DatabaseConnection, unit: &Unit) -> Result<Committed, WriteError> {
    let transaction = pool.begin().await.map_err(WriteError::Unavailable)?;
    let done = unit.run_in(&transaction).await;
    match done {
        Ok(done) => {
            transaction.commit().await.map_err(WriteError::Unavailable)?;
            Ok(done)
        }
        Err(error) => {
            // A connection that cannot roll back is closed by the pool; the first error is what counts.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

/// Serialization failure and deadlock. Source: PostgreSQL, Appendix A, classes 40001 and 40P01.
fn is_passing(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    cause
        .as_database_error()
        .and_then(sea_orm::sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "40001" || code == "40P01")
}
