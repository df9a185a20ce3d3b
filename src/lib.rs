//! Cardea: identity and remote-access security for a department that works from home.

pub mod account;
pub mod app;
pub mod authenticator;
pub mod cli;
pub mod config;
mod demo;
pub mod directory;
pub mod event;
pub mod expiry;
pub mod federation;
pub mod infra;
pub mod jobs;
pub mod journey;
pub mod kernel;
pub mod lifecycle;
pub mod oidc;
pub mod password_reset;
pub mod policy;
pub mod portal;
pub mod session;
pub mod sign_in;
pub mod web;
