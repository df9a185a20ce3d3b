//! The pages of a reset.

pub mod choose;
pub mod code;
pub mod key;
pub mod not_me;
pub mod prove;
pub mod receipt;
pub mod start;
pub mod unlock;
pub mod upstream;

use askama::Template;
use askama::filters::HtmlSafe;

pub use choose::ChoosePage;
pub use code::{CodeKind, CodePage, CodeRefusal};
pub use key::KeyPage;
pub use not_me::{NotMePage, NotMeState};
pub use prove::ProvePage;
pub use receipt::ReceiptPage;
pub use start::{StartPage, StartRefusal};
pub use unlock::UnlockPage;
pub use upstream::UpstreamPage;

use super::model::Problem;
use crate::web::page::{Notice, Shell, Tone};

/// How far a reset is, as a line of steps.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "password_reset/pages/steps.html")]
pub struct Steps<'a> {
    pub shell: &'a Shell,
    pub problem: Problem,
    /// The step that the page is, counted from 1.
    pub here: usize,
}

// Its template escapes what it shows, so a page may place it as it is.
impl HtmlSafe for Steps<'_> {}

impl Steps<'_> {
    fn lines(&self) -> Vec<(usize, &'static str)> {
        let third = if self.problem == Problem::Locked { "reset-step-unlock" } else { "reset-step-choose" };
        [(1, "reset-step-who"), (2, "reset-step-prove"), (3, third), (4, "reset-step-done")].into()
    }
}

/// A pause after too many attempts.
fn pause(shell: &Shell, minutes: u32, case: &str) -> Notice {
    let body = shell.with("reset-paused", &[("minutes", minutes.into())]);
    let mut notice = Notice::new(Tone::Warn, shell.say("paused-title"), body);
    notice.case = Some(shell.case(case));
    notice
}

#[cfg(test)]
mod tests {
    use super::{
        ChoosePage, CodePage, KeyPage, NotMePage, ProvePage, ReceiptPage, StartPage, UnlockPage, UpstreamPage,
    };
    use crate::web::page_check::check;

    #[test]
    fn every_page_of_a_reset_is_whole_in_every_language() {
        check("reset-start", StartPage::samples);
        check("reset-prove", ProvePage::samples);
        check("reset-code", CodePage::samples);
        check("reset-key", KeyPage::samples);
        check("reset-upstream", UpstreamPage::samples);
        check("reset-choose", ChoosePage::samples);
        check("reset-unlock", UnlockPage::samples);
        check("reset-receipt", ReceiptPage::samples);
        check("not-me", NotMePage::samples);
    }
}
