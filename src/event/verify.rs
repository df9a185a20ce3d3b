//! Proving the log: walks the chain from its first record and names what does not fit.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::chain;
use super::cover::{Cover, Heads, Uncovered};
use super::store;
use crate::infra::database::{Database, DbErr};
use crate::kernel::digest::hex;
use crate::kernel::time::Moment;

const RECORDS_PER_READ: u64 = 1000;
/// An event that has waited longer than this for its seal was not written by us, or the sealer is down.
const UNSEALED_SECONDS_MAX: u64 = 10;
/// Records in a row whose removal is recognised when those after them were numbered anew.
const RENUMBERED_MAX: i64 = 64;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Changed {
        sequence: i64,
        event: String,
    },
    Removed {
        from: i64,
        to: i64,
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
            Self::Removed { from, to } if from == to => write!(f, "record {from} was removed"),
            Self::Removed { from, to } => write!(f, "records {from} to {to} were removed"),
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
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    pub records: i64,
    pub last_hash: String,
    /// A removal of what was recorded up to this moment would show, since a head is outside.
    pub provable_until: Option<String>,
    /// Heads were compared with, and do not reach as far as they should.
    pub uncovered: Option<Uncovered>,
    #[serde(serialize_with = "in_words")]
    pub faults: Vec<Fault>,
}

impl Report {
    /// Nothing is wrong with the log, nor, where they were compared with, with its heads.
    pub const fn is_proved(&self) -> bool {
        self.faults.is_empty() && self.uncovered.is_none()
    }
}

fn in_words<S: serde::Serializer>(faults: &[Fault], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(faults.iter().map(ToString::to_string))
}

/// Walks the whole log; without heads a removal at its end does not show.
///
/// # Errors
/// The database does not answer.
pub async fn verify(db: &Database, outside: Option<Heads>, now: Moment) -> Result<Report, DbErr> {
    let mut walk = Walk::new(outside.as_ref(), now);
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

/// What is remembered of the last record, in case the next one tells that it does not belong there.
struct Last {
    sequence: i64,
    event: String,
    /// The hash before it, and how many faults were known before it.
    previous: Vec<u8>,
    faults: usize,
}

#[derive(Default)]
struct Walk {
    sequence: i64,
    /// The number that the last record was sealed under.
    number: i64,
    previous: Vec<u8>,
    last: Option<Last>,
    /// By how much the records were renumbered, as far as is known.
    renumbered: i64,
    /// Sequence numbers that heads speak of, with the hash that the log has for each.
    of_heads: HashMap<i64, Option<String>>,
    cover: Option<Cover>,
    report: Report,
}

impl Walk {
    fn new(heads: Option<&Heads>, now: Moment) -> Self {
        let cover = heads.map(|heads| Cover::of(heads, now));
        let uncovered = cover.as_ref().and_then(Cover::is_none);
        let heads = heads.iter().flat_map(|outside| &outside.heads).flatten();
        let of_heads = heads.map(|head| (head.sequence, None)).collect();
        let report = Report { uncovered, ..Report::default() };
        Self { previous: chain::START.to_vec(), of_heads, cover, report, ..Self::default() }
    }

    fn step(&mut self, seal: &store::event_seal::Model, event: Option<&store::event::Model>) {
        let faults = self.report.faults.len();
        let gap = seal.sequence != self.sequence + 1;
        if gap {
            self.removed(self.sequence + 1, seal.sequence - 1);
        }
        match event {
            None => self.removed(seal.sequence, seal.sequence),
            Some(event) => self.judge(seal, event, gap),
        }
        // Heads speak of the numbers that records had when they were sealed.
        self.number = seal.sequence.saturating_sub(self.renumbered);
        if let Some(hash) = self.of_heads.get_mut(&self.number) {
            *hash = Some(hex(&seal.record_hash));
        }
        if self.report.uncovered.is_none()
            && let Some(cover) = &self.cover
        {
            self.report.uncovered = cover.misses(self.number, seal.sealed_at);
        }
        let previous = std::mem::replace(&mut self.previous, seal.record_hash.clone());
        let event = seal.event_id.to_string();
        self.last = Some(Last { sequence: seal.sequence, event, previous, faults });
        self.sequence = seal.sequence;
        self.report.records += 1;
    }

    fn judge(&mut self, seal: &store::event_seal::Model, event: &store::event::Model, gap: bool) {
        let (sequence, name) = (seal.sequence, event.id.to_string());
        let number = sequence.saturating_sub(self.renumbered);
        let whole = is_whole(seal, event, number);
        let linked = gap || seal.previous_hash == self.previous;
        if whole && linked {
            return;
        }
        if !linked && self.was_inserted(seal, event, number) {
            return;
        }
        if !linked
            && let Some(missing) =
                (1..=RENUMBERED_MAX).find(|gone| is_whole(seal, event, number.saturating_add(*gone)))
        {
            self.renumbered -= missing;
            return self.removed(number, number + missing - 1);
        }
        self.report.faults.push(if linked {
            Fault::Changed { sequence, event: name }
        } else {
            Fault::Reordered { sequence }
        });
    }

    /// Whether this record follows the one before the last: then the last one was put between them.
    fn was_inserted(
        &mut self,
        seal: &store::event_seal::Model,
        event: &store::event::Model,
        number: i64,
    ) -> bool {
        let Some(last) = &self.last else { return false };
        let fits = seal.previous_hash == last.previous && is_whole(seal, event, number - 1);
        if fits {
            let fault = Fault::Inserted { sequence: last.sequence, event: last.event.clone() };
            // Whatever else was said of it is explained by that.
            self.report.faults.truncate(last.faults);
            self.report.faults.push(fault);
            self.renumbered += 1;
        }
        fits
    }

    fn removed(&mut self, from: i64, to: i64) {
        self.report.faults.push(Fault::Removed { from, to });
    }

    fn unsealed(&mut self, events: &[store::event::Model], now: Moment) {
        let late = now.minus(std::time::Duration::from_secs(UNSEALED_SECONDS_MAX));
        for event in events.iter().filter(|event| event.at < late.micros()) {
            let at = Moment::from_micros(event.at).iso();
            self.report.faults.push(Fault::Unsealed { event: event.id.to_string(), at });
        }
    }

    fn compare(&mut self, outside: Heads) {
        let mut told = HashSet::new();
        let mut longest = self.number;
        for head in outside.heads {
            let sequence = head.as_ref().map_or(0, |head| head.sequence);
            let fault = match head {
                Err(line) => Fault::HeadUnreadable { line },
                Ok(head) if !head.is_signed_by(&outside.key) => Fault::HeadUnsigned { sequence },
                Ok(head) if sequence > self.number => {
                    longest = longest.max(head.sequence);
                    continue;
                }
                Ok(head)
                    if self.of_heads.get(&sequence).and_then(Option::as_ref) == Some(&head.record_hash) =>
                {
                    self.report.provable_until = Some(head.at);
                    continue;
                }
                Ok(head) => Fault::HeadMismatch { sequence, at: head.at },
            };
            // One head a record is enough to tell; unreadable lines are told each.
            if sequence == 0 || told.insert(sequence) {
                self.report.faults.push(fault);
            }
        }
        if longest > self.number {
            self.removed(self.number + 1, longest);
        }
    }

    fn finish(self) -> Report {
        Report { last_hash: hex(&self.previous), ..self.report }
    }
}

/// Whether the hash of a record is the one of its content at this place.
fn is_whole(seal: &store::event_seal::Model, event: &store::event::Model, number: i64) -> bool {
    chain::record_hash(number, &seal.previous_hash, event).as_slice() == seal.record_hash.as_slice()
}
