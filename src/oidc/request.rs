//! What an authorization request asks. Checks only, no I/O.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::addressee::{Addressee, STATE_BYTES_MAX, is_sound};
use super::error::{ErrorCode, OAuthError, refuse};
use crate::config::clients::{ClientConfig, GrantType, ResponseType};
use crate::kernel::acr::Acr;
use crate::kernel::digest::from_base64url;
use crate::kernel::language::Language;
use crate::kernel::login_name::LOGIN_NAME_BYTES_MAX;
use crate::web::params::Params;

const NONCE_BYTES_MAX: usize = 2048;
const SCOPE_BYTES_MAX: usize = 1024;
/// Names that are read of a list separated by spaces.
const NAMES_MAX: usize = 32;
/// The most that somebody can reach here today: no passkeys yet.
pub const REACHABLE: Acr = Acr::Mfa;
/// Scopes with a meaning of our own; a client's registration may add names that only it understands.
pub const SCOPES: [&str; 5] = ["openid", "profile", "email", "address", "phone"];

/// The parameters that are read; a request by POST is sent on with these alone.
pub const PARAMETERS: [&str; 19] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "claims",
    "id_token_hint",
    "login_hint",
    "ui_locales",
    "request",
    "request_uri",
    "registration",
];

/// What `prompt` demands. Source: OIDC Core §3.1.2.1. Choosing an account means signing in; consent is
/// not asked for, since every client is registered by the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    #[default]
    Unset,
    None,
    Login,
}

/// A request that passed every check, as it is kept while the person signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    pub client_id: String,
    pub redirect_uri: String,
    pub state: Option<String>,
    /// What is granted: asked for and registered.
    pub scope: String,
    pub nonce: Option<String>,
    /// Base64url of SHA-256 of the verifier.
    pub challenge: String,
    pub prompt: Prompt,
    pub max_age_seconds: Option<u32>,
    /// What is wished for or demanded beyond the house's own requirement.
    pub acr: Option<Acr>,
    /// Whom the client asks about, if it said so by an ID token of ours.
    pub subject: Option<String>,
    pub login_hint: String,
    pub language: Option<Language>,
}

/// Everything else, in order; the first rule that is broken is told to the client.
///
/// # Errors
/// The first rule that is broken.
pub fn check(params: &Params, to: &Addressee) -> Result<AuthorizationRequest, OAuthError> {
    no_request_object(params)?;
    no_request_uri(params)?;
    no_registration(params)?;
    code_is_the_response(params, &to.client)?;
    query_is_the_mode(params)?;
    state_is_sound(params)?;
    Ok(AuthorizationRequest {
        client_id: to.client.client_id.clone(),
        redirect_uri: to.redirect_uri.clone(),
        state: to.state.clone(),
        scope: scope(params, &to.client)?,
        nonce: nonce(params)?,
        challenge: challenge(params)?,
        prompt: prompt(params)?,
        max_age_seconds: max_age(params)?,
        acr: essential_acr(params)?.or_else(|| voluntary_acr(params)),
        subject: None,
        login_hint: login_hint(params),
        language: params.filled("ui_locales").and_then(Language::from_list),
    })
}

/// Source: OIDC Core §6.1 and §3.1.2.6.
fn no_request_object(params: &Params) -> Result<(), OAuthError> {
    absent(params, "request", ErrorCode::RequestNotSupported, "request objects are not supported")
}

/// Nothing is ever fetched from an address in a request. Source: OIDC Core §6.2 and §3.1.2.6.
fn no_request_uri(params: &Params) -> Result<(), OAuthError> {
    absent(params, "request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported")
}

/// Source: OIDC Core §7.2.1 and §3.1.2.6.
fn no_registration(params: &Params) -> Result<(), OAuthError> {
    absent(params, "registration", ErrorCode::RegistrationNotSupported, "registration is not supported")
}

fn absent(params: &Params, name: &str, code: ErrorCode, why: &'static str) -> Result<(), OAuthError> {
    if params.get(name).is_some() { Err(refuse(code, why)) } else { Ok(()) }
}

/// Source: RFC 6749 §3.1.1 and §4.1.2.1, RFC 9700 §2.1.2.
fn code_is_the_response(params: &Params, client: &ClientConfig) -> Result<(), OAuthError> {
    match params.filled("response_type") {
        None => Err(refuse(ErrorCode::InvalidRequest, "response_type is missing")),
        Some("code") => {
            let may = client.response_types.contains(&ResponseType::Code)
                && client.may_use(GrantType::AuthorizationCode);
            let why = "the client is not registered for the authorization code";
            if may { Ok(()) } else { Err(refuse(ErrorCode::UnauthorizedClient, why)) }
        }
        Some(_) => Err(refuse(ErrorCode::UnsupportedResponseType, "response_type must be code")),
    }
}

/// Source: OAuth 2.0 Multiple Response Type Encoding Practices §2.1.
fn query_is_the_mode(params: &Params) -> Result<(), OAuthError> {
    match params.filled("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(refuse(ErrorCode::InvalidRequest, "response_mode must be query")),
    }
}

/// Source: RFC 6749 §4.1.1 and appendix A.5.
fn state_is_sound(params: &Params) -> Result<(), OAuthError> {
    bounded(params, "state", STATE_BYTES_MAX, "state is too long or has control characters").map(|_| ())
}

