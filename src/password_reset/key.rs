//! A passkey or a security key as a proof. Before anything else is proved, the question is the same for everybody.

use super::model::{Choice, Flow};
use super::service::{At, NotTaken, PasswordReset, Visit, told};
use crate::authenticator::passkeys::{
    Asked, CHALLENGE_UNUSED, COUNTER_FORWARD, KeyError, NotAccepted, Place, Sent,
};
use crate::event::model::KeyRefusal;
use crate::event::{Event, What};
use crate::infra::database::WriteError;
use crate::infra::state::{Admission, Limit};
use crate::kernel::ladder;

/// What is counted of a source that asks for questions.
const QUESTIONS: &str = "reset-questions";
/// Questions for each try that a source has.
const QUESTIONS_A_TRY: u32 = 20;

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

impl PasswordReset {
    /// # Errors
    /// Why nothing is asked.
    pub async fn ask_key(&self, visit: &Visit, flow: &Flow) -> Result<Asked, NotTaken> {
        let now = visit.origin.now;
        self.at_choice(flow, Choice::Key, now).await?;
        let (source, Limit { times, span }) = (visit.origin.source(), self.options.per_source);
        let limit = Limit { times: times.saturating_mul(QUESTIONS_A_TRY), span };
        if self.state.admit_source(QUESTIONS, &source, limit, now).await != Admission::Admitted {
            return Err(NotTaken::Busy);
        }
        let passkeys = self.authenticators.passkeys();
        Ok(if flow.has_proof() {
            passkeys.ask_owner(flow.account, place(visit, flow), now).await?
        } else {
            passkeys.ask_anyone(place(visit, flow), now).await?
        })
    }

    /// # Errors
    /// Why the answer proves nothing.
    pub async fn take_key(&self, visit: &Visit, flow: &Flow, sent: Sent<'_>) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let now = visit.origin.now;
        let At { subject, .. } = self.at_choice(flow, Choice::Key, now).await?;
        self.admit_source(&visit.origin, |seconds| told(&subject, flow, What::SignInPaused { seconds }))
            .await?;
        let passkeys = self.authenticators.passkeys();
        let assertion = match passkeys.check(sent, place(visit, flow), now).await? {
            Ok(assertion) => assertion,
            Err(refused) => return Err(self.refuse_key(visit, &refused).await?),
        };
        let account = match subject.open() {
            Ok(account) if account.id == assertion.account => account,
            Ok(_) => {
                return Err(self.refuse_key(visit, &assertion.refused(KeyRefusal::OtherAccount)).await?);
            }
            Err(_) => {
                return Err(self.refuse_key(visit, &assertion.refused(KeyRefusal::AccountClosed)).await?);
            }
        };
        let mut unit = self.log.db().unit();
        let proof = passkeys.use_assertion(&mut unit, &assertion, flow.journey.id, now);
        let (authenticator, kind) = (assertion.authenticator, assertion.kind.name());
        let event = told(&subject, flow, What::KeyAccepted { authenticator, kind });
        let event = Event { method: ladder::method(proof.kind().way()), ..event };
        let reason = match self.accept(unit, visit, flow, account, proof, &[], event).await {
            // Of two answers to one question one counts; of two of the same count one is a copy's.
            Err(WriteError::Refused(CHALLENGE_UNUSED)) => KeyRefusal::WrongChallenge,
            Err(WriteError::Refused(COUNTER_FORWARD)) => KeyRefusal::Cloned,
            outcome => return Ok(outcome?),
        };
        Err(self.refuse_key(visit, &assertion.refused(reason)).await?)
    }

    /// Records why an answer was not accepted, and uses its question up.
    async fn refuse_key(&self, visit: &Visit, refused: &NotAccepted) -> Result<NotTaken, NotTaken> {
        let &NotAccepted { reason, authenticator, account, .. } = refused;
        let about = |what| Event { subject: account, ..Event::new(what) };
        if let (KeyRefusal::Cloned, Some(authenticator)) = (reason, authenticator) {
            self.log.record_alone(&visit.origin, about(What::AuthenticatorCloned { authenticator })).await?;
        }
        let event = about(What::KeyRefused { reason, authenticator });
        let passkeys = self.authenticators.passkeys();
        let case =
            self.log.record_refusal_with(&visit.origin, event, |unit| passkeys.use_up(unit, refused)).await?;
        Ok(NotTaken::KeyRefused(case))
    }
}

/// Where the question is asked, and where alone it may be answered.
fn place(visit: &Visit, flow: &Flow) -> Place {
    let account = flow.has_proof().then_some(flow.account);
    Place { browser: visit.browser.id, journey: Some(flow.journey.id), account }
}
