//! Another provider vouches: the browser goes there with a journey's question, and what it brings back counts in
//! that journey and nowhere else. A journey may also be there to link somebody at a provider to an account.

use super::service::{NotTaken, SignIn, Taken, Visit, Wanted};
use crate::account::Account;
use crate::authenticator::model::may_go;
use crate::authenticator::service::STILL_BOUND;
use crate::directory::Whose;
use crate::event::{Event, Origin};
use crate::federation::{
    AwaitedAccount, Departure, Freshness, Ground, LINK_FREE, LINK_KEPT, LINK_THERE, Linked, NUMBER_AWAITED,
    Reason, Return, Unfinished, UpstreamIdentity,
};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::journey::model::{Journey, Purpose, Step, Target};
use crate::journey::service::NewJourney;
use crate::kernel::acr::Acr;
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::ladder;
use crate::kernel::language::Language;
use crate::kernel::proof::Way;
use crate::policy::Action;
use crate::session::Current;
use crate::web::params::Params;
use crate::web::respond::UpstreamAddress;

/// A browser that wants to prove something at a provider.
pub struct Leaving<'a> {
    pub provider: &'a str,
    /// The journey that was begun, if one was.
    pub journey: Option<Journey>,
    /// What is wanted where no journey says it.
    pub wanted: Wanted,
    pub language: Language,
}

/// What came of a return.
pub enum Back {
    Taken(Taken),
    /// The account has a link more.
    Linked,
    /// A reset goes on.
    Reset(JourneyId),
}

/// Why nothing came of it, with the journey to go on with, where it is this browser's.
pub type NotBack = (Option<Box<Journey>>, NotTaken);

/// Somebody at a provider as we know them.
enum Known {
    Linked(Linked),
    Awaited(AwaitedAccount),
}

impl Known {
    const fn account(&self) -> AccountId {
        match self {
            Self::Linked(linked) => linked.account(),
            Self::Awaited(awaited) => awaited.account(),
        }
    }
}

/// Why a link was not taken away.
pub enum NotUnlinked {
    /// Without it the account could not reach what it needs.
    Last,
    NotTaken(NotTaken),
}

impl<E: Into<NotTaken>> From<E> for NotUnlinked {
    fn from(error: E) -> Self {
        Self::NotTaken(error.into())
    }
}

impl From<Unfinished> for NotTaken {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::Refused(refused) => Self::Upstream(refused),
            Unfinished::Database(error) => error.into(),
        }
    }
}

impl SignIn {
    /// Where the browser goes to prove who somebody is, or one thing more.
    ///
    /// # Errors
    /// Why it stays here.
    pub async fn leave(&self, visit: &Visit, leaving: Leaving<'_>) -> Result<UpstreamAddress, NotTaken> {
        self.admit_question(&visit.origin).await?;
        let journey = if let Some(journey) = leaving.journey {
            journey
        } else {
            let Wanted { target, least } = leaving.wanted;
            let purpose = Purpose::SignIn;
            let new = NewJourney { purpose, required: least, login: String::new(), target };
            self.begun(visit, self.journeys.plan(new, visit.origin.now)).await?
        };
        let now = visit.origin.now;
        let required = match self.standing(&journey, now).await?.0 {
            Step::Identify => self.federation.towards(leaving.provider, journey.required),
            Step::Prove { ways } => {
                let given = self.federation.ways_of(leaving.provider);
                // The least of what this provider gives and the step asks for.
                let least = given.into_iter().filter(|way| ways.contains(way)).max();
                ladder::reached(least).ok_or(NotTaken::Moved)?
            }
            Step::Enrol { .. } | Step::NewPassword | Step::Done { .. } => return Err(NotTaken::Moved),
        };
        self.depart(visit, &journey, leaving.provider, required, leaving.language).await
    }

