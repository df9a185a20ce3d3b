//! Keys for the personal part of records: one per subject and month, sealed in the database, and gone
//! for good when destroyed.

use uuid::Uuid;

use super::store;
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, Place};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, EventId};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Whose key it is: an account's, or that of all who are nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Account(AccountId),
    Nobody,
}

impl Holder {
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Account(id) => id.uuid(),
            Self::Nobody => Uuid::nil(),
        }
    }
}

pub struct PersonalKey {
    pub id: Uuid,
    pub bytes: Secret<Vec<u8>>,
}

#[derive(Clone)]
pub struct PersonalKeys {
    db: Database,
    ring: KeyRing,
    entropy: Entropy,
}

impl PersonalKeys {
    pub const fn new(db: Database, ring: KeyRing, entropy: Entropy) -> Self {
        Self { db, ring, entropy }
    }

    /// The key of a holder for the month; made when the periodic work has not made it before.
    ///
    /// # Errors
    /// The database does not answer or does not take it.
    pub async fn for_month(&self, holder: Holder, now: Moment) -> Result<PersonalKey, WriteError> {
        let month = now.month();
        for _ in 0..2 {
            let row = store::personal_key_for(self.db.read(), holder.uuid(), &month).await;
            if let Some(row) = row.map_err(WriteError::Unavailable)? {
                return self.open(&row).ok_or_else(|| {
                    WriteError::Unavailable(DbErr::Custom("a personal key does not open".to_owned()))
                });
            }
            let mut unit = self.db.unit();
            self.add(&mut unit, holder, &month, now);
            // No event: the record that needs the key follows.
            self.db.write(unit).await?;
        }
        Err(WriteError::Unavailable(DbErr::Custom("a personal key vanished".to_owned())))
    }

    /// Adds a key for the month to a unit, unless there is one.
    pub fn add(&self, unit: &mut Unit, holder: Holder, month: &str, now: Moment) {
        let id = EventId::new(now, &self.entropy).uuid();
        let bytes: [u8; 32] = self.entropy.bytes();
        let key = self.ring.seal(place(&id.to_string()), &bytes, &self.entropy);
        unit.run(&store::insert_personal_key_if_absent(store::personal_key::Model {
            id,
            subject: holder.uuid(),
            month: month.to_owned(),
            key,
            created_at: now.micros(),
        }));
    }

    /// The key that a record names; `None` once it is destroyed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<PersonalKey>, DbErr> {
        let row = store::personal_key(self.db.read(), id).await?;
        Ok(row.and_then(|row| self.open(&row)))
    }

    /// Makes the keys of a month for everyone, so that no attempt has to wait for one to be made.
    ///
    /// # Errors
    /// The database does not answer or does not take them.
    pub async fn prepare(&self, month: &str, now: Moment) -> Result<(), WriteError> {
        let missing = store::subjects_without_key(self.db.read(), month).await;
        let mut unit = self.db.unit();
        self.add(&mut unit, Holder::Nobody, month, now);
        for id in missing.map_err(WriteError::Unavailable)? {
            self.add(&mut unit, Holder::Account(AccountId::from_uuid(id)), month, now);
        }
        // No event: keys are made ahead of the records that need them.
        self.db.write(unit).await.map(|_| ())
    }

    fn open(&self, row: &store::personal_key::Model) -> Option<PersonalKey> {
        let bytes = self.ring.open(place(&row.id.to_string()), &row.key).ok()?;
        Some(PersonalKey { id: row.id, bytes })
    }
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "personal_key", column: "key", row }
}
