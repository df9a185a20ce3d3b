//! The edge: what every page, form and message on the web shares.

pub mod calendar;
#[cfg(test)]
pub mod locales_check;
pub mod page;
#[cfg(test)]
pub mod page_check;
pub mod text;
pub mod browser;
pub mod context;
pub mod cookie;
pub mod flash;
pub mod form;
pub mod params;
pub mod respond;
pub mod route;
