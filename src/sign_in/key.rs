//! Passkeys and security keys on the way in: alone and without a name, or as a further proof.

use super::service::{NotTaken, SignIn, Taken, Visit, Wanted, paused_event};
use crate::account::Account;
use crate::authenticator::passkeys::{
    Asked, Assertion, CHALLENGE_UNUSED, COUNTER_FORWARD, KeyError, NotAccepted, Place, Sent,
};
use crate::event::model::KeyRefusal;
use crate::event::{CaseCode, Event, Origin, What};
use crate::infra::database::WriteError;
use crate::infra::state::{Admission, Limit};
use crate::journey::model::{Journey, Step};
use crate::kernel::id::AccountId;
use crate::kernel::ladder;
use crate::kernel::proof::Way;
use crate::policy::{Action, Resource};

/// What is counted of a source: a question is a row that anyone can cause.
const QUESTIONS: &str = "passkey-questions";

/// A form with an answer, sent from where somebody is not known yet.
pub struct KeyAttempt<'a> {
    /// The journey that was begun for an application, if one was.
    pub journey: Option<Journey>,
    /// What is wanted where no journey says it.
    pub wanted: Wanted,
    pub sent: Sent<'a>,
}

impl From<KeyError> for NotTaken {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Write(error) => error.into(),
            KeyError::Ceremony(error) => {
                tracing::error!(%error, "a passkey cannot be asked for");
                Self::Moved
            }
        }
    }
}

impl SignIn {
    /// A question that anybody's passkey can answer; it is the same for all.
    ///
    /// # Errors
    /// Why none is asked.
    pub async fn ask_any_passkey(&self, visit: &Visit, journey: Option<&Journey>) -> Result<Asked, NotTaken> {
        let place = place(visit, journey, None);
        self.admit_question(&visit.origin).await?;
        Ok(self.authenticators.passkeys().ask_anyone(place, visit.origin.now).await?)
    }

    /// A question to the keys of the person who has proved something else in this journey.
    ///
    /// # Errors
    /// Why none is asked.
    pub async fn ask_own_key(&self, visit: &Visit, journey: &Journey) -> Result<Asked, NotTaken> {
        let now = visit.origin.now;
        let account = self.at_step(journey, asks_key, now).await?;
        self.admit_question(&visit.origin).await?;
        let place = place(visit, Some(journey), Some(account.id));
        Ok(self.authenticators.passkeys().ask_owner(account.id, place, now).await?)
    }

    /// A passkey alone: it says who it is, and proves it by two factors.
    ///
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_passkey(&self, visit: &Visit, attempt: KeyAttempt<'_>) -> Result<Taken, NotTaken> {
        let origin = &visit.origin;
        self.admit_source(origin, paused_event).await?;
        let place = place(visit, attempt.journey.as_ref(), None);
        let passkeys = self.authenticators.passkeys();
        let assertion = match passkeys.check(attempt.sent, place, origin.now).await? {
            Ok(assertion) => assertion,
            Err(refused) => return Err(self.refuse_key(origin, &refused).await?),
        };
        let found = self.accounts.by_id(assertion.account).await?;
        let found = found.filter(|account| self.is_open(account, origin));
        let Some(account) = found else {
            let refused = assertion.refused(KeyRefusal::AccountClosed);
            return Err(self.refuse_key(origin, &refused).await?);
        };
        let login = account.login.clone();
        let under_way = attempt.journey.as_ref();
        let journey = self.journey_for(under_way, &attempt.wanted, login, Some(account.id), origin);
        let journey = Journey { required: journey.required.max(account.required_acr), ..journey };
        self.accept_key(&visit.on(journey.id), &journey, &account, &assertion).await
    }

    /// A passkey or a security key as a further proof.
    ///
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_key(
        &self,
        visit: &Visit,
        journey: &Journey,
        sent: Sent<'_>,
    ) -> Result<Taken, NotTaken> {
        let visit = &visit.on(journey.id);
        let origin = &visit.origin;
        let account = self.at_step(journey, asks_key, origin.now).await?;
        let paused =
            |seconds| Event { subject: Some(account.id), ..paused_event(seconds).named(&account.login) };
        self.admit_source(origin, paused).await?;
        let place = place(visit, Some(journey), Some(account.id));
        match self.authenticators.passkeys().check(sent, place, origin.now).await? {
            Ok(assertion) => self.accept_key(visit, journey, &account, &assertion).await,
            Err(refused) => Err(self.refuse_key(origin, &refused).await?),
        }
    }

