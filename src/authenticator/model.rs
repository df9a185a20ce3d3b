//! One-time codes by time: which step a code is of, and whether it may count.

use totp_rs::{Algorithm, Builder, Totp};

use super::passkeys::{DeviceKind, KeyKind};
use crate::kernel::acr::Acr;
use crate::kernel::id::AuthenticatorId;
use crate::kernel::ladder;
use crate::kernel::proof::{KeyStorage, Way};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Seconds of one step.
pub const STEP_SECONDS: u64 = 30;
const DIGITS: usize = 6;
/// Steps before and after the present one that count: a slow typist, a clock that is a little off.
const SKEW_STEPS: u16 = 1;
/// Steps looked at to tell a clock that is off: ten minutes either way.
const CLOCK_STEPS: i64 = 20;
/// Bytes of a secret. Source: RFC 4226 §4 R6 (at least 128 bits, 160 recommended).
pub const SECRET_BYTES: usize = 20;

/// An app, a passkey or a security key as its owner sees it.
#[derive(Clone, Debug)]
pub struct Authenticator {
    pub id: AuthenticatorId,
    pub kind: AuthenticatorKind,
    pub name: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// What was bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorKind {
    App,
    Key { kind: KeyKind, storage: KeyStorage, device: DeviceKind },
}

impl AuthenticatorKind {
    /// As it stands in the database and in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => APP,
            Self::Key { kind, .. } => kind.name(),
        }
    }

    pub const fn way(self) -> Way {
        match self {
            Self::App => Way::App,
            Self::Key { kind, storage, .. } => kind.way(storage),
        }
    }
}

/// The kind of authenticator apps.
pub const APP: &str = "totp";

/// Whether an account that has all these ways may lose one and keep the rest: what it reaches must stay at the
/// level that it needs, or where it was if that was lower already.
pub fn may_go(all: &[Way], rest: &[Way], needed: Acr) -> bool {
    let before = ladder::reached(all.iter().copied());
    ladder::reached(rest.iter().copied()) >= before.min(Some(needed))
}

/// What a code is worth against one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// Of a step that counts now.
    OfStep(i64),
    /// Of another time: the clock of the phone is off by so many minutes.
    ClockOff {
        minutes: i64,
    },
    Wrong,
}

/// Longest name of an authenticator in characters; the rest is cut off.
const NAME_CHARS_MAX: usize = 60;

/// A name that a person gave, as it is kept and told: one line of bounded length.
pub fn clean_name(raw: &str) -> String {
    let name: String = raw.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    name.trim().to_owned()
}

/// A code as typed: spaces are how apps show it.
pub fn parse_code(raw: &str) -> Option<String> {
    let digits: String = raw.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
    (digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

pub fn judge(secret: &Secret<Vec<u8>>, code: &str, now: Moment) -> CodeVerdict {
    let totp = totp(secret);
    let seconds = u64::try_from(now.unix_seconds()).unwrap_or(0);
    if let Some(step) = totp.check(code, seconds).and_then(|step| i64::try_from(step).ok()) {
        return CodeVerdict::OfStep(step);
    }
    let present = i64::try_from(seconds / STEP_SECONDS).unwrap_or(0);
    (-CLOCK_STEPS..=CLOCK_STEPS)
        .filter_map(|off| Some((off, u64::try_from(present + off).ok()? * STEP_SECONDS)))
        .find(|(_, time)| totp.generate(*time).to_string() == code)
        .map_or(CodeVerdict::Wrong, |(off, _)| CodeVerdict::ClockOff { minutes: minutes(off) })
}

/// Steps as minutes, away from zero.
const fn minutes(steps: i64) -> i64 {
    let seconds = steps * 30;
    if seconds >= 0 { (seconds + 59) / 60 } else { (seconds - 59) / 60 }
}

/// The address that a QR code carries. Source: the key URI format that authenticator apps read.
pub fn key_uri(secret: &Secret<Vec<u8>>, login: &str) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    format!(
        "otpauth://totp/Cardea:{}?secret={}&issuer=Cardea&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        encode(login),
        base32(secret)
    )
}

pub fn base32(secret: &Secret<Vec<u8>>) -> String {
    data_encoding::BASE32_NOPAD.encode(secret.expose())
}

/// Secrets of our own making have 160 bits. One that an operator brings along may be shorter than the
/// standard has it; refusing it here would only say "wrong code".
fn totp(secret: &Secret<Vec<u8>>) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW_STEPS)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret.expose().clone())
        .with_account_name("account")
        .with_issuer(Some("Cardea"))
        .build_noncompliant()
}

#[cfg(test)]
mod tests {
    use super::{CodeVerdict, Moment, Secret, judge, may_go, parse_code};
    use crate::kernel::acr::Acr;
    use crate::kernel::proof::{KeyStorage, Way};

    /// The vectors of RFC 6238, Appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard_and_only_near_steps_count() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        let at = |seconds| Moment::from_unix_seconds(seconds);
        assert_eq!(judge(&secret, "287082", at(59)), CodeVerdict::OfStep(1));
        assert_eq!(judge(&secret, "287082", at(59 + 30)), CodeVerdict::OfStep(1));
        assert_eq!(judge(&secret, "081804", at(1_111_111_109)), CodeVerdict::OfStep(37_037_036));
        let late = at(1_111_111_109 + 240);
        assert_eq!(judge(&secret, "081804", late), CodeVerdict::ClockOff { minutes: -4 });
        assert_eq!(judge(&secret, "081804", at(1_111_111_109 + 3600)), CodeVerdict::Wrong);
        assert_eq!(judge(&secret, "000000", at(59)), CodeVerdict::Wrong);
    }

    #[test]
    fn the_last_that_reaches_the_needed_level_stays() {
        let (passkey, password) = (Way::Passkey(KeyStorage::Synced), Way::Password);
        let table: [(&[Way], &[Way], Acr, bool); 9] = [
            (&[Way::App, password], &[password], Acr::Mfa, false),
            (&[Way::App, Way::App, password], &[Way::App, password], Acr::Mfa, true),
            (&[passkey, Way::App, password], &[Way::App, password], Acr::Mfa, true),
            (&[passkey, Way::App, password], &[Way::App, password], Acr::Phr, false),
            (&[passkey, Way::App, password], &[passkey, password], Acr::Phr, true),
            // Without a password an app alone opens nothing.
            (&[passkey, Way::App], &[Way::App], Acr::Mfa, false),
            (&[passkey], &[], Acr::Mfa, false),
            // Where the level was never reached, nothing more is demanded than what was there.
            (&[Way::App, Way::App, password], &[Way::App, password], Acr::Phr, true),
            (&[Way::App, password], &[password], Acr::Phr, false),
        ];
        for (all, rest, needed, expected) in table {
            assert_eq!(may_go(all, rest, needed), expected, "{all:?} without one: {rest:?}, {needed:?}");
        }
    }

    #[test]
    fn a_code_is_six_digits_however_it_is_spaced() {
        let table = [
            ("287082", true),
            (" 287 082 ", true),
            ("28708", false),
            ("2870821", false),
            ("28708a", false),
            ("٢٨٧٠٨٢", false),
        ];
        for (raw, is_code) in table {
            assert_eq!(parse_code(raw).is_some(), is_code, "{raw}");
        }
    }
}
