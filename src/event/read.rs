//! Reading records back with their personal part, as far as its key still exists.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;
use uuid::Uuid;

use super::log::EventLog;
use super::ocsf::{self, Personal, Stored};
use super::store;
use crate::infra::database::DbErr;
use crate::infra::sealing::own_key;
use crate::kernel::id::{AccountId, EventId};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// A record that can be shown.
#[derive(Clone, Debug)]
pub struct Record {
    pub sequence: Option<i64>,
    pub id: EventId,
    pub at: Moment,
    pub class: i64,
    pub subject: Option<AccountId>,
    pub plain: Value,
    pub personal: Option<Personal>,
}

impl Record {
    fn stored(&self) -> Stored<'_> {
        Stored {
            id: self.id,
            at: self.at,
            class: self.class,
            plain: &self.plain,
            personal: self.personal.as_ref(),
            sequence: self.sequence,
        }
    }

    /// The record as an OCSF object.
    pub fn ocsf(&self) -> Value {
        ocsf::object(&self.stored())
    }

    /// The record as a line of the recorded sign-in stream.
    pub fn stream(&self) -> Option<Value> {
        ocsf::stream(self.sequence.unwrap_or(0), &self.stored())
    }

    /// The texts of a list in the plain part.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = self.plain.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// A text member of the plain part.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.plain.get(name).and_then(Value::as_str)
    }
}

impl EventLog {
    /// Records after a sequence number, in the chain's order.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read_after(&self, sequence: i64, at_most: u64) -> Result<Vec<Record>, DbErr> {
        let rows = store::sealed_after(self.db().read(), sequence, at_most).await?;
        let rows = rows.into_iter().filter_map(|(seal, event)| Some((Some(seal.sequence), event?)));
        self.open_all(rows.collect()).await
    }

    /// The sequence number of the newest sealed record; zero in an empty log.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn last_sequence(&self) -> Result<i64, DbErr> {
        Ok(store::last_seal(self.db().read()).await?.map_or(0, |seal| seal.sequence))
    }

    /// The newest records of one account.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn latest_of(
        &self,
        subject: AccountId,
        classes: &[i64],
        at_most: u64,
    ) -> Result<Vec<Record>, DbErr> {
        let rows = store::latest_of(self.db().read(), subject.uuid(), classes, at_most).await?;
        self.open_all(rows.into_iter().map(|event| (None, event)).collect()).await
    }

    /// What a case code points at.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_case_code(&self, code: &super::CaseCode) -> Result<Vec<Record>, DbErr> {
        let rows = store::with_case_code(self.db().read(), code.as_str()).await?;
        self.open_all(rows.into_iter().map(|event| (None, event)).collect()).await
    }

    async fn open_all(&self, rows: Vec<(Option<i64>, store::event::Model)>) -> Result<Vec<Record>, DbErr> {
        let mut keys: HashMap<Uuid, Option<Secret<Vec<u8>>>> = HashMap::new();
        let mut records = Vec::with_capacity(rows.len());
        for (sequence, event) in rows {
            let key = match keys.entry(event.key_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let key = self.keys().by_id(event.key_id).await?;
                    unknown.insert(key.map(|key| key.bytes))
                }
            };
            let personal = key
                .as_ref()
                .and_then(|key| own_key::open(key.expose(), event.id.as_bytes(), &event.personal).ok())
                .and_then(|bytes| serde_json::from_slice(&bytes).ok());
            records.push(Record {
                sequence,
                id: EventId::from_uuid(event.id),
                at: Moment::from_micros(event.at),
                class: event.class,
                subject: event.subject.map(AccountId::from_uuid),
                plain: serde_json::from_str(&event.plain).unwrap_or(Value::Null),
                personal,
            });
        }
        Ok(records)
    }
}
