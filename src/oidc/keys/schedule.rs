//! When a key is published, signs and goes: decisions about moments, no I/O.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::SigningConfig;
use crate::config::clients::SigningAlg;
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;
use crate::oidc::store::key::StoredKey;

/// The moments of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    pub id: SigningKeyId,
    pub algorithm: SigningAlg,
    pub active_from: Moment,
    /// From when it does not count any more; `None` while that is open.
    pub retired_at: Option<Moment>,
}

impl KeyTimes {
    /// `None` for an algorithm that is not ours.
    pub fn of(row: &StoredKey) -> Option<Self> {
        Some(Self {
            id: SigningKeyId::from_uuid(row.id),
            algorithm: SigningAlg::from_name(&row.algorithm)?,
            active_from: Moment::from_micros(row.active_from),
            retired_at: row.retired_at.map(Moment::from_micros),
        })
    }

    /// Whether it is published and accepted.
    pub fn counts(&self, now: Moment) -> bool {
        self.retired_at.is_none_or(|at| now < at)
    }

    /// The order in which keys of an algorithm sign.
    const fn place(&self) -> (Moment, SigningKeyId) {
        (self.active_from, self.id)
    }
}

impl AsRef<Self> for KeyTimes {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// Of the keys of an algorithm the one that signs: the newest that is active, the same one on every node.
/// Where no one is active yet, since this clock is behind that of the node which made the first, the first.
pub fn signing<'a, K: AsRef<KeyTimes>>(
    keys: impl Iterator<Item = &'a K> + Clone,
    now: Moment,
) -> Option<&'a K> {
    let place = |key: &&K| key.as_ref().place();
    let newest = keys.clone().filter(|key| key.as_ref().active_from <= now).max_by_key(place);
    newest.or_else(|| keys.min_by_key(place))
}

/// What a key does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, so that everyone knows it before it signs.
    Next,
    /// Signs.
    Active,
    /// A newer one signs; what it signed is still accepted.
    Published,
    /// Neither published nor accepted.
    Retired,
}

impl KeyState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }
}

/// What periodic work does about a key that signs no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Keep,
    /// Say from when it will not count.
    Plan(Moment),
    /// A client came to be bound to it: take back what was said.
    TakeBack,
    /// Its time is over.
    Retire,
}

/// The keys of one algorithm that are not retired, in the order in which they sign.
#[derive(Clone, Debug)]
pub struct Line(Vec<KeyTimes>);

impl Line {
    pub fn of(algorithm: SigningAlg, keys: impl IntoIterator<Item = KeyTimes>) -> Self {
        let mut keys: Vec<_> = keys.into_iter().filter(|key| key.algorithm == algorithm).collect();
        keys.sort_by_key(KeyTimes::place);
        Self(keys)
    }

    pub fn keys(&self) -> &[KeyTimes] {
        &self.0
    }

    pub fn signer(&self, now: Moment) -> Option<&KeyTimes> {
        signing(self.0.iter().filter(|key| key.counts(now)), now)
    }

    pub fn state(&self, key: &KeyTimes, now: Moment) -> KeyState {
        let Some(signer) = self.signer(now).filter(|_| key.counts(now)) else { return KeyState::Retired };
        match key.place().cmp(&signer.place()) {
            std::cmp::Ordering::Less => KeyState::Published,
            std::cmp::Ordering::Equal => KeyState::Active,
            std::cmp::Ordering::Greater => KeyState::Next,
        }
    }

    /// Those that a newer one has taken the place of.
    pub fn past(&self, now: Moment) -> impl Iterator<Item = &KeyTimes> {
        let signer = self.signer(now).map(KeyTimes::place);
        self.0.iter().filter(move |key| signer.is_some_and(|signer| key.place() < signer))
    }

    /// Those that follow a key and may sign already.
    pub fn after(&self, key: &KeyTimes, now: Moment) -> impl Iterator<Item = &KeyTimes> {
        let place = key.place();
        self.0
            .iter()
            .filter(move |other| other.place() > place && other.active_from <= now && other.counts(now))
    }

