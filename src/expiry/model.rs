//! Which day each person is asked to change by, and which notice is due: pure decisions over days.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::calendar::{DaysOff, days_before, days_between};
use crate::kernel::digest::sha256;
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

/// What the house wants.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Days before the true date on which a notice goes out.
    pub notice_days: Vec<u32>,
    /// Days before the change-by day on which the person is told of it.
    pub asked_days: u32,
    /// At most so many of a hundred people change by one day.
    pub percent_a_day: u32,
    /// A change-by day is so many days before the true date at the least …
    pub margin_days: u32,
    /// … and so many at the most.
    pub spread_days: u32,
    pub days_off: DaysOff,
}

/// Somebody whose password runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    pub account: AccountId,
    pub expires_at: Moment,
    /// The day of that in Brussels.
    pub end: Date,
}

/// A day that was given before, for a date that may be another one by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    pub expires_at: Moment,
    pub day: Date,
}

/// How many people a day has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayLoad {
    /// Whose password runs out on it.
    pub expire: usize,
    /// Who are asked to change by it.
    pub asked: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// `None`: no good day is left before the date.
    pub days: HashMap<AccountId, Option<Date>>,
    pub loads: BTreeMap<Date, DayLoad>,
    /// People that a day may have.
    pub share: usize,
    /// People beyond the share, over all days: what the rules ask for cannot be had.
    pub beyond: usize,
}

/// Gives everybody a day. Whoever has one keeps it while it holds, whoever else comes or goes; the same people on the
/// same day of today get the same days.
pub fn plan(people: &[Dated], given: &HashMap<AccountId, Given>, today: Date, rules: &Rules) -> Plan {
    let mut plan = Plan { share: share(people.len(), rules), ..Plan::default() };
    let mut new = vec![];
    for person in people {
        plan.loads.entry(person.end).or_default().expire += 1;
        match given.get(&person.account).filter(|given| holds(given, person, rules)) {
            Some(given) => plan.put(person, Some(given.day)),
            None => new.push(person),
        }
    }
    // From the last date backwards, each as late as there is room: whoever could still go later leaves no room to those
    // who cannot. Among equals the digest decides, so that nobody is first for being old or early in the alphabet.
    new.sort_by_cached_key(|person| {
        (std::cmp::Reverse(person.end), sha256(person.account.uuid().as_bytes()))
    });
    for person in new {
        let day = plan.best_day(person, today, rules);
        plan.put(person, day);
    }
    plan.beyond = plan.loads.values().map(|load| load.asked.saturating_sub(plan.share)).sum();
    plan
}

/// At most the share, and somebody on each day at the least.
fn share(people: usize, rules: &Rules) -> usize {
    let percent = usize::try_from(rules.percent_a_day).unwrap_or(usize::MAX);
    (people.saturating_mul(percent) / 100).max(1)
}

/// Whether a day that was given is still one: for this very date, and good by today's rules. That it has passed does
/// not matter.
fn holds(given: &Given, person: &Dated, rules: &Rules) -> bool {
    given.expires_at == person.expires_at
        && given.day <= days_before(person.end, rules.margin_days)
        && rules.days_off.is_good(given.day)
}

impl Plan {
    fn put(&mut self, person: &Dated, day: Option<Date>) {
        self.days.insert(person.account, day);
        if let Some(day) = day {
            self.loads.entry(day).or_default().asked += 1;
        }
    }

    fn asked(&self, day: Date) -> usize {
        self.loads.get(&day).map_or(0, |load| load.asked)
    }

    /// The latest good day with room; where there is none the one with the fewest people.
    fn best_day(&self, person: &Dated, today: Date, rules: &Rules) -> Option<Date> {
        let first = days_before(person.end, rules.spread_days).max(today.tomorrow().ok()?);
        let mut fewest: Option<(usize, Date)> = None;
        let mut day = days_before(person.end, rules.margin_days);
        while day >= first {
            if rules.days_off.is_good(day) {
                let asked = self.asked(day);
                if asked < self.share {
                    return Some(day);
                }
                if fewest.is_none_or(|(least, _)| asked < least) {
                    fewest = Some((asked, day));
                }
            }
            day = day.yesterday().ok()?;
        }
        fewest.map(|(_, day)| day)
    }
}

/// What a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The change-by day comes near.
    Asked,
    /// At most so many days are left.
    Left(u32),
}

impl Notice {
    /// How the store has it.
    pub fn number(self) -> i64 {
        match self {
            Self::Asked => 0,
            Self::Left(days) => i64::from(days),
        }
    }
}

