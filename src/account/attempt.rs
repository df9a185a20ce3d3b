//! Consecutive failures per account and authenticator, reserved before the check, on all nodes alike.
//!
//! A known browser of the owner has a bucket of its own: a stranger's guesses pause strangers, and
//! the owner still gets in. Names that nobody has are counted the same way.

use std::time::Duration;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, InsertStatement, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Insert, QueryFilter, QueryTrait};

use super::store::{self, attempt};
use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::digest::{base64url, sha256};
use crate::kernel::id::{AccountId, DeviceId};
use crate::kernel::time::Moment;

/// Condition that fails while a bucket is paused.
const NOT_PAUSED: &str = "attempts_not_paused";
/// How often the pause doubles before it stays at its longest.
const DOUBLINGS: u32 = 12;

/// How many attempts, and how long a pause.
#[derive(Clone, Copy, Debug)]
pub struct AttemptRules {
    /// Consecutive failures after which each further one pauses.
    pub before_pause: u32,
    pub pause_first: Duration,
    pub pause_longest: Duration,
    /// Consecutive failures after which only the owner's known browser or a reset helps.
    /// Source: NIST SP 800-63B-4 §3.2.2 (at most 100).
    pub failures_max: u32,
}

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Password,
    Totp,
}

/// Where attempts are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket(String);

impl Bucket {
    pub fn of_account(target: Target, account: AccountId, known_device: Option<DeviceId>) -> Self {
        let who = known_device.map_or_else(|| "stranger".to_owned(), |device| device.to_string());
        Self(format!("{}:{account}:{who}", target_name(target)))
    }

    /// For a name that nobody has: the name itself is not kept.
    pub fn of_unknown_name(name: &str) -> Self {
        Self(format!("password:unknown:{}", base64url(&sha256(name.as_bytes()))))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn target_name(target: Target) -> &'static str {
    match target {
        Target::Password => "password",
        Target::Totp => "totp",
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
        unit.require_number(NOT_PAUSED, &self.count_one_more(bucket, now));
        match self.db.write(unit).await {
            Ok(done) => {
                let attempt = done.number(0).and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX);
                let left = self.rules.before_pause.saturating_sub(attempt);
                Ok(Reservation::Reserved { attempt, left })
            }
            Err(WriteError::Refused(NOT_PAUSED)) => {
                let row = store::attempt(self.db.read(), bucket.as_str()).await;
                let row = row.map_err(WriteError::Unavailable)?;
                let until = row.map_or(now, |row| Moment::from_micros(row.paused_until));
                Ok(Reservation::Paused { until })
            }
            Err(error) => Err(error),
        }
    }

    /// Ends the row of failures, in the unit of the success.
    pub fn clear(&self, unit: &mut Unit, bucket: &Bucket) {
        let delete = attempt::Entity::delete_many().filter(attempt::Column::Bucket.eq(bucket.as_str()));
        unit.run(&delete.into_query());
    }

    /// Takes back one attempt that could not be checked (too busy, directory gone): it says nothing.
    ///
    /// # Errors
    /// The database does not take it; the attempt then counts as failed.
    pub async fn give_back(&self, bucket: &Bucket) -> Result<(), WriteError> {
        let mut unit = self.db.unit();
        let update = attempt::Entity::update_many()
            .col_expr(attempt::Column::Failures, Expr::col(attempt::Column::Failures).sub(1_i64))
            .col_expr(attempt::Column::PausedUntil, Expr::value(0_i64))
            .filter(attempt::Column::Bucket.eq(bucket.as_str()))
            .filter(attempt::Column::Failures.gt(0));
        unit.run(&update.into_query());
        self.db.write(unit).await.map(|_| ())
    }

    /// Forgets what was counted for names that nobody has, after a time.
    pub fn forget_unknown_before(&self, unit: &mut Unit, before: Moment) {
        let delete = attempt::Entity::delete_many()
            .filter(attempt::Column::Bucket.starts_with("password:unknown:"))
            .filter(attempt::Column::LastAt.lt(before.micros()));
        unit.run(&delete.into_query());
    }

    /// Counts of a person who is erased.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        for target in [Target::Password, Target::Totp] {
            let start = format!("{}:{account}:", target_name(target));
            let delete = attempt::Entity::delete_many().filter(attempt::Column::Bucket.starts_with(start));
            unit.run(&delete.into_query());
        }
    }

    /// One statement: refuses while paused, counts, and sets the pause that the count brings.
    fn count_one_more(&self, bucket: &Bucket, now: Moment) -> InsertStatement {
        let failures = || Expr::col((attempt::Entity, attempt::Column::Failures));
        let fresh = attempt::ActiveModel {
            bucket: Set(bucket.as_str().to_owned()),
            failures: Set(1),
            last_at: Set(now.micros()),
            paused_until: Set(self.paused_until(1, now)),
        };
        let mut pause = CaseStatement::new();
        let last = self.rules.before_pause.saturating_add(DOUBLINGS);
        pause = pause.case(
            failures().gte(i64::from(self.rules.failures_max) - 1),
            self.paused_until(self.rules.failures_max, now),
        );
        for count in (self.rules.before_pause..=last).rev() {
            pause = pause.case(failures().gte(i64::from(count) - 1), self.paused_until(count, now));
        }
        let again = OnConflict::column(attempt::Column::Bucket)
            .value(attempt::Column::Failures, failures().add(1_i64))
            .value(attempt::Column::LastAt, now.micros())
            .value(attempt::Column::PausedUntil, pause.finally(0_i64))
            .action_and_where(Expr::col((attempt::Entity, attempt::Column::PausedUntil)).lte(now.micros()))
            .to_owned();
        let mut statement = Insert::one(fresh).on_conflict(again).into_query();
        statement.returning(Query::returning().column(attempt::Column::Failures));
        statement
    }

    /// Until when a bucket pauses that has just counted this many failures; 0 for not at all.
    fn paused_until(&self, failures: u32, now: Moment) -> i64 {
        if failures >= self.rules.failures_max {
            return i64::MAX;
        }
        let Some(beyond) = failures.checked_sub(self.rules.before_pause) else { return 0 };
        let factor = 2_u32.saturating_pow(std::cmp::min(beyond, DOUBLINGS));
        let pause = self.rules.pause_first.saturating_mul(factor).min(self.rules.pause_longest);
        now.plus(pause).micros()
    }
}
