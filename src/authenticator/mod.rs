//! What a person binds to an account to prove it is theirs: authenticator apps (TOTP), passkeys and security keys.
//! Source: RFC 6238, NIST SP 800-63B-4 §3.1.4; for keys see `passkeys/`, for codes on paper `recovery/`,
//! for codes by mail `mail_code/`.
//!
//! ```text
//! offered (sealed, on the page) ──code──► bound ──revoke──► gone
//! ```

pub mod invitation;
pub mod mail_code;
pub mod model;
pub mod offer;
pub mod passkeys;
pub mod readiness;
pub mod recovery;
pub mod service;
mod store;
pub mod trusted;

pub use mail_code::MailCodes;
pub use model::{Authenticator, AuthenticatorKind, CodeVerdict};
pub use offer::Offer;
pub use passkeys::Passkeys;
pub use readiness::{Holdings, NextStep, Readiness};
pub use recovery::{RecoveryCode, RecoveryCodes};
pub use service::Authenticators;
