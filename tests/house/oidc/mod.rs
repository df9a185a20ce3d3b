//! The provider, entered as applications and browsers enter it.

mod assertion;
mod authorization;
mod authorization_claims;
mod authorization_consent;
mod authorization_form_post;
mod authorization_owner;
mod ended;
mod keys;
mod logout;
mod overtaken;
mod refresh;
mod refusals;
mod register;
mod resource;
mod sufficient;
mod tokens;
mod world;
