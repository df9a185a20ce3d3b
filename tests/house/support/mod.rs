//! What tests share: real servers and a mailbox.

pub mod app;
pub mod children;
pub mod client;
pub mod crowd;
pub mod html;
pub mod jar;
pub mod key_set;
pub mod node;
pub mod people;
pub mod rank;
pub mod register;
pub mod samba;
pub mod servers;
pub mod severed;
pub mod slapd;
pub mod smtp;
pub mod soft_key;
pub mod trace;
pub mod visitor;
pub mod wire;
