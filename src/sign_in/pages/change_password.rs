//! A new password: because the old one has run out, must be replaced, or is no longer wanted.

use askama::Template;

use crate::kernel::time::Moment;
use crate::web::page::{Case, Shell};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/change_password.html")]
pub struct ChangePasswordPage {
    pub shell: Shell,
    pub action: String,
    /// The sign-in that this step belongs to.
    pub journey: Option<String>,
    pub username: String,
    pub reason: ChangeReason,
    /// Fewest characters of a new password.
    pub min_length: usize,
    /// Whether the directory wants several kinds of characters.
    pub is_complex: bool,
    /// How many earlier passwords the directory refuses.
    pub history: u32,
    pub refusal: Option<PasswordRefusal>,
    /// How the refused password was judged.
    pub strength: Option<Strength>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeReason {
    Expired {
        date: Option<Moment>,
    },
    /// Somebody else has set the present one.
    MustChange,
    /// There is none yet.
    First,
    /// The person asked for it, and proves the present password on the same page.
    Wish,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordRefusal {
    CurrentWrong {
        case: String,
    },
    /// The two new ones are not the same.
    Different,
    /// `missing` characters too short.
    Short {
        missing: usize,
    },
    Long,
    /// On a list of passwords that are tried first.
    Listed,
    /// Holds the person's name or user name.
    Name,
    /// The present one again.
    Same,
    Weak,
    /// The directory that keeps it did not take it.
    Directory(DirectoryRefusal),
}

/// Why a directory did not take a password, as far as a person can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryRefusal {
    History,
    Age,
    Length,
    Complexity,
    Policy,
    Protected,
    Unreachable,
    Doubtful,
}

impl DirectoryRefusal {
    pub const ALL: [Self; 8] = [
        Self::History,
        Self::Age,
        Self::Length,
        Self::Complexity,
        Self::Policy,
        Self::Protected,
        Self::Unreachable,
        Self::Doubtful,
    ];

    const fn sentence(self) -> &'static str {
        match self {
            Self::History => "password-refused-history",
            Self::Age => "password-refused-age",
            Self::Length => "password-refused-length",
            Self::Complexity => "password-refused-complexity",
            Self::Policy => "password-refused-policy",
            Self::Protected => "password-refused-protected",
            Self::Unreachable => "password-refused-unreachable",
            Self::Doubtful => "password-refused-doubtful",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    VeryWeak,
    Weak,
    Fair,
    Good,
    Strong,
}

impl Strength {
    /// From a score of 0 to 4; more is as good as 4.
    pub const fn from_score(score: u8) -> Self {
        match score {
            0 => Self::VeryWeak,
            1 => Self::Weak,
            2 => Self::Fair,
            3 => Self::Good,
            _ => Self::Strong,
        }
    }

    const fn score(self) -> u8 {
        match self {
            Self::VeryWeak => 0,
            Self::Weak => 1,
            Self::Fair => 2,
            Self::Good => 3,
            Self::Strong => 4,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::VeryWeak => "strength-very-weak",
            Self::Weak => "strength-weak",
            Self::Fair => "strength-fair",
            Self::Good => "strength-good",
            Self::Strong => "strength-strong",
        }
    }
}

/// Field that a refusal speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Current,
    New,
    Again,
}

/// A line of the list of rules, and whether the refused password broke it.
struct Rule {
    text: String,
    broken: bool,
}

impl ChangePasswordPage {
    fn lead(&self) -> String {
        match self.reason {
            ChangeReason::Expired { date: Some(date) } => {
                self.shell.with("password-expired", &[("date", self.shell.text.date(date).into())])
            }
            ChangeReason::Expired { date: None } => self.shell.say("password-expired-undated"),
            ChangeReason::MustChange => self.shell.say("password-must-change"),
            ChangeReason::First => self.shell.say("password-first"),
            ChangeReason::Wish => self.shell.say("password-wish"),
        }
    }

    /// Back to the account, unless a new password is the only way on.
    const fn may_leave(&self) -> bool {
        matches!(self.reason, ChangeReason::Wish)
    }

