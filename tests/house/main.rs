//! The house: one binary with every integration test, ordered as `src/` is.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise; clippy knows that of test functions, not of what they share"
)]

mod attempts;
mod authenticator;
mod backend_gone;
mod cli;
mod constant_work;
mod directory;
mod durability;
mod edge;
mod event;
mod expiry;
mod federation;
mod limits;
mod oidc;
mod out_of_step;
mod password_choice;
mod password_reset;
mod policy;
mod portal;
mod recovery;
mod rules;
mod serve;
mod sessions;
mod sign_in;
mod single_use;
mod support;
mod timing;
mod walks;
