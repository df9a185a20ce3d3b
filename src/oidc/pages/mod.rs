//! The pages of the provider: what an application may know, the form that takes an answer to it, and what is
//! wrong with a request that nobody may answer.

pub mod consent;
pub mod form_post;
pub mod untrusted;

pub use consent::{ConsentPage, Fact, Part};
pub use form_post::FormPostPage;
pub use untrusted::{Comparison, UntrustedPage};

#[cfg(test)]
mod tests {
    use super::{ConsentPage, FormPostPage, UntrustedPage};
    use crate::web::page_check::check;

    #[test]
    fn every_page_of_the_provider_is_whole_in_every_language() {
        check("consent", ConsentPage::samples);
        check("form-post", FormPostPage::samples);
        check("untrusted", UntrustedPage::samples);
    }
}
