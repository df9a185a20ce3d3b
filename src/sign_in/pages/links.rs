//! "Other services": which providers open the account, and the buttons to add and remove them.

use askama::Template;

use super::offer::UpstreamOffer;
use super::password::Refusal;
use crate::kernel::time::Moment;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug)]
pub struct LinkRow {
    pub provider: String,
    pub label: String,
    pub linked_at: Moment,
    pub used_at: Option<Moment>,
}

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/links.html")]
pub struct LinksPage {
    pub shell: Shell,
    pub linked: Vec<LinkRow>,
    /// Those that can be added.
    pub offers: Vec<UpstreamOffer>,
    pub refusal: Option<Refusal>,
    /// The one that was to be removed is needed.
    pub last: bool,
    pub now: Moment,
}

impl LinksPage {
    fn notice(&self) -> Option<Notice> {
        if self.last {
            return Some(Notice::new(Tone::Bad, String::new(), self.shell.say("remove-refused-only")));
        }
        self.refusal.as_ref().map(|refusal| refusal.notice(&self.shell))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template hands over references")]
    fn when(&self, moment: &Moment) -> String {
        self.shell.text.when(*moment, self.now)
    }
}

#[cfg(test)]
impl LinksPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let now = Moment::from_unix_seconds(1_800_000_000);
        let row = |provider: &str, used_at| LinkRow {
            provider: provider.into(),
            label: provider.into(),
            linked_at: Moment::from_unix_seconds(1_799_000_000),
            used_at,
        };
        let offer = UpstreamOffer { name: "fas".into(), label: "CSAM".into() };
        let first = Self { shell, linked: vec![], offers: vec![offer], refusal: None, last: false, now };
        let linked = Self { linked: vec![row("itsme", None), row("fas", Some(now))], ..first.clone() };
        let last = Self { last: true, offers: vec![], ..linked.clone() };
        let refused =
            Self { refusal: Refusal::upstream_samples().pop().map(|(_, refusal)| refusal), ..first.clone() };
        vec![("linked", linked), ("last", last), ("refused", refused), ("first", first)]
    }
}
