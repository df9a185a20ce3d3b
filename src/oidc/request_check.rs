//! What a request may not be, as tables.

use std::path::PathBuf;

use super::addressee::{Addressee, ResponseMode, Untrusted, addressee, origin_for_forms};
use super::claims_request::ClaimsRequest;
use super::client::Clients;
use super::error::ErrorCode;
use super::request::{AuthorizationRequest, Prompt, check};
use crate::config::clients::{AuthMethod, ClientConfig, GrantType, LocalText, ResponseType, SigningAlg};
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;
use crate::web::params::Params;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn client(client_id: &str, grants: &[GrantType], trusted: bool) -> ClientConfig {
    ClientConfig {
        client_id: client_id.to_owned(),
        client_name: LocalText::default(),
        description: LocalText::default(),
        token_endpoint_auth_method: AuthMethod::None,
        secret_digest: None,
        previous_secret: None,
        jwks: None,
        redirect_uris: vec!["https://app.example.be/cb".to_owned()],
        post_logout_redirect_uris: vec![],
        grant_types: grants.to_vec(),
        response_types: vec![ResponseType::Code],
        scope: "openid email phone offline_access files.read".to_owned(),
        id_token_signed_response_alg: SigningAlg::Es256,
        access_token_signed_response_alg: SigningAlg::Es256,
        token_endpoint_auth_signing_alg: None,
        pinned_keys: vec![],
        audiences: vec!["files".to_owned(), "mail".to_owned()],
        refresh_token_life: None,
        default_max_age: None,
        owners: vec![],
        trusted,
        immediate: false,
        home_uri: None,
        file: PathBuf::new(),
    }
}

