//! Codes that are sent by mail: eight figures, typed, never a link. They prove that the mailbox on file can be read,
//! which is one of two proofs in a reset and no factor anywhere. Source: OWASP ASVS 5.0 §6.3.6, NIST SP 800-63B-4
//! §4.2.1.3.
//!
//! ```text
//! asked ──sent──► typed (five tries, ten minutes) ──right──► used up
//!   └─ asked again: the one before is worth nothing
//! ```

pub mod model;
pub mod service;
mod store;

pub use model::{MailCode, MailPlace};
pub use service::{MAIL_CODE_LEFT, MAIL_CODE_TRY, MAIL_CODE_UNUSED, MailCodeRules, MailCodes, Tried};
