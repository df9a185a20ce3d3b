//! Seals and opens with a key of its own, which may be destroyed: the personal part of a record.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{DoesNotOpen, SealError};
use crate::kernel::entropy::Entropy;

/// # Errors
/// The key is none of the cipher's, or the cipher does not take the bytes.
pub fn seal(key: &[u8], place: &[u8], plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>, SealError> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, key).map_err(|_| SealError::Key)?);
    let nonce: [u8; NONCE_LEN] = entropy.bytes();
    let mut out = nonce.to_vec();
    let mut sealed = plain.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(place), &mut sealed).map_err(|_| SealError::Cipher)?;
    out.append(&mut sealed);
    Ok(out)
}

/// # Errors
/// Another key, another place, or changed bytes.
pub fn open(key: &[u8], place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(DoesNotOpen)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, key).map_err(|_| DoesNotOpen)?);
    let mut buffer = text.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let plain = key.open_in_place(nonce, Aad::from(place), &mut buffer).map_err(|_| DoesNotOpen)?.len();
    buffer.truncate(plain);
    Ok(buffer)
}
