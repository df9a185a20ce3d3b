//! Signing in: the doors, the second proof, and what must be put in order on the way.

pub mod pages;
