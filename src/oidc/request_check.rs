//! What a request may not be, as tables.

use std::path::PathBuf;

use super::addressee::{Addressee, Untrusted, addressee};
use super::client::Clients;
use super::error::ErrorCode;
use super::request::{AuthorizationRequest, Prompt, check};
use crate::config::clients::{AuthMethod, ClientConfig, GrantType, LocalText, ResponseType, SigningAlg};
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;
use crate::web::params::Params;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn client(client_id: &str, grant: GrantType) -> ClientConfig {
    ClientConfig {
        client_id: client_id.to_owned(),
        client_name: LocalText::default(),
        description: LocalText::default(),
        token_endpoint_auth_method: AuthMethod::None,
        secret_digest: None,
        jwks: None,
        redirect_uris: vec!["https://app.example.be/cb".to_owned()],
        post_logout_redirect_uris: vec![],
        grant_types: vec![grant],
        response_types: vec![ResponseType::Code],
        scope: "openid email offline_access files.read".to_owned(),
        id_token_signed_response_alg: SigningAlg::Es256,
        trusted: true,
        immediate: false,
        home_uri: None,
        file: PathBuf::new(),
    }
}

fn clients() -> Clients {
    Clients::new(vec![
        client("web", GrantType::AuthorizationCode),
        client("m2m", GrantType::ClientCredentials),
    ])
}

/// A sound request with some parameters replaced, added or (by `None`) left out.
fn params(changes: &[(&str, Option<&str>)]) -> Params {
    let mut all = vec![
        ("client_id", "web"),
        ("redirect_uri", "https://app.example.be/cb"),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        all.extend(value.map(|value| (*name, value)));
    }
    let encode =
        |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> =
        all.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    Params::parse(pairs.join("&").as_bytes()).unwrap()
}

fn to(params: &Params) -> Addressee {
    addressee(params, &clients()).ok().unwrap()
}

pub fn checked(changes: &[(&str, Option<&str>)]) -> Result<AuthorizationRequest, ErrorCode> {
    let params = params(changes);
    check(&params, &to(&params)).map_err(|error| error.code)
}

#[test]
fn without_a_known_client_and_its_own_address_nobody_is_sent_anywhere() {
    let long = "x".repeat(3000);
    for (changes, expected) in [
        (("client_id", None), Untrusted::Client),
        (("client_id", Some("")), Untrusted::Client),
        (("client_id", Some("WEB")), Untrusted::Client),
        (("client_id", Some("web ")), Untrusted::Client),
        (("client_id", Some(long.as_str())), Untrusted::Client),
        (("redirect_uri", None), Untrusted::RedirectUri),
        (("redirect_uri", Some("")), Untrusted::RedirectUri),
        (("redirect_uri", Some("https://app.example.be/cb/")), Untrusted::RedirectUri),
        (("redirect_uri", Some("https://evil.example/")), Untrusted::RedirectUri),
        (("redirect_uri", Some("javascript:alert(1)")), Untrusted::RedirectUri),
        (("redirect_uri", Some(long.as_str())), Untrusted::RedirectUri),
    ] {
        assert_eq!(addressee(&params(&[changes]), &clients()).err(), Some(expected), "{changes:?}");
    }
}

