//! The signing keys as an operator sees them: never their private part.

use serde::Serialize;

use super::store;
use crate::infra::database::{Database, WriteError};
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SigningKeySummary {
    pub id: SigningKeyId,
    pub algorithm: String,
    /// Whether its time to sign has come; of several the newest signs.
    pub active: bool,
    pub created_at: String,
    pub active_from: String,
}

/// Keys that are not retired, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn signing_keys(db: &Database, now: Moment) -> Result<Vec<SigningKeySummary>, WriteError> {
    let keys = store::signing_keys(db, now).await?.into_iter().map(|key| SigningKeySummary {
        id: SigningKeyId::from_uuid(key.id),
        algorithm: key.algorithm,
        active: key.active_from <= now.micros(),
        created_at: Moment::from_micros(key.created_at).iso(),
        active_from: Moment::from_micros(key.active_from).iso(),
    });
    Ok(keys.collect())
}
