//! Signing in: a password or a passkey, a second proof or its enrolment, a new password where the old one has run
//! out, and at the end a session. The journey machine says which step is next; this room does the steps.
//! Source: NIST SP 800-63B-4, OWASP ASVS 5.0 chapter 6.
//!
//! ```text
//! /sign-in ──► /sign-in/code | /sign-in/key | /sign-in/enrol… ──► /sign-in/password ──► where the person was going
//!    ├─ /sign-in/passkey ────────────────────────────────────────────────────────────────►
//!    └─ /sign-in/upstream ──► another provider ──► …/callback ───────────────────────────►
//! ```

pub mod at_step;
pub mod bind_key;
pub mod code;
pub mod enrol;
pub mod finish;
pub mod invitation;
pub mod key;
pub mod key_routes;
pub mod new_password;
pub mod offers;
pub mod own;
pub mod own_routes;
pub mod pages;
pub mod password;
pub mod recovery;
pub mod routes;
pub mod service;
pub mod show;
pub mod show_key;
pub mod show_upstream;
pub mod step;
pub mod trust;
pub mod upstream;
pub mod upstream_routes;
pub mod ways;

pub use service::{SignIn, SignInOptions};
