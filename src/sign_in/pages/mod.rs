//! The pages of signing in, and the two that it may lead through: a first authenticator app and a
//! new password. The last two also serve a person who is signed in and comes from `/account`.

pub mod bind_key;
pub mod change_password;
pub mod code;
pub mod code_field;
pub mod enrol;
pub mod invitation;
pub mod key;
pub mod links;
pub mod offer;
pub mod password;
pub mod recovery;
pub mod upstream;

pub use bind_key::BindKeyPage;
pub use change_password::{ChangePasswordPage, ChangeReason, DirectoryRefusal, PasswordRefusal, Strength};
pub use code::CodePage;
pub use code_field::{CodeField, CodeRefusal};
pub use enrol::EnrolPage;
pub use key::KeyPage;
pub use links::LinksPage;
pub use password::{EndReason, PasswordPage, Refusal};
pub use upstream::UpstreamPage;

#[cfg(test)]
mod tests {
    use super::invitation::{DeadInvitationPage, InvitationPage};
    use super::recovery::{CodesAskPage, CodesMadePage, RecoveryPage, SetUpPage};
    use super::{
        BindKeyPage, ChangePasswordPage, CodePage, EnrolPage, KeyPage, LinksPage, PasswordPage, UpstreamPage,
    };
    use crate::web::page_check::check;

    #[test]
    fn every_page_of_signing_in_is_whole_in_every_language() {
        check("password", PasswordPage::samples);
        check("code", CodePage::samples);
        check("enrol", EnrolPage::samples);
        check("key", KeyPage::samples);
        check("upstream", UpstreamPage::samples);
        check("links", LinksPage::samples);
        check("bind-key", BindKeyPage::samples);
        check("change-password", ChangePasswordPage::samples);
        check("recovery", RecoveryPage::samples);
        check("codes-ask", CodesAskPage::samples);
        check("codes-made", CodesMadePage::samples);
        check("set-up", SetUpPage::samples);
        check("invitation", InvitationPage::samples);
        check("invitation-dead", DeadInvitationPage::samples);
    }
}
