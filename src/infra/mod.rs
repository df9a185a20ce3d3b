//! What touches the outside world: database, state, sealing, hashing, mail, place data, TLS.

pub mod database;
pub mod files;
pub mod geoip;
pub mod hashing;
pub mod lease;
pub mod mailer;
pub mod metrics;
pub mod outbox;
pub mod sealing;
pub mod state;
pub mod tls;
