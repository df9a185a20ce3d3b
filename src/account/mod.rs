//! Who people are: accounts with every spelling of their name, their organisation, state and roles;
//! the gate that every issuance asks; and the count of consecutive failures.
//!
//! ```text
//! active ──disable──► disabled ──enable──► active
//!    └──end──► ended (from a date on)          any ──erase──► gone
//! ```

pub mod attempt;
pub mod described;
pub mod model;
pub mod names;
pub mod notices;
pub mod service;
mod store;

pub use model::{Account, Closed, State};
pub use service::{Accounts, NewAccount};
