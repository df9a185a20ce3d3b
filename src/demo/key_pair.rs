//! The key pair of the demo's application `pkj`: made at the first start, kept in the demo's folder.

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::folder::Folder;
use crate::app::Failure;
use crate::infra::files;
use crate::kernel::digest::base64url;

const FILE: &str = "pkj.json";
/// By this production tells that a key is a demo's.
const KEY_ID: &str = "cardea-demo-pkj";

/// Two key sets, each of one key. Source: RFC 7517 §5, RFC 7518 §6.2.
pub struct KeyPair {
    pub public: Value,
    pub private: Value,
}

/// The pair of a folder; made where there is none yet.
pub fn of_folder(folder: &Folder) -> Result<KeyPair, Failure> {
    let path = folder.file(FILE);
    let cannot = |error: &dyn std::fmt::Display| Failure::Work(format!("{}: {error}", path.display()));
    let private = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| cannot(&error))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let made = make().map_err(|_| cannot(&"no key could be made"))?;
            files::write_private(&path, format!("{made:#}\n").as_bytes()).map_err(|error| cannot(&error))?;
            made
        }
        Err(error) => return Err(cannot(&error)),
    };
    Ok(KeyPair { public: public_part(&private), private })
}

pub fn is_of_a_demo(set: &Value) -> bool {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten();
    keys.filter_map(|key| key.get("kid")).any(|kid| kid == KEY_ID)
}

fn make() -> Result<Value, Unspecified> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let point = pair.public_key().as_ref().strip_prefix(&[4]).ok_or(Unspecified)?;
    let (x, y) = point.split_at_checked(32).ok_or(Unspecified)?;
    let d = pair.private_key().as_be_bytes()?;
    Ok(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": KEY_ID, "alg": "ES256", "use": "sig",
        "x": base64url(x), "y": base64url(y), "d": base64url(d.as_ref()),
    }] }))
}

fn public_part(private: &Value) -> Value {
    let mut public = private.clone();
    let keys = public.get_mut("keys").and_then(Value::as_array_mut).into_iter().flatten();
    for key in keys.filter_map(Value::as_object_mut) {
        key.remove("d");
    }
    public
}
