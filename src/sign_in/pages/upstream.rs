//! The second proof: what another provider says.

use askama::Template;

use super::offer::UpstreamOffer;
use super::password::Refusal;
use crate::web::page::{Link, Notice, Shell};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/upstream.html")]
pub struct UpstreamPage {
    pub shell: Shell,
    pub journey: String,
    pub username: String,
    /// Name of the application that the person is on the way to.
    pub application: Option<String>,
    /// The providers that this person is linked to.
    pub offers: Vec<UpstreamOffer>,
    /// The other ways that this person has.
    pub others: Vec<Link>,
    pub refusal: Option<Refusal>,
}

impl UpstreamPage {
    fn notice(&self) -> Option<Notice> {
        self.refusal.as_ref().map(|refusal| refusal.notice(&self.shell))
    }
}

#[cfg(test)]
impl UpstreamPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let offer = |name: &str, label: &str| UpstreamOffer { name: name.into(), label: label.into() };
        let first = Self {
            journey: "0199".into(),
            username: "ab1234".into(),
            application: Some("Webmail".into()),
            offers: vec![offer("fas", "CSAM"), offer("itsme", "itsme")],
            others: vec![Link { href: "/sign-in?journey=0199&way=app".into(), say: shell.say("way-app") }],
            refusal: None,
            shell,
        };
        let refused =
            Self { refusal: Refusal::upstream_samples().pop().map(|(_, refusal)| refusal), ..first.clone() };
        let none = Self { offers: vec![], others: vec![], application: None, ..first.clone() };
        vec![("refused", refused), ("none", none), ("first", first)]
    }
}
