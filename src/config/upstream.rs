//! Upstream providers: those who sign people in for us. A section for each, under a name of the operator's
//! choice; three of them stand in the defaults, and every other one begins as one of those (`kind`).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::config::algorithms::Algorithms;
use crate::config::client::SigningAlg;
use crate::config::read;
use crate::kernel::secret::Secret;

/// Upstream providers by their names, which are in our addresses and records.
pub type UpstreamsConfig = BTreeMap<String, UpstreamConfig>;

/// What is the same for all of them.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FederationConfig {
    #[serde(deserialize_with = "read::duration")]
    pub sign_in_time: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub keys_last: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub keys_overlap: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub key_set_max_age: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub read_again_after: Duration,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamConfig {
    pub kind: UpstreamKind,
    pub label: String,
    pub issuer: String,
    /// `None`: the provider is not in use.
    #[serde(deserialize_with = "read::optional_text")]
    pub client_id: Option<String>,
    pub client_auth: UpstreamAuth,
    #[serde(deserialize_with = "read::optional_secret")]
    pub client_secret: Option<Secret<String>>,
    pub signing_alg: SigningAlg,
    pub assertion_audience: AssertionAudience,
    pub scope: Vec<String>,
    #[serde(deserialize_with = "read::optional_text")]
    pub service: Option<String>,
    pub claims: Vec<String>,
    pub asks_mfa: Vec<String>,
    pub asks_phrh: Vec<String>,
    pub gives_mfa: Vec<String>,
    pub keeps_session: bool,
    pub algorithms: Algorithms,
    pub encryption: Encryption,
    pub userinfo: Userinfo,
    pub par: Par,
    pub request_object: RequestObject,
    #[serde(deserialize_with = "read::optional_text")]
    pub national_number: Option<String>,
}

/// How a provider speaks of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpstreamKind {
    /// Any provider of OpenID Connect.
    Oidc,
    /// The Federal Authentication Service (CSAM).
    Fas,
    /// itsme.
    Itsme,
}

impl UpstreamKind {
    pub const ALL: [Self; 3] = [Self::Oidc, Self::Fas, Self::Itsme];

    /// The name of its section in the defaults.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Fas => "fas",
            Self::Itsme => "itsme",
        }
    }
}

/// How we prove ourselves to a provider. Source: OIDC Core §9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamAuth {
    PrivateKeyJwt,
    ClientSecretBasic,
    ClientSecretPost,
}

impl UpstreamAuth {
    pub const fn needs_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// Whom our assertions are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    Issuer,
    TokenEndpoint,
}

/// Whether what a provider says of people is encrypted to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    Never,
    Demanded,
}

/// Whether the userinfo endpoint is asked too, and what its answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Userinfo {
    Never,
    Plain,
    Signed,
}

/// Whether requests are pushed before the browser is sent. Source: RFC 9126.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Par {
    Never,
    Offered,
    Demanded,
}

/// Whether requests are signed. Source: RFC 9101.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestObject {
    Never,
    Signed,
}

impl UpstreamConfig {
    pub const fn is_in_use(&self) -> bool {
        self.client_id.is_some()
    }

    /// Whether a key of ours signs for it.
    pub fn needs_signing_key(&self) -> bool {
        self.client_auth == UpstreamAuth::PrivateKeyJwt || self.request_object == RequestObject::Signed
    }
}
