//! What a sign-in at a provider comes to when nothing comes of it.

use super::reason::{Outcome, Reason};
use crate::event::CaseCode;
use crate::infra::database::WriteError;
use crate::kernel::id::JourneyId;

/// A refusal that is on record.
#[derive(Clone, Debug)]
pub struct Refused {
    pub provider: String,
    pub reason: Reason,
    /// Under which a person may ask about it.
    pub case: CaseCode,
    /// The journey to go on with in another way, where the browser is the one that began it.
    pub journey: Option<JourneyId>,
}

impl Refused {
    pub const fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    #[error("the upstream provider {} was not believed: {}", .0.provider, .0.reason.name())]
    Refused(Box<Refused>),
    /// The database does not answer; nothing was told to anyone.
    #[error(transparent)]
    Database(#[from] WriteError),
}

/// The same, before it is on record.
pub enum Stop {
    Reason(Reason),
    Database(WriteError),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        Self::Database(error)
    }
}
