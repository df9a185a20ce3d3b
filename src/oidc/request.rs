//! What an authorization request asks. Checks only, no I/O.

use serde::{Deserialize, Serialize};

use super::addressee::{Addressee, ResponseMode, STATE_BYTES_MAX, is_sound};
use super::claims::words;
use super::claims_request::{self, AcrAsked, ClaimsParameter, ClaimsRequest};
use super::error::{ErrorCode, OAuthError, refuse};
use crate::config::clients::{ClientConfig, GrantType, ResponseType};
use crate::kernel::acr::Acr;
use crate::kernel::digest::from_base64url;
use crate::kernel::language::Language;
use crate::kernel::login_name::LOGIN_NAME_BYTES_MAX;
use crate::web::params::Params;

const NONCE_BYTES_MAX: usize = 512;
const SCOPE_BYTES_MAX: usize = 1024;
/// Names that are read of a list separated by spaces.
const NAMES_MAX: usize = 32;
/// Scopes with a meaning of our own; a client's registration may add names that only it understands.
pub const SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", OFFLINE_ACCESS];
/// Access that goes on when the person is not present. Source: OIDC Core §11.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The parameters that are read; a request by POST is sent on with these alone.
pub const PARAMETERS: [&str; 20] = [
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
    "resource",
    "id_token_hint",
    "login_hint",
    "ui_locales",
    "request",
    "request_uri",
    "registration",
];

/// What `prompt` demands of signing in. Source: OIDC Core §3.1.2.1. A browser has one session, so choosing an
/// account means signing in.
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
    pub response_mode: ResponseMode,
    /// What is granted: asked for and registered.
    pub scope: String,
    /// What is told beyond what the scope opens.
    pub claims: ClaimsRequest,
    /// The resource servers that access tokens are for, separated by spaces.
    pub audience: String,
    pub nonce: Option<String>,
    /// Base64url of SHA-256 of the verifier.
    pub challenge: String,
    pub prompt: Prompt,
    /// Whether the person is asked for consent although it was given before.
    pub asks_consent: bool,
    pub max_age_seconds: Option<u32>,
    /// What is wished for or demanded beyond the house's own requirement.
    pub acr: Option<Acr>,
    /// The values of which the client demands one; empty: any.
    pub acr_demanded: Vec<Acr>,
    /// Whom alone the client asks about; `None`: whoever signs in.
    pub subjects: Option<Vec<String>>,
    pub login_hint: String,
    pub language: Option<Language>,
}

impl AuthorizationRequest {
    /// The request about this person alone.
    #[must_use]
    pub fn about(self, subject: Option<String>) -> Self {
        let subjects = claims_request::meet(self.subjects, subject.into_iter().collect());
        Self { subjects, ..self }
    }

    /// What the client is told of the assurance that was reached: where it demands one of some values, the
    /// strongest of them that this satisfies. Source: OIDC Core §5.5.1.1.
    pub fn acr_told(&self, reached: Acr) -> Acr {
        let satisfied = self.acr_demanded.iter().copied().filter(|acr| *acr <= reached);
        satisfied.max().unwrap_or(reached)
    }

    /// What the client's present registration leaves of the request; `None` when it may not ask at all.
    pub fn within(self, client: &ClientConfig) -> Option<Self> {
        let is_left = |name: &&str| words(&client.scope).any(|known| known == *name);
        let scope: Vec<&str> = words(&self.scope).filter(is_left).collect();
        let is_audience = |name: &&str| client.audiences.iter().any(|known| known == name);
        let audience: Vec<&str> = words(&self.audience).filter(is_audience).collect();
        let (scope, audience) = (scope.join(" "), audience.join(" "));
        let may_ask = words(&scope).any(|name| name == "openid");
        may_ask.then(|| Self { scope, audience, claims: self.claims.within(&client.scope), ..self })
    }
}

