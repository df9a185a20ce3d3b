//! Signing keys as they are used, and compact signatures. Source: RFC 7515, RFC 7518 §3.
//!
//! The pairs are parsed once and kept: `jsonwebtoken` would parse and check the private key for every
//! signature. Reading, where strictness counts, is left to it.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::clients::SigningAlg;
use crate::kernel::digest::base64url;
use crate::kernel::secret::Secret;

#[derive(Debug, thiserror::Error)]
pub enum JwsError {
    #[error("a signing key could not be made or does not sign")]
    Crypto(#[from] Unspecified),
    #[error("a signing key is not what its row says")]
    Key(#[from] KeyRejected),
    #[error("claims could not be written")]
    Json(#[from] serde_json::Error),
}

/// A private key, ready to sign.
pub enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Pair {
    /// A fresh key as PKCS#8. The library draws from the system itself; a seed does not reach here.
    ///
    /// # Errors
    /// The library could not make one.
    pub fn generate(algorithm: SigningAlg) -> Result<Secret<Vec<u8>>, JwsError> {
        let bytes = match algorithm {
            SigningAlg::Es256 => {
                let document =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
                document.as_ref().to_vec()
            }
            SigningAlg::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)?.as_der()?.as_ref().to_vec(),
        };
        Ok(Secret::new(bytes))
    }

    /// # Errors
    /// The bytes are no key of this algorithm.
    pub fn parse(algorithm: SigningAlg, pkcs8: &[u8]) -> Result<Self, JwsError> {
        Ok(match algorithm {
            SigningAlg::Es256 => {
                Self::Es256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)?)
            }
            SigningAlg::Rs256 => Self::Rs256(RsaKeyPair::from_pkcs8(pkcs8)?),
        })
    }

    pub const fn algorithm(&self) -> SigningAlg {
        match self {
            Self::Es256(_) => SigningAlg::Es256,
            Self::Rs256(_) => SigningAlg::Rs256,
        }
    }

    /// The public part. Source: RFC 7517 §4, RFC 7518 §6.2.1 and §6.3.1.
    ///
    /// # Errors
    /// The public point is of another form than expected.
    pub fn public_jwk(&self, id: &str) -> Result<Value, JwsError> {
        let algorithm = self.algorithm().name();
        match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref().strip_prefix(&[4]).ok_or(Unspecified)?;
                let (x, y) = point.split_at_checked(32).ok_or(Unspecified)?;
                Ok(json!({
                    "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y),
                    "kid": id, "alg": algorithm, "use": "sig",
                }))
            }
            Self::Rs256(pair) => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                Ok(json!({
                    "kty": "RSA", "n": base64url(&parts.n), "e": base64url(&parts.e),
                    "kid": id, "alg": algorithm, "use": "sig",
                }))
            }
        }
    }

    /// Signs claims under a type, in compact form. Source: RFC 7515 §3.1 and §7.1, RFC 8725 §3.11 (`typ`).
    ///
    /// # Errors
    /// The key does not sign.
    pub fn sign(&self, id: &str, kind: &str, claims: &impl Serialize) -> Result<String, JwsError> {
        let header = json!({ "alg": self.algorithm().name(), "typ": kind, "kid": id }).to_string();
        let claims = serde_json::to_vec(claims)?;
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(&claims));
        let signature = self.signature(message.as_bytes())?;
        Ok(format!("{message}.{}", base64url(&signature)))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}
