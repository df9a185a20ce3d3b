//! The provider, entered as applications and browsers enter it.

mod authorization;
mod tokens;
mod world;
