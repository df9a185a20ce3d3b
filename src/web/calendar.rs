//! Dates and times as the four languages write them, always as they are in Brussels.

use std::sync::LazyLock;

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::web::text::Text;

/// Belgium's rule instead of a time-zone file, so that every machine shows the same time.
/// Source: Directive 2000/84/EC, articles 2 and 3.
const BRUSSELS: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::posix(BRUSSELS).unwrap_or(TimeZone::UTC));

const NL: [&str; 12] = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
];
const FR: [&str; 12] = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
];
const DE: [&str; 12] = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
];
const EN: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
];

pub fn date(text: Text, moment: Moment) -> String {
    written(text.language(), brussels(moment).date())
}

pub fn time_of_day(text: Text, moment: Moment) -> String {
    let at = brussels(moment);
    match text.language() {
        Language::Fr => format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute()),
        Language::Nl | Language::De | Language::En => format!("{}:{:02}", at.hour(), at.minute()),
    }
}

pub fn date_and_time(text: Text, moment: Moment) -> String {
    text.with(
        "when-date",
        &[
            ("date", date(text, moment).into()),
            ("time", time_of_day(text, moment).into()),
        ],
    )
}

pub fn when(text: Text, moment: Moment, now: Moment) -> String {
    let day = brussels(moment).date();
    let today = brussels(now).date();
    let id = if day == today {
        "when-today"
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        "when-yesterday"
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
        "when-tomorrow"
    } else {
        return date_and_time(text, moment);
    };
    text.with(id, &[("time", time_of_day(text, moment).into())])
}

/// A valid global date and time. Source: HTML, section 2.3.5.7.
pub fn machine(moment: Moment) -> String {
    moment.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn brussels(moment: Moment) -> Zoned {
    moment.timestamp().to_zoned(ZONE.clone())
}

fn written(language: Language, day: Date) -> String {
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

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::kernel::language::Language;
    use crate::kernel::time::Moment;

    /// 1 March 2026, 13:05 UTC: winter time, one hour more in Brussels.
    const WINTER: Moment = Moment::from_unix_seconds(1_772_370_300);
    const DAY: i64 = 86_400;

    #[test]
    fn dates_and_times_follow_the_house_rules() {
        let table = [
            (Language::Nl, "1 maart 2026, 14:05 uur"),
            (Language::Fr, "1er mars 2026 à 14\u{a0}h\u{a0}05"),
            (Language::De, "1. März 2026, 14:05 Uhr"),
            (Language::En, "1 March 2026, 14:05"),
        ];
        for (language, expected) in table {
            assert_eq!(Text::new(language).date_and_time(WINTER), expected);
        }
    }

    #[test]
    fn the_clock_of_brussels_changes_with_the_season() {
        let text = Text::new(Language::En);
        let at = |seconds| text.time_of_day(Moment::from_unix_seconds(seconds));
        // 29 March 2026, 00:59:59 and 01:00:00 UTC; 25 October 2026, 00:59:59 and 01:00:00 UTC.
        assert_eq!(at(1_774_745_999), "1:59");
        assert_eq!(at(1_774_746_000), "3:00");
        assert_eq!(at(1_792_889_999), "2:59");
        assert_eq!(at(1_792_890_000), "2:00");
    }

    #[test]
    fn near_days_have_names() {
        let text = Text::new(Language::En);
        let when = |days| {
            let now = Moment::from_unix_seconds(WINTER.unix_seconds() + days * DAY);
            text.when(WINTER, now)
        };
        assert_eq!(when(0), "today 14:05");
        assert_eq!(when(1), "yesterday 14:05");
        assert_eq!(when(-1), "tomorrow 14:05");
        assert_eq!(when(2), "1 March 2026, 14:05");
    }

    #[test]
    fn a_day_begins_at_midnight_in_brussels() {
        let text = Text::new(Language::En);
        // 22:59:59 UTC is 23:59:59 in Brussels; a second later it is the next day there.
        let last = Moment::from_unix_seconds(1_772_405_999);
        let next = Moment::from_unix_seconds(1_772_406_000);
        assert_eq!(text.when(last, next), "yesterday 23:59");
        assert_eq!(text.date(next), "2 March 2026");
    }
}
