//! SQLite's one writer: all waiting units in one transaction, each in a savepoint, acknowledged
//! after the durable commit (group commit).
//!
//! A thread of its own with a connection of its own, straight at the library: the usual driver hands every
//! statement to another thread and waits for it, and a commit has dozens of statements.

use std::sync::Arc;

use rusqlite::{Connection, ErrorCode};
use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::counts::WriteCounts;
use super::sqlite_open::{Use, open};
use super::sqlite_unit::run_unit;
use super::unit::{Committed, Unit, WriteError};

/// Units that share one commit at most: bounds how long the first of them waits.
const UNITS_PER_COMMIT_MAX: usize = 256;

/// How often a transaction is begun that finds the file busy; each waits as long as the connection does.
const BUSY_TRIES: u32 = 3;

/// A unit on its way, and where its acknowledgement goes.
pub struct Waiting {
    unit: Unit,
    answer: oneshot::Sender<Result<Committed, WriteError>>,
}

pub async fn hand_over(sender: &mpsc::Sender<Waiting>, unit: Unit) -> Result<Committed, WriteError> {
    let (answer, acknowledged) = oneshot::channel();
    sender.try_send(Waiting { unit, answer }).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => WriteError::Full,
        mpsc::error::TrySendError::Closed(_) => gone(),
    })?;
    acknowledged.await.unwrap_or_else(|_| Err(gone()))
}

fn gone() -> WriteError {
    WriteError::Unavailable(DbErr::Custom("the writer has ended".to_owned()))
}

/// The one connection that writes. After a commit that failed nobody knows what is open on it (SQLite
/// may have rolled back by itself): it is thrown away and opened anew.
pub struct WritingConnection {
    url: String,
    open: Option<Connection>,
}

impl WritingConnection {
    /// # Errors
    /// The file does not open.
    pub fn open(url: &str) -> rusqlite::Result<Self> {
        Ok(Self { url: url.to_owned(), open: Some(open(url, Use::Writing)?) })
    }

    fn get(&mut self) -> rusqlite::Result<&Connection> {
        let open = match self.open.take() {
            Some(open) => open,
            None => open(&self.url, Use::Writing)?,
        };
        Ok(self.open.insert(open))
    }

    fn throw_away(&mut self) {
        if let Some(open) = self.open.take()
            && let Err((_, error)) = open.close()
        {
            tracing::error!(%error, "the writing connection could not be closed");
        }
    }
}

/// Runs until every sender is gone, and then what still waits.
pub fn run(
    mut connection: WritingConnection,
    mut waiting: mpsc::Receiver<Waiting>,
    counts: &Arc<WriteCounts>,
) {
    let mut batch = Vec::with_capacity(UNITS_PER_COMMIT_MAX);
    while waiting.blocking_recv_many(&mut batch, UNITS_PER_COMMIT_MAX) > 0 {
        commit_together(&mut connection, &mut batch, counts);
    }
}

fn commit_together(connection: &mut WritingConnection, batch: &mut Vec<Waiting>, counts: &WriteCounts) {
    let outcome = connection.get().and_then(|db| run_all(db, batch));
    match outcome {
        Ok(results) => {
            let kept = results.iter().filter(|result| result.is_ok()).count();
            counts.committed(u64::try_from(kept).unwrap_or(u64::MAX));
            for (Waiting { answer, .. }, result) in batch.drain(..).zip(results) {
                // The asker may have given up waiting; then nobody needs the answer.
                let _ = answer.send(result);
            }
        }
        Err(error) => {
            connection.throw_away();
            tracing::error!(units = batch.len(), %error, "a commit failed; its units are refused");
            let text = error.to_string();
            for Waiting { answer, .. } in batch.drain(..) {
                let _ = answer.send(Err(WriteError::Unavailable(DbErr::Custom(text.clone()))));
            }
        }
    }
}

/// `Err` means that nothing of the batch is durable.
fn run_all(db: &Connection, batch: &[Waiting]) -> rusqlite::Result<Vec<Result<Committed, WriteError>>> {
    begin(db)?;
    let results =
        batch.iter().map(|Waiting { unit, .. }| run_one(db, unit)).collect::<Result<Vec<_>, _>>()?;
    command(db, "COMMIT")?;
    Ok(results)
}

/// Waits for whoever writes from elsewhere, such as a rewriting of the file after an erasure: nothing has been
/// done yet, so it may be tried again.
fn begin(db: &Connection) -> rusqlite::Result<()> {
    let mut tries = 1;
    loop {
        match command(db, "BEGIN IMMEDIATE") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && tries < BUSY_TRIES =>
            {
                tries += 1;
            }
            done => return done,
        }
    }
}

/// One unit in its savepoint; `Err` when the savepoint itself could not be opened or closed.
fn run_one(db: &Connection, unit: &Unit) -> rusqlite::Result<Result<Committed, WriteError>> {
    command(db, "SAVEPOINT unit")?;
    let result = run_unit(db, unit);
    if result.is_err() {
        command(db, "ROLLBACK TO unit")?;
    }
    command(db, "RELEASE unit")?;
    Ok(result)
}

fn command(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    db.prepare_cached(sql)?.execute(()).map(|_| ())
}
