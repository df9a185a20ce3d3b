//! Making a code, trying one, using it up. The same statements run for an id that no account has.

use std::time::Duration;

use uuid::Uuid;

use super::model::{MailCode, MailPlace};
use super::store::{self, mail_code};
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::equal;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, MailId};
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition that fails when the code was used, replaced, or ran out in the meantime.
pub const MAIL_CODE_UNUSED: &str = "mail_code_unused";
/// Condition that fails when as many were asked for in this hour as may be.
pub const MAIL_CODE_LEFT: &str = "mail_code_left_in_hour";
/// Condition that fails when the code may not be tried (any more).
pub const MAIL_CODE_TRY: &str = "mail_code_try_left";

const HOUR_MICROS: i64 = 3_600_000_000;

/// How long, how often.
#[derive(Clone, Copy, Debug)]
pub struct MailCodeRules {
    pub lasts: Duration,
    pub tries_max: u32,
    /// Codes that may be asked for in an hour of the clock for one person, from strange browsers together and from
    /// each known one alone.
    pub per_hour: u32,
}

/// What a typed code turned out to be.
pub enum Tried {
    /// To be used up in the unit that acts on it.
    Right(RightCode),
    Wrong {
        left: u32,
    },
    /// There is none, or it ran out, was used, replaced, or tried too often: a new one is needed.
    Gone,
}

/// A code that was right when it was looked at.
pub struct RightCode {
    id: Uuid,
    place: MailPlace,
}

#[derive(Clone)]
pub struct MailCodes {
    db: Database,
    key: Secret<Vec<u8>>,
    entropy: Entropy,
    rules: MailCodeRules,
}

impl MailCodes {
    /// # Errors
    /// The key cannot be derived.
    pub fn new(
        db: Database,
        ring: &KeyRing,
        entropy: Entropy,
        rules: MailCodeRules,
    ) -> Result<Self, SealError> {
        Ok(Self { db, key: ring.mac_key(Purpose::MailedCode)?, entropy, rules })
    }

    pub const fn rules(&self) -> MailCodeRules {
        self.rules
    }

    /// Makes a code in a unit, in the place of those before it. `who` is counted for the account: the unit is refused
    /// by [`MAIL_CODE_LEFT`] where that one has asked often enough. Nobody is counted for a code that nobody gets.
    pub fn make(&self, unit: &mut Unit, place: MailPlace, who: Option<&str>, now: Moment) -> MailCode {
        let code = MailCode::draw(&self.entropy);
        if let Some(who) = who {
            let what = format!("mail_code:{}:{who}", place.account);
            self.count(unit, MAIL_CODE_LEFT, &what, self.rules.per_hour, now);
        }
        unit.run(&store::end_all(place.journey.uuid(), place.purpose, now.micros()));
        unit.insert(mail_code::Model {
            id: MailId::new(now, &self.entropy).uuid(),
            journey_id: place.journey.uuid(),
            account_id: place.account.uuid(),
            purpose: place.purpose.to_owned(),
            digest: code.digest(&self.key, place).to_vec(),
            tries: 0,
            created_at: now.micros(),
            expires_at: now.plus(self.rules.lasts).micros(),
            ended_at: None,
        });
        code
    }

    /// Counts what may be done so often in an hour of the clock; the unit is refused by the condition beyond.
    pub fn count(&self, unit: &mut Unit, condition: &'static str, what: &str, at_most: u32, now: Moment) {
        let hour = now.micros().div_euclid(HOUR_MICROS);
        unit.require(condition, &store::count_in_hour(what, hour, i64::from(at_most)));
    }

    /// When the present hour of the clock is over.
    pub const fn next_hour(&self, now: Moment) -> Moment {
        Moment::from_micros((now.micros().div_euclid(HOUR_MICROS) + 1) * HOUR_MICROS)
    }

    /// Whether a code was asked for in this place.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn is_sent(&self, place: MailPlace, now: Moment) -> Result<bool, DbErr> {
        let present = store::present(&self.db, place.journey.uuid(), place.purpose).await?;
        Ok(present.is_some_and(|row| row.expires_at > now.micros()))
    }

    /// Tries a code: counted before it is looked at, over all nodes.
    ///
    /// # Errors
    /// The database does not take it: then nothing was looked at.
    pub async fn try_code(
        &self,
        place: MailPlace,
        code: &MailCode,
        now: Moment,
    ) -> Result<Tried, WriteError> {
        let present = store::present(&self.db, place.journey.uuid(), place.purpose).await;
        let row = present.map_err(WriteError::Unavailable)?;
        let Some(row) = row.filter(|row| row.account_id == place.account.uuid()) else {
            return Ok(Tried::Gone);
        };
        let mut unit = self.db.unit();
        unit.require(MAIL_CODE_TRY, &store::count_try(row.id, i64::from(self.rules.tries_max), now.micros()));
        // No event: the outcome of the try is recorded when it is known.
        match self.db.write(unit).await {
            Ok(_) => {}
            Err(WriteError::Refused(MAIL_CODE_TRY)) => return Ok(Tried::Gone),
            Err(error) => return Err(error),
        }
        if equal(&row.digest, &code.digest(&self.key, place)) {
            return Ok(Tried::Right(RightCode { id: row.id, place }));
        }
        let tried = u32::try_from(row.tries + 1).unwrap_or(u32::MAX);
        Ok(Tried::Wrong { left: self.rules.tries_max.saturating_sub(tried) })
    }

    /// Uses a code up in a unit; the proof counts only if the unit becomes durable.
    pub fn use_up(&self, unit: &mut Unit, right: &RightCode, now: Moment) -> Proof {
        unit.require(MAIL_CODE_UNUSED, &store::use_up(right.id, now.micros()));
        let binding = Binding { journey: right.place.journey, account: right.place.account };
        Proof::attest(ProofKind::MailCode, binding, now)
    }

    /// What has had its time.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_codes_before(before.micros()));
        unit.run(&store::forget_hours_before(before.micros().div_euclid(HOUR_MICROS)));
    }

    /// Codes of a person who is erased.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget_account(account.uuid()));
    }
}
