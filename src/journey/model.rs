//! A journey and its next step.

use serde::{Deserialize, Serialize};

use crate::kernel::acr::{Acr, Amr};
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::ladder::{self, ResetNeeds};
use crate::kernel::proof::{Binding, Proof, ProofKind, Way};
use crate::kernel::time::Moment;

/// What a journey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// More assurance, or a fresh proof, for someone who is signed in.
    StepUp,
    /// Somebody at another provider is to be linked to the account of the session.
    Link,
    /// A new password without the old one. Nobody is signed in by it.
    Reset,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::StepUp => "step_up",
            Self::Link => "link",
            Self::Reset => "reset",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SignIn, Self::StepUp, Self::Link, Self::Reset]
            .into_iter()
            .find(|purpose| purpose.name() == name)
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
    NewPasskey,
    RecoveryCodes,
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
            "new-passkey" => Some(Self::NewPasskey),
            "recovery-codes" => Some(Self::RecoveryCodes),
            _ => None,
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Account => "account",
            Self::Password => "password",
            Self::NewAuthenticator => "new-authenticator",
            Self::NewPasskey => "new-passkey",
            Self::RecoveryCodes => "recovery-codes",
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The ways that the account has, strongest first; the password among them where there is one.
    pub ways: Vec<Way>,
    /// The password was right and is past its date, or was set by someone else.
    pub must_choose_password: bool,
    /// When the present password was set: a proof by an earlier one counts no more.
    pub password_set_at: Option<Moment>,
}

impl Facts {
    /// What is enrolled is asked for, whatever the policies say: two factors wherever there is a second one.
    fn least(&self) -> Acr {
        let is_second = |way: &Way| ladder::reached([Way::Password, *way]) > Some(Acr::Pwd);
        if self.ways.iter().any(is_second) { Acr::Mfa } else { Acr::Pwd }
    }
}

/// What has to be known of the account of a reset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResetFacts {
    /// The ways that the account has, strongest first.
    pub ways: Vec<Way>,
    pub needs: ResetNeeds,
}

/// What comes next in a reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetStep {
    /// A proof by any of these ways brings the person nearer. None: what the account has is not enough.
    Prove { ways: Vec<Way> },
    /// What was to be proved is proved.
    Proved,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody has proved who they are yet: name and password, a passkey, another provider.
    Identify,
    /// A further proof by any one of these ways, which the account has; the first is offered first.
    Prove {
        ways: Vec<Way>,
    },
    /// What the account has does not reach this rung, and all of it is proved: something is to be bound.
    Enrol {
        least: Acr,
    },
    NewPassword,
    Done {
        acr: Acr,
    },
}

impl Step {
    /// Whether a proof by a way is what comes next.
    pub fn asks(&self, is_meant: impl Fn(Way) -> bool) -> bool {
        match self {
            Self::Prove { ways } => ways.iter().copied().any(is_meant),
            Self::Identify | Self::Enrol { .. } | Self::NewPassword | Self::Done { .. } => false,
        }
    }
}

impl Journey {
    /// Requirement minus proofs. Proofs of another journey or person do not count.
    pub fn next(&self, facts: &Facts) -> Step {
        // What is proved in a reset opens nothing else.
        if self.purpose == Purpose::Reset {
            return Step::Identify;
        }
        let held: Vec<Way> = self.counted(facts).map(|proof| proof.kind().way()).collect();
        let reached = |more: &[Way]| ladder::reached(held.iter().chain(more).copied());
        let Some(present) = reached(&[]) else { return self.first_step(facts) };
        let needed = self.required.max(facts.least());
        if present >= needed {
            let chosen = self.counted(facts).any(|proof| proof.kind() == ProofKind::NewPassword);
            return if facts.must_choose_password && !chosen && held.contains(&Way::Password) {
                Step::NewPassword
            } else {
                Step::Done { acr: present }
            };
        }
        let lifting_to = |least: Acr| -> Vec<Way> {
            facts.ways.iter().copied().filter(|way| reached(&[*way]) >= Some(least)).collect()
        };
        let enough = lifting_to(needed);
        if !enough.is_empty() {
            return Step::Prove { ways: enough };
        }
        // Whatever is there is asked for before something is bound in its place.
        let possible = reached(&facts.ways);
        if possible > Some(present) {
            let ways = facts.ways.iter().copied().filter(|way| reached(&[*way]) > Some(present)).collect();
            return Step::Prove { ways };
        }
        Step::Enrol { least: needed }
    }

    /// The same for a reset, which has a requirement of its own.
    pub fn next_of_reset(&self, facts: &ResetFacts) -> ResetStep {
        let needs = facts.needs;
        let held: Vec<Way> = match self.purpose {
            Purpose::Reset => self.counted(&Facts::default()).map(|proof| proof.kind().way()).collect(),
            // What was proved for something else is no proof of a reset.
            Purpose::SignIn | Purpose::StepUp | Purpose::Link => vec![],
        };
        let missing = |more: &[Way]| ladder::missing_for_reset(held.iter().chain(more).copied(), needs);
        if missing(&[]) == 0 {
            return ResetStep::Proved;
        }
        // Nobody is asked for a proof that leads nowhere.
        let possible = missing(&facts.ways) == 0;
        let helps = |way: &Way| possible && missing(&[*way]) < missing(&[]);
        ResetStep::Prove { ways: facts.ways.iter().copied().filter(helps).collect() }
    }

    /// Where nothing is known of the person yet. Whoever was invited and has no password chooses one; everyone else
    /// proves something that was there before.
    fn first_step(&self, facts: &Facts) -> Step {
        let invited = self.counted(facts).any(|proof| proof.kind() == ProofKind::Invitation);
        if invited && !facts.ways.contains(&Way::Password) { Step::NewPassword } else { Step::Identify }
    }

    /// Its proofs by this person, as far as they still count.
    fn counted<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = &'a Proof> {
        let binding = self.account.map(|account| Binding { journey: self.id, account });
        self.proofs.iter().filter(move |proof| {
            let of_present = facts.password_set_at.is_none_or(|set_at| proof.at() >= set_at);
            binding.is_some_and(|binding| proof.counts_for(binding))
                && (proof.kind().way() != Way::Password || of_present)
        })
    }

    /// The ways by which something was proved in it.
    pub fn proved(&self) -> impl Iterator<Item = Way> + Clone + '_ {
        self.proofs.iter().map(|proof| proof.kind().way())
    }

    /// The methods used, for tokens.
    pub fn amr(&self) -> Vec<Amr> {
        ladder::methods(self.proved())
    }

    /// When the person last proved something.
    pub fn authenticated_at(&self) -> Option<Moment> {
        self.proofs.iter().map(Proof::at).max()
    }
}
