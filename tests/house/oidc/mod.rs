//! The provider, entered as applications and browsers enter it.

mod assertion;
mod authorization;
mod authorization_claims;
mod authorization_consent;
mod authorization_form_post;
mod authorization_owner;
mod keys;
mod logout;
mod refresh;
mod register;
mod resource;
mod tokens;
mod world;
