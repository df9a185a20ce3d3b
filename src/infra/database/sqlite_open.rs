//! Connections straight at SQLite's library, for the writer and for readers.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// How long one connection waits for another's lock.
pub const BUSY_MS_MAX: u64 = 5_000;
/// What every connection is told, in this order.
pub const PRAGMAS: [(&str, &str); 5] = [
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("trusted_schema", "OFF"),
    // So that REPLACE cannot go around the triggers that guard the log.
    ("recursive_triggers", "ON"),
    ("secure_delete", "ON"),
];
/// Statements that a connection keeps prepared: more than there are kinds of them.
const STATEMENTS_KEPT_MAX: usize = 256;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Reading,
    Writing,
}

/// The file behind the address of an embedded database.
pub fn sqlite_path(url: &str) -> &Path {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    Path::new(path.split('?').next().unwrap_or(path))
}

/// # Errors
/// The file does not open, or the library does not take a setting.
pub fn open(url: &str, purpose: Use) -> rusqlite::Result<Connection> {
    // Whoever uses the connection has it alone, so that SQLite needs no lock for it. Readers open it for
    // writing too, since they take part in the log's shared memory; that they do not write is said below.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(sqlite_path(url), flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    for (name, value) in PRAGMAS {
        connection.pragma_update(None, name, value)?;
    }
    if purpose == Use::Reading {
        connection.pragma_update(None, "query_only", "ON")?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    Ok(connection)
}
