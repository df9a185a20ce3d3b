//! Why the service does not start, and which setting an operator has to look at.

use std::fmt;
use std::path::PathBuf;

use crate::authenticator::passkeys::{CeremonyError, ModelsError};
use crate::config::{Config, Finding};
use crate::directory::breach::UnreadableFilter;
use crate::federation::UpstreamKeysError;
use crate::infra::database::ConnectError;
use crate::infra::database::migrations::MigrateError;
use crate::infra::geoip::GeoIpError;
use crate::infra::ldap::LdapOpenError;
use crate::infra::mailer::MailError;
use crate::infra::outgoing::OutgoingOpenError;
use crate::infra::sealing::{KeyRingError, SealError};
use crate::infra::state::StateError;
use crate::oidc::{KeysError, RegisterError};
use crate::policy::PolicyError;

/// What did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenCause {
    #[error("{0}")]
    KeyRing(#[from] KeyRingError),
    #[error("{0}")]
    Sealing(#[from] SealError),
    #[error("{0}")]
    Database(#[from] ConnectError),
    #[error("{0}")]
    Migrate(#[from] MigrateError),
    #[error("{0}")]
    State(#[from] StateError),
    #[error("{0}")]
    GeoIp(#[from] GeoIpError),
    #[error("{0}")]
    Mail(#[from] MailError),
    #[error("{0}")]
    Policy(#[from] PolicyError),
    #[error("the role `{0}` has no lifetimes")]
    NoLifetimes(&'static str),
    #[error("{path}: {cause}")]
    Blocklist { path: PathBuf, cause: std::io::Error },
    #[error("`{0}` is no day: a day off is written as 11-15 (each year) or 2027-05-07 (once)")]
    DaysOff(String),
    #[error("{0}")]
    Breaches(#[from] UnreadableFilter),
    #[error("{path}: {cause}")]
    Folder { path: PathBuf, cause: std::io::Error },
    #[error("{0}")]
    Models(#[from] ModelsError),
    #[error("{0}")]
    Passkeys(#[from] CeremonyError),
    #[error("the signing keys: {0}")]
    SigningKeys(#[from] KeysError),
    #[error("the keys for upstream providers: {0}")]
    UpstreamKeys(#[from] UpstreamKeysError),
    #[error("{0}")]
    Directory(#[from] LdapOpenError),
    #[error("{0}")]
    Outgoing(#[from] OutgoingOpenError),
    #[error("{0}")]
    Register(#[from] RegisterError),
    #[error("the hashing pool cannot start: {0}")]
    Pool(std::io::Error),
}

impl OpenCause {
    /// The setting that names what did not open; `None` where no setting is to blame.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::KeyRing(_) | Self::Sealing(_) | Self::SigningKeys(_) | Self::UpstreamKeys(_) => {
                Some("keys.ring")
            }
            Self::Outgoing(_) => Some("outgoing.ca"),
            Self::Directory(_) => Some("directory"),
            Self::Database(_) | Self::Migrate(_) | Self::Register(_) => Some("database.url"),
            Self::State(_) => Some("state.redis_url"),
            Self::GeoIp(_) => Some("geoip.folder"),
            Self::Mail(_) => Some("mail"),
            Self::Policy(_) => Some("policies.folder"),
            Self::NoLifetimes(_) => Some("sessions"),
            Self::Blocklist { .. } => Some("passwords.blocklist"),
            Self::DaysOff(_) => Some("expiry.days_off"),
            Self::Breaches(_) => Some("passwords.breach_filter"),
            Self::Models(_) => Some("passkeys.metadata"),
            Self::Passkeys(_) => Some("server.issuer"),
            Self::Folder { .. } | Self::Pool(_) => None,
        }
    }
}

/// What did not open, with file, line and field as far as a setting is to blame.
#[derive(Debug)]
pub struct OpenError {
    pub cause: OpenCause,
    pub finding: Option<Finding>,
}

impl OpenError {
    pub fn at(config: &Config, cause: OpenCause) -> Self {
        let finding = cause.field().map(|field| config.at(field, cause.to_string()));
        Self { cause, finding }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.finding {
            Some(finding) => finding.fmt(f),
            None => self.cause.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}