/// Everything else, in order; the first rule that is broken is told to the client. `highest` is the most that
/// anybody can prove here.
///
/// # Errors
/// The first rule that is broken.
pub fn check(params: &Params, to: &Addressee, highest: Acr) -> Result<AuthorizationRequest, OAuthError> {
    no_request_object(params)?;
    no_request_uri(params)?;
    no_registration(params)?;
    code_is_the_response(params, &to.client)?;
    mode_is_known(params)?;
    state_is_sound(params)?;
    let (prompt, asks_consent) = prompt(params)?;
    let offline = to.client.may_use(GrantType::RefreshToken) && (asks_consent || to.client.trusted);
    let scope = scope(params, &to.client, offline)?;
    let (nonce, challenge) = (nonce(params)?, challenge(params)?);
    // Source: OIDC Dynamic Client Registration §2, default_max_age.
    let max_age_seconds = max_age(params)?.or(to.client.default_max_age);
    let asked = claims(params, &to.client)?;
    let (acr, acr_demanded) = acr(params, asked.acr, highest)?;
    Ok(AuthorizationRequest {
        client_id: to.client.client_id.clone(),
        redirect_uri: to.redirect_uri.clone(),
        state: to.state.clone(),
        response_mode: to.mode,
        scope,
        claims: asked.claims,
        audience: audience(params, &to.client)?,
        nonce,
        challenge,
        prompt,
        asks_consent,
        max_age_seconds,
        acr,
        acr_demanded,
        subjects: asked.subjects,
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
fn mode_is_known(params: &Params) -> Result<(), OAuthError> {
    let is_known = params.filled("response_mode").is_none_or(|name| ResponseMode::from_name(name).is_some());
    let why = "response_mode must be query or form_post";
    if is_known { Ok(()) } else { Err(refuse(ErrorCode::InvalidRequest, why)) }
}

/// Source: RFC 6749 §4.1.1 and appendix A.5.
fn state_is_sound(params: &Params) -> Result<(), OAuthError> {
    bounded(params, "state", STATE_BYTES_MAX, "state is too long or has control characters").map(|_| ())
}

/// Must contain `openid`; names that the client is not registered for are left out, and so is access without
/// the person, unless it is `offline`: possible for the client, and agreed to. Source: OIDC Core §3.1.2.1 and
/// §11, RFC 6749 §3.3.
fn scope(params: &Params, client: &ClientConfig, offline: bool) -> Result<String, OAuthError> {
    let invalid = |why| Err(refuse(ErrorCode::InvalidScope, why));
    let asked = params.filled("scope").unwrap_or_default();
    let is_scope_char = |c: char| c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\'));
    if asked.len() > SCOPE_BYTES_MAX || !asked.chars().all(is_scope_char) {
        return invalid("scope is too long or has characters that are not allowed");
    }
    let mut granted: Vec<&str> = vec![];
    for name in words(asked).take(NAMES_MAX) {
        let is_registered = words(&client.scope).any(|known| known == name);
        let is_granted = is_registered && (offline || name != OFFLINE_ACCESS);
        if is_granted && !granted.contains(&name) {
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

/// What is demanded of signing in, and whether consent is. Source: OIDC Core §3.1.2.1 and §3.1.2.6; `none`
/// stands alone.
fn prompt(params: &Params) -> Result<(Prompt, bool), OAuthError> {
    let invalid = |why| Err(refuse(ErrorCode::InvalidRequest, why));
    let (mut none, mut login, mut consent) = (false, false, false);
    for name in words(params.filled("prompt").unwrap_or_default()) {
        match name {
            "none" => none = true,
            "login" | "select_account" => login = true,
            "consent" => consent = true,
            _ => return invalid("prompt has a value that is not supported"),
        }
    }
    match (none, login) {
        (true, _) if login || consent => invalid("prompt=none must stand alone"),
        (true, _) => Ok((Prompt::None, false)),
        (false, true) => Ok((Prompt::Login, consent)),
        (false, false) => Ok((Prompt::Unset, consent)),
    }
}

/// Source: OIDC Core §3.1.2.1.
fn max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let Some(text) = params.filled("max_age") else { return Ok(None) };
    let seconds = if text.chars().all(|c| c.is_ascii_digit()) { text.parse().ok() } else { None };
    let why = "max_age must be a whole number of seconds";
    seconds.map(Some).ok_or(refuse(ErrorCode::InvalidRequest, why))
}

/// Source: OIDC Core §5.5.
fn claims(params: &Params, client: &ClientConfig) -> Result<ClaimsParameter, OAuthError> {
    let text = params.filled("claims");
    text.map_or_else(|| Ok(ClaimsParameter::default()), |text| claims_request::parse(text, &client.scope))
}

/// The least assurance, and the values of which one is demanded. A wish that is unknown or out of reach is
/// passed over; when nothing of a demand is known and within reach, the client is told. Source: OIDC Core
/// §3.1.2.1 and §5.5.1.1, and its error code `unmet_authentication_requirements` §2.
fn acr(
    params: &Params,
    asked: Option<AcrAsked>,
    highest: Acr,
) -> Result<(Option<Acr>, Vec<Acr>), OAuthError> {
    let is_reachable = |acr: &Acr| *acr <= highest;
    let wished = match asked {
        Some(AcrAsked::Essential(demanded)) => {
            let least = demanded.iter().copied().filter(is_reachable).min();
            let why = "the demanded acr cannot be reached";
            let least = least.ok_or(refuse(ErrorCode::UnmetAuthenticationRequirements, why))?;
            return Ok((Some(least), demanded));
        }
        Some(AcrAsked::Voluntary(wished)) => wished,
        None => vec![],
    };
    let values = words(params.filled("acr_values").unwrap_or_default());
    let values = values.take(NAMES_MAX).filter_map(Acr::from_name);
    Ok((wished.into_iter().chain(values).find(is_reachable), vec![]))
}

/// One resource server that the client is registered for, or all of them. Several are a parameter that is
/// there twice, and refused before this. Source: RFC 8707 §2.
fn audience(params: &Params, client: &ClientConfig) -> Result<String, OAuthError> {
    match params.filled("resource") {
        None => Ok(client.audiences.join(" ")),
        Some(one) if client.audiences.iter().any(|known| known == one) => Ok(one.to_owned()),
        Some(_) => Err(refuse(ErrorCode::InvalidTarget, "resource must be one of the client's audiences")),
    }
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
