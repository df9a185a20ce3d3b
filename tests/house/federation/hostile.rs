//! A hostile provider, written by us: no honest one can be made to send what it sends. It is a fake, and stands
//! for nothing but the bytes of its answers; that we get on with real ones is proved in `shapes`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use axum::{Router, routing::any};
use cardea::config::clients::SigningAlg;
use cardea::infra::jose::jws::{Pair, Signer};
use cardea::infra::tls::{Certificate, TlsListener};
use cardea::kernel::digest::{base64url, from_base64url, hmac_sha256, sha256};
use cardea::kernel::entropy::Entropy;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::serve::site::Authority;

/// What is in its key set, under this id.
pub const KID: &str = "theirs-1";
/// Longer than anyone waits for it.
const SILENCE: Duration = Duration::from_secs(30);

/// What it answers at one of its addresses.
#[derive(Clone, Debug)]
pub enum Reply {
    Json(Value),
    /// Of another media type than JSON.
    Text(&'static str, String),
    Status(u16),
    Redirect(String),
    Silence,
}

/// What it answers at each.
#[derive(Clone, Debug)]
pub struct Plan {
    pub discovery: Reply,
    pub keys: Reply,
    pub token: Reply,
    pub userinfo: Reply,
}

/// A running hostile provider.
pub struct Hostile {
    pub port: u16,
    pub issuer: String,
    pub plan: Arc<Mutex<Plan>>,
    pub signer: Signer,
    pub jwk: Value,
    serving: JoinHandle<()>,
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Hostile {
    pub async fn start() -> Self {
        Self::start_at("http://127.0.0.1", None).await
    }

    /// With TLS of an authority that nobody knows.
    pub async fn start_with_tls(authority: &Authority) -> Self {
        let (certificate, key) = authority.issue("provider");
        let certificate = Certificate::load(&certificate, &key).unwrap();
        Self::start_at("https://localhost", Some(certificate)).await
    }

    async fn start_at(host: &str, certificate: Option<Arc<Certificate>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let issuer = format!("{host}:{port}/idp");
        let pair = new_pair();
        let jwk = pair.public_jwk(KID).unwrap();
        let plan = Plan {
            discovery: Reply::Json(discovery(&issuer)),
            keys: Reply::Json(json!({ "keys": [jwk] })),
            token: Reply::Status(500),
            userinfo: Reply::Status(500),
        };
        let plan = Arc::new(Mutex::new(plan));
        let app = Router::new().route("/{*path}", any(answer)).with_state(Arc::clone(&plan));
        let serving = match certificate {
            None => tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }),
            Some(certificate) => {
                let listener = TlsListener::start(listener, certificate).unwrap();
                tokio::spawn(async move { axum::serve(listener, app).await.unwrap() })
            }
        };
        Self { port, issuer, plan, signer: Signer::new(pair, KID, &[]), jwk, serving }
    }

    /// From now on it answers at the token endpoint so.
    pub fn gives(&self, token: Reply) {
        self.plan.lock().unwrap().token = token;
    }

    pub fn signed(&self, claims: &Value) -> String {
        self.signer.sign("JWT", claims).unwrap()
    }

    /// What the public key signs where it is taken for a secret.
    pub fn signed_with_public_key(&self, claims: &Value) -> String {
        let public = from_base64url(self.jwk["n"].as_str().unwrap()).unwrap();
        let message = message(&json!({ "alg": "HS256", "kid": KID }), claims);
        let mac = hmac_sha256(&public, message.as_bytes());
        format!("{message}.{}", base64url(&mac))
    }
}

/// Another key than any that is published.
pub fn stranger(kid: &str) -> Signer {
    Signer::new(new_pair(), kid, &[])
}

fn new_pair() -> Pair {
    Pair::parse(SigningAlg::Rs256, Pair::generate(SigningAlg::Rs256).unwrap().expose()).unwrap()
}

/// Another key to encrypt to than any of ours, under an id.
pub fn strange_recipient(kid: &str) -> Value {
    new_pair().public_jwk(kid).unwrap()
}

pub fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    })
}

/// Header and claims, not signed yet.
pub fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()))
}

/// What a token endpoint answers.
pub fn tokens(id_token: &str) -> Reply {
    Reply::Json(json!({ "access_token": "at", "token_type": "Bearer", "id_token": id_token }))
}

/// The half of a digest by which an ID token names its access token.
pub fn hash_of(access_token: &str) -> String {
    base64url(&sha256(access_token.as_bytes())[..16])
}

/// Encrypts a text to a public key. Source: RFC 7516 §5.1.
pub fn encrypted(recipient: &Value, header: &Value, text: &[u8]) -> String {
    let part = |name: &str| from_base64url(recipient[name].as_str().unwrap()).unwrap();
    let public: PublicEncryptingKey =
        RsaPublicKeyComponents { n: part("n"), e: part("e") }.try_into().unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let (content_key, nonce): ([u8; 32], [u8; NONCE_LEN]) =
        (Entropy::System.bytes(), Entropy::System.bytes());
    let mut wrapped = vec![0; public.ciphertext_size()];
    public.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut wrapped, None).unwrap();
    let protected = base64url(header.to_string().as_bytes());
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &content_key).unwrap());
    let mut sealed = text.to_vec();
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(protected.as_bytes()),
            &mut sealed,
        )
        .unwrap();
    let parts = [&wrapped[..], &nonce, &sealed, tag.as_ref()].map(base64url);
    format!("{protected}.{}", parts.join("."))
}

async fn answer(State(plan): State<Arc<Mutex<Plan>>>, uri: Uri, _: Bytes) -> Response {
    let plan = plan.lock().unwrap().clone();
    let reply = match uri.path().rsplit('/').next().unwrap() {
        "openid-configuration" => plan.discovery,
        "keys" => plan.keys,
        "token" => plan.token,
        "userinfo" => plan.userinfo,
        _ => Reply::Status(404),
    };
    let build = |status: u16, kind: &str, body: String| {
        let response = Response::builder().status(status).header(header::CONTENT_TYPE, kind);
        response.body(Body::from(body)).unwrap()
    };
    match reply {
        Reply::Json(value) => build(200, "application/json", value.to_string()),
        Reply::Text(kind, text) => build(200, kind, text),
        Reply::Status(status) => build(status, "application/json", "{}".to_owned()),
        Reply::Redirect(to) => Response::builder()
            .status(StatusCode::FOUND)
            .header(header::LOCATION, to)
            .body(Body::empty())
            .unwrap(),
        Reply::Silence => {
            tokio::time::sleep(SILENCE).await;
            build(200, "application/json", "{}".to_owned())
        }
    }
}

/// Another key and what is published of it.
pub fn published(kid: &str) -> (Signer, Value) {
    let pair = new_pair();
    let jwk = pair.public_jwk(kid).unwrap();
    (Signer::new(pair, kid, &[]), jwk)
}
