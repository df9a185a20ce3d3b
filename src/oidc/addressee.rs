//! Whom an authorization request is from, and where its answer goes. Checks only, no I/O.

use std::sync::Arc;

use super::client::{Clients, is_registered};
use crate::config::clients::ClientConfig;
use crate::web::params::Params;

const CLIENT_ID_BYTES_MAX: usize = 128;
const REDIRECT_URI_BYTES_MAX: usize = 2048 + ":65535".len();
pub const STATE_BYTES_MAX: usize = 2048;

/// Whom the answer goes to: a registered client at its registered address.
#[derive(Clone)]
pub struct Addressee {
    pub client: Arc<ClientConfig>,
    pub redirect_uri: String,
    /// Goes back with any answer; left out when it breaks its own rule.
    pub state: Option<String>,
}

/// Why nobody may be sent anywhere. Source: RFC 6749 §4.1.2.1, RFC 9700 §4.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    Client,
    RedirectUri,
}

impl Untrusted {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "unknown_client",
            Self::RedirectUri => "unregistered_redirect_uri",
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
    Ok(Addressee { client, redirect_uri, state })
}

/// Whether a value is short enough and plain text.
pub fn is_sound(value: &str, bytes_max: usize) -> bool {
    value.len() <= bytes_max && !value.chars().any(char::is_control)
}
