//! Why something was refused or is over, as the log tells it.

use serde::Serialize;

/// Why a proof was not accepted. Told in the log, never to a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    UnknownName,
    Empty,
    Wrong,
    Locked,
    Disabled,
    Ended,
    /// The person said "this was not me", and has not reset the password since.
    Contained,
    Paused,
    DirectoryUnreachable,
    /// It was right before the last change: the device that sent it still has it.
    PreviousPassword,
    /// Not at this hour or not from here, says the directory.
    Restricted,
    /// A one-time code that was accepted before.
    Replayed,
    /// A code of another time: the clock of the phone is off.
    ClockOff,
    /// The policies do not let this account sign in.
    NotPermitted,
    /// A code that ran out, was replaced or tried too often.
    Gone,
    /// It says so as often as is allowed.
    TooOften,
}

/// Why an answer of an authenticator is not accepted. Told in the log; a person reads one sentence for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRefusal {
    /// It cannot be read: no JSON, no base64url, truncated CBOR.
    Malformed,
    /// `id` and `rawId` are not the same.
    IdMismatch,
    /// It was made for something else than what it is sent for.
    WrongType,
    /// It was made on another site.
    WrongOrigin,
    /// Our page was inside another one.
    CrossOrigin,
    /// It is meant for another relying party.
    WrongRpId,
    /// The challenge is none of ours, ran out, was used, or belongs to another browser or journey.
    WrongChallenge,
    /// Nobody touched the device.
    NotPresent,
    /// The device did not verify its user, and had to.
    NotVerified,
    /// Nobody has this credential here.
    UnknownCredential,
    /// It belongs to another account than the one that is being proved.
    OtherAccount,
    /// It says that it is somebody else's than it is.
    ForeignUser,
    /// Its signature does not fit.
    WrongSignature,
    /// Its counter went back: there are two of it.
    Cloned,
    /// It is bound already.
    BoundAlready,
    /// The account is disabled, has ended, or may not sign in.
    AccountClosed,
    /// It has changed in a way that it may not, or is of a kind that is not taken.
    NotAcceptable,
}

/// Why an invitation was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationRefusal {
    Unknown,
    Used,
    Expired,
    /// The account is disabled, ended, or may not sign in.
    Closed,
    /// The user name that was typed is not the one that was invited.
    OtherName,
}

impl InvitationRefusal {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::OtherName => "other_name",
        }
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    SignedOut,
    SignedOutElsewhere,
    PasswordChanged,
    AccountEnded,
    Replaced,
    /// The account is set up anew.
    Rescued,
    /// Somebody has a copy of a browser's value.
    BrowserCopied,
    /// The person said that something was done by somebody else.
    NotMe,
}

impl EndReason {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedOutElsewhere => "signed_out_elsewhere",
            Self::PasswordChanged => "password_changed",
            Self::AccountEnded => "account_ended",
            Self::Replaced => "replaced",
            Self::Rescued => "rescued",
            Self::BrowserCopied => "browser_copied",
            Self::NotMe => "not_me",
        }
    }
}
