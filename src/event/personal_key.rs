//! Keys for the personal part of records: one per subject and month, sealed in the database, and gone
//! for good when destroyed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::store;
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, EventId};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition that fails when an account that begins has a key already, or is not in the unit itself.
const FIRST_KEY: &str = "first_personal_key";
/// How long a key that was read is used without looking again. When its holder is erased in that time, what is
/// still recorded under it is unreadable from the start: the row of the key is gone.
const REMEMBERED: Duration = Duration::from_secs(30);
/// Keys that are remembered at the most; then all are forgotten, and read again as they are needed.
const REMEMBERED_MAX: usize = 1024;

/// Whose key it is: an account's, or that of all who are nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    fn of(subject: Uuid) -> Self {
        if subject.is_nil() { Self::Nobody } else { Self::Account(AccountId::from_uuid(subject)) }
    }
}

#[derive(Clone)]
pub struct PersonalKey {
    pub id: Uuid,
    pub holder: Holder,
    pub bytes: Secret<Vec<u8>>,
}

#[derive(Clone)]
pub struct PersonalKeys {
    db: Database,
    ring: KeyRing,
    entropy: Entropy,
    remembered: Arc<Mutex<Remembered>>,
}

/// Keys of one month, with the moment until which they may be used.
#[derive(Default)]
struct Remembered {
    month: String,
    keys: HashMap<Holder, (Moment, PersonalKey)>,
}

impl PersonalKeys {
    pub fn new(db: Database, ring: KeyRing, entropy: Entropy) -> Self {
        Self { db, ring, entropy, remembered: Arc::default() }
    }

    /// The key of a holder for the month; made when the periodic work has not made it before. An account
    /// that was erased, even a moment ago, gets none any more: then it is the key of nobody.
    ///
    /// # Errors
    /// The database does not answer or does not take it.
    pub async fn for_month(&self, holder: Holder, now: Moment) -> Result<PersonalKey, WriteError> {
        let month = now.month();
        if let Some(key) = self.remembered(holder, &month, now) {
            return Ok(key);
        }
        for holder in [holder, Holder::Nobody] {
            if let Some(key) = self.known(holder, &month).await? {
                self.remember(&key, month, now);
                return Ok(key);
            }
            let mut unit = self.db.unit();
            self.add(&mut unit, holder, &month, now)?;
            // No event: the record that needs the key follows.
            self.db.write(unit).await?;
            if let Some(key) = self.known(holder, &month).await? {
                return Ok(key);
            }
        }
        Err(WriteError::Unavailable(DbErr::Custom("a personal key vanished".to_owned())))
    }

    fn remembered(&self, holder: Holder, month: &str, now: Moment) -> Option<PersonalKey> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, key) = remembered.keys.get(&holder).filter(|_| remembered.month == month)?;
        (now < *until).then(|| key.clone())
    }

    /// Reads the key of a holder anew when it is needed next.
    pub fn forget(&self, holder: Holder) {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).keys.remove(&holder);
    }

    fn remember(&self, key: &PersonalKey, month: String, now: Moment) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.month != month || remembered.keys.len() >= REMEMBERED_MAX {
            *remembered = Remembered { month, keys: HashMap::new() };
        }
        remembered.keys.insert(key.holder, (now.plus(REMEMBERED), key.clone()));
    }

    async fn known(&self, holder: Holder, month: &str) -> Result<Option<PersonalKey>, WriteError> {
        let row = store::personal_key_for(&self.db, holder.uuid(), month).await;
        let Some(row) = row.map_err(WriteError::Unavailable)? else { return Ok(None) };
        let unopened = || WriteError::Unavailable(DbErr::Custom("a personal key does not open".to_owned()));
        self.open(&row).map(Some).ok_or_else(unopened)
    }

    /// Adds a key for the month to a unit, unless there is one, or the account is no more.
    ///
    /// # Errors
    /// The key cannot be sealed.
    fn add(&self, unit: &mut Unit, holder: Holder, month: &str, now: Moment) -> Result<(), WriteError> {
        let (_, row) = self.fresh(holder, month, now)?;
        let insert = match holder {
            Holder::Account(_) => {
                store::insert_personal_key_of_account(&row).map_err(WriteError::Unavailable)?
            }
            Holder::Nobody => store::insert_personal_key_of_nobody(row),
        };
        unit.run(&insert);
        Ok(())
    }

    /// The first key of an account, in the unit in which the account begins.
    ///
    /// # Errors
    /// The key cannot be sealed.
    pub fn add_first(
        &self,
        unit: &mut Unit,
        account: AccountId,
        now: Moment,
    ) -> Result<PersonalKey, WriteError> {
        let (key, row) = self.fresh(Holder::Account(account), &now.month(), now)?;
        let insert = store::insert_personal_key_of_account(&row).map_err(WriteError::Unavailable)?;
        unit.require(FIRST_KEY, &insert);
        Ok(key)
    }

    fn fresh(
        &self,
        holder: Holder,
        month: &str,
        now: Moment,
    ) -> Result<(PersonalKey, store::personal_key::Model), SealError> {
        let id = EventId::new(now, &self.entropy).uuid();
        let bytes = self.entropy.bytes::<32>().to_vec();
        let key = self.ring.seal(place(&id.to_string()), &bytes, &self.entropy)?;
        let (subject, month) = (holder.uuid(), month.to_owned());
        let row = store::personal_key::Model { id, subject, month, key, created_at: now.micros() };
        Ok((PersonalKey { id, holder, bytes: Secret::new(bytes) }, row))
    }

    /// The key that a record names; `None` once it is destroyed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<PersonalKey>, DbErr> {
        let row = store::personal_key(&self.db, id).await?;
        Ok(row.and_then(|row| self.open(&row)))
    }

    /// Makes the keys of a month for everyone, so that no attempt has to wait for one to be made.
    ///
    /// # Errors
    /// The database does not answer or does not take them.
    pub async fn prepare(&self, month: &str, now: Moment) -> Result<(), WriteError> {
        let missing = store::subjects_without_key(self.db.read(), month).await;
        let mut unit = self.db.unit();
        self.add(&mut unit, Holder::Nobody, month, now)?;
        for id in missing.map_err(WriteError::Unavailable)? {
            self.add(&mut unit, Holder::Account(AccountId::from_uuid(id)), month, now)?;
        }
        // No event: keys are made ahead of the records that need them.
        self.db.write(unit).await.map(|_| ())
    }

    fn open(&self, row: &store::personal_key::Model) -> Option<PersonalKey> {
        let bytes = self.ring.open(place(&row.id.to_string()), &row.key).ok()?;
        Some(PersonalKey { id: row.id, holder: Holder::of(row.subject), bytes })
    }
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "personal_key", column: "key", row }
}
