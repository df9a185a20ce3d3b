//! The last page on the way back to an application: it sends itself on, or waits for its button.

use askama::Template;

use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "oidc/pages/form_post.html")]
pub struct FormPostPage {
    pub shell: Shell,
    pub application: String,
    /// The registered address.
    pub action: String,
    /// Names and values of the answer.
    pub fields: Vec<(String, String)>,
}

#[cfg(test)]
impl FormPostPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let page = Self {
            shell: Shell { signed_in: None, ..shell },
            application: "Room planner".into(),
            action: "https://app.example/cb?a=1&b=2".into(),
            fields: vec![("code".into(), "x".into()), ("state".into(), "\"<Peeters>".into())],
        };
        vec![("code", page)]
    }
}
