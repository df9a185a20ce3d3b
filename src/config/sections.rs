//! The sections, one struct each. A service takes its own by value and never the whole.
//!
//! Meaning, unit and default of every key stand in `config/default.toml`; here is only its type.
//! Sections that hold a secret have no `Debug`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;
use uuid::Uuid;

use crate::config::algorithms::Algorithms;
use crate::config::read;
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::secret::Secret;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    pub listen: SocketAddr,
    /// The exact text that tokens carry: an origin without a slash at its end.
    pub issuer: String,
    #[serde(deserialize_with = "read::networks")]
    pub trusted_proxies: Vec<IpNet>,
    pub internal_listen: SocketAddr,
    #[serde(deserialize_with = "read::optional_path")]
    pub tls_certificate: Option<PathBuf>,
    #[serde(deserialize_with = "read::optional_path")]
    pub tls_key: Option<PathBuf>,
    pub body_bytes_max: usize,
    pub header_seconds_max: u64,
    pub request_seconds_max: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataConfig {
    pub folder: PathBuf,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    #[serde(deserialize_with = "read::secret")]
    pub url: Secret<String>,
    #[serde(deserialize_with = "read::optional_secret")]
    pub migration_url: Option<Secret<String>>,
    pub connections_max: u32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateConfig {
    #[serde(deserialize_with = "read::optional_secret")]
    pub redis_url: Option<Secret<String>>,
    pub prefix: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    pub ring: PathBuf,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashingConfig {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    /// 0: one a processor.
    pub workers: usize,
    pub waiting_max: usize,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInConfig {
    pub attempts_before_pause: u32,
    #[serde(deserialize_with = "read::duration")]
    pub pause_first: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub pause_longest: Duration,
    pub failures_max: u32,
    pub attempts_per_source: u32,
    #[serde(deserialize_with = "read::duration")]
    pub source_span: Duration,
    pub journeys_per_source: u32,
    #[serde(deserialize_with = "read::duration")]
    pub refusal_time: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub refusal_jitter: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub journey_time: Duration,
    pub code_attempts_max: u32,
    #[serde(deserialize_with = "read::optional_duration")]
    pub trusted_browser: Option<Duration>,
    #[serde(deserialize_with = "read::duration")]
    pub case_code_time: Duration,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetConfig {
    #[serde(deserialize_with = "read::duration")]
    pub answer_time: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub answer_jitter: Duration,
    pub begun_per_hour: u32,
    #[serde(deserialize_with = "read::duration")]
    pub mail_code_time: Duration,
    pub mail_code_tries: u32,
    pub mail_codes_per_hour: u32,
    pub mailboxes_behind_password: Vec<String>,
    #[serde(deserialize_with = "read::optional_text")]
    pub wifi_network: Option<String>,
    #[serde(deserialize_with = "read::duration")]
    pub not_me_time: Duration,
    pub not_me_per_day: u32,
}

/// Least assurance of each role.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssuranceConfig {
    pub staff: Acr,
    pub desk: Acr,
    pub analyst: Acr,
    pub auditor: Acr,
    pub admin: Acr,
}

impl AssuranceConfig {
    /// What a role demands.
    pub const fn of(&self, role: Role) -> Acr {
        match role {
            Role::Staff => self.staff,
            Role::Desk => self.desk,
            Role::Analyst => self.analyst,
            Role::Auditor => self.auditor,
            Role::Admin => self.admin,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeysConfig {
    #[serde(deserialize_with = "read::optional_path")]
    pub metadata: Option<PathBuf>,
    pub hardware_models: Vec<Uuid>,
}

/// Lifetimes of sessions by the name of the role.
pub type SessionsConfig = BTreeMap<String, SessionLifetimes>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionLifetimes {
    #[serde(deserialize_with = "read::duration")]
    pub idle: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub absolute: Duration,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokensConfig {
    pub algorithms: Algorithms,
    #[serde(deserialize_with = "read::duration")]
    pub code: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub access_token: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub access_token_immediate: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub id_token: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub refresh_token: Duration,
}

/// When a signing key is published, signs and goes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningConfig {
    #[serde(deserialize_with = "read::duration")]
    pub signs_for: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub published_before: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub published_after: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub key_set_max_age: Duration,
}

impl SigningConfig {
    /// How old the keys in the memory of a node may be.
    pub const NODE_AGE_MAX: Duration = Duration::from_secs(5);
    /// How far apart the clocks of nodes may be.
    pub const CLOCKS_APART_MAX: Duration = Duration::from_secs(5);
    /// How long verifiers may wait before they read the key set again for an unknown key: widespread libraries
    /// wait up to a minute.
    const READ_AGAIN_AFTER: Duration = Duration::from_mins(1);
    /// How soon every node, and every verifier that reads the key set again for an unknown key, has a key.
    pub const SOONEST: Duration = Self::everywhere(Self::READ_AGAIN_AFTER);

    /// The least time from publishing to signing, where copies of the key set are so old at most.
    pub const fn everywhere(copies_age_max: Duration) -> Duration {
        copies_age_max.saturating_add(Self::NODE_AGE_MAX).saturating_add(Self::CLOCKS_APART_MAX)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordsConfig {
    pub length_min_alone: usize,
    pub length_min_with_second: usize,
    pub length_max: usize,
    #[serde(deserialize_with = "read::optional_path")]
    pub blocklist: Option<PathBuf>,
    #[serde(deserialize_with = "read::optional_path")]
    pub breach_filter: Option<PathBuf>,
    pub strength_min: u8,
    #[serde(deserialize_with = "read::optional_duration")]
    pub expires_after: Option<Duration>,
    #[serde(deserialize_with = "read::optional_duration")]
    pub previous_kept: Option<Duration>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryConfig {
    pub notice_days: Vec<u32>,
    pub asked_days: u32,
    pub percent_a_day: u32,
    pub margin_days: u32,
    pub spread_days: u32,
    pub days_off: Vec<String>,
    #[serde(deserialize_with = "read::networks")]
    pub office_networks: Vec<IpNet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailKind {
    Folder,
    Smtp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    Tls,
    Starttls,
    None,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub kind: MailKind,
    pub from: String,
    pub folder: PathBuf,
    pub host: String,
    pub port: u16,
    pub encryption: MailEncryption,
    #[serde(deserialize_with = "read::optional_text")]
    pub user: Option<String>,
    #[serde(deserialize_with = "read::optional_secret")]
    pub password: Option<Secret<String>>,
    pub per_person_per_hour: u32,
    pub tries_max: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    pub copy: PathBuf,
    pub heads: PathBuf,
    #[serde(deserialize_with = "read::duration")]
    pub seal_every: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub head_every: Duration,
    pub personal_months: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeoipConfig {
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoliciesConfig {
    /// `None`: the policies that are compiled in.
    #[serde(deserialize_with = "read::optional_path")]
    pub folder: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientsConfig {
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseConfig {
    pub phone: String,
    /// A `mailto:` or `https:` address.
    pub security_contact: String,
    pub name: InLanguages,
    pub hours: InLanguages,
}

/// A text of the operator in the four languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InLanguages {
    pub nl: String,
    pub fr: String,
    pub de: String,
    pub en: String,
}

impl InLanguages {
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::Fr => &self.fr,
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}
