//! Models of authenticators whose keys are known to stay in hardware: a list of the operator's, held against a
//! metadata file of the FIDO Alliance that says which roots sign for them. Source: FIDO Metadata Service v3.1 §3.1.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::Deserialize;
use uuid::Uuid;
use webauthn_rs::prelude::{AttestationCaList, AttestationCaListBuilder};

use crate::kernel::digest::from_base64url;

/// The models that count as hardware; empty where the operator names none.
#[derive(Clone, Debug, Default)]
pub struct Models {
    roots: AttestationCaList,
}

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("{path}: the metadata cannot be read: {cause}")]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    #[error("{path}: this is neither a metadata BLOB nor its payload")]
    NoMetadata { path: PathBuf },
    #[error("the model {model} is not in the metadata, or nobody signs for it there")]
    Unknown { model: Uuid },
}

#[derive(Deserialize)]
struct Payload {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    aaguid: Option<Uuid>,
    metadata_statement: Option<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(default)]
    description: String,
    /// DER in base64.
    #[serde(default)]
    attestation_root_certificates: Vec<String>,
}

impl Models {
    /// Reads the roots of the wanted models. The file is trusted as the operator's own: the signature of a BLOB
    /// is not looked at.
    ///
    /// # Errors
    /// The file cannot be read, or does not know a model.
    pub fn load(path: &Path, wanted: &[Uuid]) -> Result<Self, ModelsError> {
        let unreadable = |cause| ModelsError::Unreadable { path: path.to_owned(), cause };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let payload = payload(&text).ok_or_else(|| ModelsError::NoMetadata { path: path.to_owned() })?;
        let mut list = AttestationCaListBuilder::new();
        for model in wanted {
            let entry = payload.entries.iter().find(|entry| entry.aaguid == Some(*model));
            let statement = entry.and_then(|entry| entry.metadata_statement.as_ref());
            let mut taken = false;
            for root in statement.iter().flat_map(|statement| &statement.attestation_root_certificates) {
                let compact: String = root.chars().filter(|c| !c.is_whitespace()).collect();
                let Ok(der) = BASE64.decode(compact.as_bytes()) else { continue };
                let description = statement.map(|statement| statement.description.clone());
                let description = description.unwrap_or_default();
                taken |= list.insert_device_der(&der, *model, description, BTreeMap::new()).is_ok();
            }
            if !taken {
                return Err(ModelsError::Unknown { model: *model });
            }
        }
        Ok(Self { roots: list.build() })
    }

    /// Whether any model counts as hardware.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    pub(super) const fn roots(&self) -> &AttestationCaList {
        &self.roots
    }
}

/// The payload of a BLOB (a JWT), or the text itself. Source: FIDO Metadata Service v3.1 §3.1.7.
fn payload(text: &str) -> Option<Payload> {
    let text = text.trim();
    if text.starts_with('{') {
        return serde_json::from_str(text).ok();
    }
    let bytes = from_base64url(text.split('.').nth(1)?)?;
    serde_json::from_slice(&bytes).ok()
}
