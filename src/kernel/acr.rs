//! The ladder of assurance that tokens and policies speak, and the names of methods.

use serde::{Deserialize, Serialize};

/// Authentication context class, weakest first. Source: OIDC Core §2 (`acr`), OIDC EAP ACR Values 1.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Acr {
    /// A password alone.
    Pwd,
    /// Two proofs of different kinds.
    Mfa,
    /// Phishing-resistant.
    Phr,
    /// Phishing-resistant and bound to hardware.
    Phrh,
}

impl Acr {
    pub const ALL: [Self; 4] = [Self::Pwd, Self::Mfa, Self::Phr, Self::Phrh];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pwd => "pwd",
            Self::Mfa => "mfa",
            Self::Phr => "phr",
            Self::Phrh => "phrh",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.name() == name)
    }
}

/// Authentication method reference of a proof. Source: RFC 8176 §2; `pop` of OIDC EAP ACR Values 1.0 §3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Amr {
    Pwd,
    Otp,
    /// A key that hardware of a known make protects.
    Hwk,
    /// A key that is copied between devices.
    Swk,
    /// A key of which nothing more is known.
    Pop,
    /// A smart card.
    Sc,
    Pin,
    /// Somebody was there and touched the device.
    User,
    Mfa,
}

impl Amr {
    pub const ALL: [Self; 9] =
        [Self::Pwd, Self::Otp, Self::Hwk, Self::Swk, Self::Pop, Self::Sc, Self::Pin, Self::User, Self::Mfa];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pwd => "pwd",
            Self::Otp => "otp",
            Self::Hwk => "hwk",
            Self::Swk => "swk",
            Self::Pop => "pop",
            Self::Sc => "sc",
            Self::Pin => "pin",
            Self::User => "user",
            Self::Mfa => "mfa",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|amr| amr.name() == name)
    }
}
