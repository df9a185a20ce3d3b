//! The keys that sign tokens: made in time, sealed at rest, published while they count.
//!
//! ```text
//!        published_before            signs_for                published_after, and no client is bound to it
//! made ──────────────────► active: ────────────► published ──────────────────────────────────────► retired
//! published: next          signs                 a newer one is active                              private part destroyed
//! ```
//!
//! **No verification fails at any moment, on any node or at any application**, because a key is published
//! longer before its first signature than any copy of the key set is old, and longer after its last one than
//! any token lives. Clocks of nodes may be [`SigningConfig::CLOCKS_APART_MAX`] apart. The first key of an
//! algorithm and the one in the place of a leaked key sign at once, since there is nothing else to sign with.
//!
//! [`SigningConfig::CLOCKS_APART_MAX`]: crate::config::SigningConfig::CLOCKS_APART_MAX

mod error;
#[cfg(test)]
mod installation;
mod keeper;
mod list;
mod pins;
mod schedule;
mod set;
#[cfg(test)]
mod set_check;
mod turns;
#[cfg(test)]
mod turns_check;

pub use error::KeysError;
pub use keeper::{SigningKeys, keys_fit};
pub use list::{PinFinding, SigningKeySummary, pin_findings, signing_keys};
pub use pins::Pins;
pub use set::Expected;
pub use turns::{MadeKey, Pace, PinnedKey, Turn, Turned};
