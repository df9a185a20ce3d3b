//! What answers of controllers mean.

use crate::directory::model::PolicyRefusal;
use crate::infra::ldap::LdapSaid;

/// The control by which a server tells of its password policy. Source: draft-behera-ldap-password-policy-11 §6.
pub const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// What a bind says of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindOutcome {
    Right,
    RightButExpired,
    RightButMustChange,
    Wrong,
    Locked,
    Disabled,
    Ended,
    Restricted,
    /// The controller says something else: nothing is known of the password.
    Unclear,
}

/// Whether the directory counts it as a wrong password.
impl BindOutcome {
    pub const fn is_right(self) -> bool {
        matches!(self, Self::Right | Self::RightButExpired | Self::RightButMustChange)
    }
}

const INVALID_CREDENTIALS: u32 = 49;

/// Reads the answer to a bind. Source: MS-ERREF 2.2 (Win32 codes in hexadecimal after `data`).
pub fn of_ad_bind(said: &LdapSaid) -> BindOutcome {
    match (said.code, sub_code(&said.text)) {
        (0, _) => BindOutcome::Right,
        (INVALID_CREDENTIALS, Some(0x52e | 0x525) | None) => BindOutcome::Wrong,
        (INVALID_CREDENTIALS, Some(0x530 | 0x531)) => BindOutcome::Restricted,
        (INVALID_CREDENTIALS, Some(0x532)) => BindOutcome::RightButExpired,
        (INVALID_CREDENTIALS, Some(0x533)) => BindOutcome::Disabled,
        (INVALID_CREDENTIALS, Some(0x701)) => BindOutcome::Ended,
        (INVALID_CREDENTIALS, Some(0x773)) => BindOutcome::RightButMustChange,
        (INVALID_CREDENTIALS, Some(0x775)) => BindOutcome::Locked,
        _ => BindOutcome::Unclear,
    }
}

/// Reads the answer to a bind of a server with the password policy control.
pub fn of_ldap_bind(said: &LdapSaid) -> BindOutcome {
    match (said.code, policy_error(said)) {
        (0, Some(2)) => BindOutcome::RightButMustChange,
        (0, _) => BindOutcome::Right,
        (INVALID_CREDENTIALS, Some(0)) => BindOutcome::RightButExpired,
        (INVALID_CREDENTIALS, Some(1)) => BindOutcome::Locked,
        (INVALID_CREDENTIALS, _) => BindOutcome::Wrong,
        _ => BindOutcome::Unclear,
    }
}

/// What a controller says of a password that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    Taken,
    /// A rule of the directory; `None`: it does not say which.
    Refused(Option<PolicyRefusal>),
    WrongOld,
    NotAllowed,
    /// Nothing was done, and it is neither the person's matter nor the password's.
    Failed,
}

/// Source: MS-ADTS 3.1.1.3.1.5.1: 0000052D is a policy, 00000056 a wrong old password.
pub fn of_ad_write(said: &LdapSaid) -> WriteOutcome {
    let win32 = win32_code(&said.text);
    match (said.code, win32) {
        (0, _) => WriteOutcome::Taken,
        (19, Some(0x56)) => WriteOutcome::WrongOld,
        (19, _) | (53, Some(0x52d)) => WriteOutcome::Refused(None),
        (50, _) | (53, Some(0x5)) => WriteOutcome::NotAllowed,
        _ => WriteOutcome::Failed,
    }
}

pub fn of_ldap_write(said: &LdapSaid) -> WriteOutcome {
    match (said.code, policy_error(said)) {
        (0, _) => WriteOutcome::Taken,
        (_, Some(3)) => WriteOutcome::NotAllowed,
        (_, Some(4)) => WriteOutcome::WrongOld,
        (_, Some(5)) => WriteOutcome::Refused(Some(PolicyRefusal::Complexity)),
        (_, Some(6)) => WriteOutcome::Refused(Some(PolicyRefusal::Length)),
        (_, Some(7)) => WriteOutcome::Refused(Some(PolicyRefusal::Age)),
        (_, Some(8)) => WriteOutcome::Refused(Some(PolicyRefusal::History)),
        (19, _) => WriteOutcome::Refused(None),
        (53, _) if said.text.contains("old password") => WriteOutcome::WrongOld,
        (49, _) => WriteOutcome::WrongOld,
        (50, _) => WriteOutcome::NotAllowed,
        _ => WriteOutcome::Failed,
    }
}

