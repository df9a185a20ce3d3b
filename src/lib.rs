//! Cardea: identity and remote-access security for a department that works from home.

pub mod infra;
pub mod kernel;
