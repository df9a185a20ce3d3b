//! The security-monitoring log: typed events in OCSF shape, written with their effect, chained by one
//! sealer, exported as JSON Lines. Case codes belong here too: their truth is in the log.
//!
//! A record has a plain part (class, time, outcome, ids) and a personal part (name, address, device,
//! place) that is encrypted under a key per subject and month. The chain covers the ciphertext, so
//! destroying a key erases a person's part and the chain still verifies.

pub mod case_code;
pub mod chain;
pub mod copy;
pub mod cover;
pub mod head;
pub mod log;
pub mod model;
pub mod ocsf;
pub mod origin;
pub mod personal_key;
pub mod read;
pub mod reason;
pub mod sealer;
mod store;
pub mod user_agent;
pub mod verify;

pub use case_code::CaseCode;
pub use log::EventLog;
pub use model::{Event, What};
pub use origin::Origin;
