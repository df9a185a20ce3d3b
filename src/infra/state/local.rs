//! The state of a single node, in its own memory.
//!
//! Whoever asks can make up keys and fill it. So a count at its limit stays until its time is over: a flood
//! would otherwise wash away what stands against it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::limit::{Admission, Limit};
use crate::kernel::time::Moment;

/// Counts that are kept at the most.
const COUNTS_MAX: usize = 100_000;
/// Counts whose time is over that one admission takes away: more than it adds, and few enough to wait for.
const SWEPT_AT_ONCE: usize = 2;

/// Counts that end by themselves.
pub struct LocalState(Mutex<Counts>);

#[derive(Clone, Copy)]
struct Count {
    done: u32,
    limit: u32,
    ends: Moment,
}

struct Counts {
    room: usize,
    all: HashMap<Arc<str>, Count>,
    /// All of them, the first to end first.
    by_end: BTreeSet<(Moment, Arc<str>)>,
    /// Those below their limit, the least counted first: what may be forgotten for want of room.
    below: BTreeSet<(u32, Moment, Arc<str>)>,
}

impl Default for LocalState {
    fn default() -> Self {
        Self::with_room(COUNTS_MAX)
    }
}

impl LocalState {
    fn with_room(room: usize) -> Self {
        let (all, by_end, below) = (HashMap::new(), BTreeSet::new(), BTreeSet::new());
        Self(Mutex::new(Counts { room, all, by_end, below }))
    }

    pub fn admit(&self, key: &str, limit: Limit, now: Moment) -> Admission {
        self.counts().admit(key, limit, now)
    }

    pub fn give_back(&self, key: &str) {
        self.counts().give_back(key);
    }

    pub fn first_time(&self, key: &str, span: Duration, now: Moment) -> bool {
        let once = Limit { times: 1, span };
        self.admit(key, once, now) == Admission::Admitted
    }

