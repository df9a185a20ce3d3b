//! A registration as it is written, and the rules that make a client of it.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::config::client::{
    AuthMethod, ClientConfig, GrantType, LocalText, PreviousSecret, ResponseType, SigningAlg,
};
use crate::config::client_keys::ClientKeys;
use crate::config::client_uri;
use crate::config::source::Surroundings;
use crate::config::span;
use crate::kernel::digest;
use crate::kernel::language::Language;
use crate::kernel::login_name::LoginName;
use crate::kernel::time::Moment;

/// How long a client's secret has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretRule {
    /// What production demands.
    Strong,
    /// Any that is one: for the demo, whose secrets are known to all anyway.
    Any,
    /// As the register keeps it: a digest of what was checked before.
    Kept,
}

impl SecretRule {
    const fn characters_min(self) -> usize {
        match self {
            Self::Strong => CLIENT_SECRET_CHARACTERS_MIN,
            Self::Any | Self::Kept => 1,
        }
    }
}

/// Least characters of a client's secret in production.
pub const CLIENT_SECRET_CHARACTERS_MIN: usize = 32;
/// Most characters of a client's id.
const CLIENT_ID_CHARACTERS_MAX: usize = 128;
/// Most addresses in one list.
const URIS_MAX: usize = 64;
/// Most names in one list.
const NAMES_MAX: usize = 64;
/// Shortest and longest life of a refresh token.
const REFRESH_LIFE_MIN: Duration = Duration::from_mins(1);
const REFRESH_LIFE_MAX: Duration = Duration::from_hours(366 * 24);

/// Where a secret comes from.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "a text, { file = \"path\" } or { env = \"NAME\" }")]
pub enum SecretSource {
    Plain(String),
    File {
        file: String,
    },
    Env {
        env: String,
    },
    /// In the register alone; in hexadecimal.
    Digest {
        sha256: String,
    },
}

/// The members of RFC 7591 that we read, and our own. `null` is as good as absent.
#[derive(Deserialize)]
pub struct Registration {
    client_id: String,
    client_name: Option<String>,
    #[serde(rename = "client_name#nl")]
    client_name_nl: Option<String>,
    #[serde(rename = "client_name#fr")]
    client_name_fr: Option<String>,
    #[serde(rename = "client_name#de")]
    client_name_de: Option<String>,
    #[serde(rename = "client_name#en")]
    client_name_en: Option<String>,
    description: Option<String>,
    #[serde(rename = "description#nl")]
    description_nl: Option<String>,
    #[serde(rename = "description#fr")]
    description_fr: Option<String>,
    #[serde(rename = "description#de")]
    description_de: Option<String>,
    #[serde(rename = "description#en")]
    description_en: Option<String>,
    client_secret: Option<SecretSource>,
    previous_client_secret: Option<SecretSource>,
    previous_client_secret_until: Option<String>,
    token_endpoint_auth_method: Option<AuthMethod>,
    redirect_uris: Option<Vec<String>>,
    post_logout_redirect_uris: Option<Vec<String>>,
    grant_types: Option<Vec<GrantType>>,
    response_types: Option<Vec<ResponseType>>,
    scope: Option<String>,
    jwks: Option<Value>,
    id_token_signed_response_alg: Option<SigningAlg>,
    access_token_signed_response_alg: Option<SigningAlg>,
    token_endpoint_auth_signing_alg: Option<SigningAlg>,
    pinned_keys: Option<Vec<String>>,
    audiences: Option<Vec<String>>,
    refresh_token_life: Option<String>,
    default_max_age: Option<u32>,
    owners: Option<Vec<String>>,
    trusted: Option<bool>,
    immediate: Option<bool>,
    home_uri: Option<String>,
}

/// What is wrong with a registration.
pub struct Fault {
    pub field: &'static str,
    /// The offending text, where showing it is harmless: it leads to the line.
    pub value: Option<String>,
    pub text: String,
}

fn fault(field: &'static str, text: impl Into<String>) -> Fault {
    Fault { field, value: None, text: text.into() }
}

