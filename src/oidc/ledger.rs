//! The record of tokens for clients themselves. Many such calls come at once from few clients: those that
//! share a commit share one record, with the count and every token's id. Nothing is answered before its
//! record is durable.

use std::collections::BTreeMap;
use std::net::IpAddr;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use crate::config::clients::GrantType;
use crate::event::{Event, EventLog, Origin, What};

/// Issuances that may wait for their record; beyond, a client is asked to try again.
const WAITING_MAX: usize = 8192;
/// Issuances that share one record at most: bounds its size and how long the first of them waits.
const TOGETHER_MAX: usize = 256;

struct Entry {
    origin: Origin,
    scope: String,
    jti: String,
    answer: oneshot::Sender<Result<(), OAuthError>>,
}

/// What may stand in one record: the same client from the same address for the same scope.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Together {
    client: Option<String>,
    address: Option<IpAddr>,
    scope: String,
}

/// The way to the record; cheap to clone.
#[derive(Clone)]
pub struct Ledger(mpsc::Sender<Entry>);

impl Ledger {
    /// Starts the task that writes; it ends with the last handle.
    pub fn start(log: EventLog) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write_records(log, waiting));
        Self(sender)
    }

    /// Waits until the record of a token is durable.
    ///
    /// # Errors
    /// The log does not take it; then the token must not leave.
    pub async fn enter(&self, origin: Origin, scope: String, jti: String) -> Result<(), OAuthError> {
        let busy = refuse(ErrorCode::TemporarilyUnavailable, "try again in some seconds");
        let (answer, written) = oneshot::channel();
        self.0.try_send(Entry { origin, scope, jti, answer }).map_err(|_| busy)?;
        written.await.unwrap_or(Err(busy))
    }
}

async fn write_records(log: EventLog, mut waiting: mpsc::Receiver<Entry>) {
    let mut batch = Vec::with_capacity(TOGETHER_MAX);
    while waiting.recv_many(&mut batch, TOGETHER_MAX).await > 0 {
        let mut records: BTreeMap<Together, Vec<Entry>> = BTreeMap::new();
        for entry in batch.drain(..) {
            let client = entry.origin.application.clone();
            let together = Together { client, address: entry.origin.ip(), scope: entry.scope.clone() };
            records.entry(together).or_default().push(entry);
        }
        let mut writes = JoinSet::new();
        for entries in records.into_values() {
            writes.spawn(write_record(log.clone(), entries));
        }
        writes.join_all().await;
    }
}

async fn write_record(log: EventLog, entries: Vec<Entry>) {
    let Some(first) = entries.first() else { return };
    let origin = first.origin.clone();
    let what = What::TokensIssued {
        grant_type: GrantType::ClientCredentials.name(),
        scope: first.scope.clone(),
        token_ids: entries.iter().map(|entry| entry.jti.clone()).collect(),
    };
    let written = log.record_alone(&origin, Event::new(what)).await.map_err(|error| unavailable(&error));
    for entry in entries {
        // The asker may have given up waiting; then nobody needs the answer.
        let _ = entry.answer.send(written);
    }
}
