//! What tests share: real servers and a mailbox.

pub mod servers;
pub mod smtp;
