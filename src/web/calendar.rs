//! Dates and times as the four languages write them, always as they are in Brussels.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::kernel::language::Language;
use crate::kernel::time::Moment;

/// Belgium's rule instead of a time-zone file, so that every machine shows the same time.
/// Source: Directive 2000/84/EC, articles 2 and 3.
const BRUSSELS: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::posix(BRUSSELS).unwrap_or(TimeZone::UTC));

const NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The moment at which a day, written as `2026-12-31`, begins in Brussels.
pub fn start_of_day(day: &str) -> Option<Moment> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let start = ZONE.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(Moment::from_micros(start.as_microsecond()))
}

/// The day in Brussels.
pub fn day_of(moment: Moment) -> Date {
    brussels(moment).date()
}

/// The hour of the day in Brussels.
pub fn hour_of(moment: Moment) -> i8 {
    brussels(moment).hour()
}

/// The day in Brussels, in words.
pub fn date(language: Language, moment: Moment) -> String {
    in_words(language, day_of(moment))
}

/// A day in words.
pub fn in_words(language: Language, day: Date) -> String {
    let (names, number) = match language {
        Language::Nl => (NL, day.day().to_string()),
        Language::Fr if day.day() == 1 => (FR, "1er".to_owned()),
        Language::Fr => (FR, day.day().to_string()),
        Language::De => (DE, format!("{}.", day.day())),
        Language::En => (EN, day.day().to_string()),
    };
    let index = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    let month = names.get(index).copied().unwrap_or_default();
    format!("{number} {month} {}", day.year())
}

/// The time in Brussels, without a unit.
pub fn time_of_day(language: Language, moment: Moment) -> String {
    let at = brussels(moment);
    match language {
        Language::Fr => format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute()),
        Language::Nl | Language::De | Language::En => format!("{}:{:02}", at.hour(), at.minute()),
    }
}

/// A day as seen from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Yesterday,
    Today,
    Tomorrow,
    Other,
}

/// The day of `moment`, seen from the day of `now`; days change at midnight in Brussels.
pub fn day(moment: Moment, now: Moment) -> Day {
    let day = brussels(moment).date();
    let today = brussels(now).date();
    if day == today {
        Day::Today
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        Day::Yesterday
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
        Day::Tomorrow
    } else {
        Day::Other
    }
}

/// A valid global date and time. Source: HTML, section 2.3.5.7.
pub fn machine(moment: Moment) -> String {
    moment.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn brussels(moment: Moment) -> DateTime {
    ZONE.to_datetime(moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{Day, date, day, time_of_day};
    use crate::kernel::language::Language;
    use crate::kernel::time::Moment;

    const DAY: i64 = 86_400;

    #[test]
    fn the_clock_of_brussels_changes_with_the_season() {
        let at = |seconds| time_of_day(Language::En, Moment::from_unix_seconds(seconds));
        // 29 March 2026, 00:59:59 and 01:00:00 UTC; 25 October 2026, 00:59:59 and 01:00:00 UTC.
        assert_eq!(at(1_774_745_999), "1:59");
        assert_eq!(at(1_774_746_000), "3:00");
        assert_eq!(at(1_792_889_999), "2:59");
        assert_eq!(at(1_792_890_000), "2:00");
    }

    #[test]
    fn a_day_begins_at_midnight_in_brussels() {
        // 22:59:59 UTC is 23:59:59 in Brussels; a second later it is the next day there.
        let last = Moment::from_unix_seconds(1_772_405_999);
        let next = Moment::from_unix_seconds(1_772_406_000);
        assert_eq!(day(last, next), Day::Yesterday);
        assert_eq!(date(Language::En, next), "2 March 2026");
    }

    #[test]
    fn near_days_have_names() {
        let noon = Moment::from_unix_seconds(1_772_366_400);
        let seen = |days| day(noon, Moment::from_unix_seconds(noon.unix_seconds() + days * DAY));
        assert_eq!(seen(0), Day::Today);
        assert_eq!(seen(1), Day::Yesterday);
        assert_eq!(seen(-1), Day::Tomorrow);
        assert_eq!(seen(2), Day::Other);
    }
}
