//! Recovery codes: ten look-up secrets on paper, each good for one second proof. Source: NIST SP 800-63B-4 §3.1.2.
//!
//! ```text
//! made (shown once) ──typed──► used
//!        └── a new set is made ──► gone
//! ```

pub mod model;
pub mod service;
mod store;

pub use model::RecoveryCode;
pub use service::{CODE_UNUSED, CodeSet, Looked, RecoveryCodes};
