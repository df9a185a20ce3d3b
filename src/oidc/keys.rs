//! The keys that sign tokens: made at the first start, sealed at rest, published while they count.
//!
//! ```text
//! made ──published──► next ──active from──► signs ──a newer one is active──► published ──retired──► gone
//! ```

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::document::Document;
use super::jws::{JwsError, Pair};
use super::store::{self, FIRST_KEY, StoredKey};
use crate::config::clients::SigningAlg;
use crate::event::origin::Actor;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{Database, WriteError};
use crate::infra::sealing::{DoesNotOpen, KeyRing, Place};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{RequestId, SigningKeyId};
use crate::kernel::time::Moment;

/// How old the keys in memory may be. Far below the time that a key is published before it signs, so
/// every node knows a key in time.
const AGE_MAX: Duration = Duration::from_mins(1);

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("the signing key {id} does not open under this key ring")]
    DoesNotOpen { id: SigningKeyId },
    #[error("the signing key {id} is unreadable")]
    Unreadable { id: SigningKeyId },
    #[error("there is no signing key for {}", .0.name())]
    None(SigningAlg),
    #[error(transparent)]
    Jws(#[from] JwsError),
    #[error(transparent)]
    Database(#[from] WriteError),
}

/// The keys as everyone uses them; cheap to clone.
#[derive(Clone)]
pub struct SigningKeys(Arc<Keeper>);

struct Keeper {
    log: EventLog,
    ring: KeyRing,
    entropy: Entropy,
    kept: RwLock<(Moment, Arc<KeySet>)>,
}

/// The keys of one moment.
pub struct KeySet {
    keys: Vec<SigningKey>,
    jwks: Document,
}

struct SigningKey {
    id: SigningKeyId,
    pair: Pair,
    decoding: DecodingKey,
    jwk: Value,
    active_from: Moment,
}

impl SigningKeys {
    /// Reads the keys; makes the first one of each algorithm where there is none.
    ///
    /// # Errors
    /// The database does not answer, or a key does not open under this ring.
    pub async fn open(
        log: EventLog,
        ring: KeyRing,
        entropy: Entropy,
        algorithms: &[SigningAlg],
        now: Moment,
    ) -> Result<Self, KeysError> {
        let empty = Arc::new(KeySet { keys: vec![], jwks: Document::new(&json!({ "keys": [] })) });
        let keeper = Keeper { log, ring, entropy, kept: RwLock::new((now, empty)) };
        keeper.reload(now).await?;
        for algorithm in algorithms {
            if keeper.kept().1.signer(*algorithm, now).is_err() {
                keeper.make_first(*algorithm, now).await?;
            }
        }
        let set = keeper.reload(now).await?;
        for algorithm in algorithms {
            set.signer(*algorithm, now)?;
        }
        Ok(Self(Arc::new(keeper)))
    }

    /// The keys of now, at most a minute old; older ones only while the database does not answer.
    pub async fn current(&self, now: Moment) -> Arc<KeySet> {
        let (read_at, set) = self.0.kept();
        if now.since(read_at) < AGE_MAX {
            return set;
        }
        match self.0.reload(now).await {
            Ok(set) => set,
            Err(error) => {
                tracing::error!(%error, "signing keys could not be read again");
                set
            }
        }
    }
}

impl Keeper {
    fn kept(&self) -> (Moment, Arc<KeySet>) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        (kept.0, Arc::clone(&kept.1))
    }

    async fn reload(&self, now: Moment) -> Result<Arc<KeySet>, KeysError> {
        let rows = store::signing_keys(self.log.db(), now).await?;
        let keys = rows.into_iter().map(|row| self.parse(&row)).collect::<Result<Vec<_>, _>>()?;
        let public: Vec<&Value> = keys.iter().map(|key| &key.jwk).collect();
        let jwks = Document::new(&json!({ "keys": public }));
        let set = Arc::new(KeySet { keys, jwks });
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(&set));
        Ok(set)
    }

    fn parse(&self, row: &StoredKey) -> Result<SigningKey, KeysError> {
        let id = SigningKeyId::from_uuid(row.id);
        let unreadable = || KeysError::Unreadable { id };
        let known = [SigningAlg::Es256, SigningAlg::Rs256];
        let algorithm =
            known.into_iter().find(|known| known.name() == row.algorithm).ok_or_else(unreadable)?;
        let private = self
            .ring
            .open(place(&id.to_string()), &row.private)
            .map_err(|DoesNotOpen| KeysError::DoesNotOpen { id })?;
        let jwk: Value = serde_json::from_str(&row.public_jwk).map_err(|_| unreadable())?;
        let public: Jwk = serde_json::from_str(&row.public_jwk).map_err(|_| unreadable())?;
        Ok(SigningKey {
            id,
            pair: Pair::parse(algorithm, private.expose())?,
            decoding: DecodingKey::from_jwk(&public).map_err(|_| unreadable())?,
            jwk,
            active_from: Moment::from_micros(row.active_from),
        })
    }

    /// Makes the first key. When another node was faster, its key is the one.
    async fn make_first(&self, algorithm: SigningAlg, now: Moment) -> Result<(), KeysError> {
        // An RSA key takes its time.
        let private = tokio::task::spawn_blocking(move || Pair::generate(algorithm)).await;
        let private = private.map_err(|_| KeysError::None(algorithm))??;
        let id = SigningKeyId::new(now, &self.entropy);
        let jwk = Pair::parse(algorithm, private.expose())?.public_jwk(&id.to_string())?;
        let mut unit = self.log.db().unit();
        let key = StoredKey {
            id: id.uuid(),
            algorithm: algorithm.name().to_owned(),
            private: self.ring.seal(place(&id.to_string()), private.expose(), &self.entropy),
            public_jwk: jwk.to_string(),
            created_at: now.micros(),
            active_from: now.micros(),
            retired_at: None,
        };
        store::insert_first_key(&mut unit, key);
        let origin = Origin::internal(now, RequestId::new(now, &self.entropy), Actor::Service);
        let made = Event::new(What::SigningKeyMade { key: id.to_string() });
        self.log.record(&mut unit, &origin, made).await?;
        match self.log.db().write(unit).await {
            Ok(_) | Err(WriteError::Refused(FIRST_KEY)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the signing keys of a database open under a ring; makes none.
///
/// # Errors
/// Which one does not open, or that the database does not answer.
pub async fn keys_fit(db: &Database, ring: &KeyRing, now: Moment) -> Result<(), KeysError> {
    for row in store::signing_keys(db, now).await? {
        let id = SigningKeyId::from_uuid(row.id);
        ring.open(place(&id.to_string()), &row.private)
            .map_err(|DoesNotOpen| KeysError::DoesNotOpen { id })?;
    }
    Ok(())
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "signing_key", column: "private", row }
}

impl KeySet {
    /// The public keys. Source: RFC 7517 §5.
    pub const fn jwks(&self) -> &Document {
        &self.jwks
    }

    /// Signs claims under a type with the newest key that is active: the same one on every node.
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
        let key = self.signer(algorithm, now)?;
        Ok(key.pair.sign(&key.id.to_string(), kind, claims)?)
    }

    fn signer(&self, algorithm: SigningAlg, now: Moment) -> Result<&SigningKey, KeysError> {
        let usable = || self.keys.iter().filter(|key| key.pair.algorithm() == algorithm);
        let newest =
            usable().filter(|key| key.active_from <= now).max_by_key(|key| (key.active_from, key.id));
        // Where this clock is behind that of the node which made the first key, that key still signs.
        let first = || usable().min_by_key(|key| (key.active_from, key.id));
        newest.or_else(first).ok_or(KeysError::None(algorithm))
    }

    /// The claims of a token that one of these keys signed under this type and with this algorithm.
    /// Times are the caller's to check, against the request's own. Source: RFC 8725 §3.1, §3.8, §3.11.
    pub fn verify<T: DeserializeOwned>(&self, token: &str, expected: &Expected<'_>) -> Option<T> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(expected.kind) || header.crit.is_some() {
            return None;
        }
        let kid = header.kid.as_deref()?;
        let key = self.keys.iter().find(|key| key.id.to_string() == kid)?;
        let algorithm = match key.pair.algorithm() {
            SigningAlg::Es256 => Algorithm::ES256,
            SigningAlg::Rs256 => Algorithm::RS256,
        };
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        validation.set_issuer(&[expected.issuer]);
        validation.set_audience(&[expected.audience]);
        jsonwebtoken::decode::<T>(token, &key.decoding, &validation).ok().map(|token| token.claims)
    }
}

