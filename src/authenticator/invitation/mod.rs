//! Invitations to enrol: a secret address, good once and for a day at the most, with which a person sets up the own
//! account. It proves that somebody was invited and stands for no factor.
//!
//! ```text
//! made (its digest is kept) ──user name typed──► used
//!        ├── a newer one is made ──► ended
//!        └── its time is over ─────► ended
//! ```

pub mod service;
mod store;

pub use service::{Held, INVITATION_OPEN, Invitation, Invitations, LASTS_MAX, Purpose};
