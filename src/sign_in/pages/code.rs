//! The second proof: a code from the authenticator app.

use askama::Template;

use super::code_field::{CodeField, CodeRefusal};
use crate::web::page::{Link, Shell};

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
    /// The other ways that this person has.
    pub others: Vec<Link>,
    /// For how long this browser may stand for the second proof, where it may.
    pub trust_days: Option<u64>,
    pub refusal: Option<CodeRefusal>,
}

impl CodePage {
    fn field(&self) -> CodeField<'_> {
        CodeField { shell: &self.shell, refusal: self.refusal.as_ref() }
    }
}

#[cfg(test)]
impl CodePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self {
            action: "/sign-in/code".into(),
            journey: "0199".into(),
            username: "ab1234".into(),
            application: Some("Webmail".into()),
            others: vec![Link { href: "/sign-in?journey=0199&way=key".into(), say: shell.say("way-key") }],
            trust_days: None,
            refusal: None,
            shell,
        };
        let mut samples: Vec<_> = CodeRefusal::samples()
            .into_iter()
            .map(|(name, refusal)| (name, Self { refusal: Some(refusal), ..first.clone() }))
            .collect();
        samples.push(("trust", Self { trust_days: Some(30), ..first.clone() }));
        samples.push(("first", first));
        samples
    }
}
