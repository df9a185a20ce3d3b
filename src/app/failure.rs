//! How a command ends that does not end well.

use std::process::ExitCode;

use super::open_error::{OpenCause, OpenError};
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
        let text = error.to_string();
        if error.finding.is_some() { Self::Input(text) } else { Self::Work(text) }
    }
}

impl From<OpenCause> for Failure {
    fn from(cause: OpenCause) -> Self {
        Self::Work(cause.to_string())
    }
}
