//! A request that nobody may answer: it stays here, on a page of our own with a case code. What came and what
//! is registered is shown only to whoever looks after the application; the log keeps what came for everyone
//! who may read it.

use axum::http::StatusCode;
use axum::response::Response;

use super::addressee::Untrusted;
use super::pages::{Comparison, UntrustedPage};
use super::provider::Oidc;
use crate::config::clients::ClientConfig;
use crate::event::{Event, What};
use crate::infra::database::WriteError;
use crate::kernel::login_name::LoginName;
use crate::kernel::role::Role;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::page::ErrorKind;
use crate::web::respond;

/// Refusals of one source and cause for one application share a case code for this long.
const CASE_CODE_WINDOW_SECONDS: i64 = 60;
/// How much of what came is kept and shown.
const GOT_BYTES_MAX: usize = 1024;

/// What came of the two parameters on which everything else rests.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub client_id: Option<&'a str>,
    /// Where the answer was to go.
    pub address: Option<&'a str>,
}

impl Oidc {
    /// Tells the person, on a page of our own: whoever made this request is not to be trusted.
    /// Source: RFC 6749 §4.1.2.1.
    pub(super) async fn not_trusted(
        &self,
        ctx: &Ctx,
        untrusted: Untrusted,
        sent: Sent<'_>,
        current: Option<&Current>,
    ) -> Result<Response, WriteError> {
        let client = sent.client_id.and_then(|id| self.parts().clients.get(id));
        let known = client.as_ref().map(|client| client.client_id.as_str());
        let origin = known.map_or_else(|| ctx.origin().clone(), |id| ctx.origin().with_application(id));
        let (parameter, got) = match untrusted {
            Untrusted::Client => ("client_id", sent.client_id),
            Untrusted::RedirectUri => ("redirect_uri", sent.address),
            Untrusted::PostLogoutRedirectUri => ("post_logout_redirect_uri", sent.address),
        };
        let got = cut(got.unwrap_or_default());
        let window = ctx.now().unix_seconds().div_euclid(CASE_CODE_WINDOW_SECONDS);
        let (name, application) = (untrusted.name(), known.unwrap_or_default());
        let window = format!("authorize {name} {application} {} {window}", origin.source());
        let event = Event::new(What::AuthorizationRefused { error: name.to_owned() }).got(got);
        let case = self.parts().log.case_code_of_window(&origin, &window, &event).await?;
        let client = client.as_deref().map(|client| &**client);
        if !current.is_some_and(|current| looks_after(current, client)) {
            return Ok(respond::error(ctx, ErrorKind::ClientNotTrusted, Some(&case)));
        }
        let registered = match (untrusted, client) {
            (Untrusted::Client, _) | (_, None) => &[][..],
            (Untrusted::RedirectUri, Some(client)) => &client.redirect_uris,
            (Untrusted::PostLogoutRedirectUri, Some(client)) => &client.post_logout_redirect_uris,
        };
        let page = UntrustedPage {
            shell: ctx.shell_at("/"),
            case: case.to_string(),
            parameter,
            got: got.to_owned(),
            comparisons: Comparison::all(got, registered.iter().map(String::as_str)),
        };
        Ok(respond::page(StatusCode::BAD_REQUEST, &page, None))
    }
}

/// An administrator, or one of the people whom the registration names.
fn looks_after(current: &Current, client: Option<&ClientConfig>) -> bool {
    let account = &current.account;
    let is_admin = account.grants.iter().any(|grant| grant.role == Role::Admin);
    let owners = client.map_or(&[][..], |client| &client.owners);
    let is_it = |owner: &String| LoginName::parse(owner).is_some_and(|name| name.as_str() == account.login);
    is_admin || owners.iter().any(is_it)
}

/// Cuts at a character boundary.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(GOT_BYTES_MAX)).unwrap_or_default()
}
