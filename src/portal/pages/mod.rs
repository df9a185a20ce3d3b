//! The pages of a person who is signed in, and the one on personal data that anybody may read.

pub mod account;
pub mod confirm;
pub mod home;
pub mod privacy;
pub mod recovery;
pub mod rename;
pub mod sign_out;

pub use account::{
    AccountPage, AuthenticatorKind, AuthenticatorRow, BrowserRow, ConsentRow, LinkedRow, SessionRow,
    SignInRow, StoppedAt,
};
pub use confirm::ConfirmPage;
pub use home::{Attention, HomePage, LastSignIn, Tile};
pub use privacy::PrivacyPage;
pub use recovery::RecoveryState;
pub use rename::RenamePage;
pub use sign_out::SignOutPage;

use crate::web::text::Text;

/// How somebody proved, or tried to prove, who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Password,
    PasswordAndCode,
    PasswordAndKey,
    Passkey,
    /// Another provider alone.
    Upstream,
    PasswordAndUpstream,
}

impl Method {
    pub fn say(self, text: Text) -> String {
        text.say(match self {
            Self::Password => "method-password",
            Self::PasswordAndCode => "method-password-code",
            Self::PasswordAndKey => "method-password-key",
            Self::Passkey => "method-passkey",
            Self::Upstream => "method-upstream",
            Self::PasswordAndUpstream => "method-password-upstream",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountPage, ConfirmPage, HomePage, PrivacyPage, RenamePage, SignOutPage};
    use crate::web::page_check::check;

    #[test]
    fn every_page_of_the_portal_is_whole_in_every_language() {
        check("home", HomePage::samples);
        check("account", AccountPage::samples);
        check("confirm", ConfirmPage::samples);
        check("rename", RenamePage::samples);
        check("sign-out", SignOutPage::samples);
        check("privacy", PrivacyPage::samples);
    }
}
