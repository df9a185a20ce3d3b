//! Reading an entry of a person.

use crate::config::{DirectoryConfig, DirectoryKind};
use crate::infra::ldap::LdapEntry;
use crate::kernel::language::Language;
use crate::kernel::time::Moment;

/// What is asked of Active Directory beside the names. Source: MS-ADTS 3.1.1.4.5.
pub const AD_ATTRIBUTES: [&str; 13] = [
    "objectGUID",
    "userPrincipalName",
    "userAccountControl",
    "accountExpires",
    "pwdLastSet",
    "lockoutTime",
    "badPwdCount",
    "badPasswordTime",
    "adminCount",
    "uSNChanged",
    "msDS-UserPasswordExpiryTimeComputed",
    "msDS-User-Account-Control-Computed",
    "msDS-ResultantPSO",
];
/// What is asked of any other server. Source: RFC 4530, draft-behera-ldap-password-policy.
pub const LDAP_ATTRIBUTES: [&str; 6] = [
    "entryUUID",
    "modifyTimestamp",
    "pwdChangedTime",
    "pwdAccountLockedTime",
    "pwdReset",
    "pwdPolicySubentry",
];

// Bits of userAccountControl and of its computed twin. Source: MS-ADTS 2.2.16.
const DISABLED: i64 = 0x2;
const LOCKED: i64 = 0x10;
const SMARTCARD_REQUIRED: i64 = 0x4_0000;

/// Times of Windows count tenths of microseconds from 1601.
const EPOCH_DIFFERENCE_MICROS: i64 = 11_644_473_600_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryState {
    Active,
    Disabled,
    /// It is not among the people any more.
    Gone,
}

impl DirectoryState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Gone => "gone",
        }
    }
}

/// A person as a directory tells of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEntry {
    pub key: Vec<u8>,
    pub dn: String,
    pub login: String,
    pub upn: Option<String>,
    pub mail: Option<String>,
    pub display_name: String,
    pub language: Option<Language>,
    pub state: DirectoryState,
    /// From then on nothing is open any more.
    pub ends_at: Option<Moment>,
    pub password: PasswordSeen,
    pub is_protected: bool,
    pub needs_smartcard: bool,
    /// The distinguished name of the policy that counts for the person, where it is not the one of all.
    pub policy: Option<String>,
    pub bad: BadPasswords,
    /// How far the directory had counted changes when this one was made.
    pub mark: Option<String>,
}

/// What a directory tells of a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordSeen {
    pub changed_at: Option<Moment>,
    /// As the directory counts it: tells one change from another.
    pub changed_mark: Option<i64>,
    pub expires_at: Option<Moment>,
    pub must_change: bool,
    pub is_locked: bool,
}

/// Wrong passwords as the controller that was asked has counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BadPasswords {
    pub count: u32,
    pub last_at: Option<Moment>,
}

impl PersonEntry {
    /// `None` where it has no key or no name: nobody can be made of it.
    pub fn read(entry: &LdapEntry, config: &DirectoryConfig) -> Option<Self> {
        let login = entry.text(&config.login_attribute)?.to_owned();
        let mail = entry.text(&config.mail_attribute).map(str::to_owned);
        let display_name = entry.text(&config.display_name_attribute).or_else(|| entry.text("cn"));
        let of_kind = match config.kind {
            DirectoryKind::Ad => OfKind::ad(entry)?,
            DirectoryKind::Ldap => OfKind::ldap(entry)?,
        };
        let language = entry.text(&config.language_attribute).and_then(|tag| {
            let tag = tag.split([',', ';', '-', '_']).next().unwrap_or(tag);
            Language::from_tag(tag.trim())
        });
        Some(Self {
            key: of_kind.key,
            dn: entry.dn.clone(),
            display_name: display_name.unwrap_or(&login).to_owned(),
            login,
            upn: entry.text("userPrincipalName").map(str::to_owned),
            mail,
            language,
            state: of_kind.state,
            ends_at: of_kind.ends_at,
            password: of_kind.password,
            is_protected: of_kind.is_protected,
            needs_smartcard: of_kind.needs_smartcard,
            policy: of_kind.policy,
            bad: of_kind.bad,
            mark: of_kind.mark,
        })
    }
}

