//! Time as a value. The edge asks the clock once a request; models take what they are given.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A moment: whole microseconds since 1970-01-01T00:00:00Z, the form in which it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as JWT claims carry them.
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(as_micros(span)))
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(as_micros(span)))
    }

    /// How long after `earlier` this is; zero when it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// For calendars and formatting; a moment outside of them is the epoch.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The month in UTC as `2026-11`, under which personal keys are kept.
    pub fn month(self) -> String {
        self.timestamp().strftime("%Y-%m").to_string()
    }

    /// The month so many months before this one, written alike.
    pub fn months_ago(self, months: u32) -> String {
        let this = self.month();
        let (year, month) = this.split_once('-').unwrap_or(("1970", "01"));
        let number = |text: &str| text.parse::<i64>().unwrap_or(1);
        let count = number(year) * 12 + number(month) - 1 - i64::from(months);
        format!("{:04}-{:02}", count.div_euclid(12), count.rem_euclid(12) + 1)
    }

    /// ISO 8601 in UTC with microseconds, as the log writes it.
    pub fn iso(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
    }
}

fn as_micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// The one source of the present. Tests hold a manual one and move it by a call.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub fn manual(start: Moment) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.micros())))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    pub fn now(&self) -> Moment {
        match self {
            Self::System => Moment(Timestamp::now().as_microsecond()),
            Self::Manual(micros) => Moment(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; the system's clock does not listen.
    pub fn advance(&self, span: Duration) {
        if let Self::Manual(micros) = self {
            micros.fetch_add(as_micros(span), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn months_are_counted_over_the_end_of_a_year() {
        let march = Moment::from_unix_seconds(1_772_800_000);
        assert_eq!(march.month(), "2026-03");
        assert_eq!(march.months_ago(3), "2025-12");
        assert_eq!(march.months_ago(13), "2025-02");
        assert_eq!(march.months_ago(0), "2026-03");
    }
}
