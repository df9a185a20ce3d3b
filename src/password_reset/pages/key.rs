//! A passkey or a security key as a proof.

use askama::Template;

use super::{Steps, pause};
use crate::password_reset::model::Problem;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/key.html")]
pub struct KeyPage {
    pub shell: Shell,
    pub journey: String,
    pub problem: Problem,
    /// The case code of an answer that was not accepted.
    pub refused: Option<String>,
    /// Minutes of a pause and its case code.
    pub paused: Option<(u32, String)>,
}

impl KeyPage {
    fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: self.problem, here: 2 }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        if let Some((minutes, case)) = &self.paused {
            return Some(pause(shell, *minutes, case));
        }
        let case = self.refused.as_ref()?;
        let mut notice = Notice::new(Tone::Warn, shell.say("refused-title"), shell.say("reset-key-failed"));
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl KeyPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let problem = Problem::Forgotten;
        let first = Self { shell, journey: "0199".into(), problem, refused: None, paused: None };
        let refused = Self { refused: Some("KIWI-4921".into()), ..first.clone() };
        let paused = Self { paused: Some((1, "KIWI-4921".into())), ..first.clone() };
        vec![("refused", refused), ("paused", paused), ("first", first)]
    }
}
