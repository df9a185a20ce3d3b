//! The keys in the memory of a node: read again before they are old, and made where one is missing.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::error::KeysError;
use super::schedule::{KeyTimes, Line};
use super::set::{Expected, KeySet, SigningKey, Told};
use crate::config::SigningConfig;
use crate::config::clients::{ClientConfig, SigningAlg};
use crate::event::origin::Actor;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{Database, Unit, WriteError};
use crate::infra::jose::jws::Pair;
use crate::infra::sealing::{DoesNotOpen, KeyRing, Place};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{RequestId, SigningKeyId};
use crate::kernel::time::Moment;
use crate::oidc::store::key::{self as store, LAST_MADE, StoredKey};

/// How soon the keys are read again for a token of an unknown key, or after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// How old the published key set may be: a verifier that meets an unknown key asks for it at once.
const PUBLISHED_AGE_MAX: Duration = AGAIN;

/// The signing keys of an installation; cheap to clone.
#[derive(Clone)]
pub struct SigningKeys(pub(super) Arc<Keeper>);

pub struct Keeper {
    pub log: EventLog,
    ring: KeyRing,
    entropy: Entropy,
    pub rules: SigningConfig,
    kept: RwLock<Kept>,
    /// Held by whoever reads, so that one reads for all.
    reading: Mutex<Reading>,
    pub told: Arc<Told>,
}

struct Kept {
    /// `None`: never read.
    read_at: Option<Moment>,
    set: Arc<KeySet>,
}

#[derive(Default)]
struct Reading {
    failed_at: Option<Moment>,
    /// When the last unknown key was looked for.
    asked_at: Option<Moment>,
}

impl SigningKeys {
    /// Keys that are not read yet.
    pub fn new(log: EventLog, ring: KeyRing, entropy: Entropy, rules: SigningConfig) -> Self {
        let told = Arc::<Told>::default();
        let set = Arc::new(KeySet::new(vec![], rules.key_set_max_age, Arc::clone(&told)));
        let kept = RwLock::new(Kept { read_at: None, set });
        Self(Arc::new(Keeper { log, ring, entropy, rules, kept, reading: Mutex::default(), told }))
    }

    /// Reads the keys and makes the first one of each algorithm where there is none: it signs at once.
    ///
    /// # Errors
    /// The database does not answer, or a key does not open under this ring.
    pub async fn ensure(&self, algorithms: &[SigningAlg], now: Moment) -> Result<(), KeysError> {
        let keeper = &self.0;
        let set = keeper.read(now).await?;
        let missing: Vec<_> = algorithms.iter().filter(|algorithm| !set.has(**algorithm)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let origin = Origin::internal(now, RequestId::new(now, &keeper.entropy), Actor::Service);
        for algorithm in missing {
            let (made, line) = keeper.line(*algorithm).await?;
            if line.keys().is_empty() {
                keeper.make(*algorithm, now, made, &origin).await?;
            }
        }
        let set = keeper.read(now).await?;
        let missing = algorithms.iter().find(|algorithm| !set.has(**algorithm));
        missing.map_or(Ok(()), |algorithm| Err(KeysError::None(*algorithm)))
    }

    /// The keys of now, at most [`SigningConfig::NODE_AGE_MAX`] old; older ones only while the database does
    /// not answer.
    pub async fn current(&self, now: Moment) -> Arc<KeySet> {
        self.0.younger_than(SigningConfig::NODE_AGE_MAX, now).await
    }

    /// As [`SigningKeys::current`] for whoever signs for a client: with a key for each of its algorithms, even
    /// if the client was registered a moment ago.
    pub async fn current_for(&self, client: &ClientConfig, now: Moment) -> Arc<KeySet> {
        let set = self.current(now).await;
        let needed = [client.id_token_signed_response_alg, client.access_token_signed_response_alg];
        if needed.iter().all(|algorithm| set.has(*algorithm)) {
            return set;
        }
        if let Err(error) = self.ensure(&needed, now).await {
            tracing::error!(%error, client = client.client_id, "a signing key that is missing was not made");
        }
        self.0.kept()
    }

    /// The keys as they are published.
    pub async fn published(&self, now: Moment) -> Arc<KeySet> {
        self.0.younger_than(PUBLISHED_AGE_MAX, now).await
    }

    /// As [`KeySet::verify`] under the keys of now. A token of a key that is unknown here may be another
    /// node's, from a moment ago: the keys are read again for it, once a second at most.
    pub async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: Moment,
    ) -> Option<T> {
        let mut set = self.current(now).await;
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        // What is no id at all is no key of ours.
        if !set.knows(&kid) && kid.parse::<SigningKeyId>().is_ok() {
            set = self.0.again(now).await;
        }
        set.verify(token, expected)
    }
}

impl Keeper {
    pub fn db(&self) -> &Database {
        self.log.db()
    }

