//! Keys take turns: by the schedule, as periodic work, or because an operator says so.

use serde::{Deserialize, Serialize};

use super::error::KeysError;
use super::keeper::{Keeper, SigningKeys};
use super::pins::Pins;
use super::schedule::{Fate, KeyTimes, Line, fate};
use crate::config::SigningConfig;
use crate::config::clients::SigningAlg;
use crate::event::{Event, Origin, What};
use crate::infra::database::{Unit, WriteError};
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;
use crate::oidc::store::key::{self as store, UNDECIDED};

/// How soon a key that is made out of turn signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// When every copy of the key set has it.
    InTime,
    /// When every node has it, and every verifier that reads the key set again for an unknown key.
    Soon,
    /// At once, and the older ones are retired at once: for a key that leaked.
    Instead,
}

/// What an operator wants.
#[derive(Clone, Debug)]
pub struct Turn {
    pub algorithms: Vec<SigningAlg>,
    pub pace: Pace,
    /// Retire even what clients are bound to.
    pub force: bool,
    pub dry_run: bool,
}

/// What came of it, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    pub made: Vec<MadeKey>,
    /// Ids of the keys that do not count any more.
    pub retired: Vec<SigningKeyId>,
    /// Clients that go on getting tokens by the key that they pinned, or lost it.
    pub pinned: Vec<PinnedKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeKey {
    /// `None` in a dry run.
    pub id: Option<SigningKeyId>,
    pub algorithm: SigningAlg,
    pub active_from: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedKey {
    pub key: SigningKeyId,
    pub clients: Vec<String>,
}

impl SigningKeys {
    /// One round of periodic work: makes the next key of each algorithm that clients need when it is time, and
    /// retires those that nobody needs any more. May run twice, or on two nodes, without harm.
    ///
    /// # Errors
    /// The database does not answer, or a key cannot be made.
    pub async fn keep_to_schedule(
        &self,
        algorithms: &[SigningAlg],
        pins: &Pins,
        origin: &Origin,
    ) -> Result<(), KeysError> {
        let keeper = &self.0;
        for algorithm in SigningAlg::ALL {
            let (made, line) = keeper.line(algorithm).await?;
            let due = line.next_is_due(&keeper.rules, origin.now);
            if let Some(active_from) = due.filter(|_| algorithms.contains(&algorithm)) {
                keeper.make(algorithm, active_from, made, origin).await?;
                outgoing(&line, pins, origin.now).iter().for_each(warn_of_pins);
            }
            for key in line.past(origin.now) {
                let bound = pins.bound_to(key, &line, origin.now);
                if !bound.is_empty() && keeper.told.is_first(format!("bound: {} {bound:?}", key.id)) {
                    let clients = bound.join(", ");
                    tracing::warn!(key = %key.id, clients, "the key is not retired while clients are bound to it by their pins");
                }
                keeper.decide(key, &bound, origin).await?;
            }
        }
        keeper.read(origin.now).await.map(|_| ())
    }

    /// Makes the next key of each algorithm, published at once; all of them or none.
    ///
    /// # Errors
    /// Clients are bound to a key that is to be retired, the database does not answer, or a key cannot be made.
    pub async fn turn(&self, turn: &Turn, pins: &Pins, origin: &Origin) -> Result<Turned, KeysError> {
        let (keeper, now) = (&self.0, origin.now);
        let mut unit = keeper.db().unit();
        let mut turned = Turned::default();
        for algorithm in &turn.algorithms {
            let (made, line) = keeper.line(*algorithm).await?;
            let active_from = match turn.pace {
                Pace::InTime => line.next_after(keeper.rules.published_before, now),
                Pace::Soon => line.next_after(SigningConfig::SOONEST, now),
                Pace::Instead => now,
            };
            let retired = if turn.pace == Pace::Instead { line.keys() } else { &[] };
            if retired.is_empty() {
                turned.pinned.extend(outgoing(&line, pins, now));
            }
            for key in retired {
                refuse_if_pinned(key, pins, turn.force)?;
                turned.pinned.extend(pinned(key, pins));
                turned.retired.push(key.id);
            }
            let mut id = None;
            if !turn.dry_run {
                let key = keeper.fresh(*algorithm, active_from, now).await?;
                id = Some(SigningKeyId::from_uuid(key.id));
                keeper.add(&mut unit, key, made, origin).await?;
                for key in retired {
                    keeper.retire(&mut unit, key, now, origin).await?;
                }
            }
            turned.made.push(MadeKey { id, algorithm: *algorithm, active_from: active_from.iso() });
        }
        if !turn.dry_run {
            // The events of all that is in it were recorded as it was added.
            keeper.db().write(unit).await?;
            keeper.read(now).await?;
        }
        Ok(turned)
    }
}

impl Keeper {
    /// Decides about a key that signs no more; another node may have decided meanwhile.
    async fn decide(&self, key: &KeyTimes, bound: &[String], origin: &Origin) -> Result<(), KeysError> {
        let mut unit = self.db().unit();
        match fate(key, bound, &self.rules, origin.now) {
            Fate::Keep => return Ok(()),
            // No event: nothing happens before that moment, and then the event says so.
            Fate::Plan(at) => store::plan(&mut unit, key.id.uuid(), key.retired_at, Some(at)),
            Fate::TakeBack => store::plan(&mut unit, key.id.uuid(), key.retired_at, None),
            Fate::Retire => {
                let at = key.retired_at.unwrap_or(origin.now);
                self.retire(&mut unit, key, at, origin).await?;
            }
        }
        match self.db().write(unit).await {
            Ok(_) | Err(WriteError::Refused(UNDECIDED)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn retire(
        &self,
        unit: &mut Unit,
        key: &KeyTimes,
        at: Moment,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        store::retire(unit, key.id.uuid(), at);
        let retired = Event::new(What::SigningKeyRetired { key: key.id.to_string() });
        self.log.record(unit, origin, retired).await.map(|_| ())
    }
}

/// The clients that pinned the key that signs now: they do not know the one that follows.
fn outgoing(line: &Line, pins: &Pins, now: Moment) -> Option<PinnedKey> {
    line.signer(now).and_then(|key| pinned(key, pins))
}

fn pinned(key: &KeyTimes, pins: &Pins) -> Option<PinnedKey> {
    let clients = pins.clients_of(key.id);
    (!clients.is_empty()).then_some(PinnedKey { key: key.id, clients })
}

fn refuse_if_pinned(key: &KeyTimes, pins: &Pins, force: bool) -> Result<(), KeysError> {
    match pinned(key, pins).filter(|_| !force) {
        Some(PinnedKey { key, clients }) => Err(KeysError::Pinned { key, clients: clients.join(", ") }),
        None => Ok(()),
    }
}

fn warn_of_pins(pinned: &PinnedKey) {
    let (key, clients) = (pinned.key, pinned.clients.join(", "));
    tracing::warn!(%key, clients, "these clients pinned the key that signs now, and have to pin the next");
}
