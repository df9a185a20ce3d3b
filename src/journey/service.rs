//! Beginning, changing and ending journeys. Every change names the version that it was made on, the
//! browser that began the journey, and the time that is left.

use std::time::Duration;

use super::model::{Journey, Purpose, Target};
use super::store::{self, Seen, journey};
use crate::account::Account;
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::kernel::acr::Acr;
use crate::kernel::digest::sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, DeviceId, JourneyId};
use crate::kernel::proof::Proof;
use crate::kernel::time::Moment;

/// Condition that fails when the journey moved on in another tab, ended, or is another browser's.
pub const JOURNEY_UNCHANGED: &str = "journey_unchanged";
/// Proofs that a journey may hold.
const PROOFS_MAX: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum JourneyError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A journey to be begun.
pub struct NewJourney {
    pub purpose: Purpose,
    pub required: Acr,
    pub login: String,
    pub target: Target,
}

#[derive(Clone)]
pub struct Journeys {
    db: Database,
    entropy: Entropy,
    lasts: Duration,
}

impl Journeys {
    pub const fn new(db: Database, entropy: Entropy, lasts: Duration) -> Self {
        Self { db, entropy, lasts }
    }

    /// A new journey, not yet written: its id is needed before the first proof.
    pub fn plan(&self, new: NewJourney, now: Moment) -> Journey {
        Journey {
            id: JourneyId::new(now, &self.entropy),
            purpose: new.purpose,
            required: new.required,
            account: None,
            epoch: None,
            login: new.login,
            proofs: vec![],
            target: new.target,
            created_at: now,
            finished_at: None,
            version: 0,
        }
    }

    /// Writes a planned journey for the browser that it belongs to.
    pub fn begin(&self, unit: &mut Unit, journey: &Journey, browser: DeviceId) {
        unit.insert_once(JOURNEY_UNCHANGED, Self::row(journey, browser, self.lasts));
    }

    /// The journey, if it is this browser's and its time runs.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(
        &self,
        id: JourneyId,
        browser: DeviceId,
        now: Moment,
    ) -> Result<Option<Journey>, DbErr> {
        let row = store::find(&self.db, id.uuid(), &mark(browser), now.micros()).await?;
        Ok(row.and_then(from_row))
    }

    /// Adds a proof (in the unit of the event that tells of it); the account is fixed from then on.
    pub fn add_proof(
        &self,
        unit: &mut Unit,
        journey: &Journey,
        browser: DeviceId,
        account: &Account,
        proof: Proof,
        now: Moment,
    ) -> Journey {
        let mut next = journey.clone();
        next.account = Some(account.id);
        // The epoch of the first proof: what stops everything issued before stops this, too.
        next.epoch = next.epoch.or(Some(account.epoch));
        next.proofs.retain(|known| known.kind() != proof.kind());
        next.proofs.push(proof);
        if next.proofs.len() > PROOFS_MAX {
            next.proofs.remove(0);
        }
        if journey.version == 0 {
            self.begin(unit, &next, browser);
        } else {
            let change =
                store::add_proof(&Self::seen(journey, browser, now), &Self::row(&next, browser, self.lasts));
            unit.require(JOURNEY_UNCHANGED, &change);
        }
        next.version += 1;
        next
    }

    /// Ends a journey whose last proof was added in the same unit.
    pub fn finish(&self, unit: &mut Unit, journey: &Journey, browser: DeviceId, now: Moment) {
        unit.require(JOURNEY_UNCHANGED, &store::finish(&Self::seen(journey, browser, now)));
    }

    /// Uses up a finished journey: what it was for is handed out once.
    pub fn consume(&self, unit: &mut Unit, journey: &Journey, browser: DeviceId, now: Moment) {
        unit.require(JOURNEY_UNCHANGED, &store::consume(&Self::seen(journey, browser, now)));
    }

    /// Journeys whose time was over before a moment.
    pub fn forget_ended(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_before(before.micros()));
    }

    /// What the journeys of a person who is erased leave behind.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget_account(account.uuid()));
    }

    /// The journey as it was read: a change of it counts only while it is still so.
    fn seen(journey: &Journey, browser: DeviceId, now: Moment) -> Seen {
        let (id, version) = (journey.id.uuid(), journey.version);
        Seen { id, browser: mark(browser), version, now: now.micros() }
    }

    fn row(journey: &Journey, browser: DeviceId, lasts: Duration) -> journey::Model {
        journey::Model {
            id: journey.id.uuid(),
            browser: mark(browser),
            purpose: journey.purpose.name().to_owned(),
            required_acr: journey.required.name().to_owned(),
            account_id: journey.account.map(AccountId::uuid),
            account_epoch: journey.epoch,
            login: journey.login.clone(),
            proofs: proofs_text(&journey.proofs),
            target: target_text(&journey.target),
            created_at: journey.created_at.micros(),
            expires_at: journey.created_at.plus(lasts).micros(),
            finished_at: journey.finished_at.map(Moment::micros),
            version: 1,
        }
    }
}

/// What ties a journey to its browser.
fn mark(browser: DeviceId) -> Vec<u8> {
    sha256(browser.uuid().as_bytes()).to_vec()
}

fn proofs_text(proofs: &[Proof]) -> String {
    // Cannot fail: a proof is ids, a name and a number.
    serde_json::to_string(proofs).unwrap_or_default()
}

fn target_text(target: &Target) -> String {
    serde_json::to_string(target).unwrap_or_default()
}

fn from_row(row: journey::Model) -> Option<Journey> {
    Some(Journey {
        id: JourneyId::from_uuid(row.id),
        purpose: Purpose::from_name(&row.purpose)?,
        required: Acr::from_name(&row.required_acr)?,
        account: row.account_id.map(AccountId::from_uuid),
        epoch: row.account_epoch,
        login: row.login,
        proofs: serde_json::from_str(&row.proofs).ok()?,
        target: serde_json::from_str(&row.target).ok()?,
        created_at: Moment::from_micros(row.created_at),
        finished_at: row.finished_at.map(Moment::from_micros),
        version: row.version,
    })
}
