//! Compact encryption to an RSA key of ours: RSA-OAEP-256 with A128CBC-HS256 or A256GCM, and nothing else.
//! Source: RFC 7516 §5.2, RFC 7518 §4.3, §5.2 and §5.3.
//!
//! **What opens proves nothing about its sender**: anyone can encrypt to a published key. Whoever opens demands
//! a signature inside.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::kernel::digest::{equal, from_base64url, hmac_sha256};

/// Longest text that is looked at, in bytes: an ID token with a picture in it has half of this.
pub const JWE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a CBC block, and of the half of an HMAC that is its tag.
const BLOCK: usize = 16;
/// Bytes of both content keys: two halves for A128CBC-HS256, one key for A256GCM.
const CONTENT_KEY_BYTES: usize = 32;
const GCM_TAG_BYTES: usize = 16;

/// Why a text was not opened. Behind the header all causes are one: which it was would help an attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    #[error("this is no compact encrypted text")]
    Form,
    #[error("an algorithm that is not accepted")]
    Algorithm,
    #[error("it does not open under this key")]
    DoesNotOpen,
}

/// A private key that opens; parsed once.
pub struct Opener(OaepPrivateDecryptingKey);

impl Opener {
    /// The key of a PKCS#8 document; `None` where it is no RSA key.
    pub fn parse(pkcs8: &[u8]) -> Option<Self> {
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).ok()?;
        OaepPrivateDecryptingKey::new(key).ok().map(Self)
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    zip: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Clone, Copy)]
enum Content {
    Cbc,
    Gcm,
}

/// An encrypted text whose header was read and is acceptable.
pub struct Sealed<'t> {
    protected: &'t str,
    kid: Option<String>,
    content: Content,
    wrapped: Vec<u8>,
    nonce: Vec<u8>,
    text: Vec<u8>,
    tag: Vec<u8>,
}

/// Whether a text has the five parts of an encrypted one.
pub fn is_sealed(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() == 4
}

impl<'t> Sealed<'t> {
    /// # Errors
    /// It is of another form, or of algorithms that are not accepted.
    pub fn parse(text: &'t str) -> Result<Self, JweError> {
        if text.len() > JWE_BYTES_MAX {
            return Err(JweError::Form);
        }
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(JweError::Form);
        let (protected, wrapped, nonce, sealed, tag) = (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(JweError::Form);
        }
        let bytes = |part: &str| from_base64url(part).ok_or(JweError::Form);
        let header: Header = serde_json::from_slice(&bytes(protected)?).map_err(|_| JweError::Form)?;
        // Compression would let a small text become a large one. Source: RFC 8725 §3.6, RFC 7516 §4.1.13.
        if header.zip.is_some() || header.crit.is_some() || header.alg != "RSA-OAEP-256" {
            return Err(JweError::Algorithm);
        }
        let content = match header.enc.as_str() {
            "A128CBC-HS256" => Content::Cbc,
            "A256GCM" => Content::Gcm,
            _ => return Err(JweError::Algorithm),
        };
        Ok(Self {
            protected,
            kid: header.kid,
            content,
            wrapped: bytes(wrapped)?,
            nonce: bytes(nonce)?,
            text: bytes(sealed)?,
            tag: bytes(tag)?,
        })
    }

    /// The id of the key that it was sealed to, as far as the sender says.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// # Errors
    /// Another key, or changed bytes.
    pub fn open(&self, opener: &Opener) -> Result<Vec<u8>, JweError> {
        let mut room = Zeroizing::new(vec![0; opener.0.min_output_size()]);
        let key = opener.0.decrypt(&OAEP_SHA256_MGF1SHA256, &self.wrapped, &mut room, None);
        let key = key.map_err(|_| JweError::DoesNotOpen)?;
        if key.len() != CONTENT_KEY_BYTES {
            return Err(JweError::DoesNotOpen);
        }
        let plain = match self.content {
            Content::Cbc => self.open_cbc(key),
            Content::Gcm => self.open_gcm(key),
        };
        plain.ok_or(JweError::DoesNotOpen)
    }

    /// The tag first: nothing is decrypted that was not sealed whole. Source: RFC 7518 §5.2.2.2.
    fn open_cbc(&self, key: &[u8]) -> Option<Vec<u8>> {
        let (mac_key, cipher_key) = key.split_at_checked(BLOCK)?;
        let protected = self.protected.as_bytes();
        let bits = u64::try_from(protected.len()).ok()?.checked_mul(8)?;
        let whole = [protected, &self.nonce, &self.text, &bits.to_be_bytes()].concat();
        let mac = hmac_sha256(mac_key, &whole);
        if !equal(mac.get(..BLOCK)?, &self.tag) {
            return None;
        }
        let key = UnboundCipherKey::new(&AES_128, cipher_key).ok()?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
        let nonce: [u8; BLOCK] = self.nonce.as_slice().try_into().ok()?;
        let mut text = self.text.clone();
        let context = DecryptionContext::Iv128(FixedLength::from(nonce));
        key.decrypt(&mut text, context).ok().map(|plain| plain.to_vec())
    }

    fn open_gcm(&self, key: &[u8]) -> Option<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        let nonce: [u8; NONCE_LEN] = self.nonce.as_slice().try_into().ok()?;
        if self.tag.len() != GCM_TAG_BYTES {
            return None;
        }
        let mut text = [self.text.as_slice(), &self.tag].concat();
        let aad = Aad::from(self.protected.as_bytes());
        let opened = key.open_in_place(Nonce::assume_unique_for_key(nonce), aad, &mut text).ok()?;
        Some(opened.to_vec())
    }
}
