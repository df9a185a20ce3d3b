//! The second proof: a passkey or a security key.

use askama::Template;

use crate::web::page::{Link, Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/key.html")]
pub struct KeyPage {
    pub shell: Shell,
    pub journey: String,
    pub username: String,
    /// Name of the application that the person is on the way to.
    pub application: Option<String>,
    /// The other ways that this person has.
    pub others: Vec<Link>,
    /// The case code of an answer that was not accepted.
    pub case: Option<String>,
}

impl KeyPage {
    fn notice(&self) -> Option<Notice> {
        let case = self.case.as_ref()?;
        let shell = &self.shell;
        let mut notice = Notice::new(Tone::Warn, shell.say("refused-title"), shell.say("passkey-failed"));
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl KeyPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self {
            journey: "0199".into(),
            username: "ab1234".into(),
            application: Some("Webmail".into()),
            others: vec![Link { href: "/sign-in?journey=0199&way=app".into(), say: shell.say("way-app") }],
            case: None,
            shell,
        };
        let refused = Self { case: Some("KIWI-4921".into()), ..first.clone() };
        let only = Self { others: vec![], application: None, ..first.clone() };
        vec![("refused", refused), ("only", only), ("first", first)]
    }
}
