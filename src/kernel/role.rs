//! The roles that a person may hold in an organisation.

use serde::{Deserialize, Serialize};

/// What a person is to the service. A role counts only inside the organisation that granted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Works here: signs in and looks after the own account.
    Staff,
    /// Helps callers at the service desk.
    Desk,
    /// Watches suspicious sign-ins.
    Analyst,
    /// Reads the log and proves it, changes nothing.
    Auditor,
    /// Looks after accounts, applications and keys.
    Admin,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Staff, Self::Desk, Self::Analyst, Self::Auditor, Self::Admin];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Desk => "desk",
            Self::Analyst => "analyst",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Whether it works at a console, which demands what cannot be phished.
    pub const fn has_console(self) -> bool {
        match self {
            Self::Staff => false,
            Self::Desk | Self::Analyst | Self::Auditor | Self::Admin => true,
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}
