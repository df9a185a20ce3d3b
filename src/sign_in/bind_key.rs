//! Binding a passkey or a security key: on the way in, where what a person has is not enough, and from the account.

use super::key::place;
use super::service::{NotTaken, SignIn, Taken, Visit};
use crate::account::Account;
use crate::authenticator::model::clean_name;
use crate::authenticator::passkeys::{Asked, CREDENTIAL_FREE, KeyKind, NewKey, NotAccepted, Place, Sent};
use crate::authenticator::service::PER_ACCOUNT_MAX;
use crate::event::model::KeyRefusal;
use crate::event::{Event, Origin, What};
use crate::infra::database::{Unit, WriteError};
use crate::journey::model::{Journey, Step};
use crate::kernel::ladder;
use crate::kernel::proof::{Binding, KeyStorage};
use crate::policy::Action;
use crate::session::Current;
use crate::web::browser::DeviceCookie;
use crate::web::params::Params;

/// What the form brought.
#[derive(Clone, Copy)]
pub struct KeyForm<'a> {
    pub sent: Sent<'a>,
    pub name: &'a str,
}

impl<'a> KeyForm<'a> {
    pub fn sent(form: &'a Params) -> Self {
        let text = |name| form.get(name).unwrap_or_default();
        Self { sent: sent(form), name: text("name") }
    }
}

/// An answer, as pages send it.
pub fn sent(form: &Params) -> Sent<'_> {
    let text = |name| form.get(name).unwrap_or_default();
    Sent { challenge: text("challenge"), credential: text("credential") }
}

/// What kind is asked for; a passkey where nothing is said.
pub fn kind_asked(form: &Params) -> KeyKind {
    form.get("kind").and_then(KeyKind::from_name).unwrap_or(KeyKind::Passkey)
}

impl SignIn {
    /// The making of a key on the way in.
    ///
    /// # Errors
    /// Why none is offered.
    pub async fn offer_key(
        &self,
        visit: &Visit,
        journey: &Journey,
        kind: KeyKind,
    ) -> Result<Asked, NotTaken> {
        let now = visit.origin.now;
        let account = self.at_step(journey, is_enrolment, now).await?;
        self.admit_question(&visit.origin).await?;
        let place = place(visit, Some(journey), Some(account.id));
        Ok(self.authenticators.passkeys().offer(kind, &account, place, now).await?)
    }

    /// Binds a key inside a sign-in. Where nothing else is bound, nobody else can bind a first one meanwhile; where
    /// something is, the journey has it among its proofs.
    ///
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_key_enrolment(
        &self,
        visit: &Visit,
        journey: &Journey,
        form: KeyForm<'_>,
    ) -> Result<Taken, NotTaken> {
        let visit = &visit.on(journey.id);
        let Visit { origin, browser, .. } = visit;
        let account = self.at_step(journey, is_enrolment, origin.now).await?;
        let _permit = self.permit_own(&account, Action::BindOwnAuthenticator, origin.now)?;
        let place = place(visit, Some(journey), Some(account.id));
        let bound = self.authenticators.of(account.id).await?.len();
        let new = self.checked_key(origin, &account, place, form.sent).await?;
        let mut unit = self.log.db().unit();
        self.bind_key(&mut unit, origin, &account, &new, form.name, bound + 1).await?;
        let binding = Binding { journey: journey.id, account: account.id };
        let proof = self.authenticators.passkeys().bound(&new, binding, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        match self.go_on_or(unit, visit, next, &account).await {
            Err(WriteError::Refused(CREDENTIAL_FREE)) => {
                Err(self.not_bound(origin, &account, &new.refused(KeyRefusal::BoundAlready)).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// The making of a key for someone who is signed in.
    ///
    /// # Errors
    /// Why none is offered.
    pub async fn offer_own_key(
        &self,
        origin: &Origin,
        browser: DeviceCookie,
        current: &Current,
        kind: KeyKind,
    ) -> Result<Asked, NotTaken> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, origin.now)?;
        self.admit_question(origin).await?;
        let place = own_place(browser, account);
        Ok(self.authenticators.passkeys().offer(kind, account, place, origin.now).await?)
    }

    /// Binds a further key.
    ///
    /// # Errors
    /// Why it was not bound.
    pub async fn add_own_key(
        &self,
        origin: &Origin,
        browser: DeviceCookie,
        current: &Current,
        form: KeyForm<'_>,
    ) -> Result<(), NotTaken> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, origin.now)?;
        let new = self.checked_key(origin, account, own_place(browser, account), form.sent).await?;
        let mut unit = self.log.db().unit();
        self.bind_key(&mut unit, origin, account, &new, form.name, PER_ACCOUNT_MAX).await?;
        // No event: the binding has put its own into the unit.
        match self.log.db().write(unit).await {
            Ok(_) => Ok(()),
            Err(WriteError::Refused(CREDENTIAL_FREE)) => {
                Err(self.not_bound(origin, account, &new.refused(KeyRefusal::BoundAlready)).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn checked_key(
        &self,
        origin: &Origin,
        account: &Account,
        place: Place,
        sent: Sent<'_>,
    ) -> Result<NewKey, NotTaken> {
        match self.authenticators.passkeys().check_new(sent, account.id, place, origin.now).await? {
            Ok(new) => Ok(new),
            Err(refused) => Err(self.not_bound(origin, account, &refused).await?),
        }
    }

    async fn bind_key(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: &Account,
        new: &NewKey,
        name: &str,
        at_most: usize,
    ) -> Result<(), NotTaken> {
        self.accounts.hold(unit, account.id);
        self.authenticators.passkeys().bind(unit, account.id, new, name, at_most, origin.now);
        let (authenticator, kind) = (new.authenticator, new.kind.name().to_owned());
        let event = Event::of(What::AuthenticatorBound { authenticator, kind }, account.id);
        let method = ladder::method(new.kind.way(KeyStorage::Unknown));
        let event = Event { method, ..event.named(&account.login) };
        self.log.record(unit, origin, event).await?;
        self.notices.authenticator_added(unit, account, &clean_name(name), origin.now)?;
        Ok(())
    }

    async fn not_bound(
        &self,
        origin: &Origin,
        account: &Account,
        refused: &NotAccepted,
    ) -> Result<NotTaken, NotTaken> {
        let what = What::KeyNotBound { reason: refused.reason };
        let event = Event::of(what, account.id).named(&account.login);
        Ok(NotTaken::KeyRefused(self.record_key(origin, event, refused).await?))
    }
}

const fn own_place(browser: DeviceCookie, account: &Account) -> Place {
    Place { browser: browser.id, journey: None, account: Some(account.id) }
}

/// Whether something is to be bound before the person can go on.
const fn is_enrolment(step: &Step) -> bool {
    matches!(step, Step::Enrol { .. })
}
