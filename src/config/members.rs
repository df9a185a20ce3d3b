//! A checked registration written out again, in the members that it is read from: what the register keeps,
//! and what two registrations are compared by.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::config::client::{ClientConfig, LocalText};
use crate::kernel::digest;

/// Members of a registration by their names.
pub type Members = Map<String, Value>;

/// The members that are secrets: their values are digests, `{ "sha256": "…" }`.
pub const SECRETS: [&str; 2] = ["client_secret", "previous_client_secret"];

impl ClientConfig {
    /// Every member, defaults said; of secrets their digests. What is not there is left out.
    pub fn members(&self) -> Members {
        let mut members = Members::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                members.insert(name.to_owned(), value);
            }
        };
        put("client_id", json!(self.client_id));
        put("token_endpoint_auth_method", json!(self.token_endpoint_auth_method));
        put("client_secret", self.secret_digest.as_ref().map_or(Value::Null, shown));
        let previous = self.previous_secret.as_ref();
        put("previous_client_secret", previous.map_or(Value::Null, |previous| shown(&previous.digest)));
        put("previous_client_secret_until", json!(previous.map(|previous| previous.until.iso())));
        put("jwks", json!(self.jwks));
        put("redirect_uris", json!(self.redirect_uris));
        put("post_logout_redirect_uris", json!(self.post_logout_redirect_uris));
        put("grant_types", json!(self.grant_types));
        put("response_types", json!(self.response_types));
        put("scope", json!(self.scope));
        put("id_token_signed_response_alg", json!(self.id_token_signed_response_alg));
        put("access_token_signed_response_alg", json!(self.access_token_signed_response_alg));
        put("token_endpoint_auth_signing_alg", json!(self.token_endpoint_auth_signing_alg));
        put("pinned_keys", json!(self.pinned_keys));
        put("audiences", json!(self.audiences));
        put("refresh_token_life", json!(self.refresh_token_life.map(span)));
        put("default_max_age", json!(self.default_max_age));
        put("owners", json!(self.owners));
        put("trusted", json!(self.trusted));
        put("immediate", json!(self.immediate));
        put("home_uri", json!(self.home_uri));
        for (name, text) in [("client_name", &self.client_name), ("description", &self.description)] {
            put_text(&mut members, name, text);
        }
        members
    }
}

fn put_text(members: &mut Members, name: &str, text: &LocalText) {
    members.insert(name.to_owned(), json!(text.plain));
    for (language, text) in &text.by_language {
        members.insert(format!("{name}#{}", language.code()), json!(text));
    }
}

fn shown(digest: &[u8; 32]) -> Value {
    json!({ "sha256": digest::hex(digest) })
}

/// As [`super::span::parse`] reads it.
fn span(span: Duration) -> String {
    format!("{}ms", span.as_millis())
}
