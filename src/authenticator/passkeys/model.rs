//! What a credential is, and what is told of it.

use serde::{Deserialize, Serialize};

use crate::kernel::proof::{KeyStorage, Way};

/// How a credential was bound, which is what it may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// It verifies its user and is found without a name.
    Passkey,
    /// It is touched, beside a password.
    SecurityKey,
}

impl KeyKind {
    pub const ALL: [Self; 2] = [Self::Passkey, Self::SecurityKey];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::SecurityKey => "security_key",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The way that a credential of this kind opens.
    pub const fn way(self, storage: KeyStorage) -> Way {
        match self {
            Self::Passkey => Way::Passkey(storage),
            Self::SecurityKey => Way::SecurityKey,
        }
    }
}

pub const fn storage_name(storage: KeyStorage) -> &'static str {
    match storage {
        KeyStorage::Synced => "synced",
        KeyStorage::Unknown => "unknown",
        KeyStorage::Attested => "attested",
    }
}

pub fn storage_from_name(name: &str) -> KeyStorage {
    let all = [KeyStorage::Synced, KeyStorage::Attested];
    all.into_iter().find(|storage| storage_name(*storage) == name).unwrap_or(KeyStorage::Unknown)
}

/// What a person may recognise a credential by, from what it said of itself: never a proof of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// Kept by a password manager, or copied between the devices of its owner.
    Synced,
    /// Built into a computer or a phone.
    BuiltIn,
    /// Carried along: USB, NFC.
    Carried,
    Unknown,
}

impl DeviceKind {
    pub fn of(storage: KeyStorage, transports: &str) -> Self {
        let reached_by = |name: &str| transports.split(' ').any(|known| known == name);
        if storage == KeyStorage::Synced {
            Self::Synced
        } else if reached_by("usb") || reached_by("nfc") || reached_by("ble") {
            Self::Carried
        } else if reached_by("internal") {
            Self::BuiltIn
        } else {
            Self::Unknown
        }
    }
}

/// Longest list of transports that is kept.
const TRANSPORTS_MAX: usize = 6;

/// Names of transports as they are kept: known ones, once each.
pub fn transports_text<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let known = ["usb", "nfc", "ble", "internal", "hybrid", "smart-card"];
    let mut kept: Vec<&str> = names.filter(|name| known.contains(name)).take(TRANSPORTS_MAX).collect();
    kept.sort_unstable();
    kept.dedup();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{DeviceKind, storage_from_name, storage_name, transports_text};
    use crate::kernel::proof::KeyStorage;

    #[test]
    fn a_device_is_told_by_what_it_said_of_itself() {
        let table = [
            (KeyStorage::Synced, "internal hybrid", DeviceKind::Synced),
            (KeyStorage::Unknown, "internal", DeviceKind::BuiltIn),
            (KeyStorage::Unknown, "nfc usb", DeviceKind::Carried),
            (KeyStorage::Attested, "usb", DeviceKind::Carried),
            (KeyStorage::Unknown, "", DeviceKind::Unknown),
        ];
        for (storage, transports, kind) in table {
            assert_eq!(DeviceKind::of(storage, transports), kind, "{storage:?} {transports}");
            assert_eq!(storage_from_name(storage_name(storage)), storage);
        }
        assert_eq!(transports_text(["usb", "<b>", "nfc", "usb"].into_iter()), "nfc usb");
    }
}