impl Registration {
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Checks everything and digests the secret.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn into_client(
        self,
        file: &Path,
        around: &Surroundings<'_>,
        rule: SecretRule,
    ) -> Result<ClientConfig, Fault> {
        sound_id(&self.client_id)?;
        let method = self.token_endpoint_auth_method.unwrap_or_default();
        let secret_digest = digest_secret(self.client_secret.as_ref(), method, around, rule)?;
        let previous_secret = previous_secret(
            self.previous_client_secret.as_ref(),
            self.previous_client_secret_until.as_deref(),
            method,
            around,
            rule,
        )?;
        let jwks = public_keys(self.jwks, method, self.token_endpoint_auth_signing_alg)?;
        let grant_types = self.grant_types.unwrap_or_else(|| vec![GrantType::AuthorizationCode]);
        sound_grants(&grant_types, method)?;
        let redirects = grant_types.contains(&GrantType::AuthorizationCode);
        let redirect_uris = registered("redirect_uris", self.redirect_uris)?;
        if redirects && redirect_uris.is_empty() {
            return Err(fault("redirect_uris", "the grant authorization_code needs at least one"));
        }
        let default_responses = if redirects { vec![ResponseType::Code] } else { vec![] };
        let home_uri = registered("home_uri", self.home_uri.map(|uri| vec![uri]))?.pop();
        Ok(ClientConfig {
            client_name: LocalText {
                plain: self.client_name.unwrap_or_else(|| self.client_id.clone()),
                by_language: by_language([
                    self.client_name_nl,
                    self.client_name_fr,
                    self.client_name_de,
                    self.client_name_en,
                ]),
            },
            description: LocalText {
                plain: self.description.unwrap_or_default(),
                by_language: by_language([
                    self.description_nl,
                    self.description_fr,
                    self.description_de,
                    self.description_en,
                ]),
            },
            client_id: self.client_id,
            token_endpoint_auth_method: method,
            secret_digest,
            previous_secret,
            jwks,
            redirect_uris,
            post_logout_redirect_uris: registered(
                "post_logout_redirect_uris",
                self.post_logout_redirect_uris,
            )?,
            grant_types,
            response_types: self.response_types.unwrap_or(default_responses),
            scope: sound_scope(self.scope)?,
            id_token_signed_response_alg: self.id_token_signed_response_alg.unwrap_or_default(),
            access_token_signed_response_alg: self.access_token_signed_response_alg.unwrap_or_default(),
            token_endpoint_auth_signing_alg: self.token_endpoint_auth_signing_alg,
            pinned_keys: names("pinned_keys", self.pinned_keys)?,
            audiences: names("audiences", self.audiences)?,
            refresh_token_life: refresh_token_life(self.refresh_token_life.as_deref())?,
            default_max_age: self.default_max_age,
            owners: logins(self.owners)?,
            trusted: self.trusted.unwrap_or_default(),
            immediate: self.immediate.unwrap_or_default(),
            home_uri,
            file: file.to_owned(),
        })
    }
}

fn sound_id(id: &str) -> Result<(), Fault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | '-');
    if (1..=CLIENT_ID_CHARACTERS_MAX).contains(&id.len()) && id.chars().all(plain) {
        return Ok(());
    }
    let text = format!("must be 1 to {CLIENT_ID_CHARACTERS_MAX} letters, digits, and . _ ~ -");
    Err(Fault { field: "client_id", value: Some(id.to_owned()), text })
}

fn digest_secret(
    source: Option<&SecretSource>,
    method: AuthMethod,
    around: &Surroundings<'_>,
    rule: SecretRule,
) -> Result<Option<[u8; 32]>, Fault> {
    const FIELD: &str = "client_secret";
    let secret = match source {
        None if method.uses_secret() => return Err(fault(FIELD, format!("{} needs one", method.name()))),
        None => return Ok(None),
        Some(_) if !method.uses_secret() => {
            return Err(fault(FIELD, format!("{} uses none: leave it out", method.name())));
        }
        Some(SecretSource::Plain(text)) => Zeroizing::new(text.clone()),
        Some(SecretSource::File { file }) => {
            Zeroizing::new(around.file(Path::new(file)).map_err(|text| fault(FIELD, text))?)
        }
        Some(SecretSource::Env { env }) => {
            Zeroizing::new(around.named_variable(env).map_err(|text| fault(FIELD, text))?)
        }
        Some(SecretSource::Digest { sha256 }) => return kept_digest(sha256, rule).map(Some),
    };
    let least = rule.characters_min();
    if secret.chars().count() < least {
        return Err(fault(FIELD, format!("must have at least {least} characters")));
    }
    Ok(Some(digest::sha256(secret.as_bytes())))
}

/// A digest in the place of the secret says nothing of its length: it is taken from the register alone.
fn kept_digest(sha256: &str, rule: SecretRule) -> Result<[u8; 32], Fault> {
    let wrong =
        || fault("client_secret", "comes as a text, from { file = \"path\" } or from { env = \"NAME\" }");
    if rule != SecretRule::Kept {
        return Err(wrong());
    }
    let digest = data_encoding::HEXLOWER.decode(sha256.as_bytes()).map_err(|_| wrong())?;
    digest.try_into().map_err(|_| wrong())
}

/// A secret that goes on counting for a while: both members or neither.
fn previous_secret(
    source: Option<&SecretSource>,
    until: Option<&str>,
    method: AuthMethod,
    around: &Surroundings<'_>,
    rule: SecretRule,
) -> Result<Option<PreviousSecret>, Fault> {
    let (source, until) = match (source, until) {
        (None, None) => return Ok(None),
        (Some(source), Some(until)) => (source, until),
        (Some(_), None) => {
            return Err(fault("previous_client_secret_until", "says until when the previous secret counts"));
        }
        (None, Some(_)) => return Err(fault("previous_client_secret", "is missing beside its last moment")),
    };
    let Ok(moment) = until.parse::<jiff::Timestamp>() else {
        let text = "must be a moment such as 2026-12-01T00:00:00Z";
        let value = Some(until.to_owned());
        return Err(Fault { field: "previous_client_secret_until", value, text: text.to_owned() });
    };
    let digest = digest_secret(Some(source), method, around, rule)
        .map_err(|bad| Fault { field: "previous_client_secret", ..bad })?;
    let until = Moment::from_micros(moment.as_microsecond());
    Ok(digest.map(|digest| PreviousSecret { digest, until }))
}

