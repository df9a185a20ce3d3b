//! Cardea: identity and remote-access security for a department that works from home.

pub mod account;
pub mod config;
pub mod event;
pub mod infra;
pub mod kernel;
pub mod portal;
pub mod sign_in;
pub mod web;
pub mod directory;
pub mod session;
pub mod journey;
