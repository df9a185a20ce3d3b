//! What the rows of people say of their passwords, and what changes there.

use super::store::{self, person};
use crate::directory::model::{DirectoryLock, PasswordStanding};
use crate::infra::database::Unit;
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

pub fn of(row: &person::Model, now: Moment) -> PasswordStanding {
    let until = row.locked_until.map(Moment::from_micros);
    let is_locked = row.locked && until.is_none_or(|until| until > now);
    PasswordStanding {
        changed_at: Moment::from_micros(row.changed_at),
        expires_at: row.expires_at.map(Moment::from_micros),
        must_change: row.must_change,
        locked: is_locked.then_some(DirectoryLock { until }),
        earliest_change: row.earliest_change.map(Moment::from_micros),
        protected: row.protected,
        refreshed_at: Some(Moment::from_micros(row.refreshed_at)),
    }
}

/// A password was found right: what was sent in vain before counts no more, there as here.
pub fn seen(unit: &mut Unit, account: AccountId, must_change: bool, expires_at: Option<Moment>) {
    let expires_at = expires_at.map(Moment::micros);
    unit.run(&store::password_seen(account.uuid(), must_change, expires_at));
    unit.run(&store::forget_sends(account.uuid()));
}

pub fn written(unit: &mut Unit, account: AccountId, now: Moment, expires_at: Option<Moment>) {
    let expires_at = expires_at.map(Moment::micros);
    unit.run(&store::password_written(account.uuid(), now.micros(), expires_at));
    unit.run(&store::forget_sends(account.uuid()));
}

pub fn unlocked(unit: &mut Unit, account: AccountId) {
    unit.run(&store::unlocked(account.uuid()));
    unit.run(&store::forget_sends(account.uuid()));
}
