//! When a key is published, works, and goes. Pure: the moment comes in as a value.

use crate::config::FederationConfig;
use crate::config::clients::SigningAlg;
use crate::kernel::id::UpstreamKeyId;
use crate::kernel::time::Moment;

/// Keys that follow each other: what they do and by which algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    Signs(SigningAlg),
    /// RSA-OAEP-256.
    Opens,
}

impl Line {
    pub const ALL: [Self; 5] = [
        Self::Signs(SigningAlg::Es256),
        Self::Signs(SigningAlg::EdDsa),
        Self::Signs(SigningAlg::Ps256),
        Self::Signs(SigningAlg::Rs256),
        Self::Opens,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Signs(SigningAlg::Es256) => "signs:ES256",
            Self::Signs(SigningAlg::EdDsa) => "signs:EdDSA",
            Self::Signs(SigningAlg::Ps256) => "signs:PS256",
            Self::Signs(SigningAlg::Rs256) => "signs:RS256",
            Self::Opens => "opens:RSA-OAEP-256",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.name() == name)
    }

    /// The kind of pair that is made for it.
    pub const fn pair(self) -> SigningAlg {
        match self {
            Self::Signs(algorithm) => algorithm,
            Self::Opens => SigningAlg::Rs256,
        }
    }
}

/// One key's place in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub id: UpstreamKeyId,
    pub line: Line,
    pub number: i64,
    pub created_at: Moment,
    pub active_from: Moment,
}

/// What is due in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Number and first moment of the key that is to be made.
    pub make: Option<(i64, Moment)>,
    pub retire: Vec<UpstreamKeyId>,
}

/// The key of a line that works at a moment: the newest whose time has come, or else the first.
pub fn working<'k>(keys: impl Iterator<Item = &'k Times>, now: Moment) -> Option<&'k Times> {
    let mut best: Option<&Times> = None;
    for key in keys {
        let better = best.is_none_or(|best| key.active_from <= now && key.number > best.number);
        best = if better { Some(key) } else { best };
    }
    best
}

/// Whether a key is in the published set.
pub fn is_published(key: &Times, of_the_line: &[Times]) -> bool {
    match key.line {
        Line::Signs(_) => true,
        Line::Opens => of_the_line.iter().all(|other| other.number <= key.number),
    }
}

/// What is due in a line of keys, in their order.
pub fn due(line: Line, keys: &[Times], rules: &FederationConfig, now: Moment) -> Due {
    let Some(newest) = keys.last() else { return Due { make: Some((1, now)), retire: vec![] } };
    // The one before works for as long as the next one is only published.
    let lead = match line {
        Line::Signs(_) => rules.keys_overlap,
        Line::Opens => std::time::Duration::ZERO,
    };
    let make = (newest.created_at.plus(rules.keys_last) <= now).then(|| (newest.number + 1, now.plus(lead)));
    let retire = keys
        .iter()
        .zip(keys.iter().skip(1))
        .filter(|(_, next)| next.active_from.plus(rules.keys_overlap) <= now)
        .map(|(key, _)| key.id)
        .collect();
    Due { make, retire }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        Due, FederationConfig, Line, Moment, SigningAlg, Times, UpstreamKeyId, due, is_published, working,
    };

    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
    const DAY: Duration = Duration::from_hours(24);
    const RULES: FederationConfig = FederationConfig {
        sign_in_time: Duration::from_mins(10),
        keys_last: Duration::from_hours(24 * 180),
        keys_overlap: Duration::from_hours(48),
        key_set_max_age: Duration::from_mins(30),
        read_again_after: Duration::from_mins(10),
    };

    fn key(line: Line, number: i64, created_at: Moment, active_from: Moment) -> Times {
        let id = UpstreamKeyId::from_uuid(uuid::Uuid::from_u128(number.unsigned_abs().into()));
        Times { id, line, number, created_at, active_from }
    }

    #[test]
    fn a_signing_key_is_published_before_it_signs_and_after_it_signed() {
        let line = Line::Signs(SigningAlg::Rs256);
        assert_eq!(due(line, &[], &RULES, NOW), Due { make: Some((1, NOW)), retire: vec![] });
        let first = key(line, 1, NOW, NOW);
        let later = NOW.plus(RULES.keys_last);
        assert_eq!(due(line, &[first], &RULES, later.minus(DAY)), Due::default());
        let made = due(line, &[first], &RULES, later).make.unwrap();
        assert_eq!(made, (2, later.plus(RULES.keys_overlap)));
        let keys = [first, key(line, 2, later, made.1)];
        assert_eq!(working(keys.iter(), made.1.minus(DAY)).map(|key| key.number), Some(1));
        assert_eq!(working(keys.iter(), made.1).map(|key| key.number), Some(2));
        assert!(keys.iter().all(|key| is_published(key, &keys)));
        let over = made.1.plus(RULES.keys_overlap);
        assert_eq!(due(line, &keys, &RULES, over.minus(Duration::from_micros(1))), Due::default());
        assert_eq!(due(line, &keys, &RULES, over), Due { make: None, retire: vec![first.id] });
        // The first one works even where its clock is behind.
        assert_eq!(working([first].iter(), NOW.minus(DAY)).map(|key| key.number), Some(1));
    }

    #[test]
    fn of_the_keys_that_open_the_newest_is_published_and_the_one_before_still_opens() {
        let line = Line::Opens;
        let first = key(line, 1, NOW, NOW);
        let later = NOW.plus(RULES.keys_last);
        assert_eq!(due(line, &[first], &RULES, later).make, Some((2, later)));
        let keys = [first, key(line, 2, later, later)];
        assert_eq!(keys.map(|key| is_published(&key, &keys)), [false, true]);
        assert_eq!(due(line, &keys, &RULES, later.plus(DAY)), Due::default());
        assert_eq!(due(line, &keys, &RULES, later.plus(DAY * 2)).retire, [first.id]);
    }

    #[test]
    fn lines_have_names() {
        for line in Line::ALL {
            assert_eq!(Line::from_name(line.name()), Some(line));
        }
        assert_eq!(Line::from_name("signs:none"), None);
    }
}