fn refresh_token_life(text: Option<&str>) -> Result<Option<Duration>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let life = span::parse(text).filter(|life| (REFRESH_LIFE_MIN..=REFRESH_LIFE_MAX).contains(life));
    life.map(Some).ok_or_else(|| Fault {
        field: "refresh_token_life",
        value: Some(text.to_owned()),
        text: "must be a span of time such as \"12h\", from a minute to a year".to_owned(),
    })
}

/// Names of other things: a short list of short words.
fn names(field: &'static str, names: Option<Vec<String>>) -> Result<Vec<String>, Fault> {
    let names = names.unwrap_or_default();
    if names.len() > NAMES_MAX {
        return Err(fault(field, format!("at most {NAMES_MAX} names")));
    }
    let is_name = |name: &String| {
        (1..=CLIENT_ID_CHARACTERS_MAX).contains(&name.len()) && name.chars().all(|c| c.is_ascii_graphic())
    };
    match names.iter().find(|name| !is_name(name)) {
        None => Ok(names),
        Some(bad) => {
            let text = format!("must be words of at most {CLIENT_ID_CHARACTERS_MAX} characters");
            Err(Fault { field, value: Some(bad.clone()), text })
        }
    }
}

/// Names that people sign in with.
fn logins(owners: Option<Vec<String>>) -> Result<Vec<String>, Fault> {
    let owners = names("owners", owners)?;
    match owners.iter().find(|owner| LoginName::parse(owner).is_none()) {
        None => Ok(owners),
        Some(bad) => {
            let text = format!("`{bad}` is no name that anybody could sign in with");
            Err(Fault { field: "owners", value: Some(bad.clone()), text })
        }
    }
}

/// Source: RFC 7591 §2 (`jwks`), RFC 7523 §2.2 and §3.
fn public_keys(
    jwks: Option<Value>,
    method: AuthMethod,
    pinned: Option<SigningAlg>,
) -> Result<Option<Value>, Fault> {
    let proves = method == AuthMethod::PrivateKeyJwt;
    let Some(set) = jwks else {
        let needed = || fault("jwks", "private_key_jwt needs the public keys");
        return if proves { Err(needed()) } else { Ok(None) };
    };
    let keys = ClientKeys::read(&set).map_err(|text| fault("jwks", text))?;
    if let Some(alg) = pinned.filter(|alg| proves && !keys.can(*alg)) {
        let text = format!("none of the keys can be used with {}", alg.name());
        let value = Some(alg.name().to_owned());
        return Err(Fault { field: "token_endpoint_auth_signing_alg", value, text });
    }
    Ok(Some(set))
}

/// Source: RFC 6749 §4.4 (client credentials for confidential clients alone), §1.5 (refresh follows a grant).
fn sound_grants(grants: &[GrantType], method: AuthMethod) -> Result<(), Fault> {
    let has = |grant| grants.contains(&grant);
    if has(GrantType::ClientCredentials) && method == AuthMethod::None {
        return Err(fault("grant_types", "client_credentials is not for public clients"));
    }
    if has(GrantType::RefreshToken) && !has(GrantType::AuthorizationCode) {
        return Err(fault("grant_types", "refresh_token comes with authorization_code alone"));
    }
    Ok(())
}

fn registered(field: &'static str, uris: Option<Vec<String>>) -> Result<Vec<String>, Fault> {
    let uris = uris.unwrap_or_default();
    if uris.len() > URIS_MAX {
        return Err(fault(field, format!("at most {URIS_MAX} addresses")));
    }
    for uri in &uris {
        client_uri::check(uri).map_err(|bad| Fault {
            field,
            value: Some(uri.clone()),
            text: format!("`{uri}` {bad}"),
        })?;
    }
    Ok(uris)
}

/// Source: RFC 6749 §3.3.
fn sound_scope(scope: Option<String>) -> Result<String, Fault> {
    let scope = scope.unwrap_or_else(|| "openid".to_owned());
    let token = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
    if scope.len() <= 1024 && scope.chars().all(|c| c == ' ' || token(c)) {
        return Ok(scope.split(' ').filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" "));
    }
    Err(Fault { field: "scope", value: Some(scope), text: "must be names separated by spaces".into() })
}

fn by_language(texts: [Option<String>; 4]) -> Vec<(Language, String)> {
    let languages = [Language::Nl, Language::Fr, Language::De, Language::En];
    languages.into_iter().zip(texts).filter_map(|(language, text)| Some((language, text?))).collect()
}
