//! The keys of one moment, as everyone uses them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::KeysError;
use super::schedule::{KeyTimes, signing};
use crate::config::clients::{ClientConfig, SigningAlg};
use crate::infra::jose::jws::{JwsError, Pair, Signer, reading};
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;
use crate::oidc::claims::{ACCESS_TOKEN, ID_TOKEN};
use crate::web::document::Document;

/// The types of tokens that are signed all the time.
const KINDS: [&str; 2] = [ACCESS_TOKEN, ID_TOKEN];

/// A key, parsed once.
pub struct SigningKey {
    times: KeyTimes,
    kid: String,
    signer: Signer,
    decoding: DecodingKey,
    jwk: Value,
}

impl AsRef<KeyTimes> for SigningKey {
    fn as_ref(&self) -> &KeyTimes {
        &self.times
    }
}

impl SigningKey {
    /// # Errors
    /// The pair has no public part that can be read.
    pub fn new(times: KeyTimes, pair: Pair) -> Result<Self, KeysError> {
        let kid = times.id.to_string();
        let jwk = pair.public_jwk(&kid)?;
        let unreadable = || KeysError::Unreadable { id: times.id };
        let public: Jwk = serde_json::from_value(jwk.clone()).map_err(JwsError::from)?;
        let decoding = DecodingKey::from_jwk(&public).map_err(|_| unreadable())?;
        Ok(Self { signer: Signer::new(pair, &kid, &KINDS), times, kid, decoding, jwk })
    }

    pub const fn id(&self) -> SigningKeyId {
        self.times.id
    }

    pub const fn jwk(&self) -> &Value {
        &self.jwk
    }
}

/// What an operator was told already, so that the log of the program has it once.
#[derive(Default)]
pub struct Told(Mutex<HashSet<String>>);

impl Told {
    pub fn is_first(&self, what: String) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }
}

/// The keys of one moment.
pub struct KeySet {
    keys: Vec<Arc<SigningKey>>,
    jwks: Document,
    told: Arc<Told>,
}

impl KeySet {
    pub fn new(keys: Vec<Arc<SigningKey>>, max_age: Duration, told: Arc<Told>) -> Self {
        let public: Vec<&Value> = keys.iter().map(|key| &key.jwk).collect();
        let jwks = Document::new(&json!({ "keys": public }), max_age);
        Self { keys, jwks, told }
    }

    /// The public keys, with how long a copy may be kept. Source: RFC 7517 §5.
    pub const fn jwks(&self) -> &Document {
        &self.jwks
    }

    pub(super) fn keys(&self) -> &[Arc<SigningKey>] {
        &self.keys
    }

    pub(super) fn has(&self, algorithm: SigningAlg) -> bool {
        self.keys.iter().any(|key| key.times.algorithm == algorithm)
    }

    /// Signs claims under a type with the key of the algorithm that signs at this moment.
    ///
    /// # Errors
    /// There is no key for the algorithm, or it does not sign.
    pub fn sign(
        &self,
        algorithm: SigningAlg,
        kind: &str,
        claims: &impl Serialize,
        now: Moment,
    ) -> Result<String, KeysError> {
        let key = signing(self.of(algorithm), now).ok_or(KeysError::None(algorithm))?;
        Ok(key.signer.sign(kind, claims)?)
    }

    /// As [`KeySet::sign`] for a client: one that pinned keys gets the newest active one of its pins.
    ///
    /// # Errors
    /// As [`KeySet::sign`].
    pub fn sign_for(
        &self,
        client: &ClientConfig,
        algorithm: SigningAlg,
        kind: &str,
        claims: &impl Serialize,
        now: Moment,
    ) -> Result<String, KeysError> {
        if client.pinned_keys.is_empty() {
            return self.sign(algorithm, kind, claims, now);
        }
        let pinned = self.of(algorithm).filter(|key| client.pinned_keys.contains(&key.kid));
        // One that is not active yet may be unknown to other nodes.
        let active = pinned.filter(|key| key.times.active_from <= now);
        if let Some(key) = signing(active, now) {
            return Ok(key.signer.sign(kind, claims)?);
        }
        let (client, algorithm_name) = (&client.client_id, algorithm.name());
        if self.told.is_first(format!("no pin: {client} {algorithm_name}")) {
            tracing::warn!(
                client,
                algorithm = algorithm_name,
                "the client pinned keys, but none of this algorithm that signs: the ordinary key signs for it"
            );
        }
        self.sign(algorithm, kind, claims, now)
    }

    fn of(&self, algorithm: SigningAlg) -> impl Iterator<Item = &SigningKey> + Clone {
        self.keys.iter().map(Arc::as_ref).filter(move |key| key.times.algorithm == algorithm)
    }

    pub(super) fn knows(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid == kid)
    }

    /// The claims of a token that one of these keys signed under this type and with its one algorithm.
    /// Times are the caller's to check, against the request's own. Source: RFC 8725 §3.1, §3.8, §3.11.
    pub fn verify<T: DeserializeOwned>(&self, token: &str, expected: &Expected<'_>) -> Option<T> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(expected.kind) || header.crit.is_some() {
            return None;
        }
        let kid = header.kid.as_deref()?;
        let key = self.keys.iter().find(|key| key.kid == kid)?;
        let mut validation = Validation::new(reading(key.times.algorithm));
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        validation.set_issuer(&[expected.issuer]);
        match expected.audience {
            Some(audience) => validation.set_audience(&[audience]),
            None => validation.validate_aud = false,
        }
        jsonwebtoken::decode::<T>(token, &key.decoding, &validation).ok().map(|token| token.claims)
    }
}

/// What a token must be.
pub struct Expected<'a> {
    pub kind: &'static str,
    pub issuer: &'a str,
    /// Whom it must be for, among others perhaps: `aud` is a text or a list. `None`: whoever asks looks at
    /// that itself. Source: RFC 7519 §4.1.3.
    pub audience: Option<&'a str>,
}
