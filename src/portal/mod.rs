//! A person's own pages: the way to the applications, the account with its authenticators, sessions and
//! recent sign-ins, and what is kept about the person.

pub mod account_page;
pub mod browsers;
pub mod consents;
pub mod export;
pub mod home_page;
pub mod pages;
pub mod recovery;
pub mod routes;
pub mod service;

pub use service::Portal;
