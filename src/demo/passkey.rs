//! A passkey whose private key lies in the sheet, for tools that bring an authenticator of their own.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::Opened;
use crate::authenticator::passkeys::Given;
use crate::infra::database::Unit;
use crate::kernel::digest::{base64url, from_base64url, sha256};
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

/// Source: the `WebDriver` extension of Web Authentication Level 3 §11.5; bytes in base64url.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SheetPasskey {
    pub credential_id: String,
    /// PKCS #8, on P-256.
    pub private_key: String,
    pub user_handle: String,
    pub rp_id: String,
    #[serde(default)]
    pub sign_count: u32,
}

/// Present, verified, with a credential. Source: Web Authentication Level 3 §6.1.
const FLAGS: u8 = 0x01 | 0x04 | 0x40;

impl SheetPasskey {
    /// A new one for this demo.
    pub fn make(opened: &Opened) -> Option<Self> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).ok()?;
        Some(Self {
            credential_id: base64url(&opened.entropy.bytes::<32>()),
            private_key: base64url(document.as_ref()),
            user_handle: base64url(&opened.entropy.bytes::<16>()),
            rp_id: url::Url::parse(&opened.config.server.issuer).ok()?.domain()?.to_owned(),
            sign_count: 0,
        })
    }

    /// Binds it to an account, by the checks that any passkey passes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn bind(
        &self,
        opened: &Opened,
        unit: &mut Unit,
        account: AccountId,
        login: &str,
        now: Moment,
    ) -> Result<(), &'static str> {
        let handle = from_base64url(&self.user_handle).and_then(|bytes| Uuid::from_slice(&bytes).ok());
        let handle = handle.ok_or("user_handle must be 16 bytes in base64url")?;
        let id = from_base64url(&self.credential_id).ok_or("credential_id is not base64url")?;
        let document = from_base64url(&self.private_key).ok_or("private_key is not base64url")?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &document);
        let pair = pair.map_err(|_| "private_key is no PKCS #8 key on P-256")?;
        let given = Given { account, handle, login, name: "Demo passkey" };
        let issuer = &opened.config.server.issuer;
        let answer = |options: &Value| self.answer(options, issuer, &id, pair.public_key().as_ref());
        let bound = opened.authenticators.passkeys().bind_given(unit, &given, answer, now);
        bound.map_err(|reason| {
            tracing::warn!(?reason, "a passkey of the sheet is not taken");
            "the passkey is not one for this service"
        })
    }

    /// What an authenticator answers that makes this credential; it attests nothing, so it signs nothing.
    fn answer(&self, options: &Value, issuer: &str, id: &[u8], point: &[u8]) -> String {
        let challenge = options.get("challenge").cloned().unwrap_or_default();
        let client = json!({ "type": "webauthn.create", "challenge": challenge, "origin": issuer, "crossOrigin": false });
        let length = u16::try_from(id.len()).unwrap_or(u16::MAX);
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(FLAGS);
        data.extend(self.sign_count.to_be_bytes());
        data.extend([0; 16]);
        data.extend(length.to_be_bytes());
        data.extend(id);
        data.extend(cose(point));
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes());
        object.extend(data);
        json!({
            "id": base64url(id), "rawId": base64url(id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(client.to_string().as_bytes()),
                "attestationObject": base64url(&object),
                "transports": ["internal"],
            },
        })
        .to_string()
    }
}

/// A point of P-256 as a COSE key for ES256. Source: RFC 9053 §7.1.1.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point.strip_prefix(&[4]).and_then(|point| point.split_at_checked(32)).unwrap_or_default();
    [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
}
