//! Where passwords live. A directory is asked and answers; the account holds no password. Local is the
//! first kind; LDAP and Active Directory come beside it.

pub mod local;
pub mod model;
pub mod rules;
mod store;

pub use local::{LocalDirectory, LocalOptions};
pub use model::Answer;
