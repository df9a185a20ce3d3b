//! What an authenticator's answer says of itself, read and checked by us before the library sees it. Each check is
//! a small function; the first one that fails names the reason.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use crate::event::model::KeyRefusal;
use crate::kernel::digest::base64url;

/// Longest answer that is read, in bytes; one with a chain of certificates is a few thousand.
const ANSWER_BYTES_MAX: usize = 32 * 1024;
/// Longest credential id. Source: Web Authentication Level 3 §4, *Credential ID*.
const CREDENTIAL_ID_BYTES_MAX: usize = 1023;

/// What the browser says of the ceremony. Source: Web Authentication Level 3 §5.8.1.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    ceremony: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: Option<bool>,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

/// An answer to a sign-in.
///
/// # Errors
/// The first check that fails.
pub fn assertion(text: &str, origins: &[String]) -> Result<PublicKeyCredential, KeyRefusal> {
    let answer: PublicKeyCredential = read(text)?;
    is_whole(&answer.id, &answer.raw_id, &answer.type_)?;
    check_client_data(&answer.response.client_data_json, "webauthn.get", origins)?;
    Ok(answer)
}

/// An answer to a registration.
///
/// # Errors
/// The first check that fails.
pub fn registration(text: &str, origins: &[String]) -> Result<RegisterPublicKeyCredential, KeyRefusal> {
    let answer: RegisterPublicKeyCredential = read(text)?;
    is_whole(&answer.id, &answer.raw_id, &answer.type_)?;
    check_client_data(&answer.response.client_data_json, "webauthn.create", origins)?;
    Ok(answer)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, KeyRefusal> {
    if text.len() > ANSWER_BYTES_MAX {
        return Err(KeyRefusal::Malformed);
    }
    serde_json::from_str(text).map_err(|_| KeyRefusal::Malformed)
}

/// The id stands in it twice; who looks one of them up and proves the other proves nothing.
fn is_whole(id: &str, raw_id: &[u8], kind: &str) -> Result<(), KeyRefusal> {
    if raw_id.is_empty() || raw_id.len() > CREDENTIAL_ID_BYTES_MAX {
        return Err(KeyRefusal::Malformed);
    }
    if base64url(raw_id) != id {
        return Err(KeyRefusal::IdMismatch);
    }
    if kind == "public-key" { Ok(()) } else { Err(KeyRefusal::WrongType) }
}

/// Source: Web Authentication Level 3 §7.1 steps 7 to 11, §7.2 steps 10 to 14. Origins are compared byte for byte.
fn check_client_data(json: &[u8], ceremony: &str, origins: &[String]) -> Result<(), KeyRefusal> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| KeyRefusal::Malformed)?;
    if data.ceremony != ceremony {
        return Err(KeyRefusal::WrongType);
    }
    if !origins.contains(&data.origin) {
        return Err(KeyRefusal::WrongOrigin);
    }
    if data.cross_origin == Some(true) || data.top_origin.is_some() {
        return Err(KeyRefusal::CrossOrigin);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{assertion, registration};
    use crate::event::model::KeyRefusal;
    use crate::kernel::digest::base64url;

    const ORIGIN: &str = "https://sign-in.example.be";

    fn sent(changes: &[(&str, Value)], client: &[(&str, Value)]) -> String {
        let mut data = json!({ "type": "webauthn.get", "challenge": "AAAA", "origin": ORIGIN });
        for (name, value) in client {
            data[name] = value.clone();
        }
        let data = base64url(data.to_string().as_bytes());
        let mut answer = json!({
            "id": "AQID", "rawId": "AQID", "type": "public-key", "clientExtensionResults": {},
            "response": { "clientDataJSON": data, "authenticatorData": "AA", "signature": "AA", "userHandle": null },
        });
        for (name, value) in changes {
            answer[name] = value.clone();
        }
        answer.to_string()
    }

    #[test]
    fn an_answer_is_what_it_says_from_our_own_page_alone() {
        let origins = [ORIGIN.to_owned()];
        assert!(assertion(&sent(&[], &[]), &origins).is_ok());
        for other in [
            "https://sign-in.example.be.evil.example",
            "https://evil.sign-in.example.be",
            "http://sign-in.example.be",
            "https://sign-in.example.be:8443",
            "https://sign-in.example.be/",
            "https://SIGN-IN.example.be",
            "https://user@sign-in.example.be",
            "null",
            "",
        ] {
            let refused = assertion(&sent(&[], &[("origin", json!(other))]), &origins);
            assert_eq!(refused.err(), Some(KeyRefusal::WrongOrigin), "{other}");
        }
        let table = [
            (sent(&[("id", json!("AQIE"))], &[]), KeyRefusal::IdMismatch),
            (sent(&[("id", json!("AQID="))], &[]), KeyRefusal::IdMismatch),
            (sent(&[("rawId", json!("AQIDBA"))], &[]), KeyRefusal::IdMismatch),
            (sent(&[("rawId", json!("")), ("id", json!(""))], &[]), KeyRefusal::Malformed),
            (sent(&[("type", json!("password"))], &[]), KeyRefusal::WrongType),
            (sent(&[], &[("type", json!("webauthn.create"))]), KeyRefusal::WrongType),
            (sent(&[], &[("type", json!("payment.get"))]), KeyRefusal::WrongType),
            (sent(&[], &[("crossOrigin", json!(true))]), KeyRefusal::CrossOrigin),
            (sent(&[], &[("topOrigin", json!(ORIGIN))]), KeyRefusal::CrossOrigin),
            (sent(&[("response", json!({}))], &[]), KeyRefusal::Malformed),
            ("{".to_owned(), KeyRefusal::Malformed),
            ("[]".to_owned(), KeyRefusal::Malformed),
            (String::new(), KeyRefusal::Malformed),
            (format!("\"{}\"", "x".repeat(40_000)), KeyRefusal::Malformed),
        ];
        for (text, reason) in table {
            assert_eq!(assertion(&text, &origins).err(), Some(reason), "{text:.120}");
        }
        assert!(registration(&sent(&[], &[]), &origins).is_err(), "an assertion registers nothing");
    }
}
