//! How far the heads that were given outside cover the log: what lies beyond the last of them could be
//! removed and nobody would know.

use std::cmp::Reverse;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::head::Head;
use crate::kernel::time::Moment;

/// What a head may be late beyond two of its rounds: one may fail, and clocks of nodes differ.
const HEAD_SLACK: Duration = Duration::from_mins(1);

/// Heads to compare the log with, and the key that must have signed them.
pub struct Heads {
    pub key: String,
    /// In the file's order; a line that is none by its number.
    pub heads: Vec<Result<Head, usize>>,
    /// The pause after which the next head is given outside.
    pub every: Duration,
}

/// Why a removal at the end of the log would not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// There is no head that our key has signed.
    NoHead,
    /// This record was sealed so long ago that a head should cover it, and none does.
    Since { sequence: i64, sealed_at: String },
}

impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHead => f.write_str("there is no head that our key has signed"),
            Self::Since { sequence, sealed_at } => {
                write!(f, "no head covers what follows record {}", sequence - 1)?;
                write!(f, ", though it was sealed from {sealed_at} on")
            }
        }
    }
}

impl serde::Serialize for Uncovered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the heads cover, and by when they should.
pub struct Cover {
    /// The last record that one of them speaks of; zero where there is none.
    reach: i64,
    /// Records that were sealed in this span may be without a head yet. A seal of the future was not
    /// given by us.
    recent: RangeInclusive<i64>,
}

impl Cover {
    pub fn of(heads: &Heads, now: Moment) -> Self {
        let mut farthest_first: Vec<&Head> = heads.heads.iter().flatten().collect();
        farthest_first.sort_unstable_by_key(|head| Reverse(head.sequence));
        let ours = farthest_first.into_iter().find(|head| head.is_signed_by(&heads.key));
        let reach = ours.map_or(0, |head| head.sequence);
        let late = heads.every.saturating_mul(2).saturating_add(HEAD_SLACK);
        let recent = now.minus(late).micros()..=now.plus(HEAD_SLACK).micros();
        Self { reach, recent }
    }

    /// That there is no head at all, if so.
    pub fn is_none(&self) -> Option<Uncovered> {
        (self.reach == 0).then_some(Uncovered::NoHead)
    }

    /// That a record lacks the head which should cover it by now, if so.
    pub fn misses(&self, sequence: i64, sealed_at: i64) -> Option<Uncovered> {
        let missed = sequence > self.reach && !self.recent.contains(&sealed_at);
        missed.then(|| Uncovered::Since { sequence, sealed_at: Moment::from_micros(sealed_at).iso() })
    }
}
