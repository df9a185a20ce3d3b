//! A journey and its next step.

use serde::{Deserialize, Serialize};

use crate::kernel::acr::{Acr, Amr};
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::time::Moment;

/// What a journey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// More assurance, or a fresh proof, for someone who is signed in.
    StepUp,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::StepUp => "step_up",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SignIn, Self::StepUp].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// Where the person was going. A closed list: never an address from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    #[default]
    Home,
    Account,
    Password,
    NewAuthenticator,
    /// An authorization request that was checked, as the provider wrote it down.
    Authorization {
        client_id: String,
        client_name: String,
        request: String,
    },
}

impl Target {
    /// The targets that a link may name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "home" => Some(Self::Home),
            "account" => Some(Self::Account),
            "password" => Some(Self::Password),
            "new-authenticator" => Some(Self::NewAuthenticator),
            _ => None,
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Account => "account",
            Self::Password => "password",
            Self::NewAuthenticator => "new-authenticator",
            Self::Authorization { .. } => "authorization",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Journey {
    pub id: JourneyId,
    pub purpose: Purpose,
    pub required: Acr,
    /// Known from the first proof on; no later proof of another person is accepted.
    pub account: Option<AccountId>,
    /// The account's epoch at the first proof.
    pub epoch: Option<i64>,
    /// What was typed, or hinted, as the name.
    pub login: String,
    pub proofs: Vec<Proof>,
    pub target: Target,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
    /// Grows with each change: of two changes of the same version one wins.
    pub version: i64,
}

/// What has to be known of the account to tell the next step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub has_second: bool,
    /// The password was right and is past its date, or was set by someone else.
    pub must_choose_password: bool,
    /// When the present password was set: a proof by an earlier one counts no more.
    pub password_set_at: Option<Moment>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Password,
    SecondProof,
    EnrolSecond,
    NewPassword,
    Done { acr: Acr },
}

impl Journey {
    /// Requirement minus proofs. Proofs of another journey or person do not count.
    pub fn next(&self, facts: Facts) -> Step {
        let Some(account) = self.account else { return Step::Password };
        let binding = Binding { journey: self.id, account };
        let proofs = self.proofs.iter().filter(|proof| proof.counts_for(binding));
        let (mut password, mut second, mut chosen) = (false, false, false);
        for proof in proofs {
            let of_present = facts.password_set_at.is_none_or(|set_at| proof.at() >= set_at);
            match proof.kind() {
                ProofKind::Password => password |= of_present,
                ProofKind::Totp(_) => second = true,
                ProofKind::NewPassword if of_present => (password, chosen) = (true, true),
                ProofKind::NewPassword => {}
            }
        }
        // Whoever has a second authenticator is asked for it, whatever the requirement.
        let needs_second = self.required > Acr::Pwd || facts.has_second;
        if !password {
            Step::Password
        } else if needs_second && !second {
            if facts.has_second { Step::SecondProof } else { Step::EnrolSecond }
        } else if facts.must_choose_password && !chosen {
            Step::NewPassword
        } else {
            Step::Done { acr: if second { Acr::Mfa } else { Acr::Pwd } }
        }
    }

    /// Whether a second proof is among its proofs.
    pub fn has_second_proof(&self) -> bool {
        self.proofs.iter().any(|proof| matches!(proof.kind(), ProofKind::Totp(_)))
    }

    /// The methods used, for tokens.
    pub fn amr(&self) -> Vec<Amr> {
        let mut amr: Vec<Amr> = self.proofs.iter().map(|proof| proof.kind().amr()).collect();
        amr.sort_unstable();
        amr.dedup();
        if amr.len() > 1 {
            amr.push(Amr::Mfa);
        }
        amr
    }

    /// When the person last proved something.
    pub fn authenticated_at(&self) -> Option<Moment> {
        self.proofs.iter().map(Proof::at).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::Entropy;
    use crate::kernel::id::AuthenticatorId;

    /// Every set of proofs: nobody is done without what the requirement asks, and a proof of another
    /// person or journey never helps.
    #[test]
    fn no_journey_is_done_without_its_proofs() {
        let (now, entropy) = (Moment::from_micros(1), Entropy::seeded(3));
        let (account, stranger) = (AccountId::new(now, &entropy), AccountId::new(now, &entropy));
        let (id, other) = (JourneyId::new(now, &entropy), JourneyId::new(now, &entropy));
        let totp = ProofKind::Totp(AuthenticatorId::new(now, &entropy));
        let ours = Binding { journey: id, account };
        let candidates = [
            Proof::attest(ProofKind::Password, ours, now),
            Proof::attest(totp, ours, now),
            Proof::attest(ProofKind::NewPassword, ours, now),
            Proof::attest(totp, Binding { account: stranger, ..ours }, now),
            Proof::attest(ProofKind::Password, Binding { journey: other, ..ours }, now),
        ];
        for set in 0_u32..32 {
            let proofs: Vec<Proof> = candidates
                .iter()
                .enumerate()
                .filter(|(position, _)| set & (1 << position) != 0)
                .map(|(_, proof)| *proof)
                .collect();
            for (has_second, must) in [(false, false), (false, true), (true, false), (true, true)] {
                for required in [Acr::Pwd, Acr::Mfa] {
                    let journey = Journey {
                        id,
                        purpose: Purpose::SignIn,
                        required,
                        account: Some(account),
                        epoch: Some(1),
                        login: String::new(),
                        proofs: proofs.clone(),
                        target: Target::Home,
                        created_at: now,
                        finished_at: None,
                        version: 1,
                    };
                    let facts = Facts { has_second, must_choose_password: must, password_set_at: Some(now) };
                    let password = set & 0b101 != 0;
                    let second = set & 0b010 != 0;
                    let step = journey.next(facts);
                    if let Step::Done { acr } = step {
                        assert!(password, "done without a password: {set:05b}");
                        assert!(second || (required == Acr::Pwd && !has_second), "{set:05b}");
                        assert!(!must || set & 0b100 != 0, "done with an expired password: {set:05b}");
                        assert_eq!(acr == Acr::Mfa, second);
                    }
                    // Once the password is another one, the old proofs lead nowhere.
                    let later = Some(Moment::from_micros(now.micros() + 1));
                    let facts = Facts { password_set_at: later, ..facts };
                    assert_eq!(journey.next(facts), Step::Password, "{set:05b}");
                    if step == Step::EnrolSecond {
                        assert!(!has_second, "enrolment offered in place of a proof");
                    }
                }
            }
        }
    }
}
