//! "This was not me": a code from a notice, typed on our own page, contains the account. Its owner opens it again by a
//! reset, or the operator does.

use super::service::{NotTaken, PasswordReset, Visit};
use crate::account::Account;
use crate::account::not_me::{Looked, NOT_ME_UNUSED, NotMeCode, Reported};
use crate::account::service::NOT_CONTAINED;
use crate::event::log::CASE_CODE_FREE;
use crate::event::model::{EndReason, Refusal};
use crate::event::{CaseCode, Event, What};
use crate::infra::database::WriteError;
use crate::kernel::id::AccountId;

/// How often a case code that is in use is drawn anew.
const DRAWS_MAX: u32 = 8;

impl PasswordReset {
    /// Contains the account that a code is of; gives the case code of what was reported.
    ///
    /// # Errors
    /// Why nothing was done.
    pub async fn report(&self, visit: &Visit, raw: &str) -> Result<CaseCode, NotTaken> {
        let origin = &visit.origin;
        self.admit_source(origin, |seconds| Event::new(What::SignInPaused { seconds })).await?;
        let code = NotMeCode::parse(raw).ok_or(NotTaken::CodeMalformed)?;
        let (reason, account) = match self.not_me.look(&code, origin.now).await? {
            Looked::Good(reported) => match self.accounts.by_id(reported.account).await? {
                Some(account) => return self.contain(visit, &account, &reported).await,
                None => (Refusal::Gone, None),
            },
            Looked::Used(account) => (Refusal::Replayed, Some(account)),
            Looked::Expired(account) => (Refusal::Gone, Some(account)),
            Looked::TooOften(account) => (Refusal::TooOften, Some(account)),
            Looked::Unknown => (Refusal::Wrong, None),
        };
        Err(self.refuse_report(visit, reason, account).await?)
    }

    async fn contain(
        &self,
        visit: &Visit,
        account: &Account,
        reported: &Reported,
    ) -> Result<CaseCode, NotTaken> {
        let mut is_contained = account.contained_at.is_some();
        for _ in 0..DRAWS_MAX {
            match self.contain_once(visit, account, reported, is_contained).await {
                Ok(case) => return Ok(case),
                Err(WriteError::Refused(CASE_CODE_FREE)) => {}
                // By another code, at the same moment: then this one is reported alone.
                Err(WriteError::Refused(NOT_CONTAINED)) => is_contained = true,
                Err(WriteError::Refused(NOT_ME_UNUSED)) => {
                    return Err(self.refuse_report(visit, Refusal::Replayed, Some(account.id)).await?);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(NotTaken::Busy)
    }

    async fn contain_once(
        &self,
        visit: &Visit,
        account: &Account,
        reported: &Reported,
        is_contained: bool,
    ) -> Result<CaseCode, WriteError> {
        let origin = &visit.origin;
        let about = reported.about.name();
        let mut unit = self.log.db().unit();
        self.not_me.use_up(&mut unit, reported, origin.now);
        if !is_contained {
            self.accounts.contain(&mut unit, account.id, origin.now);
            self.sessions.end_all(&mut unit, origin, account, None, EndReason::NotMe).await?;
            let event = Event::of(What::AccountContained { about }, account.id).named(&account.login);
            self.log.record(&mut unit, origin, event).await?;
            self.notices.contained(&mut unit, account, origin.now)?;
        }
        let finding = Event::of(What::ReportedNotMe { about }, account.id).named(&account.login);
        let case = self.log.record_under_case(&mut unit, origin, finding).await?;
        self.log.db().write(unit).await?;
        Ok(case)
    }

    async fn refuse_report(
        &self,
        visit: &Visit,
        reason: Refusal,
        account: Option<AccountId>,
    ) -> Result<NotTaken, NotTaken> {
        let event = Event { subject: account, ..Event::new(What::NotMeRefused { reason }) };
        Ok(NotTaken::CodeGone(self.log.record_refusal(&visit.origin, event).await?))
    }
}
