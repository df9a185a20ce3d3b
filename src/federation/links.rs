//! Who at a provider is which account. A link is made on one of three grounds and never on a name or an
//! address: those are shared, change, and are written by others.

use super::model::UpstreamIdentity;
use super::national_number::{NationalNumber, PEPPER, Pepper};
use super::store::awaited::{self, Awaited};
use super::store::link::{self as store, Link};
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, SealError};
use crate::kernel::acr::Acr;
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

pub use super::store::awaited::{NUMBER_AWAITED, NUMBER_FREE};
pub use super::store::link::{LINK_FREE, LINK_KEPT, LINK_THERE};

/// What a link is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground(&'static str);

impl Ground {
    /// The person came with the national register number that was awaited for the account.
    pub const AWAITED: Self = Self("awaited");
    /// The person holds the invitation for the account, which is used up in the same unit.
    pub const INVITED: Self = Self("invited");

    /// The person is signed in to the account; `None` where that is not strong enough.
    pub fn signed_in(acr: Acr) -> Option<Self> {
        (acr >= Acr::Mfa).then_some(Self("signed_in"))
    }

    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// A link that was found for somebody.
pub struct Linked(Link);

impl Linked {
    pub const fn account(&self) -> AccountId {
        AccountId::from_uuid(self.0.account_id)
    }
}

/// An account whose awaited number somebody came with.
pub struct AwaitedAccount(Awaited);

impl AwaitedAccount {
    pub const fn account(&self) -> AccountId {
        AccountId::from_uuid(self.0.account_id)
    }
}

/// A link as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSummary {
    pub provider: String,
    /// What it was made on.
    pub ground: String,
    pub linked_at: Moment,
    pub used_at: Option<Moment>,
}

/// The links of an installation; cheap to clone.
#[derive(Clone)]
pub struct Links {
    log: EventLog,
    pepper: Pepper,
}

impl Links {
    /// # Errors
    /// The pepper cannot be derived.
    pub fn new(log: EventLog, ring: &KeyRing) -> Result<Self, SealError> {
        Ok(Self { log, pepper: Pepper::new(ring)? })
    }

    /// The account of somebody at a provider: by issuer and subject, and by nothing else.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(&self, identity: &UpstreamIdentity) -> Result<Option<Linked>, DbErr> {
        Ok(store::find(self.log.db(), identity.issuer(), identity.subject()).await?.map(Linked))
    }

    /// Notes that a link signed somebody in. The unit is refused ([`LINK_THERE`]) when the link was taken away
    /// since it was found.
    pub fn use_link(&self, unit: &mut Unit, linked: &Linked, now: Moment) {
        store::use_up(unit, &linked.0, now);
    }

    /// The links of an account, by provider.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, account: AccountId) -> Result<Vec<LinkSummary>, DbErr> {
        let rows = store::all_of(self.log.db(), account.uuid()).await?;
        let summary = |row: Link| LinkSummary {
            provider: row.provider,
            ground: row.ground,
            linked_at: Moment::from_micros(row.linked_at),
            used_at: row.used_at.map(Moment::from_micros),
        };
        Ok(rows.into_iter().map(summary).collect())
    }

    /// Links somebody at a provider to an account, with its event. The unit is refused ([`LINK_FREE`]) when
    /// the account has a link there, or that person another account.
    ///
    /// # Errors
    /// The event cannot be recorded.
    pub async fn link(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: AccountId,
        identity: &UpstreamIdentity,
        ground: Ground,
    ) -> Result<(), WriteError> {
        let provider = identity.provider().to_owned();
        store::insert(
            unit,
            Link {
                account_id: account.uuid(),
                provider: provider.clone(),
                issuer: identity.issuer().to_owned(),
                subject: identity.subject().to_owned(),
                ground: ground.name().to_owned(),
                linked_at: origin.now.micros(),
                used_at: None,
            },
        );
        let what = What::UpstreamLinked { provider, ground: ground.name() };
        self.log.record(unit, origin, Event::of(what, account)).await.map(|_| ())
    }

    /// Takes a link away, with its event. Before [`Links::link`] in one unit it exchanges a link: a provider
    /// may give a person another subject.
    ///
    /// # Errors
    /// The event cannot be recorded.
    pub async fn unlink(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: AccountId,
        provider: &str,
    ) -> Result<(), WriteError> {
        store::delete(unit, account.uuid(), provider);
        let what = What::UpstreamUnlinked { provider: provider.to_owned() };
        self.log.record(unit, origin, Event::of(what, account)).await.map(|_| ())
    }

    /// Demands that an account still has the links on which it rests that something else may go; the unit is refused
    /// ([`LINK_KEPT`]) when one is gone.
    pub fn demand_kept<'p>(
        &self,
        unit: &mut Unit,
        account: AccountId,
        providers: impl IntoIterator<Item = &'p str>,
    ) {
        for provider in providers {
            store::keep(unit, account.uuid(), provider);
        }
    }

    /// Awaits somebody with a national register number for an account. What is kept is a keyed digest. The
    /// unit is refused ([`NUMBER_FREE`]) when the number is awaited for another account.
    pub fn await_number(&self, unit: &mut Unit, account: AccountId, number: &NationalNumber, now: Moment) {
        let row = Awaited {
            account_id: account.uuid(),
            pepper: PEPPER,
            digest: self.pepper.digest(number),
            created_at: now.micros(),
        };
        awaited::keep(unit, row);
    }

    /// The account for which somebody's national register number is awaited.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn awaited(&self, identity: &UpstreamIdentity) -> Result<Option<AwaitedAccount>, DbErr> {
        let Some(number) = identity.national_number() else { return Ok(None) };
        let found = awaited::find(self.log.db(), PEPPER, &self.pepper.digest(number)).await?;
        Ok(found.map(AwaitedAccount))
    }

    /// The number has come: in the unit of the link that follows from it. Refused ([`NUMBER_AWAITED`]) when it
    /// came before.
    pub fn take_awaited(&self, unit: &mut Unit, account: &AwaitedAccount) {
        awaited::take(unit, &account.0);
    }

    /// What is kept of a person who is erased.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        store::forget_account(unit, account.uuid());
        awaited::forget_account(unit, account.uuid());
    }
}