    async fn accept_key(
        &self,
        visit: &Visit,
        journey: &Journey,
        account: &Account,
        assertion: &Assertion,
    ) -> Result<Taken, NotTaken> {
        let Visit { origin, browser, .. } = visit;
        let passkeys = self.authenticators.passkeys();
        let mut unit = self.log.db().unit();
        let proof = passkeys.use_assertion(&mut unit, assertion, journey.id, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, account, proof, origin.now);
        let (authenticator, kind) = (assertion.authenticator, assertion.kind.name());
        let event = Event::of(What::KeyAccepted { authenticator, kind }, account.id).named(&account.login);
        let event = Event { method: ladder::method(proof.kind().way()), ..event };
        self.log.record(&mut unit, origin, event).await?;
        let reason = match self.go_on_or(unit, visit, next, account).await {
            Ok(taken) => {
                self.forgive_source(origin).await;
                return Ok(taken);
            }
            // Of two answers to one question one counts; of two of the same count one is a copy's.
            Err(WriteError::Refused(CHALLENGE_UNUSED)) => KeyRefusal::WrongChallenge,
            Err(WriteError::Refused(COUNTER_FORWARD)) => KeyRefusal::Cloned,
            Err(error) => return Err(error.into()),
        };
        Err(self.refuse_key(origin, &assertion.refused(reason)).await?)
    }

    /// Records why an answer was not accepted, and uses its question up.
    pub(super) async fn refuse_key(
        &self,
        origin: &Origin,
        refused: &NotAccepted,
    ) -> Result<NotTaken, NotTaken> {
        let &NotAccepted { reason, authenticator, .. } = refused;
        let what = What::KeyRefused { reason, authenticator };
        if let (KeyRefusal::Cloned, Some(authenticator)) = (reason, authenticator) {
            let finding = What::AuthenticatorCloned { authenticator };
            self.log.record_alone(origin, self.about(finding, refused.account).await?).await?;
        }
        let event = self.about(what, refused.account).await?;
        Ok(NotTaken::KeyRefused(self.record_key(origin, event, refused).await?))
    }

    pub(super) async fn record_key(
        &self,
        origin: &Origin,
        event: Event,
        refused: &NotAccepted,
    ) -> Result<CaseCode, NotTaken> {
        let passkeys = self.authenticators.passkeys();
        let code = self.log.record_refusal_with(origin, event, |unit| passkeys.use_up(unit, refused)).await;
        Ok(code?)
    }

    async fn about(&self, what: What, account: Option<AccountId>) -> Result<Event, NotTaken> {
        let Some(id) = account else { return Ok(Event::new(what)) };
        let account = self.accounts.by_id(id).await?;
        let event = Event::of(what, id);
        Ok(match account {
            Some(account) => event.named(&account.login),
            None => event,
        })
    }

    pub(super) fn is_open(&self, account: &Account, origin: &Origin) -> bool {
        let principal = account.principal(origin.now);
        account.gate(origin.now).is_ok()
            && self.policies.authorize(&principal, Action::SignIn, &Resource::Portal).is_ok()
    }

    pub(super) async fn admit_question(&self, origin: &Origin) -> Result<(), NotTaken> {
        let (source, Limit { times, span }) = (origin.source(), self.options.per_source);
        let limit = Limit { times: times.saturating_mul(QUESTIONS_A_TRY), span };
        match self.state.admit_source(QUESTIONS, &source, limit, origin.now).await {
            Admission::Admitted => Ok(()),
            Admission::Refused { retry_after } => {
                tracing::info!(seconds = retry_after.as_secs(), "a source asks for too many questions");
                Err(NotTaken::Busy)
            }
        }
    }
}

/// Questions for each try that a source has: every look at the sign-in page asks one.
const QUESTIONS_A_TRY: u32 = 20;

/// Where a question is asked, and where alone it may be answered.
pub(super) fn place(visit: &Visit, journey: Option<&Journey>, account: Option<AccountId>) -> Place {
    Place { browser: visit.browser.id, journey: journey.map(|journey| journey.id), account }
}

/// Whether a key is what comes next.
pub(super) fn asks_key(step: &Step) -> bool {
    step.asks(|way| matches!(way, Way::Passkey(_) | Way::SecurityKey))
}