/// The part in which directories differ.
struct OfKind {
    key: Vec<u8>,
    state: DirectoryState,
    ends_at: Option<Moment>,
    password: PasswordSeen,
    is_protected: bool,
    needs_smartcard: bool,
    policy: Option<String>,
    bad: BadPasswords,
    mark: Option<String>,
}

impl OfKind {
    fn ad(entry: &LdapEntry) -> Option<Self> {
        let flags = entry.number("userAccountControl").unwrap_or(DISABLED);
        let computed = entry.number("msDS-User-Account-Control-Computed").unwrap_or(0);
        let changed = entry.number("pwdLastSet");
        let expires = entry.number("msDS-UserPasswordExpiryTimeComputed");
        let count = entry.number("badPwdCount").and_then(|count| u32::try_from(count).ok());
        Some(Self {
            key: entry.bytes("objectGUID").filter(|key| key.len() == 16)?.to_vec(),
            state: if flags & DISABLED == 0 { DirectoryState::Active } else { DirectoryState::Disabled },
            ends_at: entry.number("accountExpires").and_then(of_filetime),
            password: PasswordSeen {
                changed_at: changed.and_then(of_filetime),
                changed_mark: changed,
                expires_at: expires.and_then(of_filetime),
                must_change: changed == Some(0),
                is_locked: computed & LOCKED != 0,
            },
            is_protected: entry.number("adminCount").is_some_and(|count| count > 0),
            needs_smartcard: flags & SMARTCARD_REQUIRED != 0,
            policy: entry.text("msDS-ResultantPSO").map(str::to_owned),
            bad: BadPasswords {
                count: count.unwrap_or(0),
                last_at: entry.number("badPasswordTime").and_then(of_filetime),
            },
            mark: entry.text("uSNChanged").map(str::to_owned),
        })
    }

    fn ldap(entry: &LdapEntry) -> Option<Self> {
        let changed_at = entry.text("pwdChangedTime").and_then(of_generalized_time);
        Some(Self {
            key: entry.bytes("entryUUID").filter(|key| !key.is_empty())?.to_vec(),
            state: DirectoryState::Active,
            ends_at: None,
            password: PasswordSeen {
                changed_at,
                changed_mark: changed_at.map(Moment::micros),
                expires_at: None,
                must_change: entry.text("pwdReset") == Some("TRUE"),
                is_locked: entry.text("pwdAccountLockedTime").is_some(),
            },
            is_protected: false,
            needs_smartcard: false,
            policy: entry.text("pwdPolicySubentry").map(str::to_owned),
            bad: BadPasswords::default(),
            mark: entry.text("modifyTimestamp").map(str::to_owned),
        })
    }
}

/// A time of Windows; 0 and the largest number say that there is none.
pub fn of_filetime(value: i64) -> Option<Moment> {
    (value > 0 && value < i64::MAX).then(|| Moment::from_micros(value / 10 - EPOCH_DIFFERENCE_MICROS))
}

/// `20261124193900.0Z`. Source: RFC 4517 §3.3.13.
pub fn of_generalized_time(text: &str) -> Option<Moment> {
    let digits = text.get(..14).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    if !text.ends_with('Z') {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    let date = jiff::civil::Date::new(year, part(4, 6)?, part(6, 8)?).ok()?;
    let time = jiff::civil::Time::new(part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()?;
    let at = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
    Some(Moment::from_unix_seconds(at.as_second()))
}

#[cfg(test)]
mod tests {
    use super::{Moment, of_filetime, of_generalized_time};

    #[test]
    fn times_of_directories_are_read() {
        assert_eq!(of_filetime(116_444_736_000_000_000), Some(Moment::from_unix_seconds(0)));
        assert_eq!(of_filetime(0), None);
        assert_eq!(of_filetime(i64::MAX), None);
        let read = of_generalized_time("20270115080000.0Z");
        assert_eq!(read, Some(Moment::from_unix_seconds(1_800_000_000)));
        for broken in ["", "2027", "20270115080000", "20271315080000.0Z", "２０２７0115080000Z"] {
            assert_eq!(of_generalized_time(broken), None, "{broken}");
        }
    }
}
