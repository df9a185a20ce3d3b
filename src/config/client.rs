//! An application that signs people in here, as the operator registered it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::kernel::digest;
use crate::kernel::language::Language;

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

/// How the ID tokens for a client are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlg {
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlg {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
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

/// A checked registration. Its secret is gone: only the digest is kept. No `Debug`, so that even that is not printed.
#[derive(Clone)]
pub struct ClientConfig {
    pub client_id: String,
    pub client_name: LocalText,
    pub description: LocalText,
    pub token_endpoint_auth_method: AuthMethod,
    /// SHA-256 of the secret; `Some` exactly where the method uses one.
    pub secret_digest: Option<[u8; 32]>,
    /// The client's public keys (RFC 7517); `Some` where the method is `private_key_jwt`.
    pub jwks: Option<serde_json::Value>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<GrantType>,
    pub response_types: Vec<ResponseType>,
    /// Scopes that it may ask for, separated by spaces.
    pub scope: String,
    pub id_token_signed_response_alg: SigningAlg,
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
    /// Whether this is its secret. The time does not tell where the first difference is.
    pub fn secret_matches(&self, presented: &str) -> bool {
        let presented = digest::sha256(presented.as_bytes());
        self.secret_digest.is_some_and(|kept| digest::equal(&kept, &presented))
    }

    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }
}
