//! A new password without the old one, or an end to being locked out, by two proofs of different kinds. Nobody is
//! signed in by it, and no second factor is touched. Also "this was not me", the way back from one that somebody else
//! has done. Source: NIST SP 800-63B-4 §4.2, OWASP ASVS 5.0 §6.4, W3C "A Well-Known URL for Changing Passwords".
//!
//! ```text
//! /reset ──name, what is wrong──► two proofs ──► new password ──► receipt
//!                                     └── only locked out ──► unlocked
//! a notice ──typed code──► /not-me ──► contained: nothing is open but a reset
//! ```
//!
//! **Until the first proof everything is the same for a name that nobody has**: pages, work, time and limits.

pub mod key;
pub mod model;
pub mod not_me;
pub mod pages;
pub mod prove;
pub mod routes;
pub mod service;
pub mod show;
mod store;
pub mod upstream;
pub mod write;

pub use service::{PasswordReset, ResetOptions};

use crate::infra::database::Unit;
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

/// Takes away resets whose time was over before a moment.
pub fn forget_before(unit: &mut Unit, before: Moment) {
    unit.run(&store::forget_before(before.micros()));
}

/// Resets of a person who is erased.
pub fn forget_account(unit: &mut Unit, account: AccountId) {
    unit.run(&store::forget_account(account.uuid()));
}
