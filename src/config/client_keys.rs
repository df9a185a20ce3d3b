//! The public keys of a client, read once: what the assertions that it proves itself by are checked with.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use crate::config::client::SigningAlg;

/// Most keys of one client.
const KEYS_MAX: usize = 16;
/// Members of a JWK that are private. Source: RFC 7518 §6.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// Bytes of a coordinate on P-256. Source: RFC 7518 §6.2.1.2.
const COORDINATE_BYTES: usize = 32;
/// Bytes of an Ed25519 key. Source: RFC 8032 §5.1.5.
const ED25519_BYTES: usize = 32;
/// Least and most bits of an RSA modulus. Source: RFC 7518 §3.3 and §3.5.
const RSA_BITS_MIN: usize = 2048;
const RSA_BITS_MAX: usize = 8192;
/// Least and most public exponent. Source: FIPS 186-5 §5.4 for the least; the most is what can be computed
/// with in a bounded time.
const RSA_EXPONENT_MIN: u64 = 65_537;
const RSA_EXPONENT_MAX: u64 = (1 << 33) - 1;

/// The keys that a client may sign its assertions with.
#[derive(Clone, Default)]
pub struct ClientKeys(Vec<ClientKey>);

#[derive(Clone)]
struct ClientKey {
    kid: Option<String>,
    /// What it may be used with: what it names, or all that its kind can.
    algorithms: Vec<SigningAlg>,
    key: DecodingKey,
}

impl ClientKeys {
    /// Reads a key set. Keys for encryption are left aside; whatever else is in it has to be a sound public
    /// key for signatures. Source: RFC 7517 §4 and §5.
    ///
    /// # Errors
    /// The first thing that is wrong with it, in words.
    pub fn read(set: &Value) -> Result<Self, String> {
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or("must be a key set: a list of keys under `keys`")?;
        if keys.is_empty() || keys.len() > KEYS_MAX {
            return Err(format!("must have 1 to {KEYS_MAX} keys"));
        }
        let mut read: Vec<ClientKey> = vec![];
        for key in keys {
            let Some(key) = read_key(key)? else { continue };
            if let Some(kid) = &key.kid
                && read.iter().any(|other| other.kid.as_ref() == Some(kid))
            {
                return Err(format!("two keys have the `kid` \"{kid}\""));
            }
            read.push(key);
        }
        if read.is_empty() {
            return Err("has no key for signatures".to_owned());
        }
        Ok(Self(read))
    }

    /// Those that an assertion under this `kid` and algorithm can be checked with. A key without a `kid`
    /// fits any, and an assertion without one is fitted by any. Source: RFC 7515 §4.1.4.
    pub fn fitting(&self, kid: Option<&str>, alg: SigningAlg) -> impl Iterator<Item = &DecodingKey> {
        self.0.iter().filter_map(move |key| {
            let is_meant = kid.is_none_or(|kid| key.kid.as_deref().is_none_or(|own| own == kid));
            (is_meant && key.algorithms.contains(&alg)).then_some(&key.key)
        })
    }

    /// Whether an assertion can be signed under this algorithm at all.
    pub fn can(&self, alg: SigningAlg) -> bool {
        self.0.iter().any(|key| key.algorithms.contains(&alg))
    }
}

/// One key; `None` for one that is for encryption.
fn read_key(value: &Value) -> Result<Option<ClientKey>, String> {
    if let Some(member) = PRIVATE_MEMBERS.iter().find(|member| value.get(member).is_some()) {
        return Err(format!("a key has the private member `{member}`: register public keys alone"));
    }
    match text(value, "use") {
        None | Some("sig") => {}
        Some("enc") => return Ok(None),
        Some(other) => return Err(format!("a key has the unknown `use` \"{other}\"")),
    }
    let verifies = |operations: &Value| {
        operations.as_array().is_some_and(|operations| operations.iter().any(|each| each == "verify"))
    };
    if value.get("key_ops").is_some_and(|operations| !verifies(operations)) {
        return Err("a key's `key_ops` do not have \"verify\"".to_owned());
    }
    let (key, able): (_, &[SigningAlg]) = match text(value, "kty") {
        Some("EC") => (on_p256(value)?, &[SigningAlg::Es256]),
        Some("OKP") => (on_ed25519(value)?, &[SigningAlg::EdDsa]),
        Some("RSA") => (of_rsa(value)?, &[SigningAlg::Ps256, SigningAlg::Rs256]),
        Some(other) => return Err(format!("a key has the `kty` \"{other}\": EC, OKP and RSA are known")),
        None => return Err("a key has no `kty`".to_owned()),
    };
    let algorithms = match text(value, "alg") {
        None => able.to_vec(),
        Some(name) => match able.iter().find(|alg| alg.name() == name) {
            Some(alg) => vec![*alg],
            None => return Err(format!("a key has the `alg` \"{name}\", which is not accepted with it")),
        },
    };
    Ok(Some(ClientKey { kid: text(value, "kid").map(str::to_owned), algorithms, key }))
}

