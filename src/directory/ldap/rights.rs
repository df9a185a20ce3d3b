//! Whether the service account may do what is asked of it, as far as a directory tells without anything being
//! changed: on a sample person, from what the directory says that we may write, and from the access list.
//! Source: MS-DTYP 2.4.4 (access list), MS-ADTS 3.1.1.4.5.17 (allowedAttributesEffective).

use std::collections::BTreeSet;

use ldap3::controls::RawControl;
use uuid::{Uuid, uuid};

use super::directory::LdapDirectory;
use super::entry::PersonEntry;
use crate::config::DirectoryKind;
use crate::infra::ldap::{Controller, LdapDepth, LdapFailure, LdapSearch};
use crate::kernel::time::Moment;

/// Asks for the access list alone: the rest of a security descriptor is not ours to read.
const SD_FLAGS: &str = "1.2.840.113556.1.4.801";
const ACCESS_LIST: [u8; 5] = [0x30, 3, 2, 1, 4];
/// The right *Reset Password*.
const RESET_PASSWORD: Uuid = uuid!("00299570-246d-11d0-a768-00aa006e0529");
const CONTROL_ACCESS: u32 = 0x100;
const GENERIC_ALL: u32 = 0x1000_0000;

/// What is asked of the service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// It is let in and finds people below the base.
    ReadPeople,
    /// It sees whether somebody is disabled and when a password runs out.
    ReadState,
    /// It sees fine-grained policies.
    ReadPolicies,
    ResetPassword,
    /// It writes `lockoutTime`.
    Unlock,
    /// It writes `pwdLastSet`.
    Unexpire,
}

impl Right {
    /// What does not work without it, in a sentence of the operator's.
    pub const fn missing(self) -> &'static str {
        match self {
            Self::ReadPeople => "the service account finds nobody below the base",
            Self::ReadState => {
                "the service account cannot read userAccountControl or pwdLastSet: nobody's state is known"
            }
            Self::ReadPolicies => {
                "the service account cannot read the Password Settings Container: fine-grained rules and lockout \
                 thresholds are unknown"
            }
            Self::ResetPassword => "the service account may not reset passwords (right Reset Password)",
            Self::Unlock => {
                "the service account may not write lockoutTime: nobody can be unlocked, and no reset works"
            }
            Self::Unexpire => {
                "the service account may not write pwdLastSet: where it lacks Unexpire Password on the domain, a \
                 password is expired right after a reset"
            }
        }
    }
}

impl LdapDirectory {
    /// The rights that are missing, each controller asked alone: what one lacks another may have.
    pub async fn missing_rights(&self, now: Moment) -> Vec<(String, Result<BTreeSet<Right>, LdapFailure>)> {
        let mut told = vec![];
        for controller in self.controllers.in_order(now) {
            told.push((controller.name().to_owned(), self.missing_at(&controller).await));
        }
        told
    }

    async fn missing_at(&self, controller: &Controller) -> Result<BTreeSet<Right>, LdapFailure> {
        let people = self.sample(controller).await?;
        let Some(person) = people.iter().find(|person| !person.is_protected) else {
            return Ok(BTreeSet::from([Right::ReadPeople]));
        };
        let mut missing = BTreeSet::new();
        if self.config.kind != DirectoryKind::Ad {
            return Ok(missing);
        }
        if person.password.changed_mark.is_none() {
            missing.insert(Right::ReadState);
        }
        let entry = LdapSearch {
            base: &person.dn,
            depth: LdapDepth::Base,
            filter: "(objectClass=*)",
            attributes: &["allowedAttributesEffective", "nTSecurityDescriptor"],
        };
        let flags = RawControl { ctype: SD_FLAGS.to_owned(), crit: true, val: Some(ACCESS_LIST.to_vec()) };
        let entry = controller.search_with(entry, vec![flags]).await?.into_iter().next().unwrap_or_default();
        let writes =
            |name: &str| entry.texts("allowedAttributesEffective").any(|may| may.eq_ignore_ascii_case(name));
        missing.extend((!writes("lockoutTime")).then_some(Right::Unlock));
        missing.extend((!writes("pwdLastSet")).then_some(Right::Unexpire));
        let root = LdapSearch {
            base: "",
            depth: LdapDepth::Base,
            filter: "(objectClass=*)",
            attributes: &["tokenGroups", "defaultNamingContext"],
        };
        let root = controller.search(root).await?.into_iter().next().unwrap_or_default();
        let ours: Vec<&[u8]> = root.all_bytes("tokenGroups").collect();
        let descriptor = entry.bytes("nTSecurityDescriptor").unwrap_or_default();
        missing.extend((!may_control(descriptor, &ours, RESET_PASSWORD)).then_some(Right::ResetPassword));
        let domain = root.text("defaultNamingContext").unwrap_or_default();
        let container = format!("CN=Password Settings Container,CN=System,{domain}");
        let container = LdapSearch {
            base: &container,
            depth: LdapDepth::Base,
            filter: "(objectClass=*)",
            attributes: &["cn"],
        };
        let seen = controller.search(container).await?;
        missing.extend(seen.is_empty().then_some(Right::ReadPolicies));
        Ok(missing)
    }

