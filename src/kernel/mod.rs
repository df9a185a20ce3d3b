//! Ground: values that everything else speaks in. No I/O, no clock, no policy.

pub mod acr;
pub mod digest;
pub mod entropy;
pub mod id;
pub mod ladder;
pub mod language;
pub mod login_name;
pub mod network;
pub mod proof;
pub mod role;
pub mod secret;
pub mod time;