    pub fn kept(&self) -> usize {
        self.counts().all.len()
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn admit(&mut self, key: &str, limit: Limit, now: Moment) -> Admission {
        self.sweep(now);
        if self.all.get(key).is_some_and(|known| known.ends <= now) {
            self.forget(key);
        }
        let known = self.all.get(key).copied();
        if known.is_none()
            && let Err(until) = self.make_room(now)
        {
            return Admission::Refused { retry_after: until.since(now) };
        }
        let known = known.unwrap_or(Count { done: 0, limit: limit.times, ends: now.plus(limit.span) });
        if known.done >= limit.times {
            return Admission::Refused { retry_after: known.ends.since(now) };
        }
        self.put(key, Count { done: known.done + 1, limit: limit.times, ..known });
        Admission::Admitted
    }

    fn give_back(&mut self, key: &str) {
        if let Some(known) = self.all.get(key).copied() {
            self.put(key, Count { done: known.done.saturating_sub(1), ..known });
        }
    }

    /// Takes away some of those whose time is over.
    fn sweep(&mut self, now: Moment) {
        for _ in 0..SWEPT_AT_ONCE {
            let Some((ends, key)) = self.by_end.first() else { return };
            if *ends > now {
                return;
            }
            let key = Arc::clone(key);
            self.forget(&key);
        }
    }

    /// Makes room for one more at the cost of the least counted. What was swept before made room as well.
    ///
    /// # Errors
    /// All are at their limit: the moment at which the first of them ends.
    fn make_room(&mut self, now: Moment) -> Result<(), Moment> {
        if self.all.len() < self.room {
            return Ok(());
        }
        let Some((_, _, key)) = self.below.first() else {
            return Err(self.by_end.first().map_or(now, |(ends, _)| *ends));
        };
        let key = Arc::clone(key);
        self.forget(&key);
        Ok(())
    }

    fn put(&mut self, key: &str, count: Count) {
        if self.count_on(key, count) {
            return;
        }
        let key: Arc<str> = key.into();
        self.by_end.insert((count.ends, Arc::clone(&key)));
        if count.done < count.limit {
            self.below.insert((count.done, count.ends, Arc::clone(&key)));
        }
        self.all.insert(key, count);
    }

    /// The usual case, since every request of a source comes here: a known count that ends when it did.
    /// Gives `false` where there is none.
    fn count_on(&mut self, key: &str, count: Count) -> bool {
        let Some((key, known)) = self.all.get_key_value(key) else { return false };
        let (key, known) = (Arc::clone(key), *known);
        let (done, ends) = (known.done, known.ends);
        let kept = self.below.take(&(done, ends, Arc::clone(&key)));
        if count.done < count.limit {
            let (_, _, key) = kept.unwrap_or((done, ends, Arc::clone(&key)));
            self.below.insert((count.done, count.ends, key));
        }
        self.all.insert(key, count);
        true
    }

    fn forget(&mut self, key: &str) {
        if let Some((key, count)) = self.all.remove_entry(key) {
            self.by_end.remove(&(count.ends, Arc::clone(&key)));
            self.below.remove(&(count.done, count.ends, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Admission, Limit, LocalState};
    use crate::kernel::time::Moment;

    const START: Moment = Moment::from_unix_seconds(1_800_000_000);
    const MINUTE: Duration = Duration::from_mins(1);

    const fn times(times: u32) -> Limit {
        Limit { times, span: MINUTE }
    }

    fn admits(state: &LocalState, key: &str, limit: Limit, now: Moment) -> bool {
        state.admit(key, limit, now) == Admission::Admitted
    }

    /// How often a key is admitted until it is refused.
    fn left(state: &LocalState, key: &str, limit: Limit, now: Moment) -> usize {
        std::iter::from_fn(|| admits(state, key, limit, now).then_some(())).count()
    }

    #[test]
    fn a_flood_of_keys_washes_no_reached_limit_away() {
        let state = LocalState::with_room(100);
        assert_eq!(left(&state, "guesser", times(5), START), 5);
        assert!(state.first_time("code", MINUTE, START));
        for number in 0..10_000 {
            let admitted = admits(&state, &format!("flood {number}"), times(5), START);
            assert!(admitted, "{number}: who comes for the first time is let in while there is room to make");
        }
        assert!(!admits(&state, "guesser", times(5), START));
        assert!(!state.first_time("code", MINUTE, START));
        assert_eq!(state.kept(), 100);
        assert!(admits(&state, "guesser", times(5), START.plus(MINUTE)), "its time is over");
    }

    #[test]
    fn the_least_counted_is_forgotten_first() {
        let state = LocalState::with_room(3);
        for (key, count) in [("thrice", 3), ("once", 1), ("twice", 2)] {
            assert!((0..count).all(|_| admits(&state, key, times(5), START)));
        }
        assert!(admits(&state, "new", times(5), START));
        assert!(admits(&state, "new", times(5), START));
        assert!(
            admits(&state, "newer", times(5), START),
            "room is made at the cost of two counts, and no more"
        );
        assert_eq!(left(&state, "thrice", times(5), START), 2);
    }

    #[test]
    fn what_is_over_goes_before_what_still_counts() {
        let state = LocalState::with_room(2);
        assert_eq!(left(&state, "over", times(5), START), 5);
        let later = START.plus(MINUTE / 2);
        assert!(admits(&state, "counts", times(5), later));
        let end = START.plus(MINUTE);
        assert!(admits(&state, "new", times(5), end));
        assert_eq!(left(&state, "counts", times(5), end), 4, "it was not forgotten");
    }

    #[test]
    fn when_all_are_at_their_limit_a_new_one_is_refused_until_the_first_ends() {
        let state = LocalState::with_room(2);
        assert!(admits(&state, "first", times(1), START));
        let later = START.plus(MINUTE / 2);
        assert!(admits(&state, "second", times(1), later));
        let refused = Admission::Refused { retry_after: MINUTE / 2 };
        assert_eq!(state.admit("new", times(1), later), refused);
        assert!(!state.first_time("id", MINUTE, later), "what cannot be remembered counts as seen");
        assert_eq!(state.admit("first", times(1), later), refused);
        let end = START.plus(MINUTE);
        assert!(admits(&state, "new", times(1), end));
        assert!(!admits(&state, "second", times(1), end));
    }

    #[test]
    fn what_is_given_back_is_below_its_limit_again() {
        let state = LocalState::with_room(1);
        assert!(admits(&state, "forgiven", times(1), START));
        assert!(!admits(&state, "new", times(1), START));
        state.give_back("forgiven");
        state.give_back("nobody");
        assert!(admits(&state, "forgiven", times(1), START));
        state.give_back("forgiven");
        assert!(admits(&state, "new", times(1), START));
        assert_eq!(state.kept(), 1);
    }

    #[test]
    fn memory_follows_what_still_counts() {
        let state = LocalState::default();
        for number in 0..1000 {
            assert!(admits(&state, &format!("early {number}"), times(5), START));
        }
        let end = START.plus(MINUTE);
        for number in 0..1000 {
            assert!(admits(&state, &format!("late {number}"), times(5), end));
        }
        assert_eq!(state.kept(), 1000, "those of before are gone");
    }
}
