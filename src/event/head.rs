//! The head of the chain, signed and given outside: whoever keeps the heads can tell later whether the
//! log behind them is still the same.

use std::io::Write;
use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::store;
use crate::infra::database::Database;
use crate::infra::files;
use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::{base64url, from_base64url, hex};
use crate::kernel::time::Moment;

/// One line of the heads file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub at: String,
    pub sequence: i64,
    pub record_hash: String,
    /// Ed25519 public key, base64url.
    pub key: String,
    pub signature: String,
}

/// Signs heads; the key comes from the ring, so that every node of an installation has the same.
pub struct HeadSigner(Ed25519KeyPair);

impl HeadSigner {
    /// # Errors
    /// The key cannot be derived from the ring.
    pub fn new(ring: &KeyRing) -> Result<Self, SealError> {
        let seed = ring.mac_key(Purpose::LogHead)?;
        Ed25519KeyPair::from_seed_unchecked(seed.expose()).map(Self).map_err(|_| SealError::Key)
    }

    /// The key by which others check the heads.
    pub fn public_key(&self) -> String {
        base64url(self.0.public_key().as_ref())
    }

    fn sign(&self, now: Moment, sequence: i64, record_hash: &[u8]) -> Head {
        let (at, record_hash) = (now.iso(), hex(record_hash));
        let signature = self.0.sign(signed_bytes(&at, sequence, &record_hash).as_bytes());
        Head { at, sequence, record_hash, key: self.public_key(), signature: base64url(signature.as_ref()) }
    }
}

impl Head {
    /// Whether the holder of the key signed exactly this.
    pub fn is_signed_by(&self, key: &str) -> bool {
        let (Some(public), Some(signature)) = (from_base64url(key), from_base64url(&self.signature)) else {
            return false;
        };
        let text = signed_bytes(&self.at, self.sequence, &self.record_hash);
        self.key == key
            && UnparsedPublicKey::new(&ED25519, public).verify(text.as_bytes(), &signature).is_ok()
    }
}

fn signed_bytes(at: &str, sequence: i64, record_hash: &str) -> String {
    format!("cardea/head/1\n{at}\n{sequence}\n{record_hash}")
}

#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    #[error("the log cannot be read: {0}")]
    Database(#[from] crate::infra::database::DbErr),
    #[error("the head cannot be written: {0}")]
    File(#[from] std::io::Error),
    #[error("the head cannot be signed: {0}")]
    Key(#[from] SealError),
    #[error("the head cannot be put into words: {0}")]
    Form(#[from] serde_json::Error),
}

/// Appends the signed head to the file of heads; nothing to say while the log is empty.
///
/// # Errors
/// The key cannot be derived, or the database or the file does not do its part.
pub async fn publish(db: &Database, ring: &KeyRing, path: &Path, now: Moment) -> Result<(), HeadError> {
    let signer = HeadSigner::new(ring)?;
    let Some(seal) = store::last_seal(db.read()).await? else { return Ok(()) };
    let head = signer.sign(now, seal.sequence, &seal.record_hash);
    let mut line = serde_json::to_string(&head)?;
    line.push('\n');
    let mut file = files::append_private(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_data()?;
    Ok(())
}

/// Reads a file of heads; a line that is none is told by its number.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path) -> std::io::Result<Vec<Result<Head, usize>>> {
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(lines.map(|(number, line)| serde_json::from_str(line).map_err(|_| number + 1)).collect())
}
