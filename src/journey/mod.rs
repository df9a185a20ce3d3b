//! The one machine behind every flow: a purpose, a requirement and a set of typed proofs. The next step
//! is computed, never stored: requirement minus proofs. Pages are views of it.
//!
//! ```text
//! purpose + requirement + proofs ──next──► Identify ──► Prove | Enrol ──► NewPassword ──► Done
//! ```

pub mod model;
#[cfg(test)]
mod model_check;
pub mod service;
mod store;

pub use model::{Facts, Journey, Purpose, ResetFacts, ResetStep, Step, Target};
pub use service::{JourneyError, Journeys};