    async fn sample(&self, controller: &Controller) -> Result<Vec<PersonEntry>, LdapFailure> {
        let names = self.attributes();
        let attributes: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = self.all(controller, &self.config.person_filter, &attributes).await?;
        Ok(found.iter().filter_map(|entry| PersonEntry::read(entry, &self.config)).collect())
    }
}

/// Whether an access list gives one of us an extended right: the first entry that speaks of it decides.
fn may_control(descriptor: &[u8], ours: &[&[u8]], right: Uuid) -> bool {
    let Some(list) = access_list(descriptor) else { return false };
    for entry in list {
        if ours.contains(&entry.sid) && entry.mask & (CONTROL_ACCESS | GENERIC_ALL) != 0 {
            let is_meant = entry.object.is_none_or(|object| object == right);
            if is_meant {
                return entry.allows;
            }
        }
    }
    false
}

struct Entry<'a> {
    allows: bool,
    mask: u32,
    object: Option<Uuid>,
    sid: &'a [u8],
}

fn access_list(descriptor: &[u8]) -> Option<Vec<Entry<'_>>> {
    let start = usize::try_from(number(descriptor, 16)?).ok()?;
    let list = descriptor.get(start..).filter(|_| start > 0)?;
    let count = u16::from_le_bytes(*list.get(4..6)?.first_chunk()?);
    let mut at = 8;
    let mut entries = vec![];
    for _ in 0..count {
        let head = list.get(at..)?;
        let size = usize::from(u16::from_le_bytes(*head.get(2..4)?.first_chunk()?));
        let entry = head.get(..size).filter(|_| size >= 8)?;
        at += size;
        // 8: it is for what is below alone.
        if *entry.get(1)? & 8 == 0 {
            entries.extend(read_entry(entry));
        }
    }
    Some(entries)
}

fn read_entry(entry: &[u8]) -> Option<Entry<'_>> {
    let mask = number(entry, 4)?;
    let kind = *entry.first()?;
    let (object, sid_at) = match kind {
        0 | 1 => (None, 8),
        5 | 6 => {
            let flags = number(entry, 8)?;
            let has = |flag: u32| flags & flag != 0;
            let object =
                if has(1) { Some(Uuid::from_bytes_le(*entry.get(12..28)?.first_chunk()?)) } else { None };
            (object, 12 + 16 * usize::from(has(1)) + 16 * usize::from(has(2)))
        }
        _ => return None,
    };
    let rest = entry.get(sid_at..)?;
    let length = 8 + 4 * usize::from(*rest.get(1)?);
    Some(Entry { allows: matches!(kind, 0 | 5), mask, object, sid: rest.get(..length)? })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.first_chunk().map(|part| u32::from_le_bytes(*part))
}

#[cfg(test)]
mod tests {
    use super::{CONTROL_ACCESS, RESET_PASSWORD, Uuid, may_control};

    const OURS: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 9, 9, 0, 0];
    const OTHER: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 8, 8, 0, 0];

    fn entry(kind: u8, flags: u8, object: Option<Uuid>, sid: &[u8]) -> Vec<u8> {
        let mut body = CONTROL_ACCESS.to_le_bytes().to_vec();
        if kind >= 5 {
            body.extend(u32::from(object.is_some()).to_le_bytes());
            body.extend(object.iter().flat_map(Uuid::to_bytes_le));
        }
        body.extend(sid);
        let size = u16::try_from(body.len() + 4).unwrap().to_le_bytes();
        [vec![kind, flags], size.to_vec(), body].concat()
    }

    fn descriptor(entries: &[Vec<u8>]) -> Vec<u8> {
        let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
        let mut bytes = vec![0; 20];
        bytes[16] = 20;
        bytes.extend([4, 0, 0, 0, count[0], count[1], 0, 0]);
        bytes.extend(entries.concat());
        bytes
    }

    #[test]
    fn the_first_entry_that_speaks_of_the_right_decides() {
        let reset = Some(RESET_PASSWORD);
        let table: [(&[Vec<u8>], bool); 7] = [
            (&[entry(5, 0, reset, &OURS)], true),
            (&[entry(0, 0, None, &OURS)], true),
            (&[entry(5, 0, Some(Uuid::nil()), &OURS)], false),
            (&[entry(5, 0, reset, &OTHER)], false),
            (&[entry(6, 0, reset, &OURS), entry(5, 0, reset, &OURS)], false),
            (&[entry(5, 8, reset, &OURS)], false),
            (&[], false),
        ];
        for (entries, expected) in table {
            let bytes = descriptor(entries);
            assert_eq!(may_control(&bytes, &[&OURS], RESET_PASSWORD), expected, "{entries:?}");
            for end in 0..bytes.len() {
                let _ = may_control(&bytes[..end], &[&OURS], RESET_PASSWORD);
            }
        }
    }
}
