//! The sealer: gives committed events their place in the chain. One works at a time; a second one
//! loses by the uniqueness of the sequence number.

use super::chain;
use super::store::{self, event_seal};
use crate::infra::database::{Database, WriteError};
use crate::kernel::time::Moment;

/// Events that one unit seals.
const EVENTS_PER_UNIT_MAX: u64 = 500;
/// Condition that fails when another node sealed in the meantime.
const SEQUENCE_FREE: &str = "sequence_free";

/// Whether anything waits for its seal.
///
/// # Errors
/// The database does not answer.
pub async fn has_work(db: &Database) -> Result<bool, WriteError> {
    store::any_waits_for_seal(db).await.map_err(WriteError::Unavailable)
}

/// Seals what is committed and not sealed yet; returns how many records that were.
///
/// # Errors
/// The database does not answer or does not take the seals.
pub async fn seal_committed(db: &Database, now: Moment) -> Result<u64, WriteError> {
    let mut sealed = 0;
    loop {
        let events =
            store::waiting_for_seal(db.read(), EVENTS_PER_UNIT_MAX).await.map_err(WriteError::Unavailable)?;
        if events.is_empty() {
            return Ok(sealed);
        }
        let last = store::last_seal(db.read()).await.map_err(WriteError::Unavailable)?;
        let (mut sequence, mut previous) =
            last.map_or((0, chain::START.to_vec()), |seal| (seal.sequence, seal.record_hash));
        let before = sequence;
        let mut unit = db.unit();
        let count = u64::try_from(events.len()).unwrap_or(0);
        for event in events {
            sequence += 1;
            let hash = chain::record_hash(sequence, &previous, &event).to_vec();
            unit.insert_once(
                SEQUENCE_FREE,
                event_seal::Model {
                    sequence,
                    event_id: event.id,
                    record_hash: hash.clone(),
                    previous_hash: previous,
                    sealed_at: now.micros(),
                },
            );
            previous = hash;
        }
        unit.run(&store::no_longer_waiting(before));
        // No event: this is what becomes of events.
        match db.write(unit).await {
            Ok(_) => sealed += count,
            Err(WriteError::Refused(_)) => return Ok(sealed),
            Err(error) => return Err(error),
        }
    }
}
