//! The field of a one-time code, and what is said around it when a code was not taken.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::web::page::{Case, Notice, Shell, Tone};

/// The field with its label and its error. What a page says elsewhere of the same refusal comes from here too.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "sign_in/pages/code_field.html")]
pub struct CodeField<'a> {
    pub shell: &'a Shell,
    pub refusal: Option<&'a CodeRefusal>,
}

// Its template escapes what it shows, so a page may place it as it is.
impl HtmlSafe for CodeField<'_> {}

impl CodeField<'_> {
    fn error(&self) -> Option<String> {
        self.refusal?.at_field(self.shell)
    }

    /// What stands above the form.
    pub(super) fn notice(&self) -> Option<Notice> {
        self.refusal?.notice(self.shell)
    }

    /// The case code that stands below the form, where no notice carries it.
    pub(super) fn case(&self) -> Option<Case> {
        self.refusal?.case(self.shell)
    }
}

/// Why a code was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// `left` more attempts before signing in is paused; at least 1.
    Wrong {
        left: u32,
        case: String,
    },
    /// The clock of the phone is off by so many minutes.
    ClockOff {
        minutes: u64,
        case: String,
    },
    Used {
        case: String,
    },
    /// Not six digits: nothing was tried, nothing was counted.
    Malformed,
    TooMany {
        minutes: u32,
        case: String,
    },
}

impl CodeRefusal {
    /// The sentence at the field; a pause is no fault of the field.
    fn at_field(&self, shell: &Shell) -> Option<String> {
        match self {
            Self::Wrong { left, .. } => Some(shell.with("code-wrong", &[("left", (*left).into())])),
            Self::ClockOff { minutes, .. } => {
                Some(shell.with("code-clock", &[("minutes", (*minutes).into())]))
            }
            Self::Used { .. } => Some(shell.say("code-used")),
            Self::Malformed => Some(shell.say("code-malformed")),
            Self::TooMany { .. } => None,
        }
    }

    fn notice(&self, shell: &Shell) -> Option<Notice> {
        let Self::TooMany { minutes, case } = self else {
            return None;
        };
        let body = shell.with("sign-in-too-many", &[("minutes", (*minutes).into())]);
        let mut notice = Notice::new(Tone::Warn, shell.say("paused-title"), body);
        notice.case = Some(shell.case(case));
        Some(notice)
    }

    fn case(&self, shell: &Shell) -> Option<Case> {
        match self {
            Self::Wrong { case, .. } | Self::ClockOff { case, .. } | Self::Used { case } => {
                Some(shell.case(case))
            }
            Self::Malformed | Self::TooMany { .. } => None,
        }
    }
}

#[cfg(test)]
impl CodeRefusal {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        vec![
            ("wrong", Self::Wrong { left: 3, case: case() }),
            ("last", Self::Wrong { left: 1, case: case() }),
            ("clock", Self::ClockOff { minutes: 4, case: case() }),
            ("used", Self::Used { case: case() }),
            ("malformed", Self::Malformed),
            ("paused", Self::TooMany { minutes: 15, case: case() }),
        ]
    }
}
