//! The password and lockout rules of a directory, in numbers.

use std::time::Duration;

use crate::directory::model::{PolicyRefusal, RulesShown};
use crate::infra::ldap::LdapEntry;
use crate::kernel::secret::Password;

/// What is asked of a domain, of a fine-grained policy, and of a policy of another server.
pub const ATTRIBUTES: [&str; 21] = [
    "minPwdLength",
    "pwdProperties",
    "pwdHistoryLength",
    "minPwdAge",
    "maxPwdAge",
    "lockoutThreshold",
    "lockOutObservationWindow",
    "msDS-MinimumPasswordLength",
    "msDS-PasswordComplexityEnabled",
    "msDS-PasswordHistoryLength",
    "msDS-MinimumPasswordAge",
    "msDS-MaximumPasswordAge",
    "msDS-LockoutThreshold",
    "msDS-LockoutObservationWindow",
    "pwdMinLength",
    "pwdInHistory",
    "pwdMinAge",
    "pwdMaxAge",
    "pwdMaxFailure",
    "pwdLockout",
    "pwdFailureCountInterval",
];

/// Kinds of characters that a complex password has at least, of five. Source: MS-SAMR 3.1.1.7.2.
const KINDS_MIN: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub length_min: usize,
    pub is_complex: bool,
    pub history: u32,
    pub age_min: Option<Duration>,
    pub age_max: Option<Duration>,
    /// `None`: it never locks, or does not say.
    pub lockout_threshold: Option<u32>,
    pub lockout_window: Option<Duration>,
}

impl Policy {
    /// A policy that could not be read.
    pub const UNKNOWN: Self = Self {
        length_min: 0,
        is_complex: false,
        history: 0,
        age_min: None,
        age_max: None,
        lockout_threshold: None,
        lockout_window: None,
    };

    pub fn of_domain(entry: &LdapEntry) -> Self {
        Self {
            length_min: count(entry, "minPwdLength"),
            is_complex: entry.number("pwdProperties").is_some_and(|bits| bits & 1 != 0),
            history: small(entry, "pwdHistoryLength").unwrap_or(0),
            age_min: interval(entry, "minPwdAge"),
            age_max: interval(entry, "maxPwdAge"),
            lockout_threshold: small(entry, "lockoutThreshold").filter(|threshold| *threshold > 0),
            lockout_window: interval(entry, "lockOutObservationWindow"),
        }
    }

    pub fn fine_grained(entry: &LdapEntry) -> Self {
        Self {
            length_min: count(entry, "msDS-MinimumPasswordLength"),
            is_complex: entry.text("msDS-PasswordComplexityEnabled") == Some("TRUE"),
            history: small(entry, "msDS-PasswordHistoryLength").unwrap_or(0),
            age_min: interval(entry, "msDS-MinimumPasswordAge"),
            age_max: interval(entry, "msDS-MaximumPasswordAge"),
            lockout_threshold: small(entry, "msDS-LockoutThreshold").filter(|threshold| *threshold > 0),
            lockout_window: interval(entry, "msDS-LockoutObservationWindow"),
        }
    }

    /// Source: draft-behera-ldap-password-policy-11 §5.2.
    pub fn of_ldap(entry: &LdapEntry) -> Self {
        let locks = entry.text("pwdLockout") == Some("TRUE");
        let failures = small(entry, "pwdMaxFailure").filter(|failures| locks && *failures > 0);
        let seconds = |name: &str| {
            let seconds = entry.number(name).and_then(|seconds| u64::try_from(seconds).ok());
            seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs)
        };
        Self {
            length_min: count(entry, "pwdMinLength"),
            is_complex: false,
            history: small(entry, "pwdInHistory").unwrap_or(0),
            age_min: seconds("pwdMinAge"),
            age_max: seconds("pwdMaxAge"),
            lockout_threshold: failures,
            lockout_window: seconds("pwdFailureCountInterval"),
        }
    }

    /// The rules as a page tells them, with those of our own.
    pub fn shown(&self, ours: &RulesShown) -> RulesShown {
        RulesShown {
            length_min: self.length_min.max(ours.length_min),
            length_max: ours.length_max,
            is_complex: self.is_complex,
            history: self.history,
            age_min: self.age_min,
            expires_after: self.age_max,
        }
    }

    /// What can be seen here already, so that a refusal says which rule it is: the directory never does.
    pub fn refuses(&self, password: &Password, login: &str, display_name: &str) -> Option<PolicyRefusal> {
        // The directory counts units of UTF-16.
        if password.expose().encode_utf16().count() < self.length_min {
            return Some(PolicyRefusal::Length);
        }
        let sound = !self.is_complex || is_complex(password.expose(), login, display_name);
        (!sound).then_some(PolicyRefusal::Complexity)
    }
}

/// Source: MS-SAMR 3.1.1.7.2: three kinds of characters of five, neither the account's name nor a part of the
/// full name of three characters or more.
fn is_complex(password: &str, login: &str, display_name: &str) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let kinds = [
        has(char::is_uppercase),
        has(char::is_lowercase),
        has(|c| c.is_ascii_digit()),
        has(|c| c.is_ascii_punctuation() || c == ' '),
        has(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase()),
    ];
    let lower = password.to_lowercase();
    let named = display_name
        .split([',', '.', '-', '_', ' ', '#', '\t'])
        .filter(|part| part.chars().count() >= 3)
        .chain(Some(login).filter(|login| login.chars().count() >= 3))
        .any(|part| lower.contains(&part.to_lowercase()));
    kinds.into_iter().filter(|kind| *kind).count() >= KINDS_MIN && !named
}

fn count(entry: &LdapEntry, name: &str) -> usize {
    entry.number(name).and_then(|value| usize::try_from(value).ok()).unwrap_or(0)
}

fn small(entry: &LdapEntry, name: &str) -> Option<u32> {
    entry.number(name).and_then(|value| u32::try_from(value).ok())
}

/// Spans of Windows are negative tenths of microseconds; 0 and the smallest number say that there is none.
fn interval(entry: &LdapEntry, name: &str) -> Option<Duration> {
    let value = entry.number(name).filter(|value| *value < 0 && *value > i64::MIN)?;
    Some(Duration::from_micros(value.unsigned_abs() / 10))
}

#[cfg(test)]
mod tests {
    use super::{Duration, LdapEntry, Password, Policy, PolicyRefusal};

    #[test]
    fn a_refusal_says_which_rule_it_is() {
        let entry = LdapEntry::default()
            .with("minPwdLength", b"10")
            .with("pwdProperties", b"1")
            .with("minPwdAge", b"-864000000000")
            .with("maxPwdAge", b"-9223372036854775808")
            .with("lockoutThreshold", b"0");
        let policy = Policy::of_domain(&entry);
        assert_eq!(policy.age_min, Some(Duration::from_hours(24)));
        assert_eq!((policy.age_max, policy.lockout_threshold), (None, None));
        let table = [
            ("Short1!", Some(PolicyRefusal::Length)),
            ("only small letters", Some(PolicyRefusal::Complexity)),
            ("Zpeeters-is-1", Some(PolicyRefusal::Complexity)),
            ("With-Peeters-9", Some(PolicyRefusal::Complexity)),
            ("Fine-enough-9", None),
        ];
        for (text, expected) in table {
            let password = Password::parse(text).unwrap();
            assert_eq!(policy.refuses(&password, "zpeeters", "Zoé Peeters"), expected, "{text}");
        }
    }
}
