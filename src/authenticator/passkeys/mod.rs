//! Passkeys and security keys: credentials of public keys, bound to our origin, so that nobody in between can use
//! what they sign. Source: W3C Web Authentication Level 3, NIST SP 800-63B-4 §3.1.6 and §3.1.7.
//!
//! ```text
//! page ──► challenge (a row: this browser, this journey, five minutes)
//!            │ the browser asks the authenticator, which signs
//!            ▼
//! answer ──our own checks──► library ──► counter ──► proof, and the challenge is used up (one unit)
//!            └─ any of them fails ─► refused by its reason, recorded, and the challenge is used up as well
//! ```
//!
//! A *passkey* verifies its user (PIN, finger, face) and can be found without a name: it stands alone. A *security
//! key* is touched: it stands beside a password.

mod answer;
mod binding;
mod ceremony;
mod challenge;
pub mod model;
mod models;
pub mod service;
mod store;

pub use binding::{CREDENTIAL_FREE, Given, NewKey};
pub use ceremony::{Ceremony, CeremonyError, Owner};
pub use challenge::Place;
pub use model::{DeviceKind, KeyKind};
pub use models::{Models, ModelsError};
pub use service::{
    Asked, Assertion, CHALLENGE_UNUSED, COUNTER_FORWARD, KeyError, NotAccepted, Passkeys, Sent,
};
