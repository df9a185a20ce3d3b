//! A proof that is typed: a code from the app, from paper, or from the mailbox.

use askama::Template;

use super::{Steps, pause};
use crate::password_reset::model::Problem;
use crate::web::page::{Case, Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/code.html")]
pub struct CodePage {
    pub shell: Shell,
    pub journey: String,
    pub problem: Problem,
    pub kind: CodeKind,
    pub refusal: Option<CodeRefusal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    App,
    Paper,
    /// `sent`: one is under way.
    Mail {
        sent: bool,
        minutes: u64,
    },
}

/// Why a code was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    Wrong {
        left: u32,
        case: String,
    },
    Used {
        case: String,
    },
    /// It ran out, was replaced, or was tried too often.
    Gone {
        case: String,
    },
    Malformed,
    TooMany {
        minutes: u32,
        case: String,
    },
}

impl CodePage {
    fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: self.problem, here: 2 }
    }

    const fn action(&self) -> &'static str {
        match self.kind {
            CodeKind::App => "/reset/code",
            CodeKind::Paper => "/reset/recovery",
            CodeKind::Mail { .. } => "/reset/mail",
        }
    }

    fn title(&self) -> String {
        self.shell.say(match self.kind {
            CodeKind::App => "proof-app",
            CodeKind::Paper => "recovery-title",
            CodeKind::Mail { .. } => "proof-mail",
        })
    }

    fn text(&self) -> String {
        match self.kind {
            CodeKind::App => self.shell.say("code-text"),
            CodeKind::Paper => self.shell.say("recovery-text"),
            CodeKind::Mail { sent: false, .. } => self.shell.say("mail-code-ask"),
            CodeKind::Mail { sent: true, minutes } => {
                self.shell.with("mail-code-sent", &[("minutes", minutes.into())])
            }
        }
    }

    /// Name of the field, label and hint.
    fn field(&self) -> (&'static str, String, String) {
        let say = |id| self.shell.say(id);
        match self.kind {
            CodeKind::App => ("code", say("code-label"), say("code-hint")),
            CodeKind::Paper => ("recovery_code", say("recovery-label"), say("recovery-hint")),
            CodeKind::Mail { .. } => ("mail_code", say("mail-code-label"), say("mail-code-hint")),
        }
    }

    fn is_numeric(&self) -> bool {
        self.kind != CodeKind::Paper
    }

    /// Whether there is something to type yet.
    const fn has_field(&self) -> bool {
        !matches!(self.kind, CodeKind::Mail { sent: false, .. })
    }

    const fn is_mail(&self) -> bool {
        matches!(self.kind, CodeKind::Mail { .. })
    }

    fn error(&self) -> Option<String> {
        let shell = &self.shell;
        let mail = self.is_mail();
        match self.refusal.as_ref()? {
            CodeRefusal::Wrong { left, .. } => {
                let id = if mail { "mail-code-wrong" } else { "reset-code-wrong" };
                Some(shell.with(id, &[("left", (*left).into())]))
            }
            CodeRefusal::Used { .. } if self.kind == CodeKind::Paper => Some(shell.say("recovery-used")),
            CodeRefusal::Used { .. } => Some(shell.say("code-used")),
            CodeRefusal::Malformed => Some(shell.say(match self.kind {
                CodeKind::App => "code-malformed",
                CodeKind::Paper => "recovery-malformed",
                CodeKind::Mail { .. } => "mail-code-malformed",
            })),
            CodeRefusal::Gone { .. } if self.has_field() => Some(shell.say("email-code-expired")),
            CodeRefusal::Gone { .. } | CodeRefusal::TooMany { .. } => None,
        }
    }

    fn notice(&self) -> Option<Notice> {
        match self.refusal.as_ref()? {
            CodeRefusal::TooMany { minutes, case } => Some(pause(&self.shell, *minutes, case)),
            CodeRefusal::Gone { .. } if !self.has_field() => {
                let body = self.shell.say("email-code-expired");
                Some(Notice::new(Tone::Warn, self.shell.say("refused-title"), body))
            }
            CodeRefusal::Gone { .. }
            | CodeRefusal::Wrong { .. }
            | CodeRefusal::Used { .. }
            | CodeRefusal::Malformed => None,
        }
    }

    fn case(&self) -> Option<Case> {
        match self.refusal.as_ref()? {
            CodeRefusal::Wrong { case, .. } | CodeRefusal::Used { case } | CodeRefusal::Gone { case } => {
                Some(self.shell.case(case))
            }
            CodeRefusal::Malformed | CodeRefusal::TooMany { .. } => None,
        }
    }
}

#[cfg(test)]
impl CodePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        let first = Self {
            shell,
            journey: "0199".into(),
            problem: Problem::Forgotten,
            kind: CodeKind::App,
            refusal: None,
        };
        let kinds = [
            ("app", CodeKind::App),
            ("paper", CodeKind::Paper),
            ("mail-ask", CodeKind::Mail { sent: false, minutes: 10 }),
            ("mail", CodeKind::Mail { sent: true, minutes: 10 }),
        ];
        let refusals = [
            None,
            Some(CodeRefusal::Wrong { left: 3, case: case() }),
            Some(CodeRefusal::Used { case: case() }),
            Some(CodeRefusal::Gone { case: case() }),
            Some(CodeRefusal::Malformed),
            Some(CodeRefusal::TooMany { minutes: 15, case: case() }),
        ];
        kinds
            .into_iter()
            .flat_map(|(name, kind)| {
                let first = first.clone();
                refusals
                    .clone()
                    .into_iter()
                    .map(move |refusal| (name, Self { kind, refusal, ..first.clone() }))
            })
            .collect()
    }
}
