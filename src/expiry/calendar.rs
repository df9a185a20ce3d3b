//! The working days of a Belgian office.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// Public holidays on a fixed day: month and day. Source: royal decree of 18 April 1974, article 1.
const FIXED: [(i8, i8); 7] = [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)];
/// The others, by their days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
const AFTER_EASTER: [i32; 3] = [1, 39, 50];

/// Days on which nobody works beside weekends and public holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaysOff {
    every_year: BTreeSet<(i8, i8)>,
    once: BTreeSet<Date>,
}

impl DaysOff {
    /// Reads days written as `11-15` (each year) or `2027-05-07` (once).
    ///
    /// # Errors
    /// The text that is no day.
    pub fn parse(texts: &[String]) -> Result<Self, &str> {
        let mut off = Self::default();
        for text in texts {
            // A leap year, so that every day of a year is one.
            let yearly = format!("2024-{text}").parse::<Date>();
            match (text.parse::<Date>(), yearly) {
                (Ok(day), _) => {
                    off.once.insert(day);
                }
                (Err(_), Ok(day)) => {
                    off.every_year.insert((day.month(), day.day()));
                }
                (Err(_), Err(_)) => return Err(text),
            }
        }
        Ok(off)
    }

    pub fn is_working(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let off = self.once.contains(&day) || self.every_year.contains(&(day.month(), day.day()));
        !weekend && !off && !is_holiday(day)
    }

    /// Whether something can be asked of people on that day: they work, and on the next day too, so that a device that
    /// still has the old password is not found out alone.
    pub fn is_good(&self, day: Date) -> bool {
        self.is_working(day) && day.tomorrow().is_ok_and(|next| self.is_working(next))
    }
}

fn is_holiday(day: Date) -> bool {
    if FIXED.contains(&(day.month(), day.day())) {
        return true;
    }
    let Some(easter) = easter(day.year()) else { return false };
    AFTER_EASTER.iter().any(|days| easter.checked_add(days.days()).is_ok_and(|holiday| holiday == day))
}

/// Easter Sunday of the Gregorian calendar. Source: Meeus, Astronomical Algorithms, chapter 8.
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, in_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15).rem_euclid(30);
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

/// Days from one to another; negative when the other is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// So many days before; the first day of the calendar where there is none.
pub fn days_before(day: Date, days: u32) -> Date {
    day.checked_sub(i64::from(days).days()).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{DaysOff, days_before, days_between, easter};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_the_almanacs_have_it() {
        for text in [
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2038-04-25",
            "2049-04-18",
        ] {
            assert_eq!(easter(day(text).year()), Some(day(text)), "{text}");
        }
    }

    #[test]
    fn holidays_of_two_known_years_are_no_working_days() {
        let off = DaysOff::default();
        for text in [
            // 2026: two of the ten are on a Saturday or Sunday anyway.
            "2026-01-01",
            "2026-04-06",
            "2026-05-01",
            "2026-05-14",
            "2026-05-25",
            "2026-07-21",
            "2026-08-15",
            "2026-11-01",
            "2026-11-11",
            "2026-12-25",
            "2027-01-01",
            "2027-03-29",
            "2027-05-01",
            "2027-05-06",
            "2027-05-17",
            "2027-07-21",
            "2027-08-15",
            "2027-11-01",
            "2027-11-11",
            "2027-12-25",
        ] {
            assert!(!off.is_working(day(text)), "{text}");
        }
        // Working days that are near to one, the royal holiday among them.
        for text in ["2026-04-07", "2026-05-15", "2026-07-20", "2026-11-02", "2027-11-15", "2027-12-27"] {
            assert!(off.is_working(day(text)), "{text}");
        }
        let weekdays =
            (1..=31).filter(|number| off.is_working(Date::new(2026, 12, *number).unwrap())).count();
        assert_eq!(weekdays, 22);
    }

    #[test]
    fn an_eve_is_no_good_day_and_the_house_adds_days_of_its_own() {
        let off = DaysOff::default();
        assert!(off.is_good(day("2026-11-26")), "a Thursday");
        assert!(!off.is_good(day("2026-11-27")), "a Friday");
        assert!(!off.is_good(day("2026-11-10")), "the eve of the armistice");
        assert!(!off.is_good(day("2026-12-24")));
        assert!(off.is_good(day("2027-11-15")), "the king's day is worked where nobody says otherwise");
        let house = DaysOff::parse(&["11-15".to_owned(), "2027-05-07".to_owned()]).unwrap();
        assert!(!house.is_working(day("2027-11-15")) && !house.is_working(day("2028-11-15")));
        assert!(!house.is_working(day("2027-05-07")) && house.is_working(day("2029-05-07")));
        for bad in ["", "11-31", "15 November", "2027-02-29", "tomorrow"] {
            assert_eq!(DaysOff::parse(&[bad.to_owned()]), Err(bad));
        }
        assert!(DaysOff::parse(&["02-29".to_owned()]).is_ok());
    }

    #[test]
    fn days_are_counted_over_months_and_years() {
        assert_eq!(days_between(day("2026-12-25"), day("2027-03-01")), 66);
        assert_eq!(days_between(day("2027-01-02"), day("2026-12-31")), -2);
        assert_eq!(days_before(day("2027-01-02"), 3), day("2026-12-30"));
    }
}
