//! A person's own place: applications, sign-in methods, sessions, and the data that we keep.

pub mod pages;
