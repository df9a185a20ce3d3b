//! Typed configuration: `config/default.toml` is the manual and the one place of defaults, and an
//! operator's file is laid over it. An unknown key stops the start and names its line.
//!
//! The only room that reads the environment, and only where a file says `{ env = "NAME" }`.

mod client;
mod client_uri;
pub mod clients;
mod document;
mod error;
mod fields;
mod findings;
mod read;
mod registration;
mod sections;
mod settings;
mod source;
mod span;

pub use error::{Cause, ConfigError, Finding, Place};
pub use sections::{
    ClientsConfig, DataConfig, DatabaseConfig, GeoipConfig, HashingConfig, HouseConfig, InLanguages,
    KeysConfig, LogConfig, MailConfig, MailEncryption, MailKind, PasswordsConfig, PoliciesConfig,
    ServerConfig, SessionLifetimes, SessionsConfig, SignInConfig, StateConfig, TokensConfig,
};
pub use settings::Config;