/// Must contain `openid`; names that the client is not registered for are left out.
/// Source: OIDC Core §3.1.2.1, RFC 6749 §3.3.
fn scope(params: &Params, client: &ClientConfig) -> Result<String, OAuthError> {
    let invalid = |why| Err(refuse(ErrorCode::InvalidScope, why));
    let asked = params.filled("scope").unwrap_or_default();
    let is_scope_char = |c: char| c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\'));
    if asked.len() > SCOPE_BYTES_MAX || !asked.chars().all(is_scope_char) {
        return invalid("scope is too long or has characters that are not allowed");
    }
    let mut granted: Vec<&str> = vec![];
    for name in asked.split(' ').filter(|name| !name.is_empty()).take(NAMES_MAX) {
        // Access without a person present needs refresh tokens, which are not issued.
        let registered = name != "offline_access" && client.scope.split(' ').any(|known| known == name);
        if registered && !granted.contains(&name) {
            granted.push(name);
        }
    }
    if !granted.contains(&"openid") {
        return invalid("scope must contain openid, and the client must be registered for it");
    }
    Ok(granted.join(" "))
}

/// Source: OIDC Core §3.1.2.1, §15.5.2.
fn nonce(params: &Params) -> Result<Option<String>, OAuthError> {
    let nonce = bounded(params, "nonce", NONCE_BYTES_MAX, "nonce is too long or has control characters")?;
    Ok(nonce.map(str::to_owned))
}

/// PKCE with S256, for every client; a method that is left out means `plain`.
/// Source: RFC 7636 §4.3 and §4.4.1, RFC 9700 §2.1.1.
fn challenge(params: &Params) -> Result<String, OAuthError> {
    let invalid = |why| Err(refuse(ErrorCode::InvalidRequest, why));
    let Some(challenge) = params.filled("code_challenge") else {
        return invalid("code_challenge is missing: PKCE is required");
    };
    if params.filled("code_challenge_method") != Some("S256") {
        return invalid("code_challenge_method must be S256");
    }
    let is_digest = challenge.len() == 43 && from_base64url(challenge).is_some_and(|bytes| bytes.len() == 32);
    if is_digest { Ok(challenge.to_owned()) } else { invalid("code_challenge is not a SHA-256 digest") }
}

/// Source: OIDC Core §3.1.2.1 and §3.1.2.6; `none` stands alone.
fn prompt(params: &Params) -> Result<Prompt, OAuthError> {
    let invalid = |why| Err(refuse(ErrorCode::InvalidRequest, why));
    let (mut demanded, mut none, mut others) = (Prompt::Unset, false, false);
    for name in params.filled("prompt").unwrap_or_default().split(' ').filter(|name| !name.is_empty()) {
        match name {
            "none" => none = true,
            "login" | "select_account" => (demanded, others) = (Prompt::Login, true),
            "consent" => others = true,
            _ => return invalid("prompt has a value that is not supported"),
        }
    }
    match (none, others) {
        (true, true) => invalid("prompt=none must stand alone"),
        (true, false) => Ok(Prompt::None),
        (false, _) => Ok(demanded),
    }
}

/// Source: OIDC Core §3.1.2.1.
fn max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let Some(text) = params.filled("max_age") else { return Ok(None) };
    let seconds = if text.chars().all(|c| c.is_ascii_digit()) { text.parse().ok() } else { None };
    let why = "max_age must be a whole number of seconds";
    seconds.map(Some).ok_or(refuse(ErrorCode::InvalidRequest, why))
}

/// A voluntary wish: what is unknown or out of reach is passed over. Source: OIDC Core §3.1.2.1 and §5.5.1.1.
fn voluntary_acr(params: &Params) -> Option<Acr> {
    let wished = params.filled("acr_values")?;
    wished.split(' ').take(NAMES_MAX).filter_map(Acr::from_name).find(|acr| *acr <= REACHABLE)
}

/// A demand: when none of the values is known and within reach, the client is told. Of the parameter
/// `claims` nothing else is read. Source: OIDC Core §5.5.1.1, and its error code
/// `unmet_authentication_requirements` §2.
fn essential_acr(params: &Params) -> Result<Option<Acr>, OAuthError> {
    let Some(text) = params.filled("claims") else { return Ok(None) };
    let malformed = refuse(ErrorCode::InvalidRequest, "claims is not a JSON object");
    let claims: Value = serde_json::from_str(text).map_err(|_| malformed)?;
    if !claims.is_object() {
        return Err(malformed);
    }
    let acr = claims.pointer("/id_token/acr").filter(|acr| acr.get("essential") == Some(&Value::Bool(true)));
    let Some(acr) = acr else { return Ok(None) };
    let values = acr.get("values").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut names = values.iter().chain(acr.get("value")).peekable();
    if names.peek().is_none() {
        return Ok(None);
    }
    let known = names.take(NAMES_MAX).filter_map(|name| Acr::from_name(name.as_str()?));
    let least = known.filter(|acr| *acr <= REACHABLE).min();
    let why = "the demanded acr cannot be reached";
    least.map(Some).ok_or(refuse(ErrorCode::UnmetAuthenticationRequirements, why))
}

/// A hint that cannot be a name is none. Source: OIDC Core §3.1.2.1.
fn login_hint(params: &Params) -> String {
    let hint = params.filled("login_hint").filter(|hint| is_sound(hint, LOGIN_NAME_BYTES_MAX));
    hint.unwrap_or_default().to_owned()
}

fn bounded<'a>(
    params: &'a Params,
    name: &str,
    bytes_max: usize,
    why: &'static str,
) -> Result<Option<&'a str>, OAuthError> {
    match params.filled(name) {
        Some(value) if !is_sound(value, bytes_max) => Err(refuse(ErrorCode::InvalidRequest, why)),
        value => Ok(value),
    }
}
