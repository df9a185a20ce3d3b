//! An authenticator in software, with a switch for everything that a false one might do. Own code, so that the
//! product is not tested by itself. Source: Web Authentication Level 3 §6, CTAP 2.1, RFC 9052 (COSE).

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::app::TestApp;
use super::client::{Browser, Page};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const WITH_CREDENTIAL: u8 = 0x40;

/// One credential on one device.
pub struct SoftKey {
    pair: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub user_handle: Vec<u8>,
    /// How often it was used; nought for one that does not count.
    pub counter: u32,
    pub counts: bool,
    pub verifies: bool,
    pub synced: bool,
    /// The maker's key and certificate, by which it vouches for the model.
    pub maker: Option<(EcdsaKeyPair, Vec<u8>)>,
}

/// AAGUID of every key here.
pub const MODEL: [u8; 16] = [0xad; 16];

/// What an answer says otherwise than it should.
#[derive(Clone, Debug)]
pub enum Lie {
    Nothing,
    Origin(String),
    RpId(&'static str),
    Challenge(String),
    Ceremony(&'static str),
    CrossOrigin,
    /// Touched, and nothing more.
    NotVerified,
    NotPresent,
    Counter(u32),
    UserHandle(Vec<u8>),
    NoUserHandle,
    Id(&'static str),
    RawId(Vec<u8>),
    /// So many bytes of the CBOR, or of the authenticator's data.
    CutTo(usize),
    Signature,
    Kind(&'static str),
}

pub fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// What a token says; it is not verified.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn bytes(text: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_str().expect("base64url").as_bytes()).unwrap()
}

fn sha256(text: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text).as_ref().to_vec()
}

impl SoftKey {
    /// A passkey of a phone.
    pub fn passkey() -> Self {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref()).unwrap();
        let mut id = vec![0; 32];
        SystemRandom::new().fill(&mut id).unwrap();
        Self {
            pair,
            id,
            user_handle: vec![],
            counter: 0,
            counts: true,
            verifies: true,
            synced: false,
            maker: None,
        }
    }

    /// A key without PIN.
    pub fn plain() -> Self {
        Self { verifies: false, ..Self::passkey() }
    }

    /// One of a password manager, which counts nothing.
    pub fn synced() -> Self {
        Self { synced: true, counts: false, ..Self::passkey() }
    }

    fn flags(&self, lie: &Lie) -> u8 {
        let mut flags = 0;
        flags |= if matches!(lie, Lie::NotPresent) { 0 } else { USER_PRESENT };
        flags |= if self.verifies && !matches!(lie, Lie::NotVerified) { USER_VERIFIED } else { 0 };
        flags | if self.synced { BACKUP_ELIGIBLE | BACKED_UP } else { 0 }
    }

    fn next_count(&mut self, lie: &Lie) -> u32 {
        self.counter += u32::from(self.counts);
        if let Lie::Counter(counter) = lie { *counter } else { self.counter }
    }

    /// Makes the credential that is asked for.
    pub fn make(&mut self, options: &Value, origin: &str, lie: &Lie) -> String {
        self.user_handle = bytes(&options["user"]["id"]);
        let rp_id = rp_id(&options["rp"]["id"], lie);
        let client = client_data("webauthn.create", options, origin, lie);
        let mut data = sha256(rp_id.as_bytes());
        data.push(self.flags(lie) | WITH_CREDENTIAL);
        data.extend(self.next_count(lie).to_be_bytes());
        data.extend(MODEL);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        let mut object = self.statement(&[data.as_slice(), &sha256(&client)].concat());
        object.extend(b"\x68authData\x59");
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(&data);
        cut(&mut object, lie);
        let response = json!({
            "clientDataJSON": base64url(&client), "attestationObject": base64url(&object), "transports": ["internal"],
        });
        self.answer(&response, lie)
    }

    /// The attestation: none, or the maker's. Source: Web Authentication Level 3 §8.2, §8.7.
    fn statement(&self, signed: &[u8]) -> Vec<u8> {
        let Some((pair, certificate)) = &self.maker else {
            return b"\xa3\x63fmt\x64none\x67attStmt\xa0".to_vec();
        };
        let signature = pair.sign(&SystemRandom::new(), signed).unwrap();
        let signature = signature.as_ref();
        let mut object = b"\xa3\x63fmt\x66packed\x67attStmt\xa3\x63alg\x26\x63sig\x58".to_vec();
        object.push(u8::try_from(signature.len()).unwrap());
        object.extend(signature);
        object.extend(b"\x63x5c\x81\x59");
        object.extend(u16::try_from(certificate.len()).unwrap().to_be_bytes());
        object.extend(certificate);
        object
    }

    /// Signs what is asked.
    pub fn sign(&mut self, options: &Value, origin: &str, lie: &Lie) -> String {
        let rp_id = rp_id(&options["rpId"], lie);
        let client = client_data("webauthn.get", options, origin, lie);
        let mut data = sha256(rp_id.as_bytes());
        data.push(self.flags(lie));
        data.extend(self.next_count(lie).to_be_bytes());
        let signed = [data.as_slice(), &sha256(&client)].concat();
        let mut signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec();
        if matches!(lie, Lie::Signature) {
            signature = self.pair.sign(&SystemRandom::new(), b"something else").unwrap().as_ref().to_vec();
        }
        cut(&mut data, lie);
        let handle = if let Lie::UserHandle(other) = lie { other } else { &self.user_handle };
        let handle = (!matches!(lie, Lie::NoUserHandle)).then_some(handle);
        let response = json!({
            "clientDataJSON": base64url(&client), "authenticatorData": base64url(&data),
            "signature": base64url(&signature), "userHandle": handle.map(|handle| base64url(handle)),
        });
        self.answer(&response, lie)
    }

    fn answer(&self, response: &Value, lie: &Lie) -> String {
        let raw = if let Lie::RawId(other) = lie { other } else { &self.id };
        json!({
            "id": if let Lie::Id(other) = lie { (*other).to_owned() } else { base64url(raw) },
            "rawId": base64url(raw),
            "type": if let Lie::Kind(other) = lie { other } else { "public-key" }, "response": response, "clientExtensionResults": {},
        })
        .to_string()
    }

    /// The public key. Source: RFC 9053 §7.1.1.
    fn cose(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}

fn client_data(ceremony: &str, options: &Value, origin: &str, lie: &Lie) -> Vec<u8> {
    let challenge = options["challenge"].as_str().unwrap();
    json!({
        "type": if let Lie::Ceremony(other) = lie { other } else { ceremony },
        "challenge": if let Lie::Challenge(other) = lie { other } else { challenge },
        "origin": if let Lie::Origin(other) = lie { other } else { origin },
        "crossOrigin": matches!(lie, Lie::CrossOrigin),
    })
    .to_string()
    .into_bytes()
}

fn rp_id(asked: &Value, lie: &Lie) -> String {
    if let Lie::RpId(other) = lie { (*other).to_owned() } else { asked.as_str().unwrap().to_owned() }
}

fn cut(bytes: &mut Vec<u8>, lie: &Lie) {
    if let Lie::CutTo(length) = lie {
        bytes.truncate(*length);
    }
}

/// A question as the page's script gets it.
pub struct Question {
    pub challenge: String,
    pub options: Value,
}

impl Browser {
    /// Asks as the script of a page does, for the form to an address.
    pub async fn question(&self, page: &Page, form: &str, kind: &str) -> Question {
        let answer = self.try_question(page, form, kind).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let asked: Value = serde_json::from_str(&answer.body).unwrap();
        let challenge = asked["challenge"].as_str().unwrap().to_owned();
        Question { challenge, options: asked["options"].clone() }
    }

    pub async fn try_question(&self, page: &Page, form: &str, kind: &str) -> Page {
        let mut fields = page.form(form).filled(&[("kind", kind)]);
        fields.retain(|(name, _)| name != "credential");
        self.post(&format!("{form}/options"), &fields).await
    }

    /// Sends the form of a page with an answer.
    pub async fn answer(&self, page: &Page, form: &str, question: &Question, answer: &str) -> Page {
        let typed = [("challenge", question.challenge.as_str()), ("credential", answer)];
        self.submit(&page.form(form), &typed).await
    }

    /// Signs in with a passkey from the sign-in page; gives the answer to the form.
    pub async fn passkey(&self, app: &TestApp, key: &mut SoftKey, lie: &Lie) -> Page {
        let page = self.get("/sign-in?again=1").await;
        let question = self.question(&page, "/sign-in/passkey", "").await;
        let answer = key.sign(&question.options, &app.issuer, lie);
        self.answer(&page, "/sign-in/passkey", &question, &answer).await
    }

    /// Adds a key from the account of whoever is signed in; gives the answer to the form.
    pub async fn add_key(&self, app: &TestApp, key: &mut SoftKey, kind: &str, name: &str) -> Page {
        let page = self.open("/account/passkeys/new").await;
        let question = self.question(&page, "/account/passkeys", kind).await;
        let answer = key.make(&question.options, &app.issuer, &Lie::Nothing);
        let typed = [("challenge", question.challenge.as_str()), ("credential", &answer), ("name", name)];
        self.submit(&page.form("/account/passkeys"), &typed).await
    }
}
