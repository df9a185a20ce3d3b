//! The question that a browser takes to a provider: always with a challenge, a nonce and a state; pushed or
//! signed where that is configured. Source: OIDC Core §3.1.2.1, RFC 7636, RFC 9101, RFC 9126.

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    AuthType, AuthenticationContextClass, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, LanguageTag, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde_json::{Map, Value, json};
use url::Url;

use super::discovery::Metadata;
use super::model::Freshness;
use super::provider::Provider;
use super::reason::Reason;
use crate::config::UpstreamAuth;
use crate::kernel::language::Language;

/// Our client at a provider, as the crate has it.
pub type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is asked, with the secrets of this one question.
pub struct Question<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
    pub acr_values: &'a [String],
    pub freshness: Freshness,
    pub language: Language,
}

/// # Errors
/// Our own address is none.
pub fn client(provider: &Provider, metadata: &Metadata, redirect_uri: &str) -> Result<Client, Reason> {
    let config = provider.config();
    let secret = config.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().clone()));
    let id = ClientId::new(provider.client_id().to_owned());
    let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret);
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| Reason::RequestRefused)?;
    let by = match config.client_auth {
        UpstreamAuth::ClientSecretBasic => AuthType::BasicAuth,
        UpstreamAuth::ClientSecretPost | UpstreamAuth::PrivateKeyJwt => AuthType::RequestBody,
    };
    Ok(client.set_redirect_uri(redirect).set_auth_type(by))
}

/// The whole question as an address with its parameters.
pub fn address(client: &Client, provider: &Provider, question: &Question<'_>) -> Url {
    let config = provider.config();
    let (state, nonce) = (question.state.to_owned(), question.nonce.to_owned());
    let verifier = PkceCodeVerifier::new(question.verifier.to_owned());
    let scopes = config.scope.iter().filter(|scope| *scope != "openid").cloned();
    let service = config.service.iter().map(|code| format!("service:{code}"));
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_scopes(service.chain(scopes).map(Scope::new))
        .add_ui_locale(LanguageTag::new(question.language.code().to_owned()));
    for value in question.acr_values {
        request = request.add_auth_context_value(AuthenticationContextClass::new(value.clone()));
    }
    if let Some(age) = question.freshness.max_age() {
        request = request.set_max_age(age);
    }
    if question.freshness == Freshness::Now {
        request = request.add_prompt(CoreAuthPrompt::Login);
    }
    if !config.claims.is_empty() {
        let asked: Map<String, Value> =
            config.claims.iter().map(|name| (name.clone(), Value::Null)).collect();
        request = request.add_extra_param("claims", json!({ "id_token": asked }).to_string());
    }
    request.url().0
}

/// The parameters of a question as the claims of a request object. Source: RFC 9101 §4.
pub fn as_claims(question: &Url) -> Map<String, Value> {
    let value = |name: &str, text: String| match name {
        "claims" => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        "max_age" => text.parse::<u64>().map_or(Value::String(text), Value::from),
        _ => Value::String(text),
    };
    question.query_pairs().map(|(name, text)| (name.to_string(), value(&name, text.into_owned()))).collect()
}

/// The short address of a question that travels as one value (`request` or `request_uri`). What OpenID Connect
/// demands beside it stands beside it. Source: OIDC Core §6.1, RFC 9126 §4.
pub fn short(question: &Url, client_id: &str, name: &str, value: &str) -> Url {
    let mut short = question.clone();
    let mut query = short.query_pairs_mut();
    query.clear().append_pair("client_id", client_id).append_pair(name, value);
    if name == "request" {
        query.append_pair("response_type", "code").append_pair("scope", "openid");
    }
    drop(query);
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Url, as_claims, short};

    #[test]
    fn a_question_becomes_claims_and_a_short_address() {
        let whole = "https://idp.example.be/authorize?client_id=ours&max_age=0&claims=%7B%22id_token%22%3A%7B%7D%7D&state=s";
        let whole = Url::parse(whole).unwrap();
        let claims = serde_json::Value::Object(as_claims(&whole));
        let expected =
            json!({ "client_id": "ours", "max_age": 0, "claims": { "id_token": {} }, "state": "s" });
        assert_eq!(claims, expected);
        let pushed = short(&whole, "ours", "request_uri", "urn:x:1");
        assert_eq!(
            pushed.as_str(),
            "https://idp.example.be/authorize?client_id=ours&request_uri=urn%3Ax%3A1"
        );
        let signed = short(&whole, "ours", "request", "a.b.c");
        assert!(signed.as_str().ends_with("?client_id=ours&request=a.b.c&response_type=code&scope=openid"));
    }
}
