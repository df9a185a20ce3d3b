//! A client sends the person to sign out. Source: OpenID Connect RP-Initiated Logout 1.0.
//!
//! ```text
//! request ──hint is of this very session──► ended ──► registered address, or our own page
//!    ├─ no session ─────────────────────────────────► the same
//!    ├─ any other hint, or none ──► asked on our page ──yes──► ended ──► the same
//!    └─ an address that is not registered ──► told here; nobody is sent there
//! ```

use std::sync::Arc;

use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::addressee::{STATE_BYTES_MAX, Untrusted, is_sound, origin_for_forms};
use super::claims::ID_TOKEN;
use super::client::{Client, Clients};
use super::keys::Expected;
use super::provider::Oidc;
use super::untrusted::Sent;
use crate::event::model::EndReason;
use crate::kernel::id::SessionId;
use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::cookie::Cookie;
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath, RegisteredAddress};

/// The parameters that are read; a request by POST is sent on with these alone.
pub const PARAMETERS: [&str; 5] =
    ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];
/// Of these, what our own page has to bring back.
const BROUGHT_BACK: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

/// The session that a client says it is about, by an ID token that we gave it. One that ran out still says so.
#[derive(Deserialize)]
struct Hint {
    sub: String,
    aud: String,
    sid: SessionId,
}

/// Where the person goes after signing out: to a registered address of a client.
pub struct AfterSignOut {
    client: Arc<Client>,
    address: Option<String>,
    state: Option<String>,
}

impl AfterSignOut {
    /// What a request asks for; `None` where it names no client.
    ///
    /// # Errors
    /// The client is not known, or did not register the address: byte for byte, without any exception.
    pub fn of(
        clients: &Clients,
        client_id: Option<&str>,
        params: &Params,
    ) -> Result<Option<Self>, Untrusted> {
        let address = params.filled("post_logout_redirect_uri");
        let Some(id) = client_id else {
            return if address.is_none() { Ok(None) } else { Err(Untrusted::Client) };
        };
        let client = clients.get(id).ok_or(Untrusted::Client)?;
        let is_registered =
            |address: &&str| client.post_logout_redirect_uris.iter().any(|uri| uri == address);
        if address.is_some_and(|address| !is_registered(&address)) {
            return Err(Untrusted::PostLogoutRedirectUri);
        }
        let address = address.map(str::to_owned);
        let state = params.filled("state").filter(|state| is_sound(state, STATE_BYTES_MAX));
        Ok(Some(Self { client, address, state: state.map(str::to_owned) }))
    }

    /// Name of the client, for the page that asks.
    pub fn application(&self, language: Language) -> &str {
        self.client.client_name.get(language)
    }

    /// What the form of that page has to bring back.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        let values = [Some(&self.client.client_id), self.address.as_ref(), self.state.as_ref()];
        let named = BROUGHT_BACK.into_iter().zip(values);
        named.filter_map(|(name, value)| Some((name, value?.clone()))).collect()
    }

    /// The origin that the form of that page leads to in the end, for its policy.
    pub fn form_origin(&self) -> Option<String> {
        self.address.as_deref().and_then(origin_for_forms)
    }

    /// The registered address with the state; `None`: our own page.
    pub fn address(&self) -> Option<RegisteredAddress> {
        let mut address = self.address.clone()?;
        if let Some(state) = &self.state {
            let joint = if address.contains('?') { "&" } else { "?" };
            let state = utf8_percent_encode(state, NON_ALPHANUMERIC);
            address.extend([joint, "state="]);
            address.extend(state);
        }
        Some(RegisteredAddress::attest(address))
    }
}

impl Oidc {
    pub(super) async fn logout(&self, ctx: &Ctx, params: &Params, current: Option<&Current>) -> Response {
        let hint = self.session_hint(params, ctx.now()).await;
        let named = params.filled("client_id");
        let hinted = hint.as_ref().map(|hint| hint.aud.as_str());
        // Where both name a client it is the same one. Source: RP-Initiated Logout §2 (`client_id`).
        let same = named.is_none_or(|named| hinted.is_none_or(|hinted| hinted == named));
        let client_id = named.or(hinted);
        let after = if same {
            AfterSignOut::of(&self.parts().clients, client_id, params)
        } else {
            Err(Untrusted::Client)
        };
        let after = match after {
            Ok(after) => after,
            Err(untrusted) => {
                let address = params.filled("post_logout_redirect_uri");
                let sent = Sent { client_id, address };
                let told = self.not_trusted(ctx, untrusted, sent, current).await;
                return told.unwrap_or_else(|error| respond::write_error(ctx, &error));
            }
        };
        let Some(current) = current else { return signed_out(after.as_ref()) };
        let is_this =
            hint.is_some_and(|hint| hint.sid == current.session.id && hint.sub == current.account.sub);
        if !is_this {
            return respond::see_other(&asking(after.as_ref()));
        }
        let origin = after.as_ref().map(|after| ctx.origin().with_application(&after.client.client_id));
        let origin = origin.unwrap_or_else(|| ctx.origin().clone());
        let sessions = &self.parts().sessions;
        match sessions.end(&origin, &current.account, current.session.id, EndReason::SignedOut).await {
            Ok(_) => signed_out(after.as_ref()),
            Err(error) => respond::write_error(ctx, &error),
        }
    }

    async fn session_hint(&self, params: &Params, now: Moment) -> Option<Hint> {
        let token = params.filled("id_token_hint")?;
        let expected = Expected { kind: ID_TOKEN, issuer: self.issuer(), audience: None };
        self.parts().keys.verify(token, &expected, now).await
    }
}

/// Our own page, with what it has to bring back.
fn asking(after: Option<&AfterSignOut>) -> PortalPath {
    let brought = after.map(AfterSignOut::hidden).unwrap_or_default();
    brought.iter().fold(PortalPath::fixed("/sign-out"), |path, (name, value)| path.and(name, value))
}

/// Where a person who is signed out goes.
pub fn signed_out(after: Option<&AfterSignOut>) -> Response {
    let mut response = match after.and_then(AfterSignOut::address) {
        Some(address) => respond::see_client(&address),
        None => respond::see_other(&PortalPath::with("/sign-in", "out", 1)),
    };
    Cookie::Session.clear(response.headers_mut());
    response
}