    fn rules(&self) -> Vec<Rule> {
        let rule = |text, breaks: &[PasswordRefusal]| Rule {
            text,
            broken: self.refusal.as_ref().is_some_and(|refusal| breaks.contains(refusal)),
        };
        let length = self.shell.with("password-rule-length", &[("min", self.min_length.into())]);
        let too_short = PasswordRefusal::Directory(DirectoryRefusal::Length);
        let is_short = matches!(self.refusal, Some(PasswordRefusal::Short { .. }))
            || self.refusal.as_ref() == Some(&too_short);
        let mut rules = vec![
            Rule { text: length, broken: is_short },
            rule(self.shell.say("password-rule-listed"), &[PasswordRefusal::Listed, PasswordRefusal::Weak]),
            rule(self.shell.say("password-rule-name"), &[PasswordRefusal::Name]),
            rule(self.shell.say("password-rule-same"), &[PasswordRefusal::Same]),
        ];
        if self.is_complex {
            let broken = [PasswordRefusal::Directory(DirectoryRefusal::Complexity)];
            rules.push(rule(self.shell.say("password-rule-complex"), &broken));
        }
        if self.history > 0 {
            let broken = [PasswordRefusal::Directory(DirectoryRefusal::History)];
            let count = [("count", self.history.into())];
            rules.push(rule(self.shell.with("password-rule-history", &count), &broken));
        }
        rules
    }

    fn error(&self, field: Field) -> Option<String> {
        let (at, sentence) = match self.refusal.as_ref()? {
            PasswordRefusal::CurrentWrong { .. } => {
                (Field::Current, self.shell.say("password-refused-current"))
            }
            PasswordRefusal::Different => (Field::Again, self.shell.say("password-refused-different")),
            PasswordRefusal::Short { missing } => {
                let missing = [("missing", (*missing).into())];
                (Field::New, self.shell.with("password-refused-short", &missing))
            }
            PasswordRefusal::Long => (Field::New, self.shell.say("password-refused-long")),
            PasswordRefusal::Listed => (Field::New, self.shell.say("password-refused-listed")),
            PasswordRefusal::Name => (Field::New, self.shell.say("password-refused-name")),
            PasswordRefusal::Same => (Field::New, self.shell.say("password-refused-same")),
            PasswordRefusal::Weak => (Field::New, self.shell.say("password-refused-weak")),
            PasswordRefusal::Directory(why) => (Field::New, self.shell.say(why.sentence())),
        };
        (at == field).then_some(sentence)
    }

    fn current_error(&self) -> Option<String> {
        self.error(Field::Current)
    }

    fn new_error(&self) -> Option<String> {
        self.error(Field::New)
    }

    fn again_error(&self) -> Option<String> {
        self.error(Field::Again)
    }

    fn case(&self) -> Option<Case> {
        match self.refusal.as_ref()? {
            PasswordRefusal::CurrentWrong { case } => Some(self.shell.case(case)),
            PasswordRefusal::Different
            | PasswordRefusal::Short { .. }
            | PasswordRefusal::Long
            | PasswordRefusal::Listed
            | PasswordRefusal::Name
            | PasswordRefusal::Same
            | PasswordRefusal::Weak
            | PasswordRefusal::Directory(_) => None,
        }
    }
}

#[cfg(test)]
impl ChangePasswordPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let wish = Self {
            shell,
            action: "/account/password".into(),
            journey: None,
            username: "ab1234".into(),
            reason: ChangeReason::Wish,
            min_length: 14,
            is_complex: false,
            history: 0,
            refusal: None,
            strength: None,
        };
        let because = |reason| Self {
            shell: Shell { signed_in: None, ..wish.shell.clone() },
            action: "/sign-in/password".into(),
            journey: Some("0199".into()),
            reason,
            ..wish.clone()
        };
        let date = Moment::from_unix_seconds(1_772_370_300);
        let mut samples = vec![
            ("expired", because(ChangeReason::Expired { date: Some(date) })),
            ("expired-undated", because(ChangeReason::Expired { date: None })),
            ("must-change", because(ChangeReason::MustChange)),
            ("first", because(ChangeReason::First)),
        ];
        let refused = |refusal| Self { refusal: Some(refusal), ..wish.clone() };
        samples.extend([
            ("current-wrong", refused(PasswordRefusal::CurrentWrong { case: "KIWI-4921".into() })),
            ("different", refused(PasswordRefusal::Different)),
            ("short", refused(PasswordRefusal::Short { missing: 1 })),
            ("long", refused(PasswordRefusal::Long)),
            ("listed", refused(PasswordRefusal::Listed)),
            ("name", refused(PasswordRefusal::Name)),
            ("same", refused(PasswordRefusal::Same)),
        ]);
        let scored = ["weak-0", "weak-1", "weak-2", "weak-3", "weak-4"].into_iter().zip(0..);
        samples.extend(scored.map(|(name, score)| {
            let strength = Some(Strength::from_score(score));
            (name, Self { strength, ..refused(PasswordRefusal::Weak) })
        }));
        samples.extend(DirectoryRefusal::ALL.into_iter().map(|refusal| {
            let of_directory = refused(PasswordRefusal::Directory(refusal));
            (refusal.sentence(), Self { is_complex: true, history: 24, ..of_directory })
        }));
        samples.push(("wish", wish));
        samples
    }
}
