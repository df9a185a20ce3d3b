//! A proof: the fact that one person proved to be theirs, in one journey, from one browser.

use serde::{Deserialize, Serialize};

use crate::kernel::id::{AccountId, AuthenticatorId, JourneyId};
use crate::kernel::time::Moment;

/// A way to prove who one is, strongest first, whichever password, app or key it is done with. What each is worth stands in
/// [`crate::kernel::ladder`], and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A credential that verified its user by PIN, finger or face.
    Passkey(KeyStorage),
    /// A credential that was touched, by whomever.
    SecurityKey,
    /// A six-digit code from an app.
    App,
    /// Another provider vouches for the person.
    Upstream(UpstreamLevel),
    /// One of ten codes that were printed once.
    RecoveryCode,
    /// The person said, after a second proof on it, that this browser may stand for one.
    TrustedBrowser,
    Password,
    /// A secret address was opened that somebody gave to the person. No factor.
    Invitation,
    /// A code that was sent by mail was read. No factor. Source: OWASP ASVS 5.0 §6.3.6.
    MailCode,
}

/// What is known of where a key is kept, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStorage {
    /// Its maker signed that hardware of an allowed model keeps it.
    Attested,
    /// Nothing is proved of it.
    Unknown,
    /// It may be copied between devices of its owner.
    Synced,
}

/// What another provider's answer is worth here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamLevel {
    /// The eID card itself with its PIN, as level 500 of FAS with the card in `amr`.
    Card,
    /// Two factors, as itsme and levels 400 and 450 of FAS: they may be phished.
    Multifactor,
}

/// What was proved, and with which password, app or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    Password,
    Totp(AuthenticatorId),
    /// A password chosen in this journey, in place of one that had to be changed.
    NewPassword,
    /// The credential verified its user.
    Passkey {
        authenticator: AuthenticatorId,
        storage: KeyStorage,
    },
    /// The credential was touched.
    SecurityKey(AuthenticatorId),
    RecoveryCode,
    TrustedBrowser,
    Upstream(UpstreamLevel),
    Invitation,
    MailCode,
}

impl ProofKind {
    pub const fn way(self) -> Way {
        match self {
            Self::Password | Self::NewPassword => Way::Password,
            Self::Totp(_) => Way::App,
            Self::Passkey { storage, .. } => Way::Passkey(storage),
            Self::SecurityKey(_) => Way::SecurityKey,
            Self::RecoveryCode => Way::RecoveryCode,
            Self::TrustedBrowser => Way::TrustedBrowser,
            Self::Upstream(level) => Way::Upstream(level),
            Self::Invitation => Way::Invitation,
            Self::MailCode => Way::MailCode,
        }
    }
}

/// What a proof is tied to; it counts nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub journey: JourneyId,
    pub account: AccountId,
}

/// A verified proof. The fields are private and [`Proof::attest`] is called only where something was
/// verified (the rooms `directory`, `authenticator` and `federation`); a house rule holds everyone else to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    kind: ProofKind,
    binding: Binding,
    at: Moment,
}

impl Proof {
    pub(crate) const fn attest(kind: ProofKind, binding: Binding, at: Moment) -> Self {
        Self { kind, binding, at }
    }

    pub const fn kind(&self) -> ProofKind {
        self.kind
    }

    pub const fn at(&self) -> Moment {
        self.at
    }

    /// Whether it counts for this journey and this person.
    pub fn counts_for(&self, binding: Binding) -> bool {
        self.binding == binding
    }
}
