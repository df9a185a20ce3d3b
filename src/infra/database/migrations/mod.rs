//! One list of migrations for both databases, applied in order and recorded by number.

mod first_door;
mod log_guard;
mod table;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement, TransactionTrait};

use super::DatabaseOptions;
use super::connect::{self, ConnectError, Kind};
use crate::kernel::time::Moment;

/// The version that this program writes and reads.
pub const VERSION: i64 = 1;

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("the database is at version {found}, newer than this program's {VERSION}: use the newer program")]
    Newer { found: i64 },
    #[error("the database is at version {found}, this program needs {VERSION}: run `cardea migrate`")]
    Older { found: i64 },
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the migration failed: {0}")]
    Failed(#[from] DbErr),
}

/// Brings the database to [`VERSION`]; returns how many migrations ran.
///
/// # Errors
/// The database is newer, unreachable, or refuses a statement; a migration happens whole or not at all.
pub async fn migrate(options: &DatabaseOptions, now: Moment) -> Result<u32, MigrateError> {
    let url = options.migration_url.as_deref().unwrap_or(&options.url);
    let db = match connect::kind(url)? {
        Kind::Sqlite => {
            connect::make_sqlite(url)?;
            connect::sqlite_for_writing(url).await
        }
        Kind::Postgres => connect::postgres(url, 1).await,
    }
    .map_err(ConnectError::from)?;
    let outcome = apply_missing(&db, options, now).await;
    db.close().await?;
    outcome
}

async fn apply_missing(
    db: &DatabaseConnection,
    options: &DatabaseOptions,
    now: Moment,
) -> Result<u32, MigrateError> {
    db.execute_unprepared(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )
    .await?;
    let found = version(db).await?;
    if found > VERSION {
        return Err(MigrateError::Newer { found });
    }
    if found == VERSION {
        return Ok(0);
    }
    let transaction = db.begin().await?;
    for statement in first_door::tables() {
        transaction.execute(&statement).await?;
    }
    for statement in first_door::indexes() {
        transaction.execute(&statement).await?;
    }
    for sql in log_guard::statements(Kind::of(db.get_database_backend())) {
        transaction.execute_unprepared(sql).await?;
    }
    if let Some(node) = node_login(options) {
        for sql in log_guard::grants(&node) {
            transaction.execute_unprepared(&sql).await?;
        }
    }
    transaction
        .execute_raw(Statement::from_string(
            db.get_database_backend(),
            format!("INSERT INTO schema_version (version, applied_at) VALUES ({VERSION}, {})", now.micros()),
        ))
        .await?;
    transaction.commit().await?;
    Ok(1)
}

/// The login of the node where it is another than the owner's; its rights are then cut to what it needs.
fn node_login(options: &DatabaseOptions) -> Option<String> {
    options.migration_url.as_ref()?;
    let url = url::Url::parse(&options.url).ok()?;
    let name = url.username();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| name.to_owned())
}

/// Refuses a database that is not at this program's version.
///
/// # Errors
/// It is older or newer, or cannot be asked.
pub async fn demand_current(db: &DatabaseConnection) -> Result<(), MigrateError> {
    let found = version(db).await.unwrap_or(0);
    match found.cmp(&VERSION) {
        std::cmp::Ordering::Less => Err(MigrateError::Older { found }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(MigrateError::Newer { found }),
    }
}

async fn version(db: &DatabaseConnection) -> Result<i64, DbErr> {
    let sql = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}
