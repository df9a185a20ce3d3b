//! One provider on one node: what is known of it, read anew beside all requests, and whether it is asked.

use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;

use super::breaker::Breaker;
use super::discovery::{self, Known};
use super::key_set::KeySet;
use super::reason::Reason;
use crate::config::UpstreamConfig;
use crate::infra::outgoing::Outgoing;
use crate::kernel::time::Moment;

/// How soon keys are asked for again because of one that is unknown: whoever forges them must not make us ask.
const KEYS_AGAIN_AFTER: Duration = Duration::from_secs(30);
/// What is older than this is not believed any more, whatever the provider's silence.
const AGE_MAX: Duration = Duration::from_hours(24);

/// How a provider is, for those who watch over the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nobody needed it yet.
    Unasked,
    Well,
    /// Why the last call brought nothing.
    Failing(Reason),
}

/// A provider that is in use.
pub struct Provider {
    name: String,
    config: UpstreamConfig,
    client_id: String,
    outgoing: Outgoing,
    /// The document and when it was read.
    known: RwLock<Option<(Moment, Arc<Known>)>>,
    /// Keys that were read after the document, because of one that was unknown.
    newer_keys: RwLock<Option<Arc<KeySet>>>,
    /// Held by whoever reads, so that one reads for all; and when keys were last asked for again.
    reading: Mutex<Option<Moment>>,
    state: StdMutex<(Breaker, Health)>,
}

impl Provider {
    pub fn new(name: &str, config: UpstreamConfig, outgoing: Outgoing) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            client_id: config.client_id.clone()?,
            config,
            outgoing,
            known: RwLock::default(),
            newer_keys: RwLock::default(),
            reading: Mutex::default(),
            state: StdMutex::new((Breaker::default(), Health::Unasked)),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn config(&self) -> &UpstreamConfig {
        &self.config
    }

    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub const fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    pub fn health(&self) -> Health {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Whether the provider may be asked now.
    ///
    /// # Errors
    /// It failed several times lately, and rests.
    pub fn admit(&self, now: Moment) -> Result<(), Reason> {
        let admitted = self.state.lock().unwrap_or_else(PoisonError::into_inner).0.admit(now);
        if admitted { Ok(()) } else { Err(Reason::Resting) }
    }

    /// Notes how a call went, and gives it back.
    ///
    /// # Errors
    /// Those of the call.
    pub fn note<T>(&self, outcome: Result<T, Reason>, now: Moment) -> Result<T, Reason> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let was_resting = state.0.is_resting();
        match &outcome {
            Err(reason) if reason.is_failure_of_provider() => {
                state.0.failed(now);
                state.1 = Health::Failing(*reason);
                if !was_resting && state.0.is_resting() {
                    tracing::error!(
                        provider = self.name,
                        reason = reason.name(),
                        "an upstream provider rests"
                    );
                }
            }
            Ok(_) => {
                state.0.well();
                state.1 = Health::Well;
                if was_resting {
                    tracing::info!(provider = self.name, "an upstream provider is well again");
                }
            }
            // It answers, and says no.
            Err(_) => state.0.well(),
        }
        drop(state);
        outcome
    }

    /// What is known of the provider; asked for only where nothing is known yet, or nothing young enough.
    ///
    /// # Errors
    /// It does not answer, or says nothing that can be used.
    pub async fn known(&self, now: Moment) -> Result<Arc<Known>, Reason> {
        if let Some(known) = self.kept(AGE_MAX, now) {
            return Ok(known);
        }
        let _turn = self.reading.lock().await;
        // Another one may have read while this one waited.
        match self.kept(AGE_MAX, now) {
            Some(known) => Ok(known),
            None => self.read(now).await,
        }
    }

    /// The same, where somebody has read it already: asks nobody.
    pub fn known_so_far(&self, now: Moment) -> Option<Arc<Known>> {
        self.kept(AGE_MAX, now)
    }

    /// The keys by which its signatures are verified.
    pub fn keys<'k>(&self, known: &'k Known, newer: &'k mut Option<Arc<KeySet>>) -> &'k KeySet {
        newer.clone_from(&self.newer_keys.read().unwrap_or_else(PoisonError::into_inner));
        newer.as_deref().unwrap_or(&known.keys)
    }

    /// Asks for the keys again because of one that is unknown, once in a while at most.
    ///
    /// # Errors
    /// It was just done, or they do not come.
    pub async fn keys_again(&self, known: &Known, now: Moment) -> Result<Arc<KeySet>, Reason> {
        let mut asked = self.reading.lock().await;
        if asked.is_some_and(|asked| now.since(asked) < KEYS_AGAIN_AFTER) {
            return Err(Reason::UnknownKey);
        }
        *asked = Some(now);
        let keys = Arc::new(discovery::key_set(&self.outgoing, &known.metadata).await?);
        *self.newer_keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// Reads all anew where it is older than this, or to see whether a provider that rests is well again. What
    /// was known stays where the provider does not answer.
    ///
    /// # Errors
    /// It does not answer, or says nothing that can be used.
    pub async fn refresh(&self, older_than: Duration, now: Moment) -> Result<(), Reason> {
        let rests = self.state.lock().unwrap_or_else(PoisonError::into_inner).0.is_resting();
        if !rests && self.kept(older_than, now).is_some() {
            return Ok(());
        }
        self.admit(now)?;
        let _turn = self.reading.lock().await;
        self.read(now).await.map(|_| ())
    }

    fn kept(&self, age: Duration, now: Moment) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (read_at, known) = known.as_ref()?;
        (now.since(*read_at) < age).then(|| Arc::clone(known))
    }

    async fn read(&self, now: Moment) -> Result<Arc<Known>, Reason> {
        let found = discovery::discover(&self.outgoing, &self.config.issuer).await;
        let known = Arc::new(self.note(found, now)?);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&known)));
        *self.newer_keys.write().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(known)
    }
}
