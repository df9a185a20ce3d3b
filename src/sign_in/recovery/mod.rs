//! Recovery codes: as another way after the password, made anew by who is signed in, and what a person should see
//! to after a first enrolment or after a code was used. Source: NIST SP 800-63B-4 §3.1.2 and §4.2.
//!
//! ```text
//! /sign-in?way=recovery ──► /sign-in/recovery ──► /account/set-up ──► where the person was going
//! /account/recovery-codes (ask) ──► made and shown, once
//! ```

pub mod afterwards;
pub mod clock;
pub mod make;
pub mod routes;
pub mod show;
pub mod take;
