//! The second proof: a code from the authenticator app.

use askama::Template;

use crate::web::page::{Case, Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/code.html")]
pub struct CodePage {
    pub shell: Shell,
    /// Where the form posts to: `/sign-in/code`.
    pub action: String,
    pub journey: String,
    pub username: String,
    /// Name of the application that the person is on the way to.
    pub application: Option<String>,
    pub refusal: Option<CodeRefusal>,
}

/// Why a code was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// `left` more attempts before signing in is paused; at least 1.
    Wrong {
        left: u32,
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
    pub(super) fn at_field(&self, shell: &Shell) -> Option<String> {
        match self {
            Self::Wrong { left, .. } => Some(shell.with("code-wrong", &[("left", (*left).into())])),
            Self::Used { .. } => Some(shell.say("code-used")),
            Self::Malformed => Some(shell.say("code-malformed")),
            Self::TooMany { .. } => None,
        }
    }

    pub(super) fn notice(&self, shell: &Shell) -> Option<Notice> {
        let Self::TooMany { minutes, case } = self else {
            return None;
        };
        let body = shell.with("sign-in-too-many", &[("minutes", (*minutes).into())]);
        let mut notice = Notice::new(Tone::Warn, shell.say("paused-title"), body);
        notice.case = Some(shell.case(case));
        Some(notice)
    }

    /// The case code that stands below the form, where no notice carries it.
    pub(super) fn case(&self, shell: &Shell) -> Option<Case> {
        match self {
            Self::Wrong { case, .. } | Self::Used { case } => Some(shell.case(case)),
            Self::Malformed | Self::TooMany { .. } => None,
        }
    }
}

impl CodePage {
    fn error(&self) -> Option<String> {
        self.refusal.as_ref()?.at_field(&self.shell)
    }

    fn notice(&self) -> Option<Notice> {
        self.refusal.as_ref()?.notice(&self.shell)
    }

    fn case(&self) -> Option<Case> {
        self.refusal.as_ref()?.case(&self.shell)
    }
}

#[cfg(test)]
impl CodeRefusal {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        vec![
            ("wrong", Self::Wrong { left: 3, case: case() }),
            ("last", Self::Wrong { left: 1, case: case() }),
            ("used", Self::Used { case: case() }),
            ("malformed", Self::Malformed),
            ("paused", Self::TooMany { minutes: 15, case: case() }),
        ]
    }
}

#[cfg(test)]
impl CodePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self {
            shell,
            action: "/sign-in/code".into(),
            journey: "0199".into(),
            username: "ab1234".into(),
            application: Some("Webmail".into()),
            refusal: None,
        };
        let mut samples: Vec<_> = CodeRefusal::samples()
            .into_iter()
            .map(|(name, refusal)| (name, Self { refusal: Some(refusal), ..first.clone() }))
            .collect();
        samples.push(("first", first));
        samples
    }
}
