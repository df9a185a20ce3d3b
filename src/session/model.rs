//! A session, and what decides whether it is still one.

use std::time::Duration;

use crate::account::Account;
use crate::kernel::acr::{Acr, Amr};
use crate::kernel::id::{AccountId, DeviceId, SessionId};
use crate::kernel::role::Role;
use crate::kernel::time::Moment;

/// How long a session of a role lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without any request.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

/// Lifetimes by role; the strongest role of a person decides.
#[derive(Clone, Debug)]
pub struct Lifetimes {
    pub staff: Lifetime,
    pub desk: Lifetime,
    pub analyst: Lifetime,
    pub auditor: Lifetime,
    pub admin: Lifetime,
}

impl Lifetimes {
    pub const fn of(&self, role: Role) -> Lifetime {
        match role {
            Role::Staff => self.staff,
            Role::Desk => self.desk,
            Role::Analyst => self.analyst,
            Role::Auditor => self.auditor,
            Role::Admin => self.admin,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Session {
    /// Its text form is the `sid` of tokens.
    pub id: SessionId,
    pub account: AccountId,
    pub device: DeviceId,
    pub acr: Acr,
    pub amr: Vec<Amr>,
    /// When the person last proved to be theirs (`auth_time`).
    pub authenticated_at: Moment,
    pub created_at: Moment,
    pub seen_at: Moment,
    pub idle: Duration,
    pub ends_at: Moment,
    /// The account's epoch under which it was made.
    pub epoch: i64,
    pub address: String,
    pub user_agent: String,
    pub ended_at: Option<Moment>,
}

/// Why a session is none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Idle,
    Limit,
    Ended,
    Account,
}

impl Session {
    /// # Errors
    /// Why it is over.
    pub fn check(&self, account: &Account, now: Moment) -> Result<(), Over> {
        if self.ended_at.is_some() {
            return Err(Over::Ended);
        }
        if self.ends_at <= now {
            return Err(Over::Limit);
        }
        if now.since(self.seen_at) >= self.idle {
            return Err(Over::Idle);
        }
        account.gate_for(self.epoch, now).map_err(|_| Over::Account)
    }

    /// Whether a trusted browser stood for the second factor: enough to go on, and not to change anything by.
    pub fn rests_on_trust(&self) -> bool {
        self.acr >= Acr::Mfa && !self.amr.contains(&Amr::Mfa)
    }

    /// Until when it lasts if nothing happens.
    pub fn lasts_until(&self) -> Moment {
        self.ends_at.min(self.seen_at.plus(self.idle))
    }
}

/// A session that was checked, with the account that it belongs to. Handlers take this type: without it
/// there is nobody signed in.
#[derive(Clone, Debug)]
pub struct Current {
    pub session: Session,
    pub account: Account,
}
