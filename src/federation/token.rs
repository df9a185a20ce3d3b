//! From the text of a token to its claims: opened where it is encrypted, and believed only under a signature
//! of the provider's own key. Source: RFC 8725 §3.1, §3.2 and §3.6.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::key_set::KeySet;
use super::reason::Reason;
use crate::config::Algorithms;
use crate::config::clients::SigningAlg;
use crate::infra::jose::jws;
use crate::kernel::digest::from_base64url;

/// Longest signed token that is read, in bytes.
const TOKEN_BYTES_MAX: usize = 192 * 1024;

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

/// A token whose header was read and may be looked at further.
pub struct Signed<'t> {
    message: &'t str,
    signature: &'t str,
    payload: &'t str,
    kid: Option<String>,
    alg: SigningAlg,
}

impl<'t> Signed<'t> {
    /// # Errors
    /// It is no signed token, or not by an algorithm that is accepted.
    pub fn parse(token: &'t str, accepted: Algorithms) -> Result<Self, Reason> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Reason::TokenForm);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Reason::TokenForm)?;
        let (header, payload) = message.split_once('.').ok_or(Reason::TokenForm)?;
        if payload.contains('.') {
            return Err(Reason::TokenForm);
        }
        let header = from_base64url(header).ok_or(Reason::TokenForm)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| Reason::TokenForm)?;
        if header.alg.eq_ignore_ascii_case("none") || signature.is_empty() {
            return Err(Reason::Unsigned);
        }
        if header.crit.is_some() {
            return Err(Reason::CriticalHeader);
        }
        // Symmetric ones are not among them: a public key is no secret.
        let alg = accepted.iter().find(|alg| alg.name() == header.alg).ok_or(Reason::SigningAlgorithm)?;
        Ok(Self { message, signature, payload, kid: header.kid, alg })
    }

    pub const fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// The claims, if the provider's key made the signature.
    ///
    /// # Errors
    /// `UnknownKey` where the set has no such key: it may be a new one.
    pub fn verify(&self, keys: &KeySet) -> Result<Map<String, Value>, Reason> {
        let key = keys.find(self.kid.as_deref(), self.alg).ok_or(Reason::UnknownKey)?;
        let alg = jws::reading(self.alg);
        let right = jsonwebtoken::crypto::verify(self.signature, self.message.as_bytes(), key, alg);
        if !right.unwrap_or(false) {
            return Err(Reason::Signature);
        }
        let payload = from_base64url(self.payload).ok_or(Reason::TokenForm)?;
        match serde_json::from_slice(&payload) {
            Ok(Value::Object(claims)) => Ok(claims),
            _ => Err(Reason::TokenForm),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{KeySet, Reason, Signed, SigningAlg};
    use crate::config::Algorithms;
    use crate::infra::jose::jws::{Pair, Signer};
    use crate::kernel::digest::base64url;

    fn all() -> Algorithms {
        serde_json::from_value(json!(["ES256", "EdDSA", "PS256", "RS256"])).unwrap()
    }

    fn pair(alg: SigningAlg) -> Pair {
        Pair::parse(alg, Pair::generate(alg).unwrap().expose()).unwrap()
    }

    fn set(keys: &[&serde_json::Value]) -> KeySet {
        KeySet::parse(&json!({ "keys": keys })).unwrap()
    }

    #[test]
    fn a_signature_counts_under_the_key_of_its_id_and_algorithm_alone() {
        for alg in SigningAlg::ALL {
            let (own, other) = (pair(alg), pair(alg));
            let (jwk, stranger) = (own.public_jwk("own").unwrap(), other.public_jwk("other").unwrap());
            let token = Signer::new(own, "own", &[]).sign("JWT", &json!({ "sub": "s" })).unwrap();
            let signed = Signed::parse(&token, all()).unwrap();
            assert_eq!(signed.verify(&set(&[&stranger, &jwk])).unwrap()["sub"], "s");
            assert_eq!(signed.verify(&set(&[&stranger])).err(), Some(Reason::UnknownKey));
            assert_eq!(signed.verify(&set(&[])).err(), Some(Reason::UnknownKey));
            // The id of ours and the key of another one.
            let mut planted = stranger.clone();
            planted["kid"] = json!("own");
            assert_eq!(signed.verify(&set(&[&planted])).err(), Some(Reason::Signature));
            // Two of one id leave a doubt.
            assert_eq!(signed.verify(&set(&[&jwk, &planted])).err(), Some(Reason::UnknownKey));
            for (member, value) in [("use", json!("enc")), ("alg", json!("ES384")), ("d", json!("AA"))] {
                let mut changed = jwk.clone();
                changed[member] = value;
                assert_eq!(signed.verify(&set(&[&changed])).err(), Some(Reason::UnknownKey), "{member}");
            }
        }
    }

    #[test]
    fn forms_and_algorithms_that_are_not_accepted_are_told_apart() {
        let header = |header: serde_json::Value| base64url(header.to_string().as_bytes());
        let payload = base64url(b"{\"sub\":\"s\"}");
        let table = [
            (format!("{}.{payload}.", header(json!({ "alg": "none" }))), Reason::Unsigned),
            (format!("{}.{payload}.AA", header(json!({ "alg": "NONE" }))), Reason::Unsigned),
            (format!("{}.{payload}.", header(json!({ "alg": "RS256" }))), Reason::Unsigned),
            (format!("{}.{payload}.AA", header(json!({ "alg": "HS256" }))), Reason::SigningAlgorithm),
            (format!("{}.{payload}.AA", header(json!({ "alg": "rs256" }))), Reason::SigningAlgorithm),
            (format!("{}.{payload}.AA", header(json!({ "alg": "RS384" }))), Reason::SigningAlgorithm),
            (
                format!("{}.{payload}.AA", header(json!({ "alg": "RS256", "crit": ["b64"], "b64": false }))),
                Reason::CriticalHeader,
            ),
            (format!("{}.{payload}", header(json!({ "alg": "RS256" }))), Reason::TokenForm),
            (format!("a.{payload}.AA.AA"), Reason::TokenForm),
            (format!("{}.{payload}.AA", base64url(b"[]")), Reason::TokenForm),
            ("..".to_owned(), Reason::TokenForm),
            (String::new(), Reason::TokenForm),
        ];
        for (token, reason) in table {
            assert_eq!(Signed::parse(&token, all()).err(), Some(reason), "{token}");
        }
        let narrow: Algorithms = serde_json::from_value(json!(["RS256"])).unwrap();
        let token = Signer::new(pair(SigningAlg::Es256), "own", &[]).sign("JWT", &json!({})).unwrap();
        assert_eq!(Signed::parse(&token, narrow).err(), Some(Reason::SigningAlgorithm));
    }

    #[test]
    fn weak_and_huge_keys_are_no_keys() {
        for bytes in [128, 255, 1025] {
            let key = json!({ "kty": "RSA", "n": base64url(&vec![255; bytes]), "e": "AQAB", "kid": "own" });
            assert!(set(&[&key]).is_empty(), "{bytes}");
        }
    }
}
