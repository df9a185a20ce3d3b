//! How a command ends that does not end well.

use std::process::ExitCode;

use super::open::OpenError;
use crate::config::ConfigError;

/// The two ways, with the sentence for a person.
#[derive(Debug)]
pub enum Failure {
    /// Exit code 1: it failed while working.
    Work(String),
    /// Exit code 2: the input or the configuration is wrong.
    Input(String),
}

impl Failure {
    /// Says so on standard error.
    pub fn report(&self) -> ExitCode {
        let (Self::Work(text) | Self::Input(text)) = self;
        eprintln!("cardea: {text}");
        match self {
            Self::Work(_) => ExitCode::from(1),
            Self::Input(_) => ExitCode::from(2),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::KeyRing(_)
            | OpenError::Database(_)
            | OpenError::Migrate(_)
            | OpenError::State(_)
            | OpenError::GeoIp(_)
            | OpenError::Mail(_)
            | OpenError::Policy(_)
            | OpenError::NoLifetimes(_)
            | OpenError::Blocklist { .. } => Self::Input(error.to_string()),
            OpenError::Folder { .. } | OpenError::SigningKeys(_) | OpenError::Pool(_) => {
                Self::Work(error.to_string())
            }
        }
    }
}
