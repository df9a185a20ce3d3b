//! "How we use your data", for anybody; with one's own data as a file for who is signed in.

use askama::Template;

use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/privacy.html")]
pub struct PrivacyPage {
    pub shell: Shell,
    pub signed_in: bool,
}

impl PrivacyPage {
    /// One thing about a kind of data: its name, what it is, why and how long it is kept.
    fn of(&self, part: &str, aspect: &str) -> String {
        self.shell.say(&format!("privacy-{part}-{aspect}"))
    }
}

#[cfg(test)]
impl PrivacyPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let stranger = Shell { signed_in: None, ..shell.clone() };
        vec![
            ("signed-in", Self { shell, signed_in: true }),
            ("stranger", Self { shell: stranger, signed_in: false }),
        ]
    }
}
