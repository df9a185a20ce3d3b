//! The ladder of assurance that tokens and policies speak.

use serde::{Deserialize, Serialize};

/// Authentication context class, weakest first. Source: OIDC Core §2 (`acr`), EAP ACR values.
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

/// Authentication method reference of a proof. Source: RFC 8176 §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Amr {
    Pwd,
    Otp,
    Mfa,
}

impl Amr {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pwd => "pwd",
            Self::Otp => "otp",
            Self::Mfa => "mfa",
        }
    }
}
