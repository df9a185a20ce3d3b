//! "If your phone fell into the canal tonight, could you get in?", with the step that is missing.

use crate::authenticator::recovery::CodeSet;
use crate::authenticator::recovery::model::CODES;
use crate::authenticator::{NextStep, Readiness};

/// What the account page says of the way back.
#[derive(Clone, Copy, Debug)]
pub struct RecoveryState {
    /// The present recovery codes.
    pub set: Option<CodeSet>,
    pub readiness: Readiness,
    pub next: Option<NextStep>,
}

impl RecoveryState {
    pub(super) const fn score(&self) -> u8 {
        match self.readiness {
            Readiness::NotReady => 0,
            Readiness::Almost => 1,
            Readiness::Ready => 2,
        }
    }

    /// Class and icon.
    pub(super) const fn badge(&self) -> (&'static str, &'static str) {
        match self.readiness {
            Readiness::NotReady => ("badge is-bad", "bad"),
            Readiness::Almost => ("badge is-warn", "warn"),
            Readiness::Ready => ("badge is-ok", "ok"),
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self.readiness {
            Readiness::NotReady => "readiness-not-ready",
            Readiness::Almost => "readiness-almost",
            Readiness::Ready => "readiness-ready",
        }
    }

    pub(super) const fn text(&self) -> &'static str {
        match self.next {
            None => "way-back-ready",
            Some(NextStep::Bind) => "way-back-bind",
            Some(NextStep::PrintCodes) => "way-back-codes",
            Some(NextStep::BindAnother) => "way-back-another",
        }
    }

    /// Where the missing step is taken, and its verb.
    pub(super) const fn step(&self) -> Option<(&'static str, &'static str)> {
        match self.next {
            None => None,
            Some(NextStep::PrintCodes) => Some(("/account/recovery-codes", "codes-do")),
            Some(NextStep::Bind | NextStep::BindAnother) => {
                Some(("/account/authenticators/app/new", "account-add-app"))
            }
        }
    }

    pub(super) fn left(&self) -> usize {
        self.set.map_or(0, |set| set.left)
    }

    /// Places of the set, for the drawing of what is left.
    pub(super) fn slots(&self) -> Vec<bool> {
        (0..CODES).map(|place| place < self.left()).collect()
    }
}