    fn kept(&self) -> Arc<KeySet> {
        Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner).set)
    }

    fn kept_younger_than(&self, age: Duration, now: Moment) -> Option<Arc<KeySet>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        is_within(age, kept.read_at, now).then(|| Arc::clone(&kept.set))
    }

    async fn younger_than(&self, age: Duration, now: Moment) -> Arc<KeySet> {
        if let Some(set) = self.kept_younger_than(age, now) {
            return set;
        }
        let mut reading = self.reading.lock().await;
        // Another one may have read while this one waited.
        if let Some(set) = self.kept_younger_than(age, now) {
            return set;
        }
        self.read_or_keep(&mut reading, now).await
    }

    async fn again(&self, now: Moment) -> Arc<KeySet> {
        let mut reading = self.reading.lock().await;
        if is_within(AGAIN, reading.asked_at, now) {
            return self.kept();
        }
        reading.asked_at = Some(now);
        self.read_or_keep(&mut reading, now).await
    }

    async fn read_or_keep(&self, reading: &mut Reading, now: Moment) -> Arc<KeySet> {
        if is_within(AGAIN, reading.failed_at, now) {
            return self.kept();
        }
        match self.read(now).await {
            Ok(set) => set,
            Err(error) => {
                reading.failed_at = Some(now);
                tracing::error!(%error, "signing keys could not be read again");
                self.kept()
            }
        }
    }

    /// Reads the keys of now; those that are known are not parsed again.
    pub async fn read(&self, now: Moment) -> Result<Arc<KeySet>, KeysError> {
        let rows = store::whole(self.db()).await?;
        let known = self.kept();
        let mut keys = vec![];
        for row in rows {
            let id = SigningKeyId::from_uuid(row.id);
            let times = KeyTimes::of(&row).ok_or(KeysError::Unreadable { id })?;
            if !times.counts(now) {
                continue;
            }
            match known.keys().iter().find(|key| key.id() == id) {
                Some(key) => keys.push(Arc::clone(key)),
                None => keys.push(Arc::new(self.parse(times, &row)?)),
            }
        }
        let set = Arc::new(KeySet::new(keys, self.rules.key_set_max_age, Arc::clone(&self.told)));
        let kept = Kept { read_at: Some(now), set: Arc::clone(&set) };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(set)
    }

    /// The public part follows from the private one, which is sealed to its row: a row with another one was
    /// tampered with.
    fn parse(&self, times: KeyTimes, row: &StoredKey) -> Result<SigningKey, KeysError> {
        let id = times.id;
        let private = self
            .ring
            .open(place(&id.to_string()), &row.private)
            .map_err(|DoesNotOpen| KeysError::DoesNotOpen { id })?;
        let key = SigningKey::new(times, Pair::parse(times.algorithm, private.expose())?)?;
        let told: Option<serde_json::Value> = serde_json::from_str(&row.public_jwk).ok();
        if told.as_ref() == Some(key.jwk()) { Ok(key) } else { Err(KeysError::Unreadable { id }) }
    }

    /// The keys of an algorithm, and how many of it were ever made when they were read.
    pub async fn line(&self, algorithm: SigningAlg) -> Result<(i64, Line), KeysError> {
        // The count comes first: a key that is made in between makes the next write fail, not double.
        let made = store::made(self.db(), algorithm.name()).await?;
        let rows = store::whole(self.db()).await?;
        Ok((made, Line::of(algorithm, rows.iter().filter_map(KeyTimes::of))))
    }

    /// Makes a key, if no other of its algorithm was made since `made` were. When another node was faster, its
    /// key is the one.
    pub async fn make(
        &self,
        algorithm: SigningAlg,
        active_from: Moment,
        made: i64,
        origin: &Origin,
    ) -> Result<(), KeysError> {
        let key = self.fresh(algorithm, active_from, origin.now).await?;
        let mut unit = self.db().unit();
        // Its event is recorded as it is added.
        self.add(&mut unit, key, made, origin).await?;
        match self.db().write(unit).await {
            Ok(_) | Err(WriteError::Refused(LAST_MADE)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A new key, sealed.
    pub async fn fresh(
        &self,
        algorithm: SigningAlg,
        active_from: Moment,
        now: Moment,
    ) -> Result<StoredKey, KeysError> {
        // An RSA key takes its time.
        let private = tokio::task::spawn_blocking(move || Pair::generate(algorithm)).await;
        let private = private.map_err(|_| KeysError::None(algorithm))??;
        let id = SigningKeyId::new(now, &self.entropy);
        let jwk = Pair::parse(algorithm, private.expose())?.public_jwk(&id.to_string())?;
        let sealed = self.ring.seal(place(&id.to_string()), private.expose(), &self.entropy);
        Ok(StoredKey {
            id: id.uuid(),
            algorithm: algorithm.name().to_owned(),
            private: sealed.map_err(WriteError::Unsealed)?,
            public_jwk: jwk.to_string(),
            created_at: now.micros(),
            active_from: active_from.micros(),
            retired_at: None,
        })
    }

    /// Adds a key and its event to a unit.
    pub async fn add(
        &self,
        unit: &mut Unit,
        key: StoredKey,
        made: i64,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let what = What::SigningKeyMade {
            key: SigningKeyId::from_uuid(key.id).to_string(),
            algorithm: key.algorithm.clone(),
            active_from: Moment::from_micros(key.active_from).iso(),
        };
        store::insert(unit, key, made);
        self.log.record(unit, origin, Event::new(what)).await.map(|_| ())
    }
}

/// Whether it was so recently. Requests that began a little before count as well: they overtake each other.
fn is_within(span: Duration, then: Option<Moment>, now: Moment) -> bool {
    then.is_some_and(|then| now.since(then).max(then.since(now)) < span)
}

/// Whether the signing keys of a database open under a ring; makes none.
///
/// # Errors
/// Which one does not open, or that the database does not answer.
pub async fn keys_fit(db: &Database, ring: &KeyRing) -> Result<(), KeysError> {
    for row in store::whole(db).await? {
        let id = SigningKeyId::from_uuid(row.id);
        ring.open(place(&id.to_string()), &row.private)
            .map_err(|DoesNotOpen| KeysError::DoesNotOpen { id })?;
    }
    Ok(())
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "signing_key", column: "private", row }
}
