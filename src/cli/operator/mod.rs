//! Administration from the command line: one request, one answer, whether a node runs or not.
//!
//! ```text
//! cardea people … ──► a node runs on this data? ──yes──► its socket (0600) ──► execute in the node
//!                                               └─no───► the lock ──────────► execute here, then seal
//! ```
//!
//! Either way the operating-system user is the actor, the use case is authorized first, and its event is
//! in the same unit as its effect.

mod call;
mod clients;
mod execute;
mod forecast;
mod invitations;
mod keys;
mod links;
mod lock;
mod people;
mod person;
mod readiness;
mod shown;
mod shown_client;
mod shown_forecast;
mod shown_readiness;
mod socket;
mod user;
mod wire;

pub use call::{call, note};
pub use lock::Lock;
pub use shown::{LinkShown, PersonDetail, PersonShown};
pub use shown_client::{ClientDetail, ClientShown};
pub use shown_forecast::ForecastBoard;
pub use shown_readiness::ReadinessBoard;
pub use socket::Channel;
pub use user::own_name;
pub use wire::{Answer, Asked, Invited, NewPerson, Request, SigningTurn};