/// The notice that a person should have by now: the most urgent one alone, so that nobody who was missed gets three on
/// one morning.
pub fn notice_due(end: Date, day: Option<Date>, today: Date, rules: &Rules) -> Option<Notice> {
    let left = u32::try_from(days_between(today, end)).ok()?;
    if let Some(days) = rules.notice_days.iter().copied().filter(|days| left <= *days).min() {
        return Some(Notice::Left(days));
    }
    let asked = day.is_some_and(|day| today >= days_before(day, rules.asked_days));
    asked.then_some(Notice::Asked)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::civil::Date;
    use uuid::Uuid;

    use super::{Dated, DaysOff, Given, Notice, Plan, Rules, days_before, notice_due, plan};
    use crate::kernel::entropy::Entropy;
    use crate::kernel::id::AccountId;
    use crate::kernel::time::Moment;

    fn rules() -> Rules {
        Rules {
            notice_days: vec![14, 7, 3, 1],
            asked_days: 7,
            percent_a_day: 4,
            margin_days: 3,
            spread_days: 42,
            days_off: DaysOff::default(),
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn person(number: u128, end: Date) -> Dated {
        let expires_at =
            Moment::from_unix_seconds(i64::from(end.year()) * 1_000 + i64::from(end.day_of_year()));
        Dated { account: AccountId::from_uuid(Uuid::from_u128(number)), expires_at, end }
    }

    fn today() -> Date {
        day("2026-11-02")
    }

    /// People whose passwords were set in clumps, as after a rollout: seeded, so always the same.
    fn crowd(count: u32) -> Vec<Dated> {
        let entropy = Entropy::seeded(7);
        let one = |number: u32| {
            let clump = [30, 31, 45, 60, 61, 75, 90].into_iter().nth(entropy.below(7) as usize).unwrap_or(30);
            let days = if entropy.below(4) == 0 { 25 + entropy.below(70) } else { clump };
            person(u128::from(number), days_before(day("2027-02-28"), 118 - days))
        };
        (0..count).map(one).collect()
    }

    fn given(plan: &Plan, people: &[Dated]) -> HashMap<AccountId, Given> {
        let one = |person: &Dated| {
            let day = plan.days.get(&person.account).copied().flatten()?;
            Some((person.account, Given { expires_at: person.expires_at, day }))
        };
        people.iter().filter_map(one).collect()
    }

    #[test]
    fn every_day_is_good_in_time_and_within_the_share() {
        let (people, rules) = (crowd(1_000), rules());
        let plan = plan(&people, &HashMap::new(), today(), &rules);
        let before = plan.loads.values().map(|load| load.expire).max().unwrap();
        let after = plan.loads.values().map(|load| load.asked).max().unwrap();
        assert!(before > 100, "the crowd is no crowd: {before}");
        assert_eq!((plan.share, plan.beyond), (40, 0));
        assert_eq!(after, 40, "{before} on the worst day before");
        for person in &people {
            let day = plan.days[&person.account].unwrap();
            assert!(rules.days_off.is_good(day), "{day}");
            assert!(day > today() && day <= days_before(person.end, 3) && day >= days_before(person.end, 42));
        }
    }

    #[test]
    fn days_stay_when_people_come_and_go() {
        let (people, rules) = (crowd(1_000), rules());
        let first = plan(&people, &HashMap::new(), today(), &rules);
        let kept = given(&first, &people);
        let mut shuffled = people.clone();
        shuffled.reverse();
        assert_eq!(plan(&shuffled, &HashMap::new(), today(), &rules), first, "the order of people counts");
        assert_eq!(plan(&people, &kept, day("2026-11-20"), &rules).days, first.days);
        // A third goes, others come, somebody has a new password.
        let mut others: Vec<Dated> =
            people.iter().copied().filter(|one| one.account.uuid().as_u128() % 3 > 0).collect();
        others.extend((5_000..5_200).map(|number| person(number, day("2027-01-12"))));
        others[0] = person(others[0].account.uuid().as_u128(), day("2027-02-25"));
        let second = plan(&others, &kept, day("2026-11-20"), &rules);
        for one in others.iter().skip(1).filter(|one| kept.contains_key(&one.account)) {
            assert_eq!(second.days[&one.account], first.days[&one.account]);
        }
        assert_ne!(second.days[&others[0].account], first.days[&others[0].account]);
    }

    #[test]
    fn too_many_for_the_days_there_are_is_said_and_spread_evenly() {
        let people: Vec<Dated> = (0..1_000).map(|number| person(number, day("2026-11-23"))).collect();
        let rules = Rules { percent_a_day: 1, ..rules() };
        let plan = plan(&people, &HashMap::new(), today(), &rules);
        // Tuesday 3 to Thursday 19 November without Fridays, weekends, and the armistice with its eve.
        let days: Vec<usize> =
            plan.loads.values().map(|load| load.asked).filter(|asked| *asked > 0).collect();
        assert_eq!(days, [111, 111, 111, 111, 111, 111, 111, 111, 112]);
        assert_eq!((plan.share, plan.beyond), (10, 910));
    }

    #[test]
    fn nobody_gets_a_day_where_none_is_left() {
        let people =
            [person(1, day("2026-11-04")), person(2, day("2026-10-30")), person(3, day("2026-11-09"))];
        let plan = plan(&people, &HashMap::new(), today(), &rules());
        let days: Vec<Option<Date>> = people.iter().map(|person| plan.days[&person.account]).collect();
        // Friday the 6th would be an eve.
        assert_eq!(days, [None, None, Some(day("2026-11-05"))]);
    }

    #[test]
    fn the_most_urgent_notice_is_the_one_that_is_due() {
        let (end, change_by) = (day("2027-01-29"), Some(day("2027-01-06")));
        let due = |today: &str| notice_due(end, change_by, day(today), &rules());
        for (today, expected) in [
            ("2026-12-29", None),
            ("2026-12-30", Some(Notice::Asked)),
            ("2027-01-14", Some(Notice::Asked)),
            ("2027-01-15", Some(Notice::Left(14))),
            ("2027-01-21", Some(Notice::Left(14))),
            ("2027-01-22", Some(Notice::Left(7))),
            ("2027-01-26", Some(Notice::Left(3))),
            ("2027-01-28", Some(Notice::Left(1))),
            ("2027-01-29", Some(Notice::Left(1))),
            ("2027-01-30", None),
        ] {
            assert_eq!(due(today), expected, "{today}");
        }
        assert_eq!(notice_due(end, None, day("2027-01-10"), &rules()), None);
    }

    #[test]
    fn ten_thousand_people_all_have_a_day_within_the_share() {
        let people = crowd(10_000);
        let plan = plan(&people, &HashMap::new(), today(), &rules());
        assert_eq!((plan.share, plan.beyond, plan.days.len()), (400, 0, 10_000));
    }
}
