//! Whether a provider is asked at all: one that failed several times in a row rests, and people go another way
//! at once instead of waiting for it.
//!
//! ```text
//! well ──failures──► resting ──time──► tried by one ──good──► well
//!                       ▲                   └──bad, or lost──► resting, twice as long
//! ```

use std::time::Duration;

use crate::kernel::time::Moment;

/// Failures in a row after which a provider rests.
const FAILURES_MAX: u32 = 3;
const REST_FIRST: Duration = Duration::from_secs(15);
const REST_LONGEST: Duration = Duration::from_mins(4);
/// How long one who tries may take before another one does.
const TRY_TIME: Duration = Duration::from_secs(20);

/// The state of one provider on one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    /// Until when nobody asks, and how long that rest is.
    resting: Option<(Moment, Duration)>,
}

impl Breaker {
    /// Whether one may ask now. After a rest one asks, and the others wait for how that ends.
    pub fn admit(&mut self, now: Moment) -> bool {
        match self.resting {
            None => true,
            Some((until, _)) if now < until => false,
            Some((_, rest)) => {
                self.resting = Some((now.plus(TRY_TIME), rest));
                true
            }
        }
    }

    /// It answered as it should.
    pub const fn well(&mut self) {
        self.failures = 0;
        self.resting = None;
    }

    /// It did not.
    pub fn failed(&mut self, now: Moment) {
        self.failures = self.failures.saturating_add(1);
        let rest = match self.resting {
            Some((_, rest)) => (rest * 2).min(REST_LONGEST),
            None if self.failures >= FAILURES_MAX => REST_FIRST,
            None => return,
        };
        self.resting = Some((now.plus(rest), rest));
    }

    pub const fn is_resting(&self) -> bool {
        self.resting.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Duration, FAILURES_MAX, Moment, REST_FIRST, REST_LONGEST, TRY_TIME};

    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);

    fn resting() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES_MAX {
            assert!(breaker.admit(NOW));
            breaker.failed(NOW);
        }
        breaker
    }

    #[test]
    fn a_provider_that_fails_in_a_row_rests_and_one_tries_it_afterwards() {
        let mut breaker = resting();
        assert!(!breaker.admit(NOW.plus(REST_FIRST).minus(Duration::from_micros(1))));
        let later = NOW.plus(REST_FIRST);
        assert!(breaker.admit(later));
        assert!(!breaker.admit(later), "two at once");
        breaker.well();
        assert!(breaker.admit(later) && breaker.admit(later) && !breaker.is_resting());
    }

    #[test]
    fn each_rest_is_longer_up_to_the_longest() {
        let (mut breaker, mut now, mut rest) = (resting(), NOW, REST_FIRST);
        for _ in 0..8 {
            now = now.plus(rest);
            assert!(breaker.admit(now));
            breaker.failed(now);
            rest = (rest * 2).min(REST_LONGEST);
            assert!(!breaker.admit(now.plus(rest).minus(Duration::from_micros(1))));
        }
        assert_eq!(rest, REST_LONGEST);
    }

    #[test]
    fn a_try_that_is_lost_does_not_rest_for_ever_and_single_failures_do_no_harm() {
        let mut breaker = resting();
        let later = NOW.plus(REST_FIRST);
        assert!(breaker.admit(later));
        assert!(breaker.admit(later.plus(TRY_TIME)));
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            breaker.failed(NOW);
            breaker.failed(NOW);
            breaker.well();
        }
        assert!(breaker.admit(NOW));
    }
}
