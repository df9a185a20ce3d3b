//! Key pairs as they sign, and compact signatures. Source: RFC 7515, RFC 7518 §3, RFC 8037.
//!
//! The pairs are parsed once and kept: `jsonwebtoken` would parse and check the private key for every
//! signature. Reading, where strictness counts, is left to it.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use jsonwebtoken::Algorithm;
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

/// A private key, ready to sign. An RSA key serves one of its two algorithms and never the other.
/// Source: RFC 8725 §3.1.
pub enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Ps256(RsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Pair {
    /// A fresh key as PKCS#8. The library draws from the system itself; a seed does not reach here.
    ///
    /// # Errors
    /// The library could not make one.
    pub fn generate(algorithm: SigningAlg) -> Result<Secret<Vec<u8>>, JwsError> {
        let random = SystemRandom::new();
        let bytes = match algorithm {
            SigningAlg::Es256 => {
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?;
                document.as_ref().to_vec()
            }
            SigningAlg::EdDsa => Ed25519KeyPair::generate_pkcs8(&random)?.as_ref().to_vec(),
            SigningAlg::Ps256 | SigningAlg::Rs256 => {
                RsaKeyPair::generate(KeySize::Rsa2048)?.as_der()?.as_ref().to_vec()
            }
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
            SigningAlg::EdDsa => Self::EdDsa(Ed25519KeyPair::from_pkcs8(pkcs8)?),
            SigningAlg::Ps256 => Self::Ps256(RsaKeyPair::from_pkcs8(pkcs8)?),
            SigningAlg::Rs256 => Self::Rs256(RsaKeyPair::from_pkcs8(pkcs8)?),
        })
    }

    pub const fn algorithm(&self) -> SigningAlg {
        match self {
            Self::Es256(_) => SigningAlg::Es256,
            Self::EdDsa(_) => SigningAlg::EdDsa,
            Self::Ps256(_) => SigningAlg::Ps256,
            Self::Rs256(_) => SigningAlg::Rs256,
        }
    }

    /// The public part. Source: RFC 7517 §4, RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2.
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
            Self::EdDsa(pair) => Ok(json!({
                "kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref()),
                "kid": id, "alg": algorithm, "use": "sig",
            })),
            Self::Ps256(pair) | Self::Rs256(pair) => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                Ok(json!({
                    "kty": "RSA", "n": base64url(&parts.n), "e": base64url(&parts.e),
                    "kid": id, "alg": algorithm, "use": "sig",
                }))
            }
        }
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        match self {
            Self::Es256(pair) => Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            Self::EdDsa(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            Self::Ps256(pair) => rsa(pair, &RSA_PSS_SHA256, message),
            Self::Rs256(pair) => rsa(pair, &RSA_PKCS1_SHA256, message),
        }
    }
}

fn rsa(pair: &RsaKeyPair, padding: &'static dyn RsaEncoding, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message, &mut signature)?;
    Ok(signature)
}

/// The one algorithm by which a token of a key is read. Source: RFC 8725 §3.1.
pub const fn reading(algorithm: SigningAlg) -> Algorithm {
    match algorithm {
        SigningAlg::Es256 => Algorithm::ES256,
        SigningAlg::EdDsa => Algorithm::EdDSA,
        SigningAlg::Ps256 => Algorithm::PS256,
        SigningAlg::Rs256 => Algorithm::RS256,
    }
}

/// A pair under its id, with the encoded headers of its tokens: those of one type all have the same.
pub struct Signer {
    pair: Pair,
    id: String,
    headers: Vec<(&'static str, String)>,
}

impl Signer {
    /// Prepares the headers of these types.
    pub fn new(pair: Pair, id: &str, kinds: &[&'static str]) -> Self {
        let headers = kinds.iter().map(|kind| (*kind, header(pair.algorithm(), kind, id))).collect();
        Self { pair, id: id.to_owned(), headers }
    }

    /// Signs claims under a type, in compact form. Source: RFC 7515 §3.1 and §7.1, RFC 8725 §3.11 (`typ`).
    ///
    /// # Errors
    /// The key does not sign.
    pub fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String, JwsError> {
        let claims = base64url(&serde_json::to_vec(claims)?);
        let prepared = self.headers.iter().find(|(known, _)| *known == kind);
        let message = match prepared {
            Some((_, header)) => format!("{header}.{claims}"),
            None => format!("{}.{claims}", header(self.pair.algorithm(), kind, &self.id)),
        };
        let signature = self.pair.signature(message.as_bytes())?;
        Ok(format!("{message}.{}", base64url(&signature)))
    }
}

fn header(algorithm: SigningAlg, kind: &str, id: &str) -> String {
    base64url(json!({ "alg": algorithm.name(), "typ": kind, "kid": id }).to_string().as_bytes())
}
