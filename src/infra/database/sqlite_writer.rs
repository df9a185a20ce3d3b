//! SQLite's one writer: all waiting units in one transaction, each in a savepoint, acknowledged
//! after the durable commit (group commit).

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use super::connect;
use super::counts::WriteCounts;
use super::unit::{Committed, Unit, WriteError};

/// Units that share one commit at most: bounds how long the first of them waits.
const UNITS_PER_COMMIT_MAX: usize = 256;

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
/// may have rolled back by itself, its driver does not notice): it is thrown away and opened anew.
pub struct WritingConnection {
    url: String,
    open: Option<DatabaseConnection>,
}

impl WritingConnection {
    pub const fn new(url: String, open: DatabaseConnection) -> Self {
        Self { url, open: Some(open) }
    }

    async fn get(&mut self) -> Result<&DatabaseConnection, DbErr> {
        let open = match self.open.take() {
            Some(open) => open,
            None => connect::sqlite_for_writing(&self.url).await?,
        };
        Ok(self.open.insert(open))
    }

    async fn throw_away(&mut self) {
        if let Some(open) = self.open.take()
            && let Err(error) = open.close().await
        {
            tracing::error!(%error, "the writing connection could not be closed");
        }
    }
}

/// Runs until every sender is gone, and then what still waits.
pub async fn run(
    mut connection: WritingConnection,
    mut waiting: mpsc::Receiver<Waiting>,
    counts: Arc<WriteCounts>,
) {
    let mut batch = Vec::with_capacity(UNITS_PER_COMMIT_MAX);
    while waiting.recv_many(&mut batch, UNITS_PER_COMMIT_MAX).await > 0 {
        commit_together(&mut connection, std::mem::take(&mut batch), &counts).await;
    }
}

async fn commit_together(connection: &mut WritingConnection, batch: Vec<Waiting>, counts: &WriteCounts) {
    let mut results = Vec::with_capacity(batch.len());
    let outcome = match connection.get().await {
        Ok(db) => run_all(db, &batch, &mut results).await,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        connection.throw_away().await;
        tracing::error!(units = batch.len(), %error, "a commit failed; its units are refused");
        let text = error.to_string();
        for Waiting { answer, .. } in batch {
            // The asker may have given up waiting; then nobody needs the answer.
            let _ = answer.send(Err(WriteError::Unavailable(DbErr::Custom(text.clone()))));
        }
        return;
    }
    let kept = results.iter().filter(|result| result.is_ok()).count();
    counts.committed(u64::try_from(kept).unwrap_or(u64::MAX));
    for (Waiting { answer, .. }, result) in batch.into_iter().zip(results) {
        let _ = answer.send(result);
    }
}

/// `Err` means that nothing of the batch is durable.
async fn run_all(
    db: &DatabaseConnection,
    batch: &[Waiting],
    results: &mut Vec<Result<Committed, WriteError>>,
) -> Result<(), DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(immediate).await?;
    for Waiting { unit, .. } in batch {
        results.push(run_one(&transaction, unit).await?);
    }
    transaction.commit().await
}

/// One unit in its savepoint; `Err` when the savepoint itself could not be opened or closed.
async fn run_one(
    transaction: &DatabaseTransaction,
    unit: &Unit,
) -> Result<Result<Committed, WriteError>, DbErr> {
    let savepoint = transaction.begin().await?;
    let result = unit.run_in(&savepoint).await;
    match &result {
        Ok(_) => savepoint.commit().await?,
        Err(_) => savepoint.rollback().await?,
    }
    Ok(result)
}
