//! The provider, entered as applications and browsers enter it.

mod authorization;
mod authorization_claims;
mod authorization_consent;
mod authorization_form_post;
mod authorization_owner;
mod assertion;
mod keys;
mod logout;
mod refresh;
mod resource;
mod tokens;
mod world;
