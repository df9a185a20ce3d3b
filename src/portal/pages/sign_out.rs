//! Asks before it signs out, so that a link from elsewhere cannot do it.

use askama::Template;

use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/sign_out.html")]
pub struct SignOutPage {
    pub shell: Shell,
    /// Name of the application that sent the person here.
    pub application: Option<String>,
    /// Name and value of what the form must bring back, such as where to go on to.
    pub hidden: Vec<(&'static str, String)>,
}

#[cfg(test)]
impl SignOutPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let plain = Self { shell, application: None, hidden: Vec::new() };
        let asked = Self {
            application: Some("Webmail".into()),
            hidden: vec![("state", "a=\"b\"".into())],
            ..plain.clone()
        };
        vec![("plain", plain), ("asked", asked)]
    }
}
