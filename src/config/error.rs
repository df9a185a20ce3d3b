//! What can be wrong with a file of settings, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a file: `config/cardea.toml:14`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: PathBuf,
    /// Counted from one; `None` where no single line is to blame.
    pub line: Option<usize>,
}

impl Place {
    pub fn new(file: &Path, line: Option<usize>) -> Self {
        Self { file: file.to_owned(), line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// Why a file cannot be used, in one sentence with file, line and field.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct ConfigError {
    pub place: Place,
    pub cause: Cause,
}

/// The causes. None of their sentences repeats a secret.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    #[error("is larger than {bytes_max} bytes")]
    TooLarge { bytes_max: u64 },
    #[error("{0}")]
    Syntax(String),
    #[error("unknown key `{key}` in {section}; known: {known}")]
    UnknownKey { key: String, section: String, known: String },
    #[error("{field}: {text}")]
    Value { field: String, text: String },
    #[error("client_id: `{client_id}` is already registered in {first}")]
    DuplicateClient { client_id: String, first: String },
}

/// Something that `cardea check` tells and that keeps `cardea serve` from starting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub file: PathBuf,
    /// `None` where the value is the default, or stands on no single line.
    pub line: Option<usize>,
    /// Section and key: `server.issuer`.
    pub field: String,
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place::new(&self.file, self.line);
        write!(f, "{place}: {}: {}", self.field, self.text)
    }
}
