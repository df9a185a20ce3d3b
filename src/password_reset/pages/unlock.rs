//! The end of being locked out, for who knows the password.

use askama::Template;

use super::Steps;
use crate::password_reset::model::Problem;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/unlock.html")]
pub struct UnlockPage {
    pub shell: Shell,
    pub journey: String,
    pub refusal: Option<UnlockRefusal>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnlockRefusal {
    NotHere { case: String },
    Unreachable { case: String },
}

impl UnlockPage {
    const fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: Problem::Locked, here: 3 }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        let (title, body, case) = match self.refusal.as_ref()? {
            UnlockRefusal::NotHere { case } => {
                ("refused-title", shell.with("unlock-not-here", &[("phone", shell.phone())]), case)
            }
            UnlockRefusal::Unreachable { case } => {
                ("unreachable-title", shell.say("unlock-unreachable"), case)
            }
        };
        let mut notice = Notice::new(Tone::Warn, shell.say(title), body);
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl UnlockPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self { shell, journey: "0199".into(), refusal: None };
        let case = || "KIWI-4921".to_owned();
        let not_here = Self { refusal: Some(UnlockRefusal::NotHere { case: case() }), ..first.clone() };
        let gone = Self { refusal: Some(UnlockRefusal::Unreachable { case: case() }), ..first.clone() };
        vec![("not-here", not_here), ("unreachable", gone), ("first", first)]
    }
}
