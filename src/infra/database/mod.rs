//! The database: SQLite embedded or PostgreSQL, from one code. Reads go through [`Database::read`],
//! all writes through the one seam, [`Database::write`].

mod connect;
mod counts;
pub mod migrations;
mod postgres_writer;
mod sqlite_open;
mod sqlite_reader;
mod sqlite_unit;
mod sqlite_value;
mod sqlite_writer;
pub mod unit;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbBackend, QuerySelect, Select};
use tokio::sync::mpsc;

pub use connect::{ConnectError, Durability, Kind};
pub use counts::WriteCounts;
pub use sea_orm::DbErr;
pub use unit::{Committed, Row, Unit, WriteError};

use sqlite_reader::RowReader;
pub use sqlite_reader::WholeRows;
use sqlite_writer::{Waiting, WritingConnection};

/// Units that may wait for SQLite's one writer; beyond, a write is refused as `Full`.
const WAITING_UNITS_MAX: usize = 4096;
/// Longest that a write may take from hand-over to acknowledgement.
const WRITE_SECONDS_MAX: u64 = 15;

/// What the configuration says of the database.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// `sqlite:///absolute/path` or `postgres://…`.
    pub url: String,
    /// The owner's address, used for migrations alone, so that the node's own login cannot change the log.
    pub migration_url: Option<String>,
    /// Connections kept for reading (and, on PostgreSQL, for writing).
    pub connections_max: u32,
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    reading: DatabaseConnection,
    /// The short way to rows of SQLite.
    rows: Option<Arc<RowReader>>,
    writer: Writer,
    counts: Arc<WriteCounts>,
}

#[derive(Clone)]
enum Writer {
    Sqlite { sender: mpsc::Sender<Waiting>, url: Arc<str> },
    Postgres(DatabaseConnection),
}

impl Database {
    /// Opens the database; does not migrate it.
    ///
    /// # Errors
    /// The address is no address of a known kind, or nothing answers there.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, ConnectError> {
        let counts = Arc::new(WriteCounts::default());
        let (reading, writer) = match connect::kind(&options.url)? {
            Kind::Sqlite => {
                connect::demand_sqlite(&options.url)?;
                let writing = WritingConnection::open(&options.url).map_err(ConnectError::Library)?;
                let read = connect::sqlite_for_reading(&options.url, options.connections_max).await?;
                let (sender, receiver) = mpsc::channel(WAITING_UNITS_MAX);
                let counted = Arc::clone(&counts);
                let work = move || sqlite_writer::run(writing, receiver, &counted);
                std::thread::Builder::new().name("sqlite-writer".to_owned()).spawn(work)?;
                (read, Writer::Sqlite { sender, url: options.url.as_str().into() })
            }
            Kind::Postgres => {
                let pool = connect::postgres(&options.url, options.connections_max).await?;
                (pool.clone(), Writer::Postgres(pool))
            }
        };
        let rows = match &writer {
            Writer::Sqlite { url, .. } => Some(Arc::new(RowReader::new(url, options.connections_max))),
            Writer::Postgres(_) => None,
        };
        Ok(Self { reading, rows, writer, counts })
    }

    pub fn backend(&self) -> DbBackend {
        self.reading.get_database_backend()
    }

    /// The connection for queries. Nothing is written here: on SQLite it is read-only.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reading
    }

    /// The first row of a query for whole rows of one table. What a request asks for again and again is asked
    /// for in this way, or by [`Database::all`]: on SQLite it costs a fraction of `one(read())`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn first<E: WholeRows>(&self, query: Select<E>) -> Result<Option<E::Model>, DbErr> {
        match &self.rows {
            Some(rows) => Ok(rows.all(&query.limit(1)).await?.pop()),
            None => query.one(&self.reading).await,
        }
    }

    /// All rows of a query for whole rows of one table; few of them, by its own limit or by their nature.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn all<E: WholeRows>(&self, query: Select<E>) -> Result<Vec<E::Model>, DbErr> {
        match &self.rows {
            Some(rows) => rows.all(&query).await,
            None => query.all(&self.reading).await,
        }
    }

    /// An empty unit of work for this database.
    pub fn unit(&self) -> Unit {
        Unit::new(self.backend())
    }

    /// Hands over a unit and waits until it is durable. All of it happens or nothing does.
    ///
    /// # Errors
    /// `Refused` when a condition of the unit did not hold; otherwise nothing is known to have happened.
    pub async fn write(&self, unit: Unit) -> Result<Committed, WriteError> {
        let limit = Duration::from_secs(WRITE_SECONDS_MAX);
        let work = async {
            match &self.writer {
                Writer::Sqlite { sender, .. } => sqlite_writer::hand_over(sender, unit).await,
                Writer::Postgres(pool) => postgres_writer::write(pool, &unit, &self.counts).await,
            }
        };
        tokio::time::timeout(limit, work).await.unwrap_or(Err(WriteError::Unavailable(DbErr::Custom(
            format!("no acknowledgement within {WRITE_SECONDS_MAX} s"),
        ))))
    }

    /// Makes what was deleted unreadable in the files too. SQLite keeps old copies of rows in its log and
    /// in pages that it split; PostgreSQL's vacuum does this by itself.
    ///
    /// # Errors
    /// The files could not be written anew.
    pub async fn scrub(&self) -> Result<(), DbErr> {
        match &self.writer {
            Writer::Sqlite { url, .. } => {
                let writing = connect::sqlite_for_writing(url).await?;
                let scrubbed = connect::scrub_sqlite(&writing).await;
                writing.close().await?;
                scrubbed
            }
            Writer::Postgres(_) => Ok(()),
        }
    }

    pub fn counts(&self) -> &WriteCounts {
        &self.counts
    }

    /// Whether the database answers at all, and takes writes where one writer takes them all.
    pub async fn answers(&self) -> bool {
        if let Writer::Sqlite { sender, .. } = &self.writer
            && sender.is_closed()
        {
            return false;
        }
        let ping = self.reading.ping();
        matches!(tokio::time::timeout(Duration::from_secs(2), ping).await, Ok(Ok(())))
    }

    /// Whether this node's login could change records of the log.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn may_change_log(&self) -> Result<bool, DbErr> {
        connect::may_change_log(&self.reading).await
    }

    /// What the database itself says of its durability.
    ///
    /// # Errors
    /// It could not be asked.
    pub async fn durability(&self) -> Result<Durability, DbErr> {
        connect::durability(&self.reading).await
    }
}
