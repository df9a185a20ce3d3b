//! Whom an authorization request is from, and where its answer goes. Checks only, no I/O.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::client::{Client, Clients, is_registered};
use crate::web::params::Params;

const CLIENT_ID_BYTES_MAX: usize = 128;
const REDIRECT_URI_BYTES_MAX: usize = 2048 + ":65535".len();
pub const STATE_BYTES_MAX: usize = 512;

/// How an answer travels. Source: OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form
/// Post Response Mode §2. There is no `fragment`: a code does not belong into what scripts of a page read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    #[default]
    Query,
    FormPost,
}

impl ResponseMode {
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// Whom the answer goes to: a registered client at its registered address.
#[derive(Clone)]
pub struct Addressee {
    pub client: Arc<Client>,
    pub redirect_uri: String,
    /// Goes back with any answer; left out when it breaks its own rule.
    pub state: Option<String>,
    /// Of any answer; one that is not known is told as an error, in the usual way.
    pub mode: ResponseMode,
}

/// Why nobody may be sent anywhere. Source: RFC 6749 §4.1.2.1, RFC 9700 §4.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    Client,
    RedirectUri,
    PostLogoutRedirectUri,
}

impl Untrusted {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "unknown_client",
            Self::RedirectUri => "unregistered_redirect_uri",
            Self::PostLogoutRedirectUri => "unregistered_post_logout_redirect_uri",
        }
    }
}

/// First of all: client and address. Until both are known nothing is answered to anyone but the person.
///
/// # Errors
/// Nobody may be sent to this address.
pub fn addressee(params: &Params, clients: &Clients) -> Result<Addressee, Untrusted> {
    let id = params.filled("client_id").filter(|id| id.len() <= CLIENT_ID_BYTES_MAX);
    let client = id.and_then(|id| clients.get(id)).ok_or(Untrusted::Client)?;
    let redirect_uri = params
        .filled("redirect_uri")
        .filter(|uri| uri.len() <= REDIRECT_URI_BYTES_MAX && is_registered(&client, uri))
        .ok_or(Untrusted::RedirectUri)?
        .to_owned();
    let state = params.filled("state").filter(|state| is_sound(state, STATE_BYTES_MAX)).map(str::to_owned);
    let mode = params.filled("response_mode").and_then(ResponseMode::from_name).unwrap_or_default();
    Ok(Addressee { client, redirect_uri, state, mode })
}

/// The origin of a registered address, as a policy for forms names it; an IPv6 address cannot be named there,
/// so its scheme stands for it. Source: CSP Level 3 §2.3.1 (`host-part`).
pub fn origin_for_forms(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    if matches!(url.host(), Some(Host::Ipv6(_))) {
        return Some(format!("{}:", url.scheme()));
    }
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Whether a value is short enough and plain text.
pub fn is_sound(value: &str, bytes_max: usize) -> bool {
    value.len() <= bytes_max && !value.chars().any(char::is_control)
}
