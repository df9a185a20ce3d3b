//! The short way to rows of SQLite. A query for some rows takes less time than waking the thread of the usual
//! driver, so it is run where it is asked for; one that takes longer than it should is given up there and run
//! again on a thread for slow work.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Error, ErrorCode};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, DbErr, EntityTrait, Iterable, QueryTrait, RuntimeErr, Select,
    Statement, TryIntoModel,
};
use tokio::sync::Semaphore;

use super::sqlite_open::{self, Use};
use super::sqlite_value::{bind, read};

/// How long a query may hold up the thread that asks.
const PATIENCE: Duration = Duration::from_millis(2);
/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1000;

/// A table whose rows can be read whole: every one of ours.
pub trait WholeRows: EntityTrait<ActiveModel: TryIntoModel<Self::Model>, Column: Iterable> {}

impl<E: EntityTrait<ActiveModel: TryIntoModel<E::Model>, Column: Iterable>> WholeRows for E {}

/// Reads rows, each call on a connection that it has alone.
pub struct RowReader {
    pool: Arc<Pool>,
    /// Bounds the queries that are run on threads for slow work.
    slow: Semaphore,
}

impl RowReader {
    pub fn new(url: &str, connections_max: u32) -> Self {
        let connections_max = usize::try_from(connections_max).unwrap_or(usize::MAX).max(1);
        let pool = Pool { url: url.to_owned(), idle: Mutex::default(), idle_max: connections_max };
        Self { pool: Arc::new(pool), slow: Semaphore::new(connections_max) }
    }

    /// # Errors
    /// The database does not answer, or a value is not of its column's kind.
    pub async fn all<E: WholeRows>(&self, query: &Select<E>) -> Result<Vec<E::Model>, DbErr> {
        let statement = query.build(DbBackend::Sqlite);
        match self.pool.query::<E>(&statement, Some(PATIENCE)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {}
            done => return done.map_err(|error| failed(&error)),
        }
        let permit = self.slow.acquire().await.map_err(|error| failed(&error))?;
        let pool = Arc::clone(&self.pool);
        let slow = tokio::task::spawn_blocking(move || pool.query::<E>(&statement, None)).await;
        drop(permit);
        slow.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

fn failed(error: &dyn std::fmt::Display) -> DbErr {
    DbErr::Query(RuntimeErr::Internal(error.to_string()))
}

/// Connections that nobody uses at the moment. Who finds none opens one.
struct Pool {
    url: String,
    idle: Mutex<Vec<ReadingConnection>>,
    idle_max: usize,
}

impl Pool {
    fn query<E: WholeRows>(
        &self,
        statement: &Statement,
        patience: Option<Duration>,
    ) -> rusqlite::Result<Vec<E::Model>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => ReadingConnection::open(&self.url)?,
        };
        // One that failed is not used again.
        let rows = connection.query::<E>(statement, patience)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.idle_max {
            idle.push(connection);
        }
        Ok(rows)
    }
}

struct ReadingConnection {
    connection: Connection,
    opened: Instant,
    /// When the query that runs is given up, in microseconds after `opened`; zero: never.
    deadline: Arc<AtomicU64>,
}

impl ReadingConnection {
    fn open(url: &str) -> rusqlite::Result<Self> {
        let connection = sqlite_open::open(url, Use::Reading)?;
        let (opened, deadline) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let until = Arc::clone(&deadline);
        let is_late = move || {
            let until = until.load(Ordering::Relaxed);
            until > 0 && micros(opened.elapsed()) > until
        };
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(is_late))?;
        Ok(Self { connection, opened, deadline })
    }

    fn query<E: WholeRows>(
        &self,
        statement: &Statement,
        patience: Option<Duration>,
    ) -> rusqlite::Result<Vec<E::Model>> {
        let until = patience.map_or(0, |patience| micros(self.opened.elapsed() + patience));
        self.deadline.store(until, Ordering::Relaxed);
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        bind(&mut prepared, statement)?;
        let columns: Vec<_> = E::Column::iter().map(|column| (column, column.def())).collect();
        let mut rows = prepared.raw_query();
        let mut models = vec![];
        while let Some(row) = rows.next()? {
            let mut model = E::ActiveModel::default();
            // A query for whole rows names the columns in the order in which the table has them.
            for (place, (column, definition)) in columns.iter().enumerate() {
                let value = read(row.get_ref(place)?, definition.get_column_type()).map_err(unreadable)?;
                model.try_set(*column, value).map_err(unreadable)?;
            }
            models.push(model.try_into_model().map_err(unreadable)?);
        }
        Ok(models)
    }
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(0, rusqlite::types::Type::Null, Box::new(error))
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
