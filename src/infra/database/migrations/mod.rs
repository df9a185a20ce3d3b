//! One list of migrations for both databases, applied in order and recorded by number.

mod directories;
mod expiry;
mod first_door;
mod log_guard;
mod password_reset;
mod recovery;
mod second_factors;
mod table;
mod trusted_tokens;
mod unsealed_events;
mod upstream;

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait};

use super::DatabaseOptions;
use super::connect::{self, ConnectError, Kind};
use crate::kernel::time::Moment;

/// The version that this program writes and reads: that of the last migration.
pub const VERSION: i64 = 9;

/// A step from one version to the next.
struct Migration {
    version: i64,
    /// Tables whose rows nobody misses, as they make place for another form.
    drops: &'static [&'static str],
    tables: fn() -> Vec<TableCreateStatement>,
    indexes: fn() -> Vec<IndexCreateStatement>,
    /// What no statement builder says.
    raw: fn(Kind) -> &'static [&'static str],
}

const MIGRATIONS: [Migration; 9] = [
    Migration {
        version: 1,
        drops: &[],
        tables: first_door::tables,
        indexes: first_door::indexes,
        raw: log_guard::statements,
    },
    Migration {
        version: 2,
        drops: trusted_tokens::DROPS,
        tables: trusted_tokens::tables,
        indexes: trusted_tokens::indexes,
        raw: trusted_tokens::statements,
    },
    Migration {
        version: 3,
        drops: &[],
        tables: unsealed_events::tables,
        indexes: unsealed_events::indexes,
        raw: unsealed_events::statements,
    },
    Migration {
        version: 4,
        drops: &[],
        tables: second_factors::tables,
        indexes: second_factors::indexes,
        raw: second_factors::statements,
    },
    Migration { version: 5, drops: &[], tables: upstream::tables, indexes: upstream::indexes, raw: |_| &[] },
    Migration {
        version: 6,
        drops: &[],
        tables: recovery::tables,
        indexes: recovery::indexes,
        raw: recovery::statements,
    },
    Migration {
        version: 7,
        drops: &[],
        tables: directories::tables,
        indexes: directories::indexes,
        raw: directories::statements,
    },
    Migration {
        version: 8,
        drops: &[],
        tables: password_reset::tables,
        indexes: password_reset::indexes,
        raw: password_reset::statements,
    },
    Migration { version: 9, drops: &[], tables: expiry::tables, indexes: expiry::indexes, raw: |_| &[] },
];

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
    let missing = MIGRATIONS.iter().filter(|migration| migration.version > found);
    let transaction = db.begin().await?;
    let mut ran = 0;
    for migration in missing {
        apply(&transaction, migration, now).await?;
        ran += 1;
    }
    if ran > 0
        && let Some(node) = node_login(options)
    {
        for sql in log_guard::grants(&node) {
            transaction.execute_unprepared(&sql).await?;
        }
    }
    transaction.commit().await?;
    Ok(ran)
}

async fn apply(db: &DatabaseTransaction, migration: &Migration, now: Moment) -> Result<(), DbErr> {
    for table in migration.drops {
        db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    for statement in (migration.tables)() {
        db.execute(&statement).await?;
    }
    for statement in (migration.indexes)() {
        db.execute(&statement).await?;
    }
    let backend = db.get_database_backend();
    for sql in (migration.raw)(Kind::of(backend)) {
        db.execute_unprepared(sql).await?;
    }
    let (version, at) = (migration.version, now.micros());
    let done = format!("INSERT INTO schema_version (version, applied_at) VALUES ({version}, {at})");
    db.execute_raw(Statement::from_string(backend, done)).await.map(|_| ())
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
