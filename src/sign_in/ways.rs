//! The choice among ways: which page a step is shown on, and the links to the others. There is always another way,
//! if only the service desk.

use super::service::SignIn;
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::Acr;
use crate::kernel::proof::Way;
use crate::web::context::Ctx;
use crate::web::page::Link;

/// A page on which a step can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Key,
    App,
    /// Another provider's word.
    Upstream,
    RecoveryCode,
}

impl Choice {
    const ALL: [Self; 4] = [Self::Key, Self::App, Self::Upstream, Self::RecoveryCode];

    /// As a link names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::App => "app",
            Self::Upstream => "upstream",
            Self::RecoveryCode => "recovery",
        }
    }

    /// The page that a link asks for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    const fn of(way: Way) -> Option<Self> {
        match way {
            Way::Passkey(_) | Way::SecurityKey => Some(Self::Key),
            Way::App => Some(Self::App),
            Way::Upstream(_) => Some(Self::Upstream),
            Way::RecoveryCode => Some(Self::RecoveryCode),
            Way::Password | Way::TrustedBrowser | Way::Invitation | Way::MailCode => None,
        }
    }

    /// The pages on which a step can be taken, the one that is offered first at the front.
    pub fn among(step: &Step) -> Vec<Self> {
        match step {
            Step::Prove { ways } => {
                let mut choices: Vec<Self> = ways.iter().copied().filter_map(Self::of).collect();
                choices.dedup();
                choices
            }
            Step::Enrol { least } if *least <= Acr::Mfa => vec![Self::App, Self::Key],
            Step::Enrol { .. } => vec![Self::Key],
            Step::Identify | Step::NewPassword | Step::Done { .. } => vec![],
        }
    }
}

/// The page that is asked for, where the step can be taken on it; otherwise the first.
pub fn chosen(step: &Step, asked: Option<Choice>) -> Option<Choice> {
    let choices = Choice::among(step);
    asked.filter(|asked| choices.contains(asked)).or(choices.first().copied())
}

/// The page of a way.
pub fn href(journey: &Journey, choice: Choice) -> String {
    format!("/sign-in?journey={}&way={}", journey.id, choice.name())
}

/// Links to the other pages of a journey's step.
pub async fn others(sign_in: &SignIn, ctx: &Ctx, journey: &Journey, here: Choice) -> Vec<Link> {
    let Ok((step, _)) = sign_in.standing(journey, ctx.now()).await else { return vec![] };
    let what = if matches!(step, Step::Enrol { .. }) { "enrol-way" } else { "way" };
    let link = |choice: Choice| Link {
        href: href(journey, choice),
        say: ctx.text().say(&format!("{what}-{}", choice.name())),
    };
    Choice::among(&step).into_iter().filter(|choice| *choice != here).map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::{Choice, chosen};
    use crate::journey::model::Step;
    use crate::kernel::acr::Acr;
    use crate::kernel::proof::{KeyStorage, Way};

    #[test]
    fn a_step_is_shown_on_the_page_that_is_asked_for_if_it_can_be_taken_there() {
        let both = Step::Prove { ways: vec![Way::Passkey(KeyStorage::Synced), Way::SecurityKey, Way::App] };
        let app = Step::Prove { ways: vec![Way::App] };
        let first = Step::Enrol { least: Acr::Mfa };
        let console = Step::Enrol { least: Acr::Phr };
        let (key, code) = (Some(Choice::Key), Some(Choice::App));
        let table = [
            (&both, None, key),
            (&both, code, code),
            (&app, None, code),
            (&app, key, code),
            (&first, None, code),
            (&first, key, key),
            (&console, code, key),
            (&Step::Identify, key, None),
        ];
        for (step, asked, expected) in table {
            assert_eq!(chosen(step, asked), expected, "{step:?} {asked:?}");
        }
        for choice in Choice::ALL {
            assert_eq!(Choice::from_name(choice.name()), Some(choice));
        }
    }
}
