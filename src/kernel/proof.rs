//! A proof: the fact that one person proved to be theirs, in one journey, from one browser.

use serde::{Deserialize, Serialize};

use crate::kernel::acr::Amr;
use crate::kernel::id::{AccountId, AuthenticatorId, JourneyId};
use crate::kernel::time::Moment;

/// What kind of proof it is. Two proofs of different kinds make multi-factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Something that the person knows.
    Password,
    /// Something that the person has.
    Totp(AuthenticatorId),
    /// A password chosen in this journey, in place of one that had to be changed.
    NewPassword,
}

impl ProofKind {
    pub const fn amr(self) -> Amr {
        match self {
            Self::Password | Self::NewPassword => Amr::Pwd,
            Self::Totp(_) => Amr::Otp,
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
/// verified (the rooms `directory` and `authenticator`); a house rule holds everyone else to that.
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
