//! Making a set of codes, looking at one, using it up.

use super::model::{CODES, FEW, RecoveryCode};
use super::store::{self, recovery_code};
use crate::infra::database::{Database, DbErr, Unit};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::AccountId;
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::time::Moment;

/// Condition that fails when the code was used, or its set was replaced, in the meantime.
pub const CODE_UNUSED: &str = "recovery_code_unused";

/// What is left of a person's set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSet {
    pub made_at: Moment,
    pub left: usize,
}

impl CodeSet {
    /// Whether it is time for a new set.
    pub const fn is_low(self) -> bool {
        self.left <= FEW
    }
}

/// What a typed code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Unused; `left` would remain. To be used up in the unit that acts on it.
    Good {
        left: usize,
    },
    Used,
    Wrong,
}

#[derive(Clone)]
pub struct RecoveryCodes {
    db: Database,
    entropy: Entropy,
}

impl RecoveryCodes {
    pub const fn new(db: Database, entropy: Entropy) -> Self {
        Self { db, entropy }
    }

    /// The set of an account; `None` where none was made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, account: AccountId) -> Result<Option<CodeSet>, DbErr> {
        let rows = store::all_of(&self.db, account.uuid()).await?;
        let left = rows.iter().filter(|row| row.used_at.is_none()).count();
        Ok(rows.first().map(|row| CodeSet { made_at: Moment::from_micros(row.made_at), left }))
    }

    /// # Errors
    /// The database does not answer.
    pub async fn left(&self, account: AccountId) -> Result<usize, DbErr> {
        Ok(self.of(account).await?.map_or(0, |set| set.left))
    }

    /// Makes a new set; the old one is worth nothing any more. The codes leave once, to be shown.
    pub fn make(&self, unit: &mut Unit, account: AccountId, now: Moment) -> Vec<RecoveryCode> {
        let codes: Vec<RecoveryCode> = (0..CODES).map(|_| RecoveryCode::draw(&self.entropy)).collect();
        self.put(unit, account, &codes, now);
        codes
    }

    /// Writes a set in the place of the old one.
    pub fn put(&self, unit: &mut Unit, account: AccountId, codes: &[RecoveryCode], now: Moment) {
        self.forget(unit, account);
        for code in codes {
            unit.insert(recovery_code::Model {
                account_id: account.uuid(),
                digest: code.digest(account),
                made_at: now.micros(),
                used_at: None,
            });
        }
    }

    /// Takes the whole set away.
    pub fn forget(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget(account.uuid()));
    }

    /// Looks at a code; uses nothing up.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, account: AccountId, code: &RecoveryCode) -> Result<Looked, DbErr> {
        let row = store::find(&self.db, account.uuid(), &code.digest(account)).await?;
        Ok(match row.map(|row| row.used_at) {
            None => Looked::Wrong,
            Some(Some(_)) => Looked::Used,
            Some(None) => Looked::Good { left: self.left(account).await?.saturating_sub(1) },
        })
    }

    /// Uses a code up in a unit; the proof counts only if the unit becomes durable.
    pub fn use_up(&self, unit: &mut Unit, code: &RecoveryCode, binding: Binding, now: Moment) -> Proof {
        let digest = code.digest(binding.account);
        unit.require(CODE_UNUSED, &store::use_up(binding.account.uuid(), &digest, now.micros()));
        Proof::attest(ProofKind::RecoveryCode, binding, now)
    }
}
