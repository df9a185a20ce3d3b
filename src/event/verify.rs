//! Proving the log: walks the chain from its first record and names what does not fit.

use std::collections::HashMap;
use std::fmt;

use sea_orm::DbErr;

use super::chain;
use super::head::Head;
use super::store;
use crate::infra::database::Database;
use crate::kernel::digest::hex;
use crate::kernel::time::Moment;

const RECORDS_PER_READ: u64 = 1000;
/// An event that has waited longer than this for its seal was not written by us, or the sealer is down.
const UNSEALED_SECONDS_MAX: u64 = 10;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Changed {
        sequence: i64,
        event: String,
    },
    Removed {
        sequence: i64,
    },
    Reordered {
        sequence: i64,
    },
    Inserted {
        sequence: i64,
        event: String,
    },
    Unsealed {
        event: String,
        at: String,
    },
    /// A head that was given outside does not fit the log.
    HeadMismatch {
        sequence: i64,
        at: String,
    },
    HeadUnsigned {
        sequence: i64,
    },
    HeadUnreadable {
        line: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { sequence, event } => write!(f, "record {sequence} (event {event}) was changed"),
            Self::Removed { sequence } => write!(f, "record {sequence} was removed"),
            Self::Reordered { sequence } => write!(f, "record {sequence} is not in its place"),
            Self::Inserted { sequence, event } => write!(f, "record {sequence} (event {event}) was inserted"),
            Self::Unsealed { event, at } => write!(f, "event {event} of {at} was left unsealed"),
            Self::HeadMismatch { sequence, at } => {
                write!(f, "the head of {at} tells of another record {sequence} than the log holds")
            }
            Self::HeadUnsigned { sequence } => {
                write!(f, "the head at record {sequence} is not signed by our key")
            }
            Self::HeadUnreadable { line } => write!(f, "line {line} of the heads cannot be read"),
        }
    }
}

/// What the walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub records: i64,
    pub last_hash: String,
    /// From this moment on a removal at the end would show, since a head is outside.
    pub provable_until: Option<String>,
    pub faults: Vec<Fault>,
}

/// Heads to compare with, and the key that must have signed them.
pub struct Heads {
    pub key: String,
    pub heads: Vec<Result<Head, usize>>,
}

/// Walks the whole log.
///
/// # Errors
/// The database does not answer.
pub async fn verify(db: &Database, outside: Option<Heads>, now: Moment) -> Result<Report, DbErr> {
    let mut walk = Walk::default();
    let mut at = 0;
    loop {
        let records = store::sealed_after(db.read(), at, RECORDS_PER_READ).await?;
        let Some((last, _)) = records.last() else { break };
        at = last.sequence;
        for (seal, event) in &records {
            walk.step(seal, event.as_ref());
        }
    }
    walk.unsealed(&store::unsealed(db.read(), RECORDS_PER_READ).await?, now);
    if let Some(outside) = outside {
        walk.compare(outside);
    }
    Ok(walk.finish())
}

#[derive(Default)]
struct Walk {
    sequence: i64,
    previous: Vec<u8>,
    hashes: HashMap<i64, String>,
    report: Report,
}

impl Walk {
    fn step(&mut self, seal: &store::event_seal::Model, event: Option<&store::event::Model>) {
        let start = if self.sequence == 0 { chain::START.to_vec() } else { self.previous.clone() };
        for missing in self.sequence + 1..seal.sequence {
            self.report.faults.push(Fault::Removed { sequence: missing });
        }
        let gap = seal.sequence != self.sequence + 1;
        match event {
            None => self.report.faults.push(Fault::Removed { sequence: seal.sequence }),
            Some(event) => self.judge(seal, event, &start, gap),
        }
        self.hashes.insert(seal.sequence, hex(&seal.record_hash));
        self.sequence = seal.sequence;
        self.previous.clone_from(&seal.record_hash);
        self.report.records += 1;
    }

    fn judge(
        &mut self,
        seal: &store::event_seal::Model,
        event: &store::event::Model,
        previous: &[u8],
        gap: bool,
    ) {
        let own = chain::record_hash(seal.sequence, &seal.previous_hash, event);
        let whole = own.as_slice() == seal.record_hash.as_slice();
        let linked = gap || seal.previous_hash == previous;
        let known_elsewhere = self.hashes.values().any(|hash| *hash == hex(&seal.previous_hash));
        let sequence = seal.sequence;
        let name = event.id.to_string();
        match (whole, linked) {
            (true, true) => {}
            (true, false) if known_elsewhere => {
                self.report.faults.push(Fault::Inserted { sequence, event: name });
            }
            (true, false) => self.report.faults.push(Fault::Reordered { sequence }),
            (false, true) => self.report.faults.push(Fault::Changed { sequence, event: name }),
            (false, false) => self.report.faults.push(Fault::Reordered { sequence }),
        }
    }

    fn unsealed(&mut self, events: &[store::event::Model], now: Moment) {
        let late = now.minus(std::time::Duration::from_secs(UNSEALED_SECONDS_MAX));
        for event in events.iter().filter(|event| event.at < late.micros()) {
            let at = Moment::from_micros(event.at).iso();
            self.report.faults.push(Fault::Unsealed { event: event.id.to_string(), at });
        }
    }

    fn compare(&mut self, outside: Heads) {
        for head in outside.heads {
            match head {
                Err(line) => self.report.faults.push(Fault::HeadUnreadable { line }),
                Ok(head) if !head.is_signed_by(&outside.key) => {
                    self.report.faults.push(Fault::HeadUnsigned { sequence: head.sequence });
                }
                Ok(head) => {
                    if self.hashes.get(&head.sequence) == Some(&head.record_hash) {
                        self.report.provable_until = Some(head.at);
                    } else if head.sequence > self.sequence {
                        self.report.faults.push(Fault::Removed { sequence: head.sequence });
                    } else {
                        let (sequence, at) = (head.sequence, head.at);
                        self.report.faults.push(Fault::HeadMismatch { sequence, at });
                    }
                }
            }
        }
    }

    fn finish(self) -> Report {
        Report { last_hash: hex(&self.previous), ..self.report }
    }
}
