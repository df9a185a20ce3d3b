//! Consecutive failures per account and authenticator, reserved before the check, on all nodes alike.
//!
//! A known browser of the owner has a bucket of its own: a stranger's guesses pause strangers, and
//! the owner still gets in. Names that nobody has are counted the same way.

use std::time::Duration;

use super::store::{self, attempt};
use crate::event::ocsf::UnknownName;
use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::digest::base64url;
use crate::kernel::id::{AccountId, DeviceId};
use crate::kernel::time::Moment;

/// Condition that fails while a bucket is paused.
const NOT_PAUSED: &str = "attempts_not_paused";
/// How often the pause doubles before it stays at its longest.
const DOUBLINGS: u32 = 12;

/// How many attempts, and how long a pause.
#[derive(Clone, Copy, Debug)]
pub struct AttemptRules {
    /// Consecutive wrong passwords after which each further one pauses.
    pub passwords_before_pause: u32,
    /// The same for one-time codes.
    pub codes_before_pause: u32,
    pub pause_first: Duration,
    pub pause_longest: Duration,
    /// Consecutive failures after which the pause of a bucket has no end: only the owner's known browser,
    /// which has another bucket, or a password that the operator sets helps.
    /// Source: NIST SP 800-63B-4 §3.2.2 (at most 100).
    pub failures_max: u32,
}

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Password,
    Totp,
    RecoveryCode,
    /// The user name that an invitation is for.
    Invitation,
    /// Codes in a reset, where no password was right before: who guesses there pauses nobody's sign-in.
    ResetTotp,
    ResetRecoveryCode,
}

impl Target {
    const ALL: [Self; 6] = [
        Self::Password,
        Self::Totp,
        Self::RecoveryCode,
        Self::Invitation,
        Self::ResetTotp,
        Self::ResetRecoveryCode,
    ];
    /// Those that are guessed at under a name that may be nobody's.
    const OF_NAMES: [Self; 3] = [Self::Password, Self::ResetTotp, Self::ResetRecoveryCode];
}

/// Where attempts are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    target: Target,
    name: String,
}

impl Bucket {
    pub fn of_account(target: Target, account: AccountId, known_device: Option<DeviceId>) -> Self {
        let who = known_device.map_or_else(|| "stranger".to_owned(), |device| device.to_string());
        Self { target, name: format!("{}:{account}:{who}", target_name(target)) }
    }

    /// For the name as it was typed, by its keyed digest: people type passwords there. This is the count
    /// that a stranger is told of, so it must not know whether the name is anyone's.
    pub fn of_typed_name(target: Target, digest: &UnknownName) -> Self {
        let name = format!("{}{TYPED}{}", target_name(target), Self::digest_text(digest));
        Self { target, name }
    }

    /// For the id of nobody, so that a name that nobody has costs what any other costs.
    pub fn of_nobody(target: Target, id: AccountId) -> Self {
        Self { target, name: format!("{}{NOBODY}{id}", target_name(target)) }
    }

    /// A digest as it stands in the names of buckets.
    pub fn digest_text(digest: &UnknownName) -> String {
        base64url(&digest.0)
    }

    pub fn as_str(&self) -> &str {
        &self.name
    }
}

/// What follows in the names of buckets that belong to no account.
const TYPED: &str = ":typed:";
const NOBODY: &str = ":nobody:";

const fn target_name(target: Target) -> &'static str {
    match target {
        Target::Password => "password",
        Target::Totp => "totp",
        Target::RecoveryCode => "recovery_code",
        Target::Invitation => "invitation",
        Target::ResetTotp => "reset_totp",
        Target::ResetRecoveryCode => "reset_recovery_code",
    }
}

/// What a reservation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// This is consecutive attempt number `attempt`; `left` more until a pause.
    Reserved {
        attempt: u32,
        left: u32,
    },
    Paused {
        until: Moment,
    },
}

#[derive(Clone)]
pub struct Attempts {
    db: Database,
    rules: AttemptRules,
}

impl Attempts {
    pub const fn new(db: Database, rules: AttemptRules) -> Self {
        Self { db, rules }
    }