/// Source: RFC 7518 §6.2.1.
fn on_p256(value: &Value) -> Result<DecodingKey, String> {
    curve(value, "P-256")?;
    let (x, y) = (bytes(value, "x")?, bytes(value, "y")?);
    if x.len() != COORDINATE_BYTES || y.len() != COORDINATE_BYTES {
        return Err(format!("a key on P-256 needs `x` and `y` of {COORDINATE_BYTES} bytes each"));
    }
    let point = [&[4][..], &x, &y].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)
        .map_err(|_| "a key's `x` and `y` are no point on P-256".to_owned())?;
    Ok(DecodingKey::from_ec_der(&point))
}

/// Source: RFC 8037 §2.
fn on_ed25519(value: &Value) -> Result<DecodingKey, String> {
    curve(value, "Ed25519")?;
    let x = bytes(value, "x")?;
    if x.len() != ED25519_BYTES || ParsedPublicKey::new(&ED25519, &x).is_err() {
        return Err(format!("a key on Ed25519 needs an `x` of {ED25519_BYTES} bytes"));
    }
    Ok(DecodingKey::from_ed_der(&x))
}

/// Source: RFC 7518 §6.3.1.
fn of_rsa(value: &Value) -> Result<DecodingKey, String> {
    let (n, e) = (bytes(value, "n")?, bytes(value, "e")?);
    let zeros = n.iter().take_while(|byte| **byte == 0).count();
    let leading = n.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = ((n.len() - zeros) * 8).saturating_sub(leading);
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(format!("an RSA key has {bits} bits; {RSA_BITS_MIN} to {RSA_BITS_MAX} are accepted"));
    }
    let is_small = e.len() <= size_of::<u64>();
    let exponent = e.iter().filter(|_| is_small).fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte));
    if !(RSA_EXPONENT_MIN..=RSA_EXPONENT_MAX).contains(&exponent) || exponent % 2 == 0 {
        return Err(format!("an RSA key needs an odd `e` of {RSA_EXPONENT_MIN} or more"));
    }
    // Refuses zeros at the front, which RFC 7518 §2 (Base64urlUInt) does as well.
    let components = RsaPublicKeyComponents { n: &n, e: &e };
    components
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| "an RSA key's `n` and `e` make no key".to_owned())?;
    Ok(DecodingKey::from_rsa_raw_components(&n, &e))
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

fn curve(value: &Value, known: &str) -> Result<(), String> {
    match text(value, "crv") {
        Some(name) if name == known => Ok(()),
        Some(other) => Err(format!("a key has the `crv` \"{other}\"; {known} is accepted")),
        None => Err("a key has no `crv`".to_owned()),
    }
}

