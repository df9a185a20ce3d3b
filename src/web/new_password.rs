//! The fields of a new password with the rules before them: the same wherever one is chosen.

use askama::Template;
use askama::filters::HtmlSafe;

use super::page::{Notice, Shell, Tone};

/// The rules that hold for one person, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRulesSaid {
    pub length_min: usize,
    /// Three of the four kinds of characters.
    pub is_complex: bool,
    /// How many earlier passwords are refused; 0 where only the present one is.
    pub history: u32,
    /// Days after a change before the next one is taken; 0 for none.
    pub age_days: u64,
}

impl PasswordRulesSaid {
    /// Where nothing but a length is asked beside what holds everywhere.
    pub const fn of_length(length_min: usize) -> Self {
        Self { length_min, is_complex: false, history: 0, age_days: 0 }
    }
}

/// Why a new password was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// The two are not the same.
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
    /// The present one with a few changes.
    Previous,
    /// Known from a breach, or taken for one that is.
    Breached,
    Weak,
    /// One of the earlier ones again.
    History,
    Complexity,
    /// Shorter than the directory takes.
    Length,
    /// The present one was set too short a time ago.
    Age {
        case: String,
    },
    /// The directory does not say why.
    Other {
        case: String,
    },
    /// It is not written from here: the account is the administrators' own, or we may not.
    NotHere {
        case: String,
    },
    /// Nothing was written.
    Unreachable {
        case: String,
    },
    /// Nobody knows whether it was written.
    Doubtful {
        case: String,
    },
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

/// A line of the list of rules, and whether the refused password broke it.
struct Rule {
    text: String,
    broken: bool,
}

/// The rules, as a list before the fields.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "web/pages/password_rules.html")]
pub struct PasswordRulesList<'a> {
    pub shell: &'a Shell,
    pub rules: PasswordRulesSaid,
    pub refusal: Option<&'a PasswordRefusal>,
    /// There is none yet, so nothing can be the same.
    pub is_first: bool,
}

/// The two fields. Showing what was typed and telling its strength while it is typed is done by a script beside them;
/// the server decides.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "web/pages/new_password.html")]
pub struct NewPasswordFields<'a> {
    pub shell: &'a Shell,
    pub rules: PasswordRulesSaid,
    pub refusal: Option<&'a PasswordRefusal>,
    /// How the refused password was judged.
    pub strength: Option<Strength>,
}

// Their templates escape what they show, so a page may place them as they are.
impl HtmlSafe for PasswordRulesList<'_> {}
impl HtmlSafe for NewPasswordFields<'_> {}

impl PasswordRulesList<'_> {
    fn lines(&self) -> Vec<Rule> {
        use PasswordRefusal::{
            Age, Breached, Complexity, History, Length, Listed, Name, Previous, Same, Short, Weak,
        };
        let say = |id: &str| self.shell.say(id);
        let rules = self.rules;
        let length = self.shell.with("password-rule-length", &[("min", rules.length_min.into())]);
        let mut lines =
            vec![Rule { text: length, broken: matches!(self.refusal, Some(Short { .. } | Length)) }];
        if rules.is_complex {
            let text = self.shell.with("password-rule-complexity", &[("kinds", 3_u32.into())]);
            lines.push(Rule { text, broken: matches!(self.refusal, Some(Complexity)) });
        }
        let guessed = matches!(self.refusal, Some(Listed | Weak | Breached));
        lines.push(Rule { text: say("password-rule-listed"), broken: guessed });
        lines.push(Rule { text: say("password-rule-name"), broken: matches!(self.refusal, Some(Name)) });
        let again = matches!(self.refusal, Some(Same | Previous | History));
        let text = match rules.history {
            0 => say("password-rule-same"),
            count => self.shell.with("password-rule-history", &[("count", count.into())]),
        };
        if !self.is_first {
            lines.push(Rule { text, broken: again });
        }
        if rules.age_days > 0 {
            let text = self.shell.with("password-rule-age", &[("days", rules.age_days.into())]);
            lines.push(Rule { text, broken: matches!(self.refusal, Some(Age { .. })) });
        }
        lines
    }
}

