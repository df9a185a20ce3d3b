//! Where passwords live. A directory is asked and answers; the account holds no password. Everyone asks
//! [`Directories`], which knows by the account's directory whom to ask.

pub mod breach;
pub mod common;
pub mod directories;
pub mod ldap;
pub mod local;
pub mod model;
pub mod rules;
pub mod said;
mod similar;
mod store;

pub use directories::{Directories, Learnt, Prepared, Verified};
pub use ldap::LdapDirectory;
pub use local::{DirectoryError, LocalDirectory, LocalOptions};
pub use model::{Answer, Asker, How, PasswordStanding, Whose, Written};
