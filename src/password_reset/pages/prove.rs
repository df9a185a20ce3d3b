//! By which ways it can be proved who asks: the same for everybody until the first proof.

use askama::Template;

use super::Steps;
use crate::password_reset::model::{Choice, Problem};
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/prove.html")]
pub struct ProvePage {
    pub shell: Shell,
    pub journey: String,
    pub problem: Problem,
    pub case: String,
    /// What can be chosen; none where what the account has is not enough.
    pub choices: Vec<Choice>,
    /// What is proved already.
    pub proved: Vec<Choice>,
    /// Two strong proofs are needed, and the person knows whose account it is.
    pub strong: bool,
}

/// One way on the page.
struct Row {
    name: &'static str,
    icon: &'static str,
}

const fn icon(choice: Choice) -> &'static str {
    match choice {
        Choice::Key => "passkey",
        Choice::App => "phone",
        Choice::Upstream => "card",
        Choice::Paper => "paper",
        Choice::Mail => "mail",
    }
}

impl ProvePage {
    fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: self.problem, here: 2 }
    }

    fn rows(&self) -> Vec<Row> {
        self.choices.iter().map(|choice| Row { name: choice.name(), icon: icon(*choice) }).collect()
    }

    fn lead(&self) -> String {
        if self.proved.is_empty() {
            return self.shell.say("proofs-choose");
        }
        let methods: Vec<String> =
            self.proved.iter().map(|choice| self.shell.say(&format!("proof-{}", choice.name()))).collect();
        let methods = methods.join(", ");
        match (self.choices.is_empty(), self.strong) {
            (true, _) => self.shell.with("proofs-stuck", &[("method", methods.into())]),
            (false, true) => self.shell.with("proofs-strong", &[("method", methods.into())]),
            (false, false) => self.shell.with("proofs-second", &[("method", methods.into())]),
        }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        if self.proved.is_empty() && self.problem == Problem::Expired {
            let mut notice =
                Notice::new(Tone::Info, shell.say("reset-quicker-title"), shell.say("reset-quicker-text"));
            let say = shell.say("sign-in-do");
            notice.action = Some(crate::web::page::Link { href: "/sign-in".to_owned(), say });
            return Some(notice);
        }
        None
    }

    fn none(&self) -> String {
        self.shell.with("proofs-none", &[("phone", self.shell.phone()), ("case", self.case.as_str().into())])
    }
}

#[cfg(test)]
impl ProvePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self {
            shell,
            journey: "0199".into(),
            problem: Problem::Forgotten,
            case: "KIWI-4921".into(),
            choices: Choice::ALL.into(),
            proved: vec![],
            strong: false,
        };
        let second =
            Self { choices: vec![Choice::App, Choice::Paper], proved: vec![Choice::Mail], ..first.clone() };
        let expired = Self { problem: Problem::Expired, ..first.clone() };
        let strong = Self { strong: true, choices: vec![Choice::Key], ..second.clone() };
        let stuck = Self { choices: vec![], problem: Problem::Locked, ..second.clone() };
        vec![("second", second), ("expired", expired), ("strong", strong), ("stuck", stuck), ("first", first)]
    }
}
