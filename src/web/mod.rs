//! The edge: what every page, form and message on the web shares.

pub mod browser;
pub mod calendar;
pub mod context;
pub mod cookie;
pub mod document;
pub mod flash;
pub mod form;
#[cfg(test)]
pub mod locales_check;
pub mod mail;
pub mod new_password;
pub mod page;
#[cfg(test)]
pub mod page_check;
pub mod params;
pub mod respond;
pub mod route;
pub mod text;