    /// From when the next key has to sign, if it is time to make it; the first one of all signs at once.
    pub fn next_is_due(&self, rules: &SigningConfig, now: Moment) -> Option<Moment> {
        let Some(last) = self.0.last() else { return Some(now) };
        let soonest = now.plus(rules.published_before);
        let due = last.active_from.plus(rules.signs_for);
        (due <= soonest).then_some(soonest)
    }

    /// From when a key that is made now, out of turn, may sign.
    pub fn next_after(&self, published: Duration, now: Moment) -> Moment {
        if self.0.is_empty() { now } else { now.plus(published) }
    }
}

/// The fate of a key that is past; `bound`: clients for which it signs still, as no other key would do.
///
/// The time for which it stays published is counted from when nobody is bound to it, since until then it
/// may have signed.
pub fn fate(key: &KeyTimes, bound: &[String], rules: &SigningConfig, now: Moment) -> Fate {
    match key.retired_at {
        None if bound.is_empty() => Fate::Plan(now.plus(rules.published_after)),
        None => Fate::Keep,
        Some(_) if !bound.is_empty() => Fate::TakeBack,
        Some(at) if now < at => Fate::Keep,
        Some(_) => Fate::Retire,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);
    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
    const RULES: SigningConfig = SigningConfig {
        signs_for: DAY,
        published_before: Duration::from_hours(1),
        published_after: Duration::from_hours(2),
        key_set_max_age: Duration::from_mins(5),
    };

    fn key(number: u128, active_from: Moment, retired_at: Option<Moment>) -> KeyTimes {
        let id = SigningKeyId::from_uuid(uuid::Uuid::from_u128(number));
        KeyTimes { id, algorithm: SigningAlg::Es256, active_from, retired_at }
    }

    fn line(keys: &[KeyTimes]) -> Line {
        Line::of(SigningAlg::Es256, keys.iter().copied())
    }

    #[test]
    fn the_next_key_is_published_in_time_and_takes_over_when_its_time_has_come() {
        let first = key(1, NOW, None);
        assert_eq!(line(&[]).next_is_due(&RULES, NOW), Some(NOW), "nothing else signs");
        let (due, hour) = (NOW.plus(DAY), Duration::from_hours(1));
        let early = due.minus(hour).minus(Duration::from_micros(1));
        assert_eq!(line(&[first]).next_is_due(&RULES, early), None);
        assert_eq!(line(&[first]).next_is_due(&RULES, due.minus(hour)), Some(due));
        let late = due.plus(DAY * 9);
        assert_eq!(line(&[first]).next_is_due(&RULES, late), Some(late.plus(hour)), "never without its lead");
        let both = line(&[key(2, due, None), first]);
        assert_eq!(both.next_is_due(&RULES, due.minus(hour)), None, "it is made once");
        let states = |now| both.keys().iter().map(|key| both.state(key, now)).collect::<Vec<_>>();
        assert_eq!(states(due.minus(hour)), [KeyState::Active, KeyState::Next]);
        assert_eq!(states(due), [KeyState::Published, KeyState::Active]);
        assert_eq!(both.past(due.minus(hour)).count(), 0);
        assert_eq!(both.past(due).map(|key| key.id).collect::<Vec<_>>(), [first.id]);
        assert_eq!(states(NOW.minus(hour)), [KeyState::Active, KeyState::Next], "a clock that is behind");
    }

    #[test]
    fn a_past_key_stays_for_its_time_after_the_last_one_who_needs_it() {
        let (open, bound) = (key(1, NOW, None), ["files".to_owned()]);
        let until = NOW.plus(RULES.published_after);
        assert_eq!(fate(&open, &bound, &RULES, NOW), Fate::Keep);
        assert_eq!(fate(&open, &[], &RULES, NOW), Fate::Plan(until));
        let planned = key(1, NOW, Some(until));
        assert_eq!(fate(&planned, &bound, &RULES, NOW), Fate::TakeBack);
        assert_eq!(fate(&planned, &[], &RULES, until.minus(Duration::from_micros(1))), Fate::Keep);
        assert_eq!(fate(&planned, &[], &RULES, until), Fate::Retire);
        let both = line(&[planned, key(2, NOW, None)]);
        assert_eq!(both.state(&planned, NOW), KeyState::Published);
        assert_eq!(both.state(&planned, until), KeyState::Retired);
    }
}
