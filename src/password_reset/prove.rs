//! Proofs that are typed: a code from the app, one from paper, one from the mailbox. A right one counts in this reset
//! and nowhere else; a wrong one is told of in the same way whether or not anybody has the name.

use super::model::{Choice, Flow};
use super::service::{At, Counted, NotTaken, PasswordReset, Subject, TRY, Visit, told};
use crate::account::Account;
use crate::account::attempt::{Bucket, Target};
use crate::authenticator::mail_code::{MAIL_CODE_LEFT, MAIL_CODE_UNUSED, MailCode, MailPlace, Tried};
use crate::authenticator::model::parse_code;
use crate::authenticator::recovery::{CODE_UNUSED, Looked, RecoveryCode};
use crate::authenticator::service::{Checked, STEP_UNUSED};
use crate::event::model::Refusal;
use crate::event::{Event, What};
use crate::infra::database::{Unit, WriteError};
use crate::kernel::acr::Amr;
use crate::kernel::proof::{Binding, Proof};

/// What codes that are sent here are for.
const PURPOSE: &str = "reset";

impl PasswordReset {
    /// # Errors
    /// Why the code proves nothing.
    pub async fn take_code(&self, visit: &Visit, flow: &Flow, raw: &str) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let now = visit.origin.now;
        let At { subject, .. } = self.at_choice(flow, Choice::App, now).await?;
        let code = parse_code(raw).ok_or(NotTaken::CodeMalformed)?;
        let counted = self.count(visit, flow, &subject, Target::ResetTotp).await?;
        let checked = self.authenticators.check(flow.account, &code, now).await?;
        let (account, authenticator, step) = match (counted.verdict(&subject), checked) {
            (Ok(account), Checked::Right { authenticator, step }) => (account, authenticator, step),
            (Ok(_), Checked::Wrong) => {
                return Err(self.wrong_code(visit, flow, &subject, &counted, Refusal::Wrong).await?);
            }
            (Ok(_), Checked::ClockOff { minutes }) => {
                let what = What::TotpRefused { reason: Refusal::ClockOff, minutes_off: Some(minutes) };
                return Err(self.wrong(visit, flow, &subject, &counted, what).await?);
            }
            (Err(reason), _) => return Err(self.wrong_code(visit, flow, &subject, &counted, reason).await?),
        };
        let mut unit = self.log.db().unit();
        let binding = Binding { journey: flow.journey.id, account: account.id };
        let proof = self.authenticators.use_code(&mut unit, authenticator, step, binding, now);
        let event = told(&subject, flow, What::TotpAccepted { authenticator });
        let event = event.attempt(counted.attempt).by(Amr::Otp);
        match self.accept(unit, visit, flow, account, proof, &counted.buckets, event).await {
            Err(WriteError::Refused(STEP_UNUSED)) => {
                let what = What::TotpRefused { reason: Refusal::Replayed, minutes_off: None };
                Err(self.used(visit, flow, &subject, &counted, what).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// # Errors
    /// Why the code proves nothing.
    pub async fn take_recovery_code(&self, visit: &Visit, flow: &Flow, raw: &str) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let now = visit.origin.now;
        let At { subject, .. } = self.at_choice(flow, Choice::Paper, now).await?;
        let code = RecoveryCode::parse(raw).ok_or(NotTaken::CodeMalformed)?;
        let counted = self.count(visit, flow, &subject, Target::ResetRecoveryCode).await?;
        let codes = self.authenticators.recovery();
        let looked = codes.look(flow.account, &code).await?;
        let refused = |reason| What::RecoveryCodeRefused { reason };
        let (account, left) = match (counted.verdict(&subject), looked) {
            (Ok(account), Looked::Good { left }) => (account, left),
            (Ok(_), Looked::Used) => {
                return Err(self.used(visit, flow, &subject, &counted, refused(Refusal::Replayed)).await?);
            }
            (Ok(_), Looked::Wrong) => {
                return Err(self.wrong(visit, flow, &subject, &counted, refused(Refusal::Wrong)).await?);
            }
            (Err(reason), _) => {
                return Err(self.wrong(visit, flow, &subject, &counted, refused(reason)).await?);
            }
        };
        let mut unit = self.log.db().unit();
        let binding = Binding { journey: flow.journey.id, account: account.id };
        let proof = codes.use_up(&mut unit, &code, binding, now);
        self.notices.recovery_code_used(&mut unit, account, left, &visit.origin)?;
        let event = told(&subject, flow, What::RecoveryCodeAccepted { left });
        let event = event.attempt(counted.attempt).by(Amr::Otp);
        match self.accept(unit, visit, flow, account, proof, &counted.buckets, event).await {
            Err(WriteError::Refused(CODE_UNUSED)) => {
                Err(self.used(visit, flow, &subject, &counted, refused(Refusal::Replayed)).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Sends a code to the address on file. For a name that nobody has the same is done, and nobody gets it.
    ///
    /// # Errors
    /// Why none was sent.
    pub async fn send_mail_code(&self, visit: &Visit, flow: &Flow) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let At { subject, .. } = self.at_choice(flow, Choice::Mail, visit.origin.now).await?;
        let event = |seconds| told(&subject, flow, What::SignInPaused { seconds });
        self.admit_source(&visit.origin, event).await?;
        let known = self.devices.is_known(visit.browser.id, flow.account).await?;
        let (who, by_name) = if known {
            (visit.browser.id.to_string(), None)
        } else {
            let login = self.log.digest_of_unknown(&flow.journey.login);
            ("stranger".to_owned(), Some(format!("mail_code:typed:{}", Bucket::digest_text(&login))))
        };
        let counted = by_name.clone().unwrap_or_else(|| format!("mail_code:{}:{who}", flow.account));
        let mut wanted = Sending { receiver: subject.open().ok(), who: Some(who), by_name };
        let mut sent = self.send_once(visit, flow, &subject, &wanted).await;
        if let Err(WriteError::Refused(MAIL_CODE_LEFT)) = sent
            && wanted.by_name.is_some()
            && !flow.has_proof()
        {
            // The account has had its codes, under whichever name; a stranger is not told of that.
            wanted = Sending { receiver: None, who: None, ..wanted };
            sent = self.send_once(visit, flow, &subject, &wanted).await;
        }
        match sent {
            Ok(()) => Ok(()),
            Err(WriteError::Refused(MAIL_CODE_LEFT | NAME_LEFT)) => {
                let until = self.mail_codes.next_hour(visit.origin.now);
                Err(self.paused(&visit.origin, &counted, until, event).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn send_once(
        &self,
        visit: &Visit,
        flow: &Flow,
        subject: &Subject,
        sending: &Sending<'_>,
    ) -> Result<(), WriteError> {
        let (now, rules) = (visit.origin.now, self.mail_codes.rules());
        let mut unit = self.log.db().unit();
        if let Some(name) = &sending.by_name {
            self.mail_codes.count(&mut unit, NAME_LEFT, name, rules.per_hour, now);
        }
        let code = self.mail_codes.make(&mut unit, place(flow), sending.who.as_deref(), now);
        let minutes = rules.lasts.as_secs().div_ceil(60);
        self.notices.mail_code(&mut unit, sending.receiver, &code.shown(), minutes, now)?;
        let event = told(subject, flow, What::MailCodeSent);
        self.log.record(&mut unit, &visit.origin, event).await?;
        self.log.db().write(unit).await.map(|_| ())
    }

    /// Whether a code is under way, so that a page asks for it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn is_mail_code_sent(&self, visit: &Visit, flow: &Flow) -> Result<bool, NotTaken> {
        Ok(self.mail_codes.is_sent(place(flow), visit.origin.now).await?)
    }

    /// # Errors
    /// Why the code proves nothing.
    pub async fn take_mail_code(&self, visit: &Visit, flow: &Flow, raw: &str) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let now = visit.origin.now;
        let At { subject, .. } = self.at_choice(flow, Choice::Mail, now).await?;
        let code = MailCode::parse(raw).ok_or(NotTaken::CodeMalformed)?;
        self.admit_source(&visit.origin, |seconds| told(&subject, flow, What::SignInPaused { seconds }))
            .await?;
        let refused = |reason| told(&subject, flow, What::MailCodeRefused { reason });
        let right = match self.mail_codes.try_code(place(flow), &code, now).await? {
            Tried::Right(right) => right,
            Tried::Wrong { left } => {
                let reason = subject.open().err().unwrap_or(Refusal::Wrong);
                let case = self.log.record_refusal(&visit.origin, refused(reason)).await?;
                return Err(NotTaken::CodeWrong { left, case });
            }
            Tried::Gone => {
                let reason = subject.open().err().unwrap_or(Refusal::Gone);
                let case = self.log.record_refusal(&visit.origin, refused(reason)).await?;
                return Err(NotTaken::CodeGone(case));
            }
        };
        // Nobody gets the code of a closed account; who guesses it learns nothing.
        let account = match subject.open() {
            Ok(account) => account,
            Err(reason) => {
                let case = self.log.record_refusal(&visit.origin, refused(reason)).await?;
                return Err(NotTaken::CodeGone(case));
            }
        };
        let mut unit = self.log.db().unit();
        let proof = self.mail_codes.use_up(&mut unit, &right, now);
        let event = told(&subject, flow, What::MailCodeAccepted);
        match self.accept(unit, visit, flow, account, proof, &[], event).await {
            Err(WriteError::Refused(MAIL_CODE_UNUSED)) => {
                let case = self.log.record_refusal(&visit.origin, refused(Refusal::Replayed)).await?;
                Err(NotTaken::CodeGone(case))
            }
            outcome => Ok(outcome?),
        }
    }

    /// Writes a proof together with what it uses up and its event.
    #[expect(clippy::too_many_arguments, reason = "each is one plain part of the unit")]
    pub(super) async fn accept(
        &self,
        mut unit: Unit,
        visit: &Visit,
        flow: &Flow,
        account: &Account,
        proof: Proof,
        buckets: &[Bucket],
        event: Event,
    ) -> Result<(), WriteError> {
        let Visit { origin, browser } = visit;
        self.journeys.add_proof(&mut unit, &flow.journey, browser.id, account, proof, origin.now);
        for bucket in buckets {
            self.attempts.clear(&mut unit, bucket);
        }
        self.log.record(&mut unit, origin, event).await?;
        self.log.db().write(unit).await?;
        // A right proof is no offence of its source.
        self.state.give_back_source(TRY, &origin.source()).await;
        Ok(())
    }

    async fn wrong_code(
        &self,
        visit: &Visit,
        flow: &Flow,
        subject: &Subject,
        counted: &Counted,
        reason: Refusal,
    ) -> Result<NotTaken, NotTaken> {
        let what = What::TotpRefused { reason, minutes_off: None };
        self.wrong(visit, flow, subject, counted, what).await
    }

    async fn wrong(
        &self,
        visit: &Visit,
        flow: &Flow,
        subject: &Subject,
        counted: &Counted,
        what: What,
    ) -> Result<NotTaken, NotTaken> {
        let event = told(subject, flow, what).attempt(counted.attempt).by(Amr::Otp);
        let case = self.log.record_refusal(&visit.origin, event).await?;
        Ok(NotTaken::CodeWrong { left: counted.left, case })
    }

    /// A code that was right before. That it was is told to the owner alone.
    async fn used(
        &self,
        visit: &Visit,
        flow: &Flow,
        subject: &Subject,
        counted: &Counted,
        what: What,
    ) -> Result<NotTaken, NotTaken> {
        let wrong = self.wrong(visit, flow, subject, counted, what).await?;
        if let NotTaken::CodeWrong { case, .. } = &wrong
            && flow.has_proof()
        {
            return Ok(NotTaken::CodeUsed(case.clone()));
        }
        Ok(wrong)
    }
}

/// Condition that fails when as many codes were asked for under a name in this hour as may be.
const NAME_LEFT: &str = "mail_code_left_of_name";

/// A code to be sent: to whom, and who is counted for it.
struct Sending<'a> {
    /// None: to nobody.
    receiver: Option<&'a Account>,
    who: Option<String>,
    by_name: Option<String>,
}

impl Counted {
    /// The account that something may be proved for now, or why not.
    fn verdict<'s>(&self, subject: &'s Subject) -> Result<&'s Account, Refusal> {
        if self.locked { Err(Refusal::Locked) } else { subject.open() }
    }
}

impl Visit {
    /// The same as a part of a reset, which its events name.
    pub(super) fn on(&self, flow: &Flow) -> Self {
        Self { origin: self.origin.with_journey(flow.journey.id), browser: self.browser }
    }
}

const fn place(flow: &Flow) -> MailPlace {
    MailPlace { journey: flow.journey.id, account: flow.account, purpose: PURPOSE }
}
