//! What touches the outside world: database, state, sealing, hashing, mail, place data, TLS, calls to others; and the
//! forms in which keys sign and open texts.

pub mod database;
pub mod files;
pub mod geoip;
pub mod hashing;
pub mod jose;
pub mod ldap;
pub mod lease;
pub mod mailer;
pub mod metrics;
pub mod outbox;
pub mod outgoing;
pub mod sealing;
pub mod state;
pub mod tls;
