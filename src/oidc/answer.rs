//! What goes back to a client through the browser: always to its registered address, always with `iss`.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::addressee::{Addressee, ResponseMode, origin_for_forms};
use super::error::OAuthError;
use super::form_post;
use super::request::AuthorizationRequest;
use crate::journey::Target;
use crate::web::context::Ctx;
use crate::web::respond::{RegisteredAddress, see_client};

/// Where an answer goes: an address that was compared with the registration.
#[derive(Clone, Copy)]
pub struct Return<'a> {
    pub ctx: &'a Ctx,
    pub issuer: &'a str,
    pub to: &'a Addressee,
}

impl Return<'_> {
    /// Source: RFC 6749 §4.1.2, RFC 9207 §2.
    pub fn code(self, code: &str) -> Response {
        self.send(&[("code", code)])
    }

    /// Source: RFC 6749 §4.1.2.1, RFC 9207 §2.
    pub fn error(self, error: OAuthError) -> Response {
        self.send(&[("error", error.code.name()), ("error_description", error.why)])
    }

    fn send(self, answer: &[(&str, &str)]) -> Response {
        let state = self.to.state.as_deref().map(|state| ("state", state));
        let fields: Vec<(&str, &str)> =
            answer.iter().copied().chain(state).chain([("iss", self.issuer)]).collect();
        match self.to.mode {
            ResponseMode::FormPost => form_post::page(self.ctx, self.to, &fields),
            ResponseMode::Query => {
                let address = RegisteredAddress::attest(address(&self.to.redirect_uri, &fields));
                let mut response = see_client(&address);
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
        }
    }
}

/// The registered address stays as it is, query included. Source: RFC 6749 §3.1.2.
fn address(redirect_uri: &str, fields: &[(&str, &str)]) -> String {
    let mut address = redirect_uri.to_owned();
    let mut joint = match redirect_uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, value) in fields {
        address.extend([joint, name, "="]);
        address.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        joint = "&";
    }
    address
}

/// The origin of the address that a pending request goes back to by redirect: the pages on the way there name
/// it in their policy, since browsers hold redirects after a form to `form-action`.
pub fn pending_origin(target: &Target) -> Option<String> {
    let Target::Authorization { request, .. } = target else { return None };
    let request: AuthorizationRequest = serde_json::from_str(request).ok()?;
    match request.response_mode {
        ResponseMode::Query => origin_for_forms(&request.redirect_uri),
        // That goes by a page of its own.
        ResponseMode::FormPost => None,
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_answer_is_added_to_the_registered_address_and_nothing_of_it_escapes() {
        let with = |redirect_uri, state: Option<&'static str>| {
            let state = state.map(|state| ("state", state));
            let fields: Vec<_> =
                [("code", "a-b")].into_iter().chain(state).chain([("iss", "https://id.be")]).collect();
            address(redirect_uri, &fields)
        };
        let iss = "iss=https%3A%2F%2Fid%2Ebe";
        let table = [
            ("https://a.be/cb", None, format!("https://a.be/cb?code=a%2Db&{iss}")),
            ("https://a.be/cb?t=1", None, format!("https://a.be/cb?t=1&code=a%2Db&{iss}")),
            ("https://a.be/cb?", None, format!("https://a.be/cb?code=a%2Db&{iss}")),
            ("https://a.be/cb?t=1&", None, format!("https://a.be/cb?t=1&code=a%2Db&{iss}")),
            (
                "https://a.be/cb",
                Some("x&code=evil#\r\n<é"),
                format!("https://a.be/cb?code=a%2Db&state=x%26code%3Devil%23%0D%0A%3C%C3%A9&{iss}"),
            ),
        ];
        for (redirect_uri, state, expected) in table {
            assert_eq!(with(redirect_uri, state), expected);
        }
    }
}
