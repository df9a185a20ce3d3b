//! "This was not me": a code from a notice is typed, and the account is contained.

use askama::Template;

use super::pause;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/not_me.html")]
pub struct NotMePage {
    pub shell: Shell,
    pub state: NotMeState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotMeState {
    Ask,
    Malformed,
    /// Unknown, used, too old, or reported too often: one answer.
    Refused {
        case: String,
    },
    TooMany {
        minutes: u32,
        case: String,
    },
    Contained {
        case: String,
    },
}

impl NotMePage {
    const fn is_done(&self) -> bool {
        matches!(self.state, NotMeState::Contained { .. })
    }

    fn error(&self) -> Option<String> {
        match &self.state {
            NotMeState::Malformed => Some(self.shell.say("not-me-malformed")),
            NotMeState::Refused { .. } => {
                Some(self.shell.with("not-me-refused", &[("phone", self.shell.phone())]))
            }
            NotMeState::Ask | NotMeState::TooMany { .. } | NotMeState::Contained { .. } => None,
        }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        match &self.state {
            NotMeState::TooMany { minutes, case } => Some(pause(shell, *minutes, case)),
            NotMeState::Contained { case } => {
                let mut notice =
                    Notice::new(Tone::Ok, shell.say("not-me-done-title"), shell.say("not-me-done"));
                notice.case = Some(shell.case(case));
                Some(notice)
            }
            NotMeState::Ask | NotMeState::Malformed | NotMeState::Refused { .. } => None,
        }
    }

    fn case(&self) -> Option<String> {
        if let NotMeState::Refused { case } = &self.state { Some(case.clone()) } else { None }
    }
}

#[cfg(test)]
impl NotMePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        let ask = Self { shell, state: NotMeState::Ask };
        let with = |state| Self { state, ..ask.clone() };
        vec![
            ("ask", ask.clone()),
            ("malformed", with(NotMeState::Malformed)),
            ("refused", with(NotMeState::Refused { case: case() })),
            ("paused", with(NotMeState::TooMany { minutes: 1, case: case() })),
            ("contained", with(NotMeState::Contained { case: case() })),
        ]
    }
}
