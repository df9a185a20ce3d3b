//! Passwords that run out, foreseen: each person is told in time, and asked to change on a day of their own, so that
//! nobody is locked out at home and the service desk has no rush.
//!
//! The directory's date is never touched. Beside it stands an earlier *change-by day*: a working day that is not the eve
//! of days off, with at most a set share of all people on it.
//!
//! ```text
//! directory's date ──► plan (model) ──► change-by day ──► notice 7 days before it      ┐ each once, by mail
//!                  └──────────────────────────────────► notices 14, 7, 3, 1 days before ┘ and on the portal
//! ```

mod calendar;
mod model;
mod service;
mod store;

pub use calendar::DaysOff;
pub use model::{DayLoad, Rules};
pub use service::{Ahead, Expiry, ExpiryParts, Forecast, Foreseen, Month};