    /// Where the browser goes so that somebody at a provider is linked to the own account.
    ///
    /// # Errors
    /// Why it stays here.
    pub async fn leave_to_link(
        &self,
        visit: &Visit,
        current: &Current,
        provider: &str,
        language: Language,
    ) -> Result<UpstreamAddress, NotTaken> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, visit.origin.now)?;
        self.admit_question(&visit.origin).await?;
        let new = NewJourney {
            purpose: Purpose::Link,
            required: Acr::Mfa,
            login: account.login.clone(),
            target: Target::Account,
        };
        let planned = self.journeys.plan(new, visit.origin.now);
        let planned = Journey { account: Some(account.id), epoch: Some(account.epoch), ..planned };
        let journey = self.begun(visit, planned).await?;
        self.depart(visit, &journey, provider, Acr::Mfa, language).await
    }

    /// Judges what a browser brought back from a provider, and goes on with its journey.
    ///
    /// # Errors
    /// Why nothing came of it.
    pub async fn come_back(&self, visit: &Visit, provider: &str, answer: &Params) -> Result<Back, NotBack> {
        let (origin, browser) = (&visit.origin, visit.browser.id);
        let back = Return { provider, origin, browser, answer };
        let identity = match self.federation.finish(&back).await {
            Ok(identity) => identity,
            Err(error) => return Err(self.with_journey(visit, error.into()).await),
        };
        let found = self.journeys.find(identity.journey(), browser, origin.now).await;
        let journey = match found.map_err(|error| (None, error.into()))? {
            Some(journey) if journey.finished_at.is_none() => journey,
            Some(_) | None => {
                let over = self.federation.refuse_identity(origin, &identity, Reason::JourneyOver).await;
                return Err((None, over.into()));
            }
        };
        let visit = &visit.on(journey.id);
        let outcome = match journey.purpose {
            Purpose::Link => self.link(visit, &journey, &identity).await.map(|()| Back::Linked),
            Purpose::SignIn | Purpose::StepUp => {
                self.believe(visit, &journey, &identity).await.map(Back::Taken)
            }
            Purpose::Reset => {
                self.believe_in_reset(visit, &journey, &identity).await.map(|()| Back::Reset(journey.id))
            }
        };
        outcome.map_err(|error| (Some(Box::new(journey)), error))
    }

    /// Takes a link of the own account away, unless it is needed.
    ///
    /// # Errors
    /// Why it stays.
    pub async fn unlink(
        &self,
        origin: &Origin,
        current: &Current,
        provider: &str,
        label: &str,
    ) -> Result<(), NotUnlinked> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::RevokeOwnAuthenticator, origin.now)?;
        let bound = self.authenticators.of(account.id).await?;
        let links = self.federation.ways_by_links(account.id).await?;
        let whose = Whose::kept_by(account.id, &account.directory);
        let password = self.directory.standing(whose, origin.now).await?.map(|_| Way::Password);
        let ways = |without: Option<&str>| -> Vec<Way> {
            let kept = links.iter().filter(|link| Some(link.provider.as_str()) != without);
            let others = bound.iter().map(|bound| bound.kind.way()).chain(password);
            kept.flat_map(|link| link.ways.iter().copied()).chain(others).collect()
        };
        if !may_go(&ways(None), &ways(Some(provider)), account.level_to_keep()) {
            return Err(NotUnlinked::Last);
        }
        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        // What was judged holds while all that stays is there.
        self.authenticators.demand_bound(&mut unit, account.id, bound.iter().map(|bound| bound.id));
        let kept = links.iter().map(|link| link.provider.as_str()).filter(|kept| *kept != provider);
        self.federation.links().demand_kept(&mut unit, account.id, kept);
        self.federation.links().unlink(&mut unit, origin, account.id, provider).await?;
        self.notices.authenticator_removed(&mut unit, account, label, origin.now)?;
        // No event: taking the link away has put its own into the unit.
        match self.log.db().write(unit).await {
            // What is gone already is what was asked for.
            Ok(_) | Err(WriteError::Refused(LINK_THERE)) => Ok(()),
            // What it rested on was taken away meanwhile.
            Err(WriteError::Refused(STILL_BOUND | LINK_KEPT)) => Err(NotUnlinked::Last),
            Err(error) => Err(error.into()),
        }
    }

    async fn begun(&self, visit: &Visit, journey: Journey) -> Result<Journey, NotTaken> {
        let mut unit = self.log.db().unit();
        self.journeys.begin(&mut unit, &journey, visit.browser.id);
        // No event: nothing is proved or refused yet.
        self.log.db().write(unit).await?;
        Ok(Journey { version: journey.version + 1, ..journey })
    }

    async fn depart(
        &self,
        visit: &Visit,
        journey: &Journey,
        provider: &str,
        required: Acr,
        language: Language,
    ) -> Result<UpstreamAddress, NotTaken> {
        let visit = visit.on(journey.id);
        let departure = Departure {
            provider,
            origin: &visit.origin,
            browser: visit.browser.id,
            journey: journey.id,
            required,
            // A session that was left open at the provider proves nothing of who sits here now.
            freshness: Freshness::Now,
            language,
        };
        Ok(self.federation.begin(&departure).await?)
    }

    /// Counts what somebody proved at a provider in the journey that asked for it.
    async fn believe(
        &self,
        visit: &Visit,
        journey: &Journey,
        identity: &UpstreamIdentity,
    ) -> Result<Taken, NotTaken> {
        let Visit { origin, browser, .. } = visit;
        let known = self.known(identity).await?;
        let Some(known) = known else {
            return Err(self.refuse_identity(origin, identity, Reason::NoAccount).await);
        };
        let found = match journey.account {
            Some(other) if other != known.account() => Err(Reason::OtherAccount),
            Some(_) => Ok(self.at_step(journey, asks_provider, origin.now).await?),
            None => self.may_enter(known.account(), origin).await?.ok_or(Reason::AccountClosed),
        };
        let account = match found {
            Ok(account) => account,
            Err(reason) => return Err(self.refuse_identity(origin, identity, reason).await),
        };
        let login = if journey.login.is_empty() { account.login.clone() } else { journey.login.clone() };
        let journey =
            &Journey { login, required: journey.required.max(account.required_acr), ..journey.clone() };
        let mut unit = self.log.db().unit();
        match &known {
            Known::Linked(linked) => self.federation.links().use_link(&mut unit, linked, origin.now),
            Known::Awaited(awaited) => {
                self.federation.links().take_awaited(&mut unit, awaited);
                self.add_link(&mut unit, origin, &account, identity, Ground::AWAITED).await?;
            }
        }
        let proof = identity.proof(account.id, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        let event = identity.accepted(account.id).named(&account.login);
        let event = Event { method: ladder::method(proof.kind().way()), ..event };
        self.log.record(&mut unit, origin, event).await?;
        match self.go_on_or(unit, visit, next, &account).await {
            Err(WriteError::Refused(LINK_THERE | LINK_FREE | NUMBER_AWAITED)) => {
                Err(self.refuse_identity(origin, identity, Reason::NoAccount).await)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Counts what somebody proved at a provider in the reset that asked for it. Only who is linked already is known
    /// there: a reset binds nothing.
    async fn believe_in_reset(
        &self,
        visit: &Visit,
        journey: &Journey,
        identity: &UpstreamIdentity,
    ) -> Result<(), NotTaken> {
        let Visit { origin, browser, .. } = visit;
        let Some(linked) = self.federation.links().find(identity).await? else {
            return Err(self.refuse_identity(origin, identity, Reason::NoAccount).await);
        };
        if journey.account != Some(linked.account()) {
            return Err(self.refuse_identity(origin, identity, Reason::OtherAccount).await);
        }
        let found = self.accounts.by_id(linked.account()).await?;
        let epoch = journey.epoch;
        let is_open = |account: &Account| {
            account.gate_of_reset(origin.now).is_ok() && epoch.is_none_or(|epoch| epoch == account.epoch)
        };
        let Some(account) = found.filter(is_open) else {
            return Err(self.refuse_identity(origin, identity, Reason::AccountClosed).await);
        };
        let mut unit = self.log.db().unit();
        self.federation.links().use_link(&mut unit, &linked, origin.now);
        let proof = identity.proof(account.id, origin.now);
        self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        let event = identity.accepted(account.id).named(&account.login);
        let event = Event { method: ladder::method(proof.kind().way()), ..event };
        self.log.record(&mut unit, origin, event).await?;
        match self.log.db().write(unit).await {
            Err(WriteError::Refused(LINK_THERE)) => {
                Err(self.refuse_identity(origin, identity, Reason::NoAccount).await)
            }
            outcome => Ok(outcome.map(|_| ())?),
        }
    }

    /// Links what was proved to the account whose session asked for it.
    async fn link(
        &self,
        visit: &Visit,
        journey: &Journey,
        identity: &UpstreamIdentity,
    ) -> Result<(), NotTaken> {
        let Visit { origin, browser, current, .. } = visit;
        let asked = current.as_ref().filter(|current| {
            let account = &current.account;
            Some(account.id) == journey.account
                && account.gate_for(journey.epoch.unwrap_or(account.epoch), origin.now).is_ok()
        });
        let ground = asked.and_then(|current| Some((current, Ground::signed_in(current.session.acr)?)));
        let Some((Current { account, .. }, ground)) = ground else {
            return Err(self.refuse_identity(origin, identity, Reason::JourneyOver).await);
        };
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, origin.now)?;
        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        self.add_link(&mut unit, origin, account, identity, ground).await?;
        self.log.record(&mut unit, origin, identity.accepted(account.id).named(&account.login)).await?;
        self.journeys.finish(&mut unit, journey, browser.id, origin.now);
        match self.log.db().write(unit).await {
            Err(WriteError::Refused(LINK_FREE)) => {
                Err(self.refuse_identity(origin, identity, Reason::LinkTaken).await)
            }
            outcome => Ok(outcome.map(|_| ())?),
        }
    }

    async fn add_link(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: &Account,
        identity: &UpstreamIdentity,
        ground: Ground,
    ) -> Result<(), WriteError> {
        self.federation.links().link(unit, origin, account.id, identity, ground).await?;
        let label = self.federation.label(identity.provider());
        self.notices.authenticator_added(unit, account, &label, origin.now)
    }

    async fn known(&self, identity: &UpstreamIdentity) -> Result<Option<Known>, NotTaken> {
        if let Some(linked) = self.federation.links().find(identity).await? {
            return Ok(Some(Known::Linked(linked)));
        }
        Ok(self.federation.links().awaited(identity).await?.map(Known::Awaited))
    }

    async fn may_enter(&self, id: AccountId, origin: &Origin) -> Result<Option<Account>, DbErr> {
        let found = self.accounts.by_id(id).await?;
        Ok(found.filter(|account| self.is_open(account, origin)))
    }

    async fn refuse_identity(
        &self,
        origin: &Origin,
        identity: &UpstreamIdentity,
        reason: Reason,
    ) -> NotTaken {
        self.federation.refuse_identity(origin, identity, reason).await.into()
    }

    /// The journey of a return that was refused, so that the person goes on there in another way.
    async fn with_journey(&self, visit: &Visit, error: NotTaken) -> NotBack {
        let NotTaken::Upstream(refused) = &error else { return (None, error) };
        let Some(id) = refused.journey else { return (None, error) };
        match self.journeys.find(id, visit.browser.id, visit.origin.now).await {
            Ok(found) => (found.filter(|journey| journey.finished_at.is_none()).map(Box::new), error),
            Err(failed) => (None, failed.into()),
        }
    }
}

/// Whether a provider's word is what comes next.
pub(super) fn asks_provider(step: &Step) -> bool {
    step.asks(|way| matches!(way, Way::Upstream(_)))
}
