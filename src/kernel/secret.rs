//! Secrets that cannot be printed, logged, serialised or compared by accident.

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::kernel::digest;
use crate::kernel::entropy::Entropy;

/// A value that has no `Debug`, `Display` or `Serialize` and is wiped when it is dropped.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The one door out; its call sites are few and can be listed.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

/// A password that is not empty, normalised once (NFC) and of bounded length.
///
/// The type keeps an empty password away from a directory, where a bind without one "succeeds".
/// Source: RFC 4513 §5.1.2, NIST SP 800-63B-4 §3.1.1.2.
#[derive(Clone)]
pub struct Password(Secret<String>);

/// Longest accepted password in bytes of UTF-8: bounds the work before any hashing.
pub const PASSWORD_BYTES_MAX: usize = 1024;

impl Password {
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.is_empty() || raw.len() > PASSWORD_BYTES_MAX {
            return None;
        }
        Some(Self(Secret::new(raw.nfc().collect())))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Length in characters as NIST counts them: one per code point.
    pub fn characters(&self) -> usize {
        self.expose().chars().count()
    }
}

/// An unguessable bearer value of 256 bits: leaves as text once, is kept as its digest only.
#[derive(Clone)]
pub struct BearerToken(Secret<String>);

impl BearerToken {
    pub fn new(entropy: &Entropy) -> Self {
        Self(Secret::new(digest::base64url(&entropy.bytes::<32>())))
    }

    /// Reads a token that came from outside; anything of another form is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = digest::from_base64url(text).filter(|bytes| bytes.len() == 32)?;
        (digest::base64url(&bytes) == text).then(|| Self(Secret::new(text.to_owned())))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is stored and looked up. A plain digest suffices: the value has 256 random bits.
    pub fn digest(&self) -> Vec<u8> {
        digest::sha256(self.expose().as_bytes()).to_vec()
    }
}
