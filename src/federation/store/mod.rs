//! Everything that the slice asks the database, a file for each kind of row.

pub mod awaited;
pub mod key;
pub mod link;
pub mod state;