    /// Counts an attempt as failed before it is checked; a success takes it back with [`Attempts::clear`].
    ///
    /// # Errors
    /// The database does not take it: then nothing may be checked.
    pub async fn reserve(&self, bucket: &Bucket, now: Moment) -> Result<Reservation, WriteError> {
        let mut unit = self.db.unit();
        let first = attempt::Model {
            bucket: bucket.as_str().to_owned(),
            failures: 1,
            last_at: now.micros(),
            paused_until: self.paused_until(bucket.target, 1, now),
        };
        unit.require_number(NOT_PAUSED, &store::count_one_more(first, &self.ladder(bucket.target, now)));
        // No event: the outcome of the attempt is recorded when it is known.
        match self.db.write(unit).await {
            Ok(done) => {
                let attempt = done.number(0).and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX);
                let left = self.before_pause(bucket.target).saturating_sub(attempt);
                Ok(Reservation::Reserved { attempt, left })
            }
            Err(WriteError::Refused(NOT_PAUSED)) => {
                let row = store::attempt(&self.db, bucket.as_str()).await;
                let row = row.map_err(WriteError::Unavailable)?;
                let until = row.map_or(now, |row| Moment::from_micros(row.paused_until));
                Ok(Reservation::Paused { until })
            }
            Err(error) => Err(error),
        }
    }

    /// Ends the row of failures, in the unit of the success.
    pub fn clear(&self, unit: &mut Unit, bucket: &Bucket) {
        unit.run(&store::clear_attempts(bucket.as_str()));
    }

    /// Takes back one attempt that could not be checked (too busy, directory gone): it says nothing.
    ///
    /// # Errors
    /// The database does not take it; the attempt then counts as failed.
    pub async fn give_back(&self, bucket: &Bucket) -> Result<(), WriteError> {
        let mut unit = self.db.unit();
        unit.run(&store::give_back_attempt(bucket.as_str()));
        // No event: nothing was tried.
        self.db.write(unit).await.map(|_| ())
    }

    /// Forgets what was counted for names as they were typed and for nobody, after a time.
    pub fn forget_unknown_before(&self, unit: &mut Unit, before: Moment) {
        for target in Target::OF_NAMES {
            for kind in [TYPED, NOBODY] {
                let start = format!("{}{kind}", target_name(target));
                unit.run(&store::forget_attempts(&start, Some(before.micros())));
            }
        }
    }

    /// Counts of a person who is erased.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        for target in Target::ALL {
            self.clear_all(unit, target, account);
        }
    }

    /// Ends the pauses of an account at what is guessed at, from everywhere, in the unit of what makes them needless.
    pub fn clear_all(&self, unit: &mut Unit, target: Target, account: AccountId) {
        let start = format!("{}:{account}:", target_name(target));
        unit.run(&store::forget_attempts(&start, None));
    }

    const fn before_pause(&self, target: Target) -> u32 {
        match target {
            Target::Password => self.rules.passwords_before_pause,
            Target::Totp
            | Target::RecoveryCode
            | Target::Invitation
            | Target::ResetTotp
            | Target::ResetRecoveryCode => self.rules.codes_before_pause,
        }
    }

    /// How long each count of failures pauses, longest first, as the database has to know it.
    fn ladder(&self, target: Target, now: Moment) -> Vec<(u32, i64)> {
        let first = self.before_pause(target);
        let counts = (first..=first.saturating_add(DOUBLINGS)).rev();
        std::iter::once(self.rules.failures_max)
            .chain(counts)
            .map(|count| (count, self.paused_until(target, count, now)))
            .collect()
    }

    /// Until when a bucket pauses that has just counted this many failures; 0 for not at all.
    fn paused_until(&self, target: Target, failures: u32, now: Moment) -> i64 {
        if failures >= self.rules.failures_max {
            return i64::MAX;
        }
        let Some(beyond) = failures.checked_sub(self.before_pause(target)) else { return 0 };
        let factor = 2_u32.saturating_pow(std::cmp::min(beyond, DOUBLINGS));
        let pause = self.rules.pause_first.saturating_mul(factor).min(self.rules.pause_longest);
        now.plus(pause).micros()
    }
}
