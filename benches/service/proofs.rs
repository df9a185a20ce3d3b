//! What a second proof costs beside everything else of a sign-in: one assertion of a passkey, by our own checks and the
//! library's, and one code of an app. Measured in this process, as argon.rs does.

use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use cardea::authenticator::model::judge;
use cardea::authenticator::passkeys::{Ceremony, KeyKind, Models, Owner};
use cardea::kernel::digest::{base64url, sha256};
use cardea::kernel::secret::Secret;
use cardea::kernel::time::Moment;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Failure, machine};

const ISSUER: &str = "https://sign-in.example.be";
const RP_ID: &str = "sign-in.example.be";
/// User present, user verified. Source: Web Authentication Level 3 §6.1.
const VERIFIED: u8 = 0x05;
const WITH_CREDENTIAL: u8 = 0x40;
const ID: [u8; 32] = [7; 32];

/// Processor milliseconds of each.
pub struct Proofs {
    pub assertion: f64,
    pub code: f64,
    /// A wrong one, for which the steps of twenty minutes are looked at.
    pub wrong_code: f64,
}

impl Proofs {
    pub fn measure(span: Duration) -> Result<Self, Failure> {
        Ok(Self {
            assertion: assertion(span)?,
            code: code(span, "287082")?,
            wrong_code: code(span, "000000")?,
        })
    }
}

fn assertion(span: Duration) -> Result<f64, Failure> {
    let refused =
        |reason: &dyn std::fmt::Debug| format!("the device of the measurement is refused: {reason:?}");
    let ceremony = Ceremony::new(ISSUER, "House", Models::default())?;
    let handle = Uuid::from_bytes([1; 16]);
    let owner = Owner { handle, login: "someone", display_name: "Someone" };
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref())?;
    let (options, state) = ceremony.offer(KeyKind::Passkey, &owner, vec![])?;
    let (made, _) =
        ceremony.verify_made(&made(&pair, &options), &state).map_err(|reason| refused(&reason))?;
    let (options, state) = ceremony.ask_anyone()?;
    let text = signed(&pair, &options, handle)?;
    each(span, || {
        let answer = ceremony.read_assertion(&text).map_err(|reason| refused(&reason))?;
        let verified = ceremony.verify(&answer, state.clone(), made.credential.clone());
        verified.map(|_| ()).map_err(|reason| refused(&reason).into())
    })
}

fn code(span: Duration, text: &str) -> Result<f64, Failure> {
    let secret = Secret::new(b"12345678901234567890".to_vec());
    let now = Moment::from_unix_seconds(59);
    each(span, || {
        std::hint::black_box(judge(&secret, text, now));
        Ok(())
    })
}

fn each(span: Duration, mut once: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let (start, before) = (Instant::now(), machine::own_processor_time()?);
    let mut times = 0_u32;
    while start.elapsed() < span {
        once()?;
        times += 1;
    }
    let used = machine::own_processor_time()?.saturating_sub(before);
    Ok(used.as_secs_f64() * 1000.0 / f64::from(times))
}

fn client_data(ceremony: &str, options: &Value) -> String {
    let challenge = options.get("challenge").cloned().unwrap_or_default();
    json!({ "type": ceremony, "challenge": challenge, "origin": ISSUER, "crossOrigin": false }).to_string()
}

fn data(flags: u8, counter: u32) -> Vec<u8> {
    [&sha256(RP_ID.as_bytes())[..], &[flags], &counter.to_be_bytes()].concat()
}

/// A credential without attestation. Source: Web Authentication Level 3 §6.5.1, RFC 9053 §7.1.1.
fn made(pair: &EcdsaKeyPair, options: &Value) -> String {
    let point = pair.public_key().as_ref();
    let (x, y) = point.strip_prefix(&[4]).and_then(|point| point.split_at_checked(32)).unwrap_or_default();
    let key = [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat();
    let data = [&data(VERIFIED | WITH_CREDENTIAL, 0)[..], &[0; 16], &[0, 32], &ID, &key].concat();
    let length = u16::try_from(data.len()).unwrap_or_default().to_be_bytes();
    let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59", &length[..], &data].concat();
    answer(&json!({
        "clientDataJSON": base64url(client_data("webauthn.create", options).as_bytes()),
        "attestationObject": base64url(&object), "transports": ["internal"],
    }))
}

fn signed(pair: &EcdsaKeyPair, options: &Value, handle: Uuid) -> Result<String, Failure> {
    let (client, data) = (client_data("webauthn.get", options), data(VERIFIED, 1));
    let message = [&data[..], &sha256(client.as_bytes())].concat();
    let signature = pair.sign(&SystemRandom::new(), &message)?;
    Ok(answer(&json!({
        "clientDataJSON": base64url(client.as_bytes()), "authenticatorData": base64url(&data),
        "signature": base64url(signature.as_ref()), "userHandle": base64url(handle.as_bytes()),
    })))
}

fn answer(response: &Value) -> String {
    let id = base64url(&ID);
    json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": response })
        .to_string()
}
