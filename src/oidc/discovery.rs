//! What the provider says of itself: only what works. Source: OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3.

use std::time::Duration;

use serde_json::{Value, json};

use super::addressee::ResponseMode;
use super::claims::claim_names;
use super::request::SCOPES;
use crate::config::clients::{AuthMethod, GrantType, SigningAlg};
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;
use crate::web::document::Document;

/// Claims of the protocol that an ID token or the userinfo answer may carry.
const PROTOCOL_CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];

/// How long a copy may be kept: it changes with the program or the configuration alone.
const MAX_AGE: Duration = Duration::from_mins(5);

/// The document, prepared once.
pub fn document(issuer: &str, algorithms: &[SigningAlg]) -> Document {
    Document::new(&metadata(issuer, algorithms), MAX_AGE)
}

fn metadata(issuer: &str, algorithms: &[SigningAlg]) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    // The whole ladder is understood; asking for a rung that is not reached yet is answered as unmet.
    let acrs = Acr::ALL.map(Acr::name);
    // A client may be registered with any of them; a key is made when the first one is.
    let algorithms: Vec<&str> = algorithms.iter().copied().map(SigningAlg::name).collect();
    let secret = [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt];
    let confidential = secret.map(AuthMethod::name);
    let methods: Vec<&str> = confidential.into_iter().chain([AuthMethod::None.name()]).collect();
    let claims: Vec<&str> = PROTOCOL_CLAIMS.into_iter().chain(claim_names()).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "end_session_endpoint": at("/oauth2/logout"),
        "introspection_endpoint": at("/oauth2/introspect"),
        "revocation_endpoint": at("/oauth2/revoke"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "jwks_uri": at("/oauth2/jwks"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::name),
        "grant_types_supported": GrantType::ALL.map(GrantType::name),
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "acr_values_supported": acrs,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "claim_types_supported": ["normal"],
        "claims_supported": claims,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "ui_locales_supported": Language::ALL.map(Language::code),
    })
}
