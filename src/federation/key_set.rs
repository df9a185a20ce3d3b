//! A provider's public keys, as far as they can be used here.

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use serde_json::Value;

use crate::config::clients::SigningAlg;
use crate::kernel::digest::from_base64url;

/// Largest key set that is read, in bytes.
pub const KEY_SET_BYTES_MAX: usize = 64 * 1024;
/// Keys that are read of it.
const KEYS_MAX: usize = 64;
/// Bytes of an RSA modulus: smaller ones are weak, larger ones cost time. Source: RFC 7518 §3.3.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

struct Key {
    kid: Option<String>,
    algs: Vec<SigningAlg>,
    decoding: DecodingKey,
}

/// The keys by which a provider's signatures are verified.
pub struct KeySet(Vec<Key>);

impl KeySet {
    /// Reads a set; keys of kinds that are not known are passed over. `None` where it is no key set.
    /// Source: RFC 7517 §5.
    pub fn parse(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        Some(Self(keys.iter().take(KEYS_MAX).filter_map(read).collect()))
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one key of an id that can have made a signature of this algorithm. Without an id there must be no
    /// doubt which one it is. Source: OIDC Core §10.1.
    pub fn find(&self, kid: Option<&str>, alg: SigningAlg) -> Option<&DecodingKey> {
        let fitting = self.0.iter().filter(|key| key.algs.contains(&alg));
        let mut named = fitting.filter(|key| kid.is_none() || key.kid.as_deref() == kid);
        match (named.next(), named.next()) {
            (Some(one), None) => Some(&one.decoding),
            _ => None,
        }
    }
}

fn read(key: &Value) -> Option<Key> {
    // A private part in a public set says that something is very wrong there; the key counts for nothing.
    if key.get("d").is_some() {
        return None;
    }
    let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "kinds that there may be one day are not known either"
    )]
    let can: &[SigningAlg] = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let bytes = from_base64url(&rsa.n)?.iter().skip_while(|byte| **byte == 0).count();
            if !MODULUS_BYTES.contains(&bytes) {
                return None;
            }
            &[SigningAlg::Rs256, SigningAlg::Ps256]
        }
        AlgorithmParameters::EllipticCurve(point) if point.curve == EllipticCurve::P256 => {
            &[SigningAlg::Es256]
        }
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            &[SigningAlg::EdDsa]
        }
        _ => return None,
    };
    let told = key.get("alg").and_then(Value::as_str);
    let algs: Vec<SigningAlg> =
        can.iter().copied().filter(|alg| told.is_none_or(|told| told == alg.name())).collect();
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { kid: jwk.common.key_id, algs, decoding })
}
