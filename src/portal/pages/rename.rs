//! Another name for an app, a passkey or a security key.

use askama::Template;

use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/rename.html")]
pub struct RenamePage {
    pub shell: Shell,
    /// Where the form posts to.
    pub action: String,
    pub name: String,
}

#[cfg(test)]
impl RenamePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let action = "/account/authenticators/0199/name".to_owned();
        vec![("first", Self { shell, action, name: "Work phone".into() })]
    }
}
