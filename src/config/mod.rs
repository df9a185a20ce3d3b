//! Typed configuration: `config/default.toml` is the manual and the one place of defaults, and an
//! operator's file is laid over it. An unknown key stops the start and names its line.
//!
//! The only room that reads the environment, and only where a file says `{ env = "NAME" }`.

mod algorithms;
mod client;
mod client_keys;
mod client_text;
mod client_uri;
pub mod clients;
#[cfg(test)]
mod clients_check;
mod directory;
mod document;
mod error;
mod fields;
mod findings;
mod members;
mod outgoing;
mod read;
mod registration;
mod sections;
mod settings;
mod source;
mod span;
mod upstream;

pub use algorithms::Algorithms;
pub use directory::{DirectoriesConfig, DirectoryConfig, DirectoryKind};
pub use error::{Cause, ConfigError, Finding, Place};
pub use outgoing::{HostPort, OutgoingConfig};
pub use sections::{
    AssuranceConfig, ClientsConfig, DataConfig, DatabaseConfig, ExpiryConfig, GeoipConfig, HashingConfig,
    HouseConfig, InLanguages, KeysConfig, LogConfig, MailConfig, MailEncryption, MailKind, PasskeysConfig,
    PasswordsConfig, PoliciesConfig, ServerConfig, SessionLifetimes, SessionsConfig, SignInConfig,
    SigningConfig, StateConfig, TokensConfig,
};
pub use settings::Config;
pub use span::parse as parse_span;
pub use upstream::{
    AssertionAudience, Encryption, FederationConfig, Par, RequestObject, UpstreamAuth, UpstreamConfig,
    UpstreamKind, UpstreamsConfig, Userinfo,
};
