//! An application that signs people in here, as the operator registered it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::digest;
use crate::kernel::language::Language;
use crate::kernel::time::Moment;

/// How a client proves itself at the token endpoint. Source: RFC 7591 §2, OIDC Core §9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    #[default]
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    /// A public client: PKCE is its only proof.
    None,
}

impl AuthMethod {
    pub const ALL: [Self; 4] =
        [Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt, Self::None];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }

    pub const fn uses_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// What a client may exchange for tokens. Source: RFC 7591 §2. There is no password grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// What the authorization endpoint answers. Source: RFC 9700 §2.1.2: the code alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    Code,
}

/// How tokens for a client are signed, and how a client may sign its assertions. There is neither `none`
/// nor an algorithm under a shared secret. Source: RFC 7518 §3.1, RFC 8037 §3.1, RFC 8725 §3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SigningAlg {
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlg {
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Ps256, Self::Rs256];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// A text of a registration: one for everyone, and others by language (`client_name#fr`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalText {
    pub(super) plain: String,
    pub(super) by_language: Vec<(Language, String)>,
}

impl LocalText {
    /// In the reader's language where the operator gave one.
    pub fn get(&self, language: Language) -> &str {
        self.by_language.iter().find(|(of, _)| *of == language).map_or(self.plain.as_str(), |(_, text)| text)
    }
}

/// A secret on its way out.
#[derive(Clone)]
pub struct PreviousSecret {
    pub digest: [u8; 32],
    pub until: Moment,
}

/// A checked registration. Its secret is gone: only the digest is kept. No `Debug`, so that even that is not printed.
#[derive(Clone)]
pub struct ClientConfig {
    pub client_id: String,
    pub client_name: LocalText,
    pub description: LocalText,
    pub token_endpoint_auth_method: AuthMethod,
    /// SHA-256 of the secret; `Some` exactly where the method uses one.
    pub secret_digest: Option<[u8; 32]>,
    /// The secret before it, which counts until a moment, so that the application can change over.
    pub previous_secret: Option<PreviousSecret>,
    /// The client's public keys (RFC 7517); `Some` where the method is `private_key_jwt`.
    pub jwks: Option<serde_json::Value>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<GrantType>,
    pub response_types: Vec<ResponseType>,
    /// Scopes that it may ask for, separated by spaces.
    pub scope: String,
    pub id_token_signed_response_alg: SigningAlg,
    /// How its access tokens are signed, for resource servers that read them themselves.
    pub access_token_signed_response_alg: SigningAlg,
    /// The one algorithm of its assertions; `None`: any that fits its keys.
    pub token_endpoint_auth_signing_alg: Option<SigningAlg>,
    /// Ids of our keys that its owner pinned; empty: it reads the key set.
    pub pinned_keys: Vec<String>,
    /// The resource servers (clients of ours) that its access tokens are for, beside ourselves.
    pub audiences: Vec<String>,
    /// How long its refresh tokens last; `None`: what the configuration says.
    pub refresh_token_life: Option<Duration>,
    /// How long ago, in seconds, a person may have proved to be themselves, where a request does not say it.
    pub default_max_age: Option<u32>,
    /// Logins of the people who look after it: error pages tell them more.
    pub owners: Vec<String>,
    /// Belongs to the house: people are not asked for consent.
    pub trusted: bool,
    /// Its access tokens live shorter, so that a revocation acts at once.
    pub immediate: bool,
    /// Where its tile on the home page leads; `None`: no tile.
    pub home_uri: Option<String>,
    /// The file that registered it.
    pub file: PathBuf,
}

impl ClientConfig {
    /// Whether this is its secret, or the one before within its time. The time that this takes does not
    /// tell where the first difference is.
    pub fn secret_matches(&self, presented: &str, now: Moment) -> bool {
        let presented = digest::sha256(presented.as_bytes());
        let is_present = self.secret_digest.is_some_and(|kept| digest::equal(&kept, &presented));
        let previous = self.previous_secret.as_ref().filter(|previous| now < previous.until);
        is_present | previous.is_some_and(|previous| digest::equal(&previous.digest, &presented))
    }

    /// Whether this text is a secret of its, in time or not.
    pub fn holds(&self, secret: &str) -> bool {
        let digest = digest::sha256(secret.as_bytes());
        let previous = self.previous_secret.as_ref().map(|previous| previous.digest);
        [self.secret_digest, previous].contains(&Some(digest))
    }

    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }
}