#[test]
fn each_broken_rule_has_its_error() {
    use ErrorCode::{
        InvalidRequest, InvalidScope, RegistrationNotSupported, RequestNotSupported, RequestUriNotSupported,
        UnauthorizedClient, UnmetAuthenticationRequirements, UnsupportedResponseType,
    };
    let long = "x".repeat(2049);
    let padded = format!("{CHALLENGE}=");
    let table = [
        (("client_id", Some("m2m")), UnauthorizedClient),
        (("request", Some("e30")), RequestNotSupported),
        (("request", Some("")), RequestNotSupported),
        (("request_uri", Some("https://evil.example/")), RequestUriNotSupported),
        (("registration", Some("{}")), RegistrationNotSupported),
        (("response_type", None), InvalidRequest),
        (("response_type", Some("token")), UnsupportedResponseType),
        (("response_type", Some("id_token")), UnsupportedResponseType),
        (("response_type", Some("code id_token")), UnsupportedResponseType),
        (("response_type", Some("none")), UnsupportedResponseType),
        (("response_mode", Some("fragment")), InvalidRequest),
        (("response_mode", Some("form_post")), InvalidRequest),
        (("state", Some(long.as_str())), InvalidRequest),
        (("state", Some("a\nb")), InvalidRequest),
        (("nonce", Some(long.as_str())), InvalidRequest),
        (("nonce", Some("a\0b")), InvalidRequest),
        (("scope", None), InvalidScope),
        (("scope", Some("email")), InvalidScope),
        (("scope", Some("OPENID")), InvalidScope),
        (("scope", Some("openid \"")), InvalidScope),
        (("scope", Some(&long.as_str()[..1025])), InvalidScope),
        (("code_challenge", None), InvalidRequest),
        (("code_challenge", Some("short")), InvalidRequest),
        (("code_challenge", Some(padded.as_str())), InvalidRequest),
        (("code_challenge_method", None), InvalidRequest),
        (("code_challenge_method", Some("plain")), InvalidRequest),
        (("code_challenge_method", Some("s256")), InvalidRequest),
        (("prompt", Some("none login")), InvalidRequest),
        (("prompt", Some("consent none")), InvalidRequest),
        (("prompt", Some("create")), InvalidRequest),
        (("max_age", Some("-1")), InvalidRequest),
        (("max_age", Some("+1")), InvalidRequest),
        (("max_age", Some("1.5")), InvalidRequest),
        (("max_age", Some("99999999999")), InvalidRequest),
        (("claims", Some("[]")), InvalidRequest),
        (("claims", Some("{")), InvalidRequest),
        (
            ("claims", Some(r#"{"id_token":{"acr":{"essential":true,"values":["phrh","gold"]}}}"#)),
            UnmetAuthenticationRequirements,
        ),
        (
            ("claims", Some(r#"{"id_token":{"acr":{"essential":true,"value":7}}}"#)),
            UnmetAuthenticationRequirements,
        ),
    ];
    for (change, expected) in table {
        assert_eq!(checked(&[change]).err(), Some(expected), "{change:?}");
    }
}

#[test]
fn what_is_sound_is_read_and_what_is_unknown_passed_over() {
    let request = checked(&[("colour", Some("blue")), ("display", Some("popup"))]).unwrap();
    assert_eq!((request.scope.as_str(), request.state.as_deref()), ("openid email", Some("a state")));
    assert_eq!((request.prompt, request.acr, request.max_age_seconds), (Prompt::Unset, None, None));
    let scope = |asked| checked(&[("scope", Some(asked))]).map(|request| request.scope);
    assert_eq!(scope("openid openid files.read admin offline_access"), Ok("openid files.read".to_owned()));
    let acr = |name, value| checked(&[(name, Some(value))]).map(|request| request.acr);
    assert_eq!(acr("acr_values", "gold phrh mfa pwd"), Ok(Some(Acr::Mfa)));
    assert_eq!(acr("acr_values", "gold phrh"), Ok(None));
    assert_eq!(
        acr("claims", r#"{"id_token":{"acr":{"essential":true,"values":["phr","mfa"]}}}"#),
        Ok(Some(Acr::Mfa))
    );
    assert_eq!(
        acr("claims", r#"{"id_token":{"acr":{"values":["phr"]}},"userinfo":{"name":null}}"#),
        Ok(None)
    );
    let prompt = |text| checked(&[("prompt", Some(text))]).map(|request| request.prompt);
    assert_eq!(prompt("none"), Ok(Prompt::None));
    assert_eq!(prompt("login consent"), Ok(Prompt::Login));
    assert_eq!(prompt("select_account"), Ok(Prompt::Login));
    assert_eq!(prompt("consent"), Ok(Prompt::Unset));
    let hint = |text| checked(&[("login_hint", Some(text))]).map(|request| request.login_hint);
    assert_eq!(hint("staff.totp"), Ok("staff.totp".to_owned()));
    assert_eq!(hint("a\nb"), Ok(String::new()));
    let language = checked(&[("ui_locales", Some("es fr-BE nl"))]).map(|request| request.language);
    assert_eq!(language, Ok(Some(Language::Fr)));
}

#[test]
fn an_unsound_state_is_not_sent_back() {
    let params = params(&[("state", Some("a\r\nb"))]);
    assert_eq!(to(&params).state, None);
}

#[test]
fn a_request_that_is_written_down_is_read_back_the_same() {
    let request =
        checked(&[("max_age", Some("5")), ("prompt", Some("login")), ("acr_values", Some("mfa"))]).unwrap();
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&text).unwrap(), request);
}
