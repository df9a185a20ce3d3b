//! What the provider says of itself: only what works. Source: OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3.

use serde_json::{Value, json};

use super::claims::claim_names;
use super::client::Clients;
use super::document::Document;
use super::request::SCOPES;
use crate::config::clients::{AuthMethod, SigningAlg};
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;

/// Claims of the protocol that an ID token or the userinfo answer may carry.
const PROTOCOL_CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];

/// The document, prepared once.
pub fn document(issuer: &str, clients: &Clients) -> Document {
    Document::new(&metadata(issuer, clients))
}

fn metadata(issuer: &str, clients: &Clients) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    // The whole ladder is understood; asking for a rung that is not reached yet is answered as unmet.
    let acrs = Acr::ALL.map(Acr::name);
    let algorithms: Vec<&str> = clients.algorithms().into_iter().map(SigningAlg::name).collect();
    let methods = [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::None];
    let claims: Vec<&str> = PROTOCOL_CLAIMS.into_iter().chain(claim_names()).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "jwks_uri": at("/oauth2/jwks"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "acr_values_supported": acrs,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods.map(AuthMethod::name),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "claim_types_supported": ["normal"],
        "claims_supported": claims,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "ui_locales_supported": Language::ALL.map(Language::code),
    })
}
