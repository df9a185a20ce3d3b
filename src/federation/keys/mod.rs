//! Our own keys that upstream providers read: to verify what we sign, and to encrypt to us.
//!
//! ```text
//! signs: made, published ──keys_overlap──► signs ──a newer one signs, keys_overlap──► private part destroyed
//! opens: made, published ──a newer one is published──► still opens ──keys_overlap──► private part destroyed
//! ```
//!
//! **Of the keys that open one is published**: a provider takes any that it sees. The one before still opens,
//! since copies of our key set are kept for a day elsewhere.

mod keeper;
mod life;

pub use keeper::{OwnKeys, UpstreamKeys, UpstreamKeysError};
pub use life::Line;
