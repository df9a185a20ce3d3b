//! What an application asks to know, in plain words and with the person's own values, and the answer.

use askama::Template;

use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "oidc/pages/consent.html")]
pub struct ConsentPage {
    pub shell: Shell,
    /// The journey that the answer belongs to.
    pub journey: String,
    pub application: String,
    /// Host of the address that the answer goes to.
    pub host: String,
    /// Who is asked.
    pub username: String,
    pub parts: Vec<Part>,
}

/// One kind of thing that is asked for. All texts arrive in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub icon: &'static str,
    pub title: String,
    pub text: String,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

#[cfg(test)]
impl ConsentPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let fact = |name: &str, value: &str| Fact { name: name.into(), value: value.into() };
        let part = |icon, title: &str, facts| Part {
            icon,
            title: shell.say(&format!("consent-{title}")),
            text: shell.say(&format!("consent-{title}-text")),
            facts,
        };
        let page = Self {
            journey: "0199".into(),
            application: "Room planner".into(),
            host: "rooms.example.be".into(),
            username: "ab1234".into(),
            parts: vec![
                part("person", "openid", vec![]),
                part("mail", "email", vec![fact("E-mail", "els@example.be"), fact("x", "<Peeters>")]),
                part("history", "offline", vec![]),
            ],
            shell,
        };
        let bare = Self { parts: vec![], ..page.clone() };
        vec![("asked", page), ("bare", bare)]
    }
}
