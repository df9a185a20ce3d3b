//! What a person binds to an account to prove it is theirs: authenticator apps (TOTP) first; passkeys,
//! recovery codes and others come beside. Source: RFC 6238, NIST SP 800-63B-4 §3.1.4.
//!
//! ```text
//! offered (sealed, on the page) ──code──► bound ──revoke──► gone
//! ```

pub mod model;
pub mod offer;
pub mod service;
mod store;

pub use model::{Authenticator, CodeVerdict};
pub use offer::Offer;
pub use service::Authenticators;