impl NewPasswordFields<'_> {
    /// The sentence at the first field, or at the second.
    fn errors(&self) -> (Option<String>, Option<String>) {
        let say = |id: &str| Some(self.shell.say(id));
        match self.refusal {
            Some(PasswordRefusal::Different) => (None, say("password-refused-different")),
            Some(PasswordRefusal::Short { missing }) => {
                (Some(self.shell.with("password-refused-short", &[("missing", (*missing).into())])), None)
            }
            Some(PasswordRefusal::Long) => (say("password-refused-long"), None),
            Some(PasswordRefusal::Listed) => (say("password-refused-listed"), None),
            Some(PasswordRefusal::Name) => (say("password-refused-name"), None),
            Some(PasswordRefusal::Same) => (say("password-refused-same"), None),
            Some(PasswordRefusal::Previous) => (say("password-refused-previous"), None),
            Some(PasswordRefusal::Breached) => (say("password-refused-breached"), None),
            Some(PasswordRefusal::Weak) => (say("password-refused-weak"), None),
            Some(PasswordRefusal::History) => (say("password-refused-history"), None),
            Some(PasswordRefusal::Complexity) => (say("password-refused-complexity"), None),
            Some(PasswordRefusal::Length) => (say("password-refused-length"), None),
            Some(
                PasswordRefusal::Age { .. }
                | PasswordRefusal::Other { .. }
                | PasswordRefusal::NotHere { .. }
                | PasswordRefusal::Unreachable { .. }
                | PasswordRefusal::Doubtful { .. },
            )
            | None => (None, None),
        }
    }

    fn new_error(&self) -> Option<String> {
        self.errors().0
    }

    fn again_error(&self) -> Option<String> {
        self.errors().1
    }
}

impl PasswordRefusal {
    /// What stands above the form where it is no fault of what was typed.
    pub fn notice(&self, shell: &Shell) -> Option<Notice> {
        let phone = || [("phone", shell.phone())];
        let (tone, title, body, case) = match self {
            Self::Age { case } => {
                (Tone::Warn, "refused-title", shell.with("password-refused-age", &phone()), case)
            }
            Self::Other { case } => (Tone::Warn, "refused-title", shell.say("password-refused-other"), case),
            Self::NotHere { case } => {
                (Tone::Warn, "refused-title", shell.with("password-refused-not-here", &phone()), case)
            }
            Self::Unreachable { case } => {
                (Tone::Warn, "unreachable-title", shell.say("password-refused-unreachable"), case)
            }
            Self::Doubtful { case } => (Tone::Warn, "doubt-title", shell.say("password-doubtful"), case),
            Self::Different
            | Self::Short { .. }
            | Self::Long
            | Self::Listed
            | Self::Name
            | Self::Same
            | Self::Previous
            | Self::Breached
            | Self::Weak
            | Self::History
            | Self::Length
            | Self::Complexity => return None,
        };
        let mut notice = Notice::new(tone, shell.say(title), body);
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl PasswordRefusal {
    /// One of each.
    pub fn samples() -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        vec![
            ("different", Self::Different),
            ("short", Self::Short { missing: 1 }),
            ("long", Self::Long),
            ("listed", Self::Listed),
            ("name", Self::Name),
            ("same", Self::Same),
            ("previous", Self::Previous),
            ("breached", Self::Breached),
            ("weak", Self::Weak),
            ("history", Self::History),
            ("complexity", Self::Complexity),
            ("length", Self::Length),
            ("age", Self::Age { case: case() }),
            ("other", Self::Other { case: case() }),
            ("not-here", Self::NotHere { case: case() }),
            ("unreachable", Self::Unreachable { case: case() }),
            ("doubtful", Self::Doubtful { case: case() }),
        ]
    }
}