/// `… comment: AcceptSecurityContext error, data 52e, v4563`: what stands after `data`.
fn sub_code(text: &str) -> Option<u32> {
    let after = text.split_once("data ")?.1;
    let digits: String = after.chars().take_while(char::is_ascii_hexdigit).take(8).collect();
    u32::from_str_radix(&digits, 16).ok()
}

/// `0000052D: …`: what stands in front.
fn win32_code(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_hexdigit).take(8).collect();
    if digits.len() == 8 { u32::from_str_radix(&digits, 16).ok() } else { None }
}

/// The error in a password policy control: the last part of a sequence, `[1] ENUMERATED`.
fn policy_error(said: &LdapSaid) -> Option<u8> {
    let value = said.controls.iter().find(|(oid, _)| oid == PASSWORD_POLICY)?.1.as_deref()?;
    let [0x30, _, parts @ ..] = value else { return None };
    let parts = match parts {
        // The warning before it.
        [0xa0, length, rest @ ..] => rest.get(usize::from(*length)..)?,
        _ => parts,
    };
    match parts {
        [0x81, 1, error, ..] => Some(*error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        BindOutcome, LdapSaid, PASSWORD_POLICY, WriteOutcome, of_ad_bind, of_ad_write, of_ldap_bind,
    };

    fn said(code: u32, text: &str) -> LdapSaid {
        LdapSaid { code, text: text.to_owned(), controls: vec![] }
    }

    #[test]
    fn each_sub_code_has_its_meaning() {
        let table = [
            ("52e", BindOutcome::Wrong),
            ("525", BindOutcome::Wrong),
            ("530", BindOutcome::Restricted),
            ("531", BindOutcome::Restricted),
            ("532", BindOutcome::RightButExpired),
            ("533", BindOutcome::Disabled),
            ("701", BindOutcome::Ended),
            ("773", BindOutcome::RightButMustChange),
            ("775", BindOutcome::Locked),
            ("999", BindOutcome::Unclear),
        ];
        for (code, outcome) in table {
            for start in ["80090308: LdapErr: DSID-0C090447", "8009030C: LdapErr: DSID-0C0906B5"] {
                let text = format!("{start}, comment: AcceptSecurityContext error, data {code}, v4563");
                assert_eq!(of_ad_bind(&said(49, &text)), outcome, "{code}");
            }
        }
        assert_eq!(of_ad_bind(&said(49, "")), BindOutcome::Wrong);
        assert_eq!(of_ad_bind(&said(0, "")), BindOutcome::Right);
        assert_eq!(of_ad_bind(&said(8, "BindSimple: Transport encryption required.")), BindOutcome::Unclear);
    }

    #[test]
    fn refusals_of_a_write_are_told_apart() {
        let table = [
            (0, "", WriteOutcome::Taken),
            (19, "00000056: AtrErr: DSID-03191083, #1:", WriteOutcome::WrongOld),
            (19, "0000052D: Constraint violation", WriteOutcome::Refused(None)),
            (53, "0000052D: SvcErr: DSID-031A12D2, problem 5003", WriteOutcome::Refused(None)),
            (53, "0000001F: SvcErr: DSID-031A12D2, problem 5003", WriteOutcome::Failed),
            (50, "00000005: SecErr: DSID-031A11ED", WriteOutcome::NotAllowed),
            (12, "", WriteOutcome::Failed),
        ];
        for (code, text, outcome) in table {
            assert_eq!(of_ad_write(&said(code, text)), outcome, "{code} {text}");
        }
    }

    #[test]
    fn the_policy_control_is_read_with_and_without_a_warning() {
        let with = |code: u32, value: &[u8]| {
            let controls = vec![(PASSWORD_POLICY.to_owned(), Some(value.to_vec()))];
            LdapSaid { code, text: String::new(), controls }
        };
        assert_eq!(of_ldap_bind(&with(49, &[0x30, 3, 0x81, 1, 1])), BindOutcome::Locked);
        assert_eq!(of_ldap_bind(&with(49, &[0x30, 3, 0x81, 1, 0])), BindOutcome::RightButExpired);
        let both = [0x30, 8, 0xa0, 3, 0x80, 1, 9, 0x81, 1, 2];
        assert_eq!(of_ldap_bind(&with(0, &both)), BindOutcome::RightButMustChange);
        for broken in [&[][..], &[0x30], &[0x30, 3, 0xa0, 200, 1], &[0x30, 3, 0x81, 1]] {
            assert_eq!(of_ldap_bind(&with(49, broken)), BindOutcome::Wrong, "{broken:?}");
        }
    }
}
