//! Joiners, movers and leavers: what a directory says of its people becomes accounts, names, roles and ends.
//!
//! ```text
//! unknown ──is there──► account ──another name or place──► the same account
//!                          └──disabled, ended or gone──► closed within a minute ──back──► account
//! ```

mod decide;
mod refresh;

pub use refresh::Lifecycle;
