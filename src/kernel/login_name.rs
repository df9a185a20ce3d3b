//! One canonical form for every spelling of a login name.

use unicode_normalization::UnicodeNormalization;

/// Longest accepted login name in bytes, before and after normalisation.
pub const LOGIN_NAME_BYTES_MAX: usize = 254;

/// A login name as it is compared: `AB1234`, `ab1234`, `CHANCELLERY\ab1234` are one.
///
/// An e-mail address stays whole: it is a spelling of its own, kept beside the account's name, and
/// both lead to the same account and so to the same counters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoginName(String);

impl LoginName {
    /// `None` for an empty name, one with control characters, or one beyond the limit.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let local = raw.rsplit_once('\\').map_or(raw, |(_, name)| name);
        if local.is_empty() || raw.len() > LOGIN_NAME_BYTES_MAX {
            return None;
        }
        let canonical: String =
            local.nfkc().flat_map(char::to_lowercase).nfkc().filter(|c| !is_invisible(*c)).collect();
        let sound = !canonical.is_empty()
            && canonical.len() <= LOGIN_NAME_BYTES_MAX
            && !canonical.chars().any(|c| c.is_control() || c.is_whitespace());
        sound.then_some(Self(canonical))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Soft hyphens, joiners and direction marks: they change the bytes and not what a person sees.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::LoginName;

    #[test]
    fn spellings_of_one_name_are_one() {
        for spelling in ["staff.totp", " STAFF.TOTP ", "DOM\\Staff.Totp", "ｓtaff.totp", "staff\u{200b}.totp"]
        {
            assert_eq!(
                LoginName::parse(spelling).map(|name| name.as_str().to_owned()),
                Some("staff.totp".to_owned()),
                "{spelling:?}"
            );
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "a".repeat(255);
        for raw in ["", "   ", "DOM\\", "a\0b", "a b", "\u{200b}", long.as_str()] {
            assert!(LoginName::parse(raw).is_none(), "{raw:?}");
        }
    }
}
