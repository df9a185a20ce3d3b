//! Our keys in the memory of a node, and the making and retiring of them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::life::{self, Line, Times};
use crate::config::FederationConfig;
use crate::config::clients::SigningAlg;
use crate::event::{Event, EventLog, Origin, What};
use crate::federation::store::key::{self as store, StoredKey};
use crate::infra::database::{Database, WriteError};
use crate::infra::jose::jwe::Opener;
use crate::infra::jose::jws::{JwsError, Pair, Signer};
use crate::infra::sealing::{KeyRing, Place};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::UpstreamKeyId;
use crate::kernel::time::Moment;
use crate::web::document::Document;

/// How old the keys in the memory of a node may be.
const AGE_MAX: Duration = Duration::from_secs(5);

/// Why keys can neither be had nor made.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamKeysError {
    #[error("the key {0} for upstream providers does not open under this key ring, or is unreadable")]
    DoesNotOpen(UpstreamKeyId),
    #[error("there is no key for upstream providers that does {}", .0.name())]
    None(Line),
    #[error(transparent)]
    Jws(#[from] JwsError),
    #[error(transparent)]
    Database(#[from] WriteError),
}

enum Work {
    Signs(Signer),
    Opens(Opener),
}

/// A key, parsed once.
struct OwnKey {
    times: Times,
    work: Work,
    jwk: Value,
}

/// The keys of one moment.
pub struct OwnKeys {
    keys: Vec<Arc<OwnKey>>,
    published: Document,
}

impl OwnKeys {
    fn of(keys: Vec<Arc<OwnKey>>, max_age: Duration) -> Self {
        let times: Vec<Times> = keys.iter().map(|key| key.times).collect();
        let of_line =
            |line| times.iter().filter(move |other| other.line == line).copied().collect::<Vec<_>>();
        let published = keys.iter().filter(|key| life::is_published(&key.times, &of_line(key.times.line)));
        let public: Vec<&Value> = published.map(|key| &key.jwk).collect();
        let published = Document::new(&json!({ "keys": public }), max_age);
        Self { keys, published }
    }

    /// The public keys, with how long a copy may be kept.
    pub const fn published(&self) -> &Document {
        &self.published
    }

    /// Signs claims under a type with the key that signs at this moment.
    ///
    /// # Errors
    /// There is none of the algorithm.
    pub fn sign(
        &self,
        alg: SigningAlg,
        kind: &str,
        claims: &Value,
        now: Moment,
    ) -> Result<String, UpstreamKeysError> {
        let line = Line::Signs(alg);
        let of_line = self.keys.iter().map(|key| &key.times).filter(|times| times.line == line);
        let chosen = life::working(of_line, now).ok_or(UpstreamKeysError::None(line))?;
        let key = self.keys.iter().find(|key| key.times.id == chosen.id);
        match key.map(|key| &key.work) {
            Some(Work::Signs(signer)) => Ok(signer.sign(kind, claims)?),
            Some(Work::Opens(_)) | None => Err(UpstreamKeysError::None(line)),
        }
    }

    /// The keys that open a text: the one of its id, or all where it says none.
    pub fn openers<'k>(&'k self, kid: Option<&'k str>) -> impl Iterator<Item = &'k Opener> {
        let named = move |key: &&Arc<OwnKey>| kid.is_none_or(|kid| key.times.id.to_string() == kid);
        self.keys.iter().filter(named).filter_map(|key| match &key.work {
            Work::Opens(opener) => Some(opener),
            Work::Signs(_) => None,
        })
    }
}

/// Our keys for upstream providers; cheap to clone.
#[derive(Clone)]
pub struct UpstreamKeys(Arc<Keeper>);

struct Keeper {
    log: EventLog,
    ring: KeyRing,
    entropy: Entropy,
    rules: FederationConfig,
    /// What the providers in use need.
    needed: Vec<Line>,
    kept: RwLock<(Option<Moment>, Arc<OwnKeys>)>,
    /// Held by whoever reads, so that one reads for all.
    reading: Mutex<()>,
}

impl UpstreamKeys {
    /// Keys that are not read yet.
    pub fn new(
        log: EventLog,
        ring: KeyRing,
        entropy: Entropy,
        rules: FederationConfig,
        needed: Vec<Line>,
    ) -> Self {
        let none = Arc::new(OwnKeys::of(vec![], rules.key_set_max_age));
        let kept = RwLock::new((None, none));
        Self(Arc::new(Keeper { log, ring, entropy, rules, needed, kept, reading: Mutex::default() }))
    }

    /// The keys of now; older ones only while the database does not answer.
    pub async fn current(&self, now: Moment) -> Arc<OwnKeys> {
        if let Some(keys) = self.0.younger_than(AGE_MAX, now) {
            return keys;
        }
        let _turn = self.0.reading.lock().await;
        // Another one may have read while this one waited.
        if let Some(keys) = self.0.younger_than(AGE_MAX, now) {
            return keys;
        }
        match self.0.read(now).await {
            Ok(keys) => keys,
            Err(error) => {
                tracing::error!(%error, "the keys for upstream providers could not be read again");
                self.0.kept()
            }
        }
    }

    /// Reads all that there are.
    ///
    /// # Errors
    /// Which one does not open, or that the database does not answer.
    pub async fn fit(&self, now: Moment) -> Result<(), UpstreamKeysError> {
        self.0.read(now).await.map(|_| ())
    }

    /// Makes what is missing or due, and retires what is over.
    ///
    /// # Errors
    /// The database does not answer, or a key does not open under this ring.
    pub async fn keep_to_schedule(&self, origin: &Origin) -> Result<(), UpstreamKeysError> {
        let keeper = &self.0;
        if keeper.needed.is_empty() {
            return Ok(());
        }
        let rows = store::whole(keeper.db()).await?;
        let times: Vec<Times> = rows.iter().filter_map(times_of).collect();
        for line in &keeper.needed {
            let of_line: Vec<Times> = times.iter().filter(|times| times.line == *line).copied().collect();
            let due = life::due(*line, &of_line, &keeper.rules, origin.now);
            if let Some((number, active_from)) = due.make {
                keeper.make(*line, number, active_from, origin).await?;
            }
            for id in due.retire {
                keeper.retire(id, origin).await?;
            }
        }
        keeper.read(origin.now).await.map(|_| ())
    }
}

impl Keeper {
    fn db(&self) -> &Database {
        self.log.db()
    }

    fn kept(&self) -> Arc<OwnKeys> {
        Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn younger_than(&self, age: Duration, now: Moment) -> Option<Arc<OwnKeys>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let young = kept.0.is_some_and(|read| now.since(read).max(read.since(now)) < age);
        young.then(|| Arc::clone(&kept.1))
    }

    async fn read(&self, now: Moment) -> Result<Arc<OwnKeys>, UpstreamKeysError> {
        let rows = store::whole(self.db()).await?;
        let known = self.kept();
        let mut keys = vec![];
        for row in &rows {
            let id = UpstreamKeyId::from_uuid(row.id);
            match known.keys.iter().find(|key| key.times.id == id) {
                Some(key) => keys.push(Arc::clone(key)),
                None => keys.push(Arc::new(self.parse(id, row)?)),
            }
        }
        let keys = Arc::new(OwnKeys::of(keys, self.rules.key_set_max_age));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = (Some(now), Arc::clone(&keys));
        Ok(keys)
    }

    /// The public part follows from the private one, which is sealed to its row: a row with another one was
    /// tampered with.
    fn parse(&self, id: UpstreamKeyId, row: &StoredKey) -> Result<OwnKey, UpstreamKeysError> {
        let unreadable = || UpstreamKeysError::DoesNotOpen(id);
        let times = times_of(row).ok_or_else(unreadable)?;
        let kid = id.to_string();
        let private = self.ring.open(place(&kid), &row.private).map_err(|_| unreadable())?;
        let pair = Pair::parse(times.line.pair(), private.expose())?;
        let jwk = public_jwk(times.line, &pair, &kid)?;
        if serde_json::from_str::<Value>(&row.public_jwk).ok().as_ref() != Some(&jwk) {
            return Err(unreadable());
        }
        let work = match times.line {
            Line::Signs(_) => Work::Signs(Signer::new(pair, &kid, &[])),
            Line::Opens => Work::Opens(Opener::parse(private.expose()).ok_or_else(unreadable)?),
        };
        Ok(OwnKey { times, work, jwk })
    }

    /// Makes the key of a number. When another node was faster, its key is the one.
    async fn make(
        &self,
        line: Line,
        number: i64,
        active_from: Moment,
        origin: &Origin,
    ) -> Result<(), UpstreamKeysError> {
        // An RSA key takes its time.
        let private = tokio::task::spawn_blocking(move || Pair::generate(line.pair())).await;
        let private = private.map_err(|_| UpstreamKeysError::None(line))??;
        let id = UpstreamKeyId::new(origin.now, &self.entropy);
        let kid = id.to_string();
        let jwk = public_jwk(line, &Pair::parse(line.pair(), private.expose())?, &kid)?;
        let sealed = self.ring.seal(place(&kid), private.expose(), &self.entropy);
        let mut unit = self.db().unit();
        store::insert(
            &mut unit,
            StoredKey {
                line: line.name().to_owned(),
                number,
                id: id.uuid(),
                private: sealed.map_err(WriteError::Unsealed)?,
                public_jwk: jwk.to_string(),
                created_at: origin.now.micros(),
                active_from: active_from.micros(),
                retired_at: None,
            },
        );
        let what = What::UpstreamKeyMade { key: kid, line: line.name().to_owned() };
        self.log.record(&mut unit, origin, Event::new(what)).await?;
        match self.db().write(unit).await {
            Ok(_) | Err(WriteError::Refused(store::NUMBER_FREE)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn retire(&self, id: UpstreamKeyId, origin: &Origin) -> Result<(), UpstreamKeysError> {
        let mut unit = self.db().unit();
        store::retire(&mut unit, id.uuid(), origin.now);
        let event = Event::new(What::UpstreamKeyRetired { key: id.to_string() });
        self.log.record(&mut unit, origin, event).await?;
        match self.db().write(unit).await {
            Ok(_) | Err(WriteError::Refused(store::KEY_WHOLE)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn times_of(row: &StoredKey) -> Option<Times> {
    Some(Times {
        id: UpstreamKeyId::from_uuid(row.id),
        line: Line::from_name(&row.line)?,
        number: row.number,
        created_at: Moment::from_micros(row.created_at),
        active_from: Moment::from_micros(row.active_from),
    })
}

fn public_jwk(line: Line, pair: &Pair, kid: &str) -> Result<Value, JwsError> {
    let mut jwk = pair.public_jwk(kid)?;
    if line == Line::Opens
        && let Some(members) = jwk.as_object_mut()
    {
        members.insert("use".to_owned(), "enc".into());
        members.insert("alg".to_owned(), "RSA-OAEP-256".into());
    }
    Ok(jwk)
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "upstream_key", column: "private", row }
}