fn clients() -> Clients {
    use GrantType::{AuthorizationCode, ClientCredentials, RefreshToken};
    Clients::new(vec![
        client("web", &[AuthorizationCode, RefreshToken], false),
        client("house", &[AuthorizationCode, RefreshToken], true),
        client("brief", &[AuthorizationCode], true),
        client("m2m", &[ClientCredentials], true),
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
    check(&params, &to(&params), Acr::Phr).map_err(|error| error.code)
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
        InvalidRequest, InvalidScope, InvalidTarget, RegistrationNotSupported, RequestNotSupported,
        RequestUriNotSupported, UnauthorizedClient, UnmetAuthenticationRequirements, UnsupportedResponseType,
    };
    let long = "x".repeat(2049);
    let padded = format!("{CHALLENGE}=");
    let long_claims = format!("{{\"x\":\"{}\"}}", "x".repeat(4096));
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
        (("response_mode", Some("query.jwt")), InvalidRequest),
        (("response_mode", Some("QUERY")), InvalidRequest),
        (("response_mode", Some("form_post query")), InvalidRequest),
        (("state", Some(&long.as_str()[..513])), InvalidRequest),
        (("state", Some("a\nb")), InvalidRequest),
        (("nonce", Some(&long.as_str()[..513])), InvalidRequest),
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
        (("prompt", Some("none select_account")), InvalidRequest),
        (("prompt", Some("create")), InvalidRequest),
        (("prompt", Some("login create")), InvalidRequest),
        (("prompt", Some("NONE")), InvalidRequest),
        (("max_age", Some("-1")), InvalidRequest),
        (("max_age", Some("+1")), InvalidRequest),
        (("max_age", Some("1.5")), InvalidRequest),
        (("max_age", Some("99999999999")), InvalidRequest),
        (("claims", Some("[]")), InvalidRequest),
        (("claims", Some("{")), InvalidRequest),
        (("claims", Some(r#"{"userinfo":{"email":1}}"#)), InvalidRequest),
        (("claims", Some(&long_claims)), InvalidRequest),
        (("resource", Some("other")), InvalidTarget),
        (("resource", Some("files mail")), InvalidTarget),
        (("resource", Some("FILES")), InvalidTarget),
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
    assert_eq!((request.response_mode, request.subjects), (ResponseMode::Query, None));
    assert_eq!(request.claims, ClaimsRequest::default());
    let scope = |asked| checked(&[("scope", Some(asked))]).map(|request| request.scope);
    assert_eq!(scope("openid openid files.read admin"), Ok("openid files.read".to_owned()));
    let hint = |text| checked(&[("login_hint", Some(text))]).map(|request| request.login_hint);
    assert_eq!(hint("staff.totp"), Ok("staff.totp".to_owned()));
    assert_eq!(hint("a\nb"), Ok(String::new()));
    let language = checked(&[("ui_locales", Some("es fr-BE nl"))]).map(|request| request.language);
    assert_eq!(language, Ok(Some(Language::Fr)));
    let longest = "x".repeat(512);
    let request = checked(&[("state", Some(&longest)), ("nonce", Some(&longest))]).unwrap();
    assert_eq!((request.state.as_ref(), request.nonce.as_ref()), (Some(&longest), Some(&longest)));
}

#[test]
fn prompts_go_together_but_for_none() {
    let prompt = |text| {
        let request = checked(&[("prompt", Some(text))]).unwrap();
        (request.prompt, request.asks_consent)
    };
    assert_eq!(prompt("none"), (Prompt::None, false));
    assert_eq!(prompt("login"), (Prompt::Login, false));
    assert_eq!(prompt("select_account"), (Prompt::Login, false));
    assert_eq!(prompt("consent"), (Prompt::Unset, true));
    assert_eq!(prompt("login consent"), (Prompt::Login, true));
    assert_eq!(prompt("consent select_account login"), (Prompt::Login, true));
}

#[test]
fn an_assurance_is_wished_for_or_demanded() {
    let acr = |name, value| checked(&[(name, Some(value))]).map(|request| request.acr);
    assert_eq!(acr("acr_values", "gold phrh mfa pwd"), Ok(Some(Acr::Mfa)));
    assert_eq!(acr("acr_values", "phr mfa"), Ok(Some(Acr::Phr)));
    assert_eq!(acr("acr_values", "gold phrh"), Ok(None));
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phrh","phr","mfa"]}}}"#;
    assert_eq!(acr("claims", essential), Ok(Some(Acr::Mfa)));
    let voluntary = r#"{"id_token":{"acr":{"values":["phrh"]}},"userinfo":{"name":null}}"#;
    assert_eq!(acr("claims", voluntary), Ok(None));
    assert_eq!(acr("claims", r#"{"id_token":{"acr":{"values":["phrh","pwd"]}}}"#), Ok(Some(Acr::Pwd)));
    // What is demanded counts before what is wished for.
    let both = checked(&[("claims", Some(essential)), ("acr_values", Some("pwd"))]).unwrap();
    assert_eq!(both.acr, Some(Acr::Mfa));
    // The client is told one of the values that it demanded, the strongest that was reached.
    let told = |claims, reached| checked(&[("claims", Some(claims))]).unwrap().acr_told(reached);
    assert_eq!(told(essential, Acr::Mfa), Acr::Mfa);
    assert_eq!(told(essential, Acr::Phr), Acr::Phr);
    assert_eq!(told(r#"{"id_token":{"acr":{"essential":true,"value":"pwd"}}}"#, Acr::Mfa), Acr::Pwd);
    assert_eq!(told(r#"{"id_token":{"acr":{"value":"pwd"}}}"#, Acr::Mfa), Acr::Mfa);
}

#[test]
fn offline_access_is_granted_where_it_is_possible_and_agreed_to() {
    let granted = |client_id, prompt| {
        let changes = [
            ("client_id", Some(client_id)),
            ("prompt", Some(prompt)),
            ("scope", Some("openid offline_access")),
        ];
        checked(&changes).unwrap().scope.contains("offline_access")
    };
    for (client_id, prompt, expected) in [
        ("web", "", false),
        ("web", "login", false),
        ("web", "none", false),
        ("web", "consent", true),
        ("web", "login consent", true),
        ("house", "", true),
        ("house", "none", true),
        // Without refresh tokens there is nothing that could go on.
        ("brief", "consent", false),
    ] {
        assert_eq!(granted(client_id, prompt), expected, "{client_id} {prompt}");
    }
}

#[test]
fn an_audience_is_all_of_the_registration_or_one_of_it() {
    let audience = |resource| checked(&[("resource", Some(resource))]).map(|request| request.audience);
    assert_eq!(audience(""), Ok("files mail".to_owned()));
    assert_eq!(audience("mail"), Ok("mail".to_owned()));
}

#[test]
fn claims_and_people_are_asked_for_by_name() {
    let claims =
        r#"{"userinfo":{"phone_number":null,"name":null},"id_token":{"email":null,"sub":{"value":"a"}}}"#;
    let request = checked(&[("claims", Some(claims))]).unwrap();
    let expected = ClaimsRequest { userinfo: vec!["phone_number".into()], id_token: vec!["email".into()] };
    assert_eq!((request.claims.clone(), request.subjects.clone()), (expected, Some(vec!["a".into()])));
    // A hint is one more demand.
    assert_eq!(request.clone().about(None).subjects, Some(vec!["a".into()]));
    assert_eq!(request.clone().about(Some("a".into())).subjects, Some(vec!["a".into()]));
    assert_eq!(request.about(Some("b".into())).subjects, Some(vec![]));
    assert_eq!(checked(&[]).unwrap().about(Some("b".into())).subjects, Some(vec!["b".into()]));
}

#[test]
fn a_request_shrinks_with_the_registration() {
    let claims = r#"{"userinfo":{"phone_number":null},"id_token":{"email":null}}"#;
    let scope = ("scope", Some("openid email files.read"));
    let request = checked(&[scope, ("claims", Some(claims))]).unwrap();
    let same = client("web", &[], false);
    assert_eq!(request.clone().within(&same), Some(request.clone()));
    let less = ClientConfig {
        scope: "phone openid files.read".to_owned(),
        audiences: vec!["mail".to_owned()],
        ..same
    };
    let left = request.clone().within(&less).unwrap();
    assert_eq!((left.scope.as_str(), left.audience.as_str()), ("openid files.read", "mail"));
    assert_eq!(left.claims.names(), ["phone_number"]);
    assert_eq!(request.within(&ClientConfig { scope: "email".to_owned(), ..less }), None);
}

#[test]
fn an_answer_travels_as_it_was_asked_for_and_errors_too() {
    let mode = |value| to(&params(&[("response_mode", Some(value))])).mode;
    assert_eq!((mode(""), mode("query")), (ResponseMode::Query, ResponseMode::Query));
    assert_eq!((mode("form_post"), mode("fragment")), (ResponseMode::FormPost, ResponseMode::Query));
    let request = checked(&[("response_mode", Some("form_post"))]).unwrap();
    assert_eq!(request.response_mode, ResponseMode::FormPost);
    for (redirect_uri, expected) in [
        ("https://app.example.be/cb?x=1", "https://app.example.be"),
        ("https://app.example.be:8443/cb", "https://app.example.be:8443"),
        ("http://127.0.0.1:51004/cb", "http://127.0.0.1:51004"),
        ("http://[::1]:51004/cb", "http:"),
    ] {
        assert_eq!(origin_for_forms(redirect_uri).as_deref(), Some(expected));
    }
}

#[test]
fn an_unsound_state_is_not_sent_back() {
    let params = params(&[("state", Some("a\r\nb"))]);
    assert_eq!(to(&params).state, None);
}

#[test]
fn a_request_that_is_written_down_is_read_back_the_same() {
    let claims = r#"{"id_token":{"email":null,"sub":{"value":"a"},"acr":{"essential":true,"value":"mfa"}}}"#;
    let request = checked(&[
        ("max_age", Some("5")),
        ("prompt", Some("login consent")),
        ("claims", Some(claims)),
        ("response_mode", Some("form_post")),
        ("resource", Some("mail")),
    ]);
    let request = request.unwrap();
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&text).unwrap(), request);
}
