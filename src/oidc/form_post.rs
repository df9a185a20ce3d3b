//! Answers that travel as a form, so that neither address bars nor logs see them.
//! Source: OAuth 2.0 Form Post Response Mode §2 and §4.

use axum::response::Response;

use super::addressee::{Addressee, origin_for_forms};
use super::pages::FormPostPage;
use crate::web::context::Ctx;
use crate::web::page::Shell;
use crate::web::respond;

/// A page whose form goes to the client by a small script of ours, or by its button; its policy lets no form
/// go anywhere else. Nothing may keep it: it holds the code.
pub fn page(ctx: &Ctx, to: &Addressee, fields: &[(&str, &str)]) -> Response {
    let page = FormPostPage {
        shell: Shell { signed_in: None, flash: None, ..ctx.shell_at("/") },
        application: to.client.client_name.get(ctx.text().language()).to_owned(),
        action: to.redirect_uri.clone(),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let origin = origin_for_forms(&to.redirect_uri);
    respond::handover(&page, origin.as_deref().unwrap_or("'none'"))
}
