//! What is wrong, by which ways it is proved who asks, and how it ends.

use crate::journey::Journey;
use crate::journey::model::ResetStep;
use crate::kernel::id::AccountId;
use crate::kernel::proof::{UpstreamLevel, Way};
use crate::kernel::time::Moment;

/// What a person says is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Problem {
    #[default]
    Forgotten,
    Expired,
    /// The password is known; too many tries have locked the account.
    Locked,
}

impl Problem {
    pub const ALL: [Self; 3] = [Self::Forgotten, Self::Expired, Self::Locked];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::Expired => "expired",
            Self::Locked => "locked",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.name() == name)
    }
}

/// How a reset ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The new password works.
    Done,
    /// It was taken, and it was not seen to work yet.
    Unverified,
    Unlocked,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Done, Self::Unverified, Self::Unlocked];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unverified => "unverified",
            Self::Unlocked => "unlocked",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A page on which something can be proved. A pass from the service desk is one more, once there is a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Key,
    App,
    Upstream,
    Paper,
    Mail,
}

impl Choice {
    pub const ALL: [Self; 5] = [Self::Key, Self::App, Self::Upstream, Self::Paper, Self::Mail];

    /// As a link names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::App => "app",
            Self::Upstream => "upstream",
            Self::Paper => "recovery",
            Self::Mail => "mail",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    const fn of(way: Way) -> Option<Self> {
        match way {
            Way::Passkey(_) | Way::SecurityKey => Some(Self::Key),
            Way::App => Some(Self::App),
            Way::Upstream(UpstreamLevel::Card | UpstreamLevel::Multifactor) => Some(Self::Upstream),
            Way::RecoveryCode => Some(Self::Paper),
            Way::MailCode => Some(Self::Mail),
            Way::Password | Way::TrustedBrowser | Way::Invitation => None,
        }
    }

    /// The pages of some ways, each once, in the order of the ways.
    pub fn among(ways: impl IntoIterator<Item = Way>) -> Vec<Self> {
        let mut choices: Vec<Self> = vec![];
        for choice in ways.into_iter().filter_map(Self::of) {
            if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        choices
    }
}

/// Where a reset stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is proved yet: the same list for everybody.
    First {
        choices: Vec<Choice>,
    },
    /// One proof at least is there. No choices: what the account has is not enough.
    More {
        choices: Vec<Choice>,
    },
    NewPassword,
    Unlock,
}

impl Stage {
    pub fn asks(&self, choice: Choice) -> bool {
        match self {
            Self::First { choices } | Self::More { choices } => choices.contains(&choice),
            Self::NewPassword | Self::Unlock => false,
        }
    }
}

/// One reset: its journey, and what the journey does not say.
#[derive(Clone, Debug)]
pub struct Flow {
    pub journey: Journey,
    /// Of nobody where nobody has the name.
    pub account: AccountId,
    pub case: String,
    pub problem: Problem,
    pub ended: Option<Ended>,
}

/// How a reset ended, for the receipt.
#[derive(Clone, Debug)]
pub struct Ended {
    pub outcome: Outcome,
    pub at: Moment,
    pub sessions: i64,
    /// Names of the applications that were open, a line each.
    pub applications: String,
}

impl Flow {
    /// Whether somebody has proved something: from then on the person is spoken to as the owner.
    pub fn has_proof(&self) -> bool {
        !self.journey.proofs.is_empty()
    }
}

/// What comes after the first proof. `contained`: the password is to be another one, whatever was wrong.
pub fn stage_after(step: ResetStep, problem: Problem, contained: bool, mailbox: Mailbox) -> Stage {
    match step {
        ResetStep::Proved if problem == Problem::Locked && !contained => Stage::Unlock,
        ResetStep::Proved => Stage::NewPassword,
        ResetStep::Prove { ways } => {
            let mut choices = Choice::among(ways);
            if mailbox == Mailbox::BehindPassword && choices == [Choice::Mail] {
                choices.clear();
            }
            Stage::More { choices }
        }
    }
}

/// Whether the mailbox on file opens without the password that is to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    OfItsOwn,
    BehindPassword,
}

impl Mailbox {
    /// From the address and the domains whose mailboxes open with the password.
    pub fn of(address: &str, behind_password: &[String]) -> Self {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        if behind_password.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
            Self::BehindPassword
        } else {
            Self::OfItsOwn
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Mailbox, Outcome, Problem, Stage, stage_after};
    use crate::journey::model::ResetStep;
    use crate::kernel::proof::{KeyStorage, Way};

    #[test]
    fn names_are_read_back() {
        assert!(Problem::ALL.into_iter().all(|problem| Problem::from_name(problem.name()) == Some(problem)));
        assert!(Outcome::ALL.into_iter().all(|outcome| Outcome::from_name(outcome.name()) == Some(outcome)));
        assert!(Choice::ALL.into_iter().all(|choice| Choice::from_name(choice.name()) == Some(choice)));
    }

    #[test]
    fn a_mailbox_that_needs_the_password_is_never_the_only_way_left() {
        let domains = ["chancellery.example".to_owned()];
        let behind = Mailbox::of("Anna@Chancellery.example", &domains);
        assert_eq!(behind, Mailbox::BehindPassword);
        for other in ["anna@home.example", "anna@sub.chancellery.example", "", "anna"] {
            assert_eq!(Mailbox::of(other, &domains), Mailbox::OfItsOwn, "{other}");
        }
        let prove = |ways: &[Way]| ResetStep::Prove { ways: ways.to_vec() };
        let more = |choices: &[Choice]| Stage::More { choices: choices.to_vec() };
        let (mail, key) = (Way::MailCode, Way::Passkey(KeyStorage::Synced));
        let after = |step, mailbox| stage_after(step, Problem::Forgotten, false, mailbox);
        assert_eq!(after(prove(&[mail]), Mailbox::OfItsOwn), more(&[Choice::Mail]));
        assert_eq!(after(prove(&[mail]), behind), more(&[]));
        assert_eq!(
            after(prove(&[key, Way::SecurityKey, mail]), behind),
            more(&[Choice::Key, Choice::Mail]),
            "beside another one it may be chosen"
        );
    }

    #[test]
    fn who_is_only_locked_out_keeps_the_password_unless_somebody_else_may_have_it() {
        let after =
            |problem, contained| stage_after(ResetStep::Proved, problem, contained, Mailbox::OfItsOwn);
        assert_eq!(after(Problem::Locked, false), Stage::Unlock);
        assert_eq!(after(Problem::Locked, true), Stage::NewPassword);
        assert_eq!(after(Problem::Expired, false), Stage::NewPassword);
        assert_eq!(after(Problem::Forgotten, false), Stage::NewPassword);
    }
}