/// What a token must be.
pub struct Expected<'a> {
    pub kind: &'static str,
    pub issuer: &'a str,
    pub audience: &'a str,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::infra::database::{Database, DatabaseOptions, migrations};
    use crate::infra::geoip::GeoIp;

    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
    const BOTH: [SigningAlg; 2] = [SigningAlg::Es256, SigningAlg::Rs256];

    fn options(folder: &Path) -> DatabaseOptions {
        let url = format!("sqlite://{}", folder.join("test.db").display());
        DatabaseOptions { url, migration_url: None, connections_max: 2 }
    }

    async fn node(folder: &Path, ring: &KeyRing, seed: u64) -> Result<SigningKeys, KeysError> {
        let options = options(folder);
        let db = Database::open(&options).await.unwrap();
        let entropy = Entropy::seeded(seed);
        let log = EventLog::new(db, ring, GeoIp::default(), entropy.clone(), Duration::from_mins(1));
        SigningKeys::open(log, ring.clone(), entropy, &BOTH, NOW).await
    }

    #[tokio::test]
    async fn two_nodes_that_start_share_one_key_and_read_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::generate(NOW, &Entropy::seeded(1));
        migrations::migrate(&options(folder.path()), NOW).await.unwrap();
        let (first, second) = tokio::join!(node(folder.path(), &ring, 2), node(folder.path(), &ring, 3));
        let (first, second) = (first.unwrap(), second.unwrap());
        let (first, second) = (first.current(NOW).await, second.current(NOW).await);
        assert_eq!((first.keys.len(), second.keys.len()), (2, 2));
        let claims = json!({ "iss": "i", "aud": "a", "exp": 0, "n": 7 });
        for algorithm in BOTH {
            let token = first.sign(algorithm, "at+jwt", &claims, NOW).unwrap();
            let expected = |kind, issuer, audience| Expected { kind, issuer, audience };
            let read = |expected| second.verify::<Value>(&token, &expected);
            assert_eq!(read(expected("at+jwt", "i", "a")), Some(claims.clone()));
            assert_eq!(read(expected("JWT", "i", "a")), None);
            assert_eq!(read(expected("at+jwt", "x", "a")), None);
            assert_eq!(read(expected("at+jwt", "i", "x")), None);
            let (message, signature) = token.rsplit_once('.').unwrap();
            let forged = format!("{}.{signature}", message.replacen('.', ".e", 1));
            assert_eq!(second.verify::<Value>(&forged, &expected("at+jwt", "i", "a")), None);
        }
        let stranger = KeyRing::generate(NOW, &Entropy::seeded(4));
        let refused = node(folder.path(), &stranger, 5).await;
        assert!(matches!(refused.err(), Some(KeysError::DoesNotOpen { .. })));
    }
}
