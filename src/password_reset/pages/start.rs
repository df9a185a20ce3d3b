//! Who is it, and what is wrong.

use askama::Template;

use super::{Steps, pause};
use crate::password_reset::model::Problem;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/start.html")]
pub struct StartPage {
    pub shell: Shell,
    /// What was typed before, kept.
    pub username: String,
    pub problem: Problem,
    pub refusal: Option<StartRefusal>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartRefusal {
    NoName,
    TooMany { minutes: u32, case: String },
}

impl StartPage {
    fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: Problem::Forgotten, here: 1 }
    }

    fn notice(&self) -> Option<Notice> {
        match self.refusal.as_ref()? {
            StartRefusal::TooMany { minutes, case } => Some(pause(&self.shell, *minutes, case)),
            StartRefusal::NoName => {
                let (title, body) = (self.shell.say("refused-title"), self.shell.say("reset-no-name"));
                Some(Notice::new(Tone::Warn, title, body))
            }
        }
    }

    /// Name, icon, and whether it is chosen.
    fn problems(&self) -> Vec<(&'static str, &'static str, bool)> {
        let icon = |problem| match problem {
            Problem::Forgotten => "lock",
            Problem::Expired => "clock",
            Problem::Locked => "door-closed",
        };
        let line = |problem: Problem| (problem.name(), icon(problem), problem == self.problem);
        Problem::ALL.map(line).into()
    }
}

#[cfg(test)]
impl StartPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self { shell, username: String::new(), problem: Problem::Forgotten, refusal: None };
        let paused = StartRefusal::TooMany { minutes: 40, case: "KIWI-4921".into() };
        let paused = Self {
            username: "ab1234".into(),
            problem: Problem::Locked,
            refusal: Some(paused),
            ..first.clone()
        };
        let empty = Self { refusal: Some(StartRefusal::NoName), ..first.clone() };
        vec![("paused", paused), ("empty", empty), ("first", first)]
    }
}
