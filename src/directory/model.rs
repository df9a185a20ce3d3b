//! What is asked of a directory and what it can answer.

use std::time::Duration;

use crate::kernel::id::AccountId;
use crate::kernel::proof::Proof;
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

/// The directory that the service keeps itself, as accounts name it.
pub const LOCAL: &str = "local";

/// Whose password is meant: the account, and the directory that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose<'a> {
    pub account: AccountId,
    /// `None`: the id is nobody's. All work is done as for somebody, and every answer is wrong.
    pub directory: Option<&'a str>,
}

impl<'a> Whose<'a> {
    pub const fn kept_by(account: AccountId, directory: &'a str) -> Self {
        Self { account, directory: Some(directory) }
    }

    pub const fn nobody(id: AccountId) -> Self {
        Self { account: id, directory: None }
    }
}

/// Where a try comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker<'a> {
    /// The address as it counts, so that one source does not take all of the hashing.
    pub source: &'a str,
    /// A browser that the owner signed in with before: what strangers try does not count against it.
    pub is_known: bool,
    /// Pauses: whatever the password is, the answer is that it is locked, and nothing is sent anywhere.
    pub is_paused: bool,
}

impl<'a> Asker<'a> {
    pub const fn stranger(source: &'a str) -> Self {
        Self { source, is_known: false, is_paused: false }
    }

    pub const fn known(source: &'a str) -> Self {
        Self { source, is_known: true, is_paused: false }
    }
}

/// What a directory says of a password beside whether it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordStanding {
    pub changed_at: Moment,
    pub expires_at: Option<Moment>,
    /// Somebody else set it: it is good for nothing but choosing another one.
    pub must_change: bool,
    pub locked: Option<DirectoryLock>,
    /// Before this the directory takes no further change.
    pub earliest_change: Option<Moment>,
    /// Nobody but the directory's own administrators may write this password.
    pub protected: bool,
    /// When the directory was last asked; `None` where what is said here is the truth itself.
    pub refreshed_at: Option<Moment>,
}

impl PasswordStanding {
    pub fn is_expired(&self, now: Moment) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A directory's own lock after too many wrong passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryLock {
    /// `None`: until somebody unlocks it, or it is not known.
    pub until: Option<Moment>,
}

/// The rules that a new password has to meet, in numbers, for a page to say them in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulesShown {
    pub length_min: usize,
    pub length_max: usize,
    /// Three of: capitals, small letters, digits, signs, other letters; and no part of the name.
    pub is_complex: bool,
    /// How many earlier passwords are refused; 0 for none.
    pub history: u32,
    /// How long a password lasts at least.
    pub age_min: Option<Duration>,
    pub expires_after: Option<Duration>,
}

/// How a new password comes into a directory.
#[derive(Clone, Copy)]
pub enum How<'a> {
    /// In our right, without the old one.
    Reset,
    /// In the person's own right, with the old one.
    Change { old: &'a Password },
}

/// What became of writing a password.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Done,
    /// It was taken; that it opens could not be seen.
    DoneUnverified,
    Refused(PolicyRefusal),
    /// We do not write it, whatever rights we hold.
    Protected,
    /// The directory does not let us.
    NotAllowed,
    WrongOld,
    /// Nothing was written for sure.
    Unreachable,
    /// The directory went away after it was asked: nobody knows.
    Doubtful,
}

impl Written {
    /// Whether the new password counts.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneUnverified)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneUnverified => "done_unverified",
            Self::Refused(PolicyRefusal::History) => "history",
            Self::Refused(PolicyRefusal::Age) => "age",
            Self::Refused(PolicyRefusal::Length) => "length",
            Self::Refused(PolicyRefusal::Complexity) => "complexity",
            Self::Refused(PolicyRefusal::Unknown) => "policy",
            Self::Protected => "protected",
            Self::NotAllowed => "not_allowed",
            Self::WrongOld => "wrong_old",
            Self::Unreachable => "unreachable",
            Self::Doubtful => "doubtful",
        }
    }
}

/// Which rule of the directory a new password does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRefusal {
    History,
    Age,
    Length,
    Complexity,
    /// The directory does not say which.
    Unknown,
}

/// What became of ending a directory's lock.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlocked {
    Done,
    NotLocked,
    Protected,
    NotAllowed,
    Unreachable,
    Doubtful,
}

/// The closed list of answers; only the first three carry a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Right(Proof),
    /// Right, and past its date: good for nothing but choosing a new one.
    RightButExpired {
        proof: Proof,
        since: Moment,
    },
    /// Right, and set by someone else: good for nothing but choosing a new one.
    RightButMustChange(Proof),
    Wrong,
    /// It was right before the last change: some device still has it. It counts as no attempt and was sent nowhere.
    Previous {
        /// It is known until then.
        until: Moment,
    },
    Locked,
    Disabled,
    Ended,
    /// Not at this hour, or not from here, says the directory.
    Restricted,
    Unreachable,
}

impl Answer {
    /// The date that a right password is past.
    pub const fn expired_at(&self) -> Option<Moment> {
        match self {
            Self::RightButExpired { since, .. } => Some(*since),
            Self::Right(_)
            | Self::RightButMustChange(_)
            | Self::Wrong
            | Self::Previous { .. }
            | Self::Locked
            | Self::Disabled
            | Self::Ended
            | Self::Restricted
            | Self::Unreachable => None,
        }
    }
}
