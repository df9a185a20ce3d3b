//! How many passwords may be sent to a directory before one of them was right: always fewer than make it lock.

use std::time::Duration;

use super::entry::BadPasswords;
use super::policy::Policy;
use crate::kernel::time::Moment;

/// Strangers get so many at the most, however many the directory allows.
const STRANGERS_MAX: u32 = 4;
/// How long the directory counts where it does not say.
const WINDOW_UNKNOWN: Duration = Duration::from_mins(30);

/// What may be sent for one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    threshold: u32,
    /// From browsers that the owner never signed in with.
    pub strangers: u32,
    /// From the owner's known browsers.
    pub known: u32,
    /// How long a count lasts after the last send: twice as long as the directory's own.
    pub window: Duration,
}

impl Budget {
    pub fn of(policy: &Policy, threshold_unknown: u32) -> Self {
        let threshold = policy.lockout_threshold.unwrap_or(threshold_unknown);
        // One less than locks, shared so that strangers never use what the owner has.
        let all = threshold.saturating_sub(1).max(1);
        let strangers = (all / 2).clamp(1, STRANGERS_MAX);
        Self {
            threshold,
            strangers,
            known: all.saturating_sub(strangers).max(u32::from(threshold < 3)),
            window: policy.lockout_window.unwrap_or(WINDOW_UNKNOWN).saturating_mul(2),
        }
    }

    pub const fn of_sender(&self, is_known: bool) -> u32 {
        if is_known { self.known } else { self.strangers }
    }

    /// Whether the controller's own count leaves room for one more: for strangers only where the owner could
    /// err once after them. Whatever else sends passwords to it counts there too.
    pub fn leaves_room(
        &self,
        bad: BadPasswords,
        window: Option<Duration>,
        is_known: bool,
        now: Moment,
    ) -> bool {
        let window = window.unwrap_or(WINDOW_UNKNOWN);
        let is_over = bad.last_at.is_some_and(|last| last.plus(window) <= now);
        let count = if is_over { 0 } else { bad.count };
        let kept = if is_known || self.threshold < 3 { 1 } else { 2 };
        count == 0 || count.saturating_add(kept) < self.threshold
    }
}

#[cfg(test)]
mod tests {
    use super::{BadPasswords, Budget, Duration, Moment, Policy};

    #[test]
    fn all_that_is_sent_together_never_locks() {
        for threshold in 3..=50 {
            let policy = Policy { lockout_threshold: Some(threshold), ..Policy::UNKNOWN };
            let budget = Budget::of(&policy, 5);
            assert!(budget.strangers >= 1 && budget.known >= 1, "{budget:?}");
            assert!(budget.strangers + budget.known < threshold, "{budget:?}");
        }
        let unknown = Budget::of(&Policy::UNKNOWN, 5);
        assert_eq!((unknown.strangers, unknown.known), (2, 2));
    }

    #[test]
    fn what_others_sent_counts_while_the_directory_counts_it() {
        let now = Moment::from_unix_seconds(1_800_000_000);
        let policy = Policy { lockout_threshold: Some(5), ..Policy::UNKNOWN };
        let budget = Budget::of(&policy, 5);
        let window = Some(Duration::from_mins(10));
        let bad = |count| BadPasswords { count, last_at: Some(now.minus(Duration::from_mins(1))) };
        assert!(budget.leaves_room(bad(2), window, false, now));
        assert!(!budget.leaves_room(bad(3), window, false, now));
        assert!(budget.leaves_room(bad(3), window, true, now));
        assert!(!budget.leaves_room(bad(4), window, true, now));
        let later = now.plus(Duration::from_mins(10));
        assert!(budget.leaves_room(bad(4), window, false, later));
    }
}
