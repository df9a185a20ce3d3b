//! Why keys can neither be had nor made.

use crate::config::clients::SigningAlg;
use crate::infra::database::WriteError;
use crate::infra::jose::jws::JwsError;
use crate::kernel::id::SigningKeyId;

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("the signing key {id} does not open under this key ring")]
    DoesNotOpen { id: SigningKeyId },
    #[error("the signing key {id} is unreadable")]
    Unreadable { id: SigningKeyId },
    #[error("there is no signing key for {}", .0.name())]
    None(SigningAlg),
    #[error("the signing key {key} is pinned by {clients}: their tokens would fail until they pin another")]
    Pinned { key: SigningKeyId, clients: String },
    #[error(transparent)]
    Jws(#[from] JwsError),
    #[error(transparent)]
    Database(#[from] WriteError),
}
