//! The composition root: the only place that knows everything. It opens what the configuration names,
//! gives each slice its parts, and puts every route behind the edge.

pub mod assets;
pub mod closing;
pub mod compose;
pub mod document_edge;
pub mod edge;
pub mod failure;
pub mod headers;
pub mod health;
pub mod open;
pub mod open_error;
pub mod serve;
pub mod well_known;

pub use compose::App;
pub use failure::Failure;
pub use open::Opened;
pub use open_error::{OpenCause, OpenError};
