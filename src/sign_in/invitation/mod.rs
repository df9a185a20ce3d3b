//! `/activate`: a person who was invited sets up the own account. Looking at the page uses nothing up, for mail
//! scanners look too; who begins types the user name, which the address does not tell. From there it is a sign-in
//! like any other: a password where there is none, a first authenticator, and what leads back.
//!
//! ```text
//! /activate?token=… (look) ──user name──► used ──► /sign-in/password ──► /sign-in/enrol ──► /account/set-up
//!                                                  (where there is none)
//! ```

pub mod redeem;
pub mod routes;
pub mod show;
