//! How each kind of database is opened, and whether what it acknowledges is durable.

use std::time::Duration;

use super::sqlite_open::{BUSY_MS_MAX, PRAGMAS, Use, sqlite_path};
use crate::infra::files;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

const CONNECT_SECONDS_MAX: u64 = 5;
const STATEMENT_SECONDS_MAX: u64 = 10;

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the database address must begin with sqlite:// or postgres://")]
    UnknownKind,
    #[error("there is no database at {0} yet: run `cardea migrate`")]
    Missing(String),
    #[error("{path}: the database's file cannot be made: {cause}")]
    File { path: String, cause: std::io::Error },
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[from] DbErr),
    #[error("the database cannot be opened: {0}")]
    Library(rusqlite::Error),
    #[error("the system gives no thread for writing: {0}")]
    Thread(#[from] std::io::Error),
}

/// What stands between an acknowledgement and the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged write survives a power cut.
    Durable,
    /// The settings named here allow an acknowledged write to be lost.
    Less(Vec<String>),
}

/// The two kinds of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub fn of(backend: DbBackend) -> Self {
        if backend == DbBackend::Sqlite { Self::Sqlite } else { Self::Postgres }
    }
}

pub fn kind(url: &str) -> Result<Kind, ConnectError> {
    if url.starts_with("sqlite:") {
        Ok(Kind::Sqlite)
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Ok(Kind::Postgres)
    } else {
        Err(ConnectError::UnknownKind)
    }
}

/// Makes the file (and its folder) for its owner alone; SQLite gives its other files the same mode.
///
/// # Errors
/// The folder or the file cannot be made.
pub fn make_sqlite(url: &str) -> Result<(), ConnectError> {
    let path = sqlite_path(url);
    let made =
        path.parent().map_or(Ok(()), files::make_private_folder).and_then(|()| files::append_private(path));
    made.map(|_| ()).map_err(|cause| ConnectError::File { path: path.display().to_string(), cause })
}

/// # Errors
/// The file is not there: nothing but a migration makes it.
pub fn demand_sqlite(url: &str) -> Result<(), ConnectError> {
    let path = sqlite_path(url);
    if path.is_file() { Ok(()) } else { Err(ConnectError::Missing(path.display().to_string())) }
}

pub async fn sqlite_for_writing(url: &str) -> Result<DatabaseConnection, DbErr> {
    sqlite(url, 1, Use::Writing).await
}

pub async fn sqlite_for_reading(url: &str, connections_max: u32) -> Result<DatabaseConnection, DbErr> {
    sqlite(url, connections_max, Use::Reading).await
}

async fn sqlite(url: &str, connections_max: u32, purpose: Use) -> Result<DatabaseConnection, DbErr> {
    let mut options = common(url, connections_max);
    // There is no network in between that could have broken a connection since it was used last.
    options.test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(Duration::from_millis(BUSY_MS_MAX));
        let told = PRAGMAS.iter().fold(sqlite, |sqlite, (name, value)| sqlite.pragma(*name, *value));
        told.pragma("query_only", if purpose == Use::Reading { "ON" } else { "OFF" })
    });
    sea_orm::Database::connect(options).await
}

/// Rewrites the database without anything that was deleted, and empties its write-ahead log.
pub async fn scrub_sqlite(writing: &DatabaseConnection) -> Result<(), DbErr> {
    writing.execute_unprepared("VACUUM").await?;
    let busy = setting::<i64>(writing, "PRAGMA wal_checkpoint(TRUNCATE)").await?;
    if busy == 0 {
        Ok(())
    } else {
        Err(DbErr::Custom("a reader keeps the write-ahead log in use".to_owned()))
    }
}

pub async fn postgres(url: &str, connections_max: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = common(url, connections_max);
    options.statement_timeout(Duration::from_secs(STATEMENT_SECONDS_MAX));
    options.set_application_name("cardea");
    sea_orm::Database::connect(options).await
}

fn common(url: &str, connections_max: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections_max)
        .min_connections(1)
        // A connection that is thrown away in the middle of its work would lose it.
        .max_lifetime(None)
        .idle_timeout(None)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX))
        .acquire_timeout(Duration::from_secs(CONNECT_SECONDS_MAX));
    options
}

pub async fn durability(db: &DatabaseConnection) -> Result<Durability, DbErr> {
    let less = match Kind::of(db.get_database_backend()) {
        Kind::Sqlite => {
            // 2 is FULL, 3 is EXTRA. Source: SQLite, PRAGMA synchronous.
            let level = setting::<i64>(db, "PRAGMA synchronous").await?;
            if level >= 2 { vec![] } else { vec![format!("synchronous={level}")] }
        }
        Kind::Postgres => {
            let mut less = vec![];
            for (name, at_least) in [
                ("fsync", &["on"][..]),
                ("synchronous_commit", &["on", "remote_apply"]),
                ("full_page_writes", &["on"]),
            ] {
                let value = setting::<String>(db, &format!("SHOW {name}")).await?;
                if !at_least.contains(&value.as_str()) {
                    less.push(format!("{name}={value}"));
                }
            }
            less
        }
    };
    Ok(if less.is_empty() { Durability::Durable } else { Durability::Less(less) })
}

async fn setting<T: sea_orm::TryGetable>(db: &DatabaseConnection, sql: &str) -> Result<T, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::Custom(format!("no answer to {sql}")))?;
    row.try_get_by_index(0)
}

/// Whether the login in use could change the log, by the rights that PostgreSQL knows of. SQLite knows of
/// none: there the triggers stand alone.
///
/// # Errors
/// The database does not answer.
pub async fn may_change_log(db: &DatabaseConnection) -> Result<bool, DbErr> {
    match Kind::of(db.get_database_backend()) {
        Kind::Sqlite => Ok(false),
        Kind::Postgres => {
            let sql = "SELECT bool_or(has_table_privilege(current_user, log.name, wanted.privilege)) \
                       FROM (VALUES ('event'), ('event_seal')) AS log (name), \
                            (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS wanted (privilege)";
            setting::<bool>(db, sql).await
        }
    }
}
