//! The second step by a recovery code: each is good once, over all nodes, and its use is told to the owner.

use crate::account::attempt::Target as AttemptTarget;
use crate::authenticator::recovery::{CODE_UNUSED, Looked, RecoveryCode};
use crate::event::model::Refusal;
use crate::event::{Event, What};
use crate::infra::database::WriteError;
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::Amr;
use crate::kernel::proof::{Binding, Way};
use crate::sign_in::service::{NotTaken, SignIn, Taken, Visit, paused_event};

impl SignIn {
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_recovery_code(
        &self,
        visit: &Visit,
        journey: &Journey,
        raw: &str,
    ) -> Result<Taken, NotTaken> {
        let visit = &visit.on(journey.id);
        let origin = &visit.origin;
        let account = self.at_step(journey, asks_code, origin.now).await?;
        let code = RecoveryCode::parse(raw).ok_or(NotTaken::CodeMalformed)?;
        let paused =
            |seconds| Event { subject: Some(account.id), ..paused_event(seconds).named(&account.login) };
        self.admit_source(origin, paused).await?;
        let bucket = self.bucket(AttemptTarget::RecoveryCode, account.id, visit.browser.id).await?;
        let reserved = self.reserve(origin, &bucket, paused).await?;
        let told =
            |what| Event::of(what, account.id).named(&account.login).attempt(reserved.attempt).by(Amr::Otp);
        let refused = |reason| told(What::RecoveryCodeRefused { reason });

        let codes = self.authenticators.recovery();
        let left = match codes.look(account.id, &code).await? {
            Looked::Good { left } => left,
            Looked::Used => {
                return Err(NotTaken::CodeUsed(self.refuse(origin, refused(Refusal::Replayed)).await?));
            }
            Looked::Wrong => {
                let case = self.refuse(origin, refused(Refusal::Wrong)).await?;
                return Err(NotTaken::CodeWrong { left: reserved.left, case });
            }
        };
        let mut unit = self.log.db().unit();
        let binding = Binding { journey: journey.id, account: account.id };
        let proof = codes.use_up(&mut unit, &code, binding, origin.now);
        let browser = visit.browser.id;
        let next = self.journeys.add_proof(&mut unit, journey, browser, &account, proof, origin.now);
        self.attempts.clear(&mut unit, &bucket);
        self.log.record(&mut unit, origin, told(What::RecoveryCodeAccepted { left })).await?;
        self.notices.recovery_code_used(&mut unit, &account, left, origin)?;
        match self.go_on_or(unit, visit, next, &account).await {
            Err(WriteError::Refused(CODE_UNUSED)) => {
                Err(NotTaken::CodeUsed(self.refuse(origin, refused(Refusal::Replayed)).await?))
            }
            Err(error) => Err(error.into()),
            Ok(taken) => {
                self.forgive_source(origin).await;
                Ok(taken)
            }
        }
    }
}

/// Whether a recovery code is a way that the step may be taken by.
pub(super) fn asks_code(step: &Step) -> bool {
    step.asks(|way| way == Way::RecoveryCode)
}
