//! Signed-in browsers: sessions with idle and absolute limits, and the device record of a browser that
//! comes back.

pub mod device;
pub mod model;
pub mod service;
mod signed_in;
mod store;
pub mod trust;

pub use device::Devices;
pub use model::{Current, Lifetimes, Session};
pub use service::Sessions;
pub use signed_in::{MaybeSignedIn, SignedIn};
pub use trust::{Trust, TrustedBrowser};
