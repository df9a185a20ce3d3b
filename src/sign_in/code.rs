//! The second step: a code from the app. Each step of the clock counts once, over all nodes.

use super::service::{NotTaken, Reserved, SignIn, Taken, Visit, paused_event};
use crate::account::Account;
use crate::account::attempt::Target as AttemptTarget;
use crate::authenticator::model::parse_code;
use crate::authenticator::service::{Checked, STEP_UNUSED};
use crate::event::model::Refusal;
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::Amr;
use crate::kernel::proof::{Binding, Way};

impl SignIn {
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_code(&self, visit: &Visit, journey: &Journey, raw: &str) -> Result<Taken, NotTaken> {
        let visit = &visit.on(journey.id);
        let Visit { origin, browser, .. } = visit;
        let account = self.at_step(journey, is_asked, origin.now).await?;
        let code = parse_code(raw).ok_or(NotTaken::CodeMalformed)?;
        let paused =
            |seconds| Event { subject: Some(account.id), ..paused_event(seconds).named(&account.login) };
        self.admit_source(origin, paused).await?;
        let bucket = self.bucket(AttemptTarget::Totp, account.id, browser.id).await?;
        let reserved = self.reserve(origin, &bucket, paused).await?;

        let (authenticator, step) = match self.authenticators.check(account.id, &code, origin.now).await? {
            Checked::Right { authenticator, step } => (authenticator, step),
            Checked::ClockOff { minutes } => {
                return Err(self.wrong(origin, &account, reserved, Refusal::ClockOff, Some(minutes)).await?);
            }
            Checked::Wrong => {
                return Err(self.wrong(origin, &account, reserved, Refusal::Wrong, None).await?);
            }
        };
        let mut unit = self.log.db().unit();
        let binding = Binding { journey: journey.id, account: account.id };
        let proof = self.authenticators.use_code(&mut unit, authenticator, step, binding, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        self.attempts.clear(&mut unit, &bucket);
        let event = Event::of(What::TotpAccepted { authenticator }, account.id).named(&account.login);
        self.log.record(&mut unit, origin, event.attempt(reserved.attempt).by(Amr::Otp)).await?;
        match self.go_on_or(unit, visit, next, &account).await {
            Err(WriteError::Refused(STEP_UNUSED)) => {
                let what = What::TotpRefused { reason: Refusal::Replayed, minutes_off: None };
                let event = Event::of(what, account.id).named(&account.login);
                let case = self.refuse(origin, event.attempt(reserved.attempt).by(Amr::Otp)).await?;
                Err(NotTaken::CodeUsed(case))
            }
            Err(error) => Err(error.into()),
            Ok(taken) => {
                self.forgive_source(origin).await;
                Ok(taken)
            }
        }
    }

    async fn wrong(
        &self,
        origin: &Origin,
        account: &Account,
        reserved: Reserved,
        reason: Refusal,
        minutes_off: Option<i64>,
    ) -> Result<NotTaken, NotTaken> {
        let what = What::TotpRefused { reason, minutes_off };
        let event = Event::of(what, account.id).named(&account.login);
        let case = self.refuse(origin, event.attempt(reserved.attempt).by(Amr::Otp)).await?;
        Ok(NotTaken::CodeWrong { left: reserved.left, case })
    }
}

fn is_asked(step: &Step) -> bool {
    step.asks(|way| way == Way::App)
}
