//! One question before something is taken away: what happens, what stays, and the way back.

use askama::Template;

use crate::web::page::{Notice, Shell, Tone};

/// All texts arrive in the reader's language.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/confirm.html")]
pub struct ConfirmPage {
    pub shell: Shell,
    pub title: String,
    pub lead: String,
    pub happens: Vec<String>,
    pub stays: Vec<String>,
    /// Where the form posts to.
    pub action: String,
    pub verb: String,
    pub keep_href: String,
    pub keep_verb: String,
    /// Something is lost that must be made anew.
    pub risk: bool,
    /// Why it was not done, when it was tried.
    pub refused: Option<String>,
}

impl ConfirmPage {
    fn notice(&self) -> Option<Notice> {
        let body = self.refused.clone()?;
        Some(Notice::new(Tone::Bad, String::new(), body))
    }
}

#[cfg(test)]
impl ConfirmPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let text = shell.text;
        let remove = Self {
            title: text.say("remove-title"),
            lead: text.with("remove-lead", &[("name", "Work phone".into())]),
            happens: vec![text.say("remove-happens-codes"), text.say("remove-happens-mail")],
            stays: vec![text.say("remove-stays-others")],
            action: "/account/authenticators/0199/remove".into(),
            verb: text.say("remove-do"),
            keep_href: "/account".into(),
            keep_verb: text.say("remove-keep"),
            risk: true,
            refused: Some(text.say("remove-refused-only")),
            shell,
        };
        let end = Self {
            title: text.say("end-others-title"),
            lead: text.say("end-others-lead"),
            happens: vec![text.with("end-others-happens", &[("count", 2.into())])],
            stays: vec![text.say("end-others-stays")],
            action: "/account/sessions/end-others".into(),
            verb: text.with("end-others-do", &[("count", 2.into())]),
            keep_verb: text.say("end-others-keep"),
            refused: None,
            ..remove.clone()
        };
        let calm = Self { risk: false, ..end.clone() };
        vec![("remove", remove), ("end-others", end), ("calm", calm)]
    }
}