fn bytes(value: &Value, member: &str) -> Result<Vec<u8>, String> {
    let text = text(value, member).ok_or_else(|| format!("a key has no `{member}`"))?;
    let decoded = BASE64URL_NOPAD.decode(text.as_bytes());
    decoded.map_err(|_| format!("a key's `{member}` is not in base64url"))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
        RsaPublicKeyComponents,
    };
    use serde_json::{Value, json};

    use super::{ClientKeys, SigningAlg};
    use crate::kernel::digest::base64url;

    fn p256() -> Value {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "x": base64url(&point[1..33]), "y": base64url(&point[33..]) })
    }

    fn ed25519() -> Value {
        let pair = Ed25519KeyPair::generate().unwrap();
        json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref()) })
    }

    fn rsa() -> Value {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        json!({ "kty": "RSA", "n": base64url(&parts.n), "e": base64url(&parts.e) })
    }

    fn with(mut key: Value, changes: &Value) -> Value {
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                key.as_object_mut().unwrap().remove(name);
            } else {
                key[name] = value.clone();
            }
        }
        key
    }

    fn read(keys: &[Value]) -> Result<ClientKeys, String> {
        ClientKeys::read(&json!({ "keys": keys }))
    }

    #[test]
    fn sound_public_keys_are_found_by_kid_and_algorithm() {
        let keys = read(&[
            with(p256(), &json!({ "kid": "one", "use": "sig", "key_ops": ["verify"] })),
            with(p256(), &json!({ "kid": "two", "alg": "ES256" })),
            with(ed25519(), &json!({ "kid": "ed" })),
            with(rsa(), &json!({ "kid": "any-rsa" })),
            with(rsa(), &json!({ "kid": "pss", "alg": "PS256" })),
            // Another kind of key, for another purpose.
            json!({ "kty": "EC", "crv": "P-521", "use": "enc", "kid": "enc" }),
        ]);
        let keys = keys.unwrap_or_else(|error| panic!("{error}"));
        let fitting = |kid, alg| keys.fitting(kid, alg).count();
        for (kid, alg, expected) in [
            (Some("one"), SigningAlg::Es256, 1),
            (Some("three"), SigningAlg::Es256, 0),
            (Some("enc"), SigningAlg::Es256, 0),
            (Some("one"), SigningAlg::EdDsa, 0),
            (Some("ed"), SigningAlg::EdDsa, 1),
            (Some("any-rsa"), SigningAlg::Rs256, 1),
            (Some("any-rsa"), SigningAlg::Ps256, 1),
            (Some("pss"), SigningAlg::Rs256, 0),
            (None, SigningAlg::Es256, 2),
            (None, SigningAlg::Rs256, 1),
            (None, SigningAlg::Ps256, 2),
        ] {
            assert_eq!(fitting(kid, alg), expected, "{kid:?} {alg:?}");
        }
        assert!(keys.can(SigningAlg::Es256) && !read(&[p256()]).unwrap().can(SigningAlg::Rs256));
        assert_eq!(read(&[p256()]).unwrap().fitting(Some("whatever"), SigningAlg::Es256).count(), 1);
    }

    #[test]
    fn whatever_is_no_public_key_for_signatures_is_refused() {
        let point = |x: &[u8], y: &[u8]| with(p256(), &json!({ "x": base64url(x), "y": base64url(y) }));
        let table = [
            (json!("x"), "a key has no `kty`"),
            (with(p256(), &json!({ "kty": null })), "a key has no `kty`"),
            (with(p256(), &json!({ "d": "AA" })), "the private member `d`"),
            (json!({ "kty": "oct", "k": "AA" }), "the private member `k`"),
            (json!({ "kty": "oct" }), "the `kty` \"oct\""),
            (with(p256(), &json!({ "use": "tls" })), "the unknown `use` \"tls\""),
            (with(p256(), &json!({ "key_ops": ["encrypt"] })), "`key_ops` do not have \"verify\""),
            (with(p256(), &json!({ "crv": "P-384" })), "the `crv` \"P-384\"; P-256 is accepted"),
            (with(p256(), &json!({ "crv": null })), "no `crv`"),
            (with(p256(), &json!({ "y": null })), "no `y`"),
            (with(p256(), &json!({ "y": "%" })), "`y` is not in base64url"),
            (with(p256(), &json!({ "alg": "ES384" })), "the `alg` \"ES384\""),
            (with(p256(), &json!({ "alg": "RS256" })), "the `alg` \"RS256\""),
            (with(rsa(), &json!({ "alg": "HS256" })), "the `alg` \"HS256\""),
            (with(rsa(), &json!({ "alg": "none" })), "the `alg` \"none\""),
            (point(&[1; 32], &[1; 32]), "no point on P-256"),
            (point(&[0; 32], &[0; 32]), "no point on P-256"),
            (point(&[1; 31], &[1; 33]), "of 32 bytes each"),
            (with(ed25519(), &json!({ "crv": "Ed448" })), "the `crv` \"Ed448\"; Ed25519 is accepted"),
            (with(ed25519(), &json!({ "crv": "X25519" })), "the `crv` \"X25519\""),
            (with(ed25519(), &json!({ "x": base64url(&[1; 31]) })), "an `x` of 32 bytes"),
            (with(rsa(), &json!({ "n": base64url(&[255; 128]) })), "1024 bits; 2048 to 8192"),
            (
                with(rsa(), &json!({ "n": base64url(&[&[0, 127][..], &[255; 255]].concat()) })),
                "bits; 2048 to",
            ),
            (with(rsa(), &json!({ "n": base64url(&[255; 1025]) })), "8200 bits"),
            (with(rsa(), &json!({ "n": "" })), "0 bits"),
            (with(rsa(), &json!({ "e": "AQ" })), "an odd `e`"),
            (with(rsa(), &json!({ "e": "Aw" })), "an odd `e`"),
            (with(rsa(), &json!({ "e": "AQAC" })), "an odd `e`"),
            (with(rsa(), &json!({ "e": base64url(&[255; 9]) })), "an odd `e`"),
            (with(rsa(), &json!({ "e": "AAEAAQ" })), "make no key"),
        ];
        for (key, expected) in table {
            let refusal = read(std::slice::from_ref(&key)).err().unwrap_or_else(|| panic!("accepted: {key}"));
            assert!(refusal.contains(expected), "{key}\n gave: {refusal}\n not: {expected}");
        }
    }

    #[test]
    fn a_set_is_bounded_and_its_names_are_distinct() {
        let named = |kid: &str| with(p256(), &json!({ "kid": kid }));
        assert!(read(&[]).is_err_and(|text| text.contains("1 to 16 keys")));
        assert!(read(&vec![p256(); 17]).is_err_and(|text| text.contains("1 to 16 keys")));
        assert!(
            read(&[named("a"), named("a")]).is_err_and(|text| text.contains("two keys have the `kid` \"a\""))
        );
        assert!(read(&[named("a"), named("b")]).is_ok());
        assert!(
            read(&[json!({ "kty": "RSA", "use": "enc" })]).is_err_and(|text| text.contains("no key for"))
        );
        for set in [json!(null), json!([]), json!({}), json!({ "keys": "x" })] {
            assert!(ClientKeys::read(&set).is_err_and(|text| text.contains("must be a key set")), "{set}");
        }
    }
}
