//! The state of a single node, in its own memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::limit::{Admission, Limit};
use crate::kernel::time::Moment;

/// Entries that are kept at the most. When it is full, the oldest go.
const ENTRIES_MAX: usize = 100_000;

#[derive(Clone, Copy)]
struct Entry {
    count: u32,
    ends: Moment,
}

/// Counters that end by themselves.
#[derive(Default)]
pub struct LocalState(Mutex<HashMap<String, Entry>>);

impl LocalState {
    pub fn admit(&self, key: &str, limit: Limit, now: Moment) -> Admission {
        let mut entries = self.entries(now);
        let fresh = Entry { count: 0, ends: now.plus(limit.span) };
        let entry = entries.entry(key.to_owned()).or_insert(fresh);
        if entry.ends <= now {
            *entry = fresh;
        }
        if entry.count >= limit.times {
            return Admission::Refused { retry_after: entry.ends.since(now) };
        }
        entry.count += 1;
        Admission::Admitted
    }

    pub fn give_back(&self, key: &str) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(key) {
            entry.count = entry.count.saturating_sub(1);
        }
    }

    pub fn first_time(&self, key: &str, span: Duration, now: Moment) -> bool {
        let once = Limit { times: 1, span };
        self.admit(key, once, now) == Admission::Admitted
    }

    /// The entries, with room for one more.
    fn entries(&self, now: Moment) -> MutexGuard<'_, HashMap<String, Entry>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.retain(|_, entry| entry.ends > now);
        }
        if entries.len() >= ENTRIES_MAX {
            let mut ends: Vec<Moment> = entries.values().map(|entry| entry.ends).collect();
            let middle = ends.len() / 2;
            let (_, median, _) = ends.select_nth_unstable(middle);
            let median = *median;
            entries.retain(|_, entry| entry.ends > median);
        }
        entries
    }
}
