//! Who people are: accounts with every spelling of their name, their organisation, state and roles;
//! the gate that every issuance asks; the count of consecutive failures; and the codes of "this was not me".
//!
//! ```text
//! active ──disable──► disabled ──enable──► active
//!    ├──end──► ended (from a date on)          any ──erase──► gone
//!    └──"this was not me"──► contained ──reset, operator──► active
//! ```

pub mod attempt;
pub mod described;
pub mod model;
pub mod names;
pub mod not_me;
pub mod notices;
pub mod service;
mod store;

pub use model::{Account, Closed, State};
pub use not_me::NotMe;
pub use service::{Accounts, NewAccount};
