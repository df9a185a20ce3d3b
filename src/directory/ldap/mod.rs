//! Directories of others: Active Directory and LDAP. They keep the passwords; we ask by a bind, write with the
//! rights of a service account, and stay below the number of wrong passwords at which they lock.
//! Source: RFC 4511, RFC 3062, draft-behera-ldap-password-policy, MS-ADTS 3.1.1.3.1.5, MS-SAMR 3.1.1.8.

pub mod changes;
pub mod directory;
pub mod entry;
pub mod outcome;
pub mod policy;
pub mod rights;
pub mod sends;
pub mod standing;
mod store;
mod write;

pub use changes::{Changes, Cursor};
pub use directory::LdapDirectory;
pub use entry::{DirectoryState, PersonEntry};
