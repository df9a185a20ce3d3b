//! What tests share: real servers and a mailbox.

pub mod app;
pub mod client;
pub mod html;
pub mod people;
pub mod servers;
pub mod smtp;
pub mod wire;
