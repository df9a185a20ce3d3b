//! The end of a reset: the new password is written, or the account unlocked, by one of those who try at the same time.

use std::time::Duration;

use super::model::{Choice, Flow, Outcome, Stage};
use super::service::{NotTaken, PasswordReset, Visit};
use super::store::{self, End};
use crate::account::Account;
use crate::account::attempt::{Bucket, Target};
use crate::directory::Answer;
use crate::directory::local::{DirectoryError, NewPassword};
use crate::directory::rules::{Company, PasswordRules, Weakness};
use crate::event::model::EndReason;
use crate::event::{CaseCode, Event, What};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::infra::hashing::HashError;
use crate::kernel::acr::Acr;
use crate::kernel::login_name::LoginName;
use crate::kernel::proof::Binding;
use crate::kernel::secret::Password;

/// Condition that fails when somebody else writes the password of this reset, or it has ended.
const RESET_FREE: &str = "reset_not_claimed";
/// Condition that fails when the reset has ended in the meantime.
const RESET_OPEN: &str = "reset_not_ended";
/// After this a node that claimed a reset and was not heard of again has died.
const CLAIM_LASTS: Duration = Duration::from_mins(2);
/// Characters of the list of applications that is kept for the receipt.
const APPLICATIONS_CHARS_MAX: usize = 2_000;

/// Why a new password was not taken. Nothing is changed then.
pub enum NotChosen {
    Different,
    Weak { weakness: Weakness, strength: u8 },
    Same,
    /// Somebody else is writing one in this very reset.
    Claimed,
    NotTaken(NotTaken),
}

impl<E: Into<NotTaken>> From<E> for NotChosen {
    fn from(error: E) -> Self {
        Self::NotTaken(error.into())
    }
}

impl From<DirectoryError> for NotTaken {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Hash(HashError::Full) => Self::Busy,
            DirectoryError::Hash(error @ HashError::Broken) => {
                Self::Write(WriteError::Unavailable(DbErr::Custom(error.to_string())))
            }
            DirectoryError::Database(error) => error.into(),
            DirectoryError::Weak(_) => Self::Moved,
        }
    }
}

impl PasswordReset {
    /// # Errors
    /// Why the password was not taken.
    pub async fn choose(&self, visit: &Visit, flow: &Flow, new: [&str; 2]) -> Result<(), NotChosen> {
        let visit = &visit.on(flow);
        let account = self.owner_at(visit, flow, &Stage::NewPassword).await?;
        let prepared = self.prepare(visit, flow, &account, new).await?;
        self.claim(visit, flow).await?;
        let written = self.write_new(visit, flow, &account, prepared).await;
        if written.is_err() {
            self.give_back(flow).await?;
        }
        Ok(written?)
    }

    /// Ends the pauses of an account whose owner knows the password.
    ///
    /// # Errors
    /// Why it was not unlocked.
    pub async fn unlock(&self, visit: &Visit, flow: &Flow) -> Result<(), NotTaken> {
        let visit = &visit.on(flow);
        let account = self.owner_at(visit, flow, &Stage::Unlock).await?;
        let mut unit = self.log.db().unit();
        self.end_pauses(&mut unit, &account);
        self.end(&mut unit, visit, flow, Outcome::Unlocked, &Left::default());
        let event = Event::of(What::AccountUnlocked, account.id).named(&account.login);
        self.log.record(&mut unit, &visit.origin, event).await?;
        self.notices.unlocked(&mut unit, &account, &visit.origin)?;
        Ok(self.log.db().write(unit).await.map(|_| ())?)
    }

    /// Least characters of a new password of this account.
    pub fn length_min(&self, account: &Account) -> usize {
        self.directory.rules().length_min(company_of(account))
    }

    async fn owner_at(&self, visit: &Visit, flow: &Flow, stage: &Stage) -> Result<Account, NotTaken> {
        match self.standing(flow, visit.origin.now).await? {
            (at, Some(account)) if at == *stage => Ok(account),
            _ => Err(NotTaken::Moved),
        }
    }

    /// Checks the two fields and the rules, and that it is not the present password again.
    async fn prepare(
        &self,
        visit: &Visit,
        flow: &Flow,
        account: &Account,
        [first, second]: [&str; 2],
    ) -> Result<NewPassword, NotChosen> {
        if first != second {
            return Err(NotChosen::Different);
        }
        let company = company_of(account);
        if first.is_empty() {
            let missing = self.directory.rules().length_min(company);
            return Err(NotChosen::Weak { weakness: Weakness::Short { missing }, strength: 0 });
        }
        let too_long = NotChosen::Weak { weakness: Weakness::Long, strength: 4 };
        let password = Password::parse(first).ok_or(too_long)?;
        let about = [account.login.as_str(), account.display_name.as_str(), account.email.as_str()];
        let (source, now) = (visit.origin.source(), visit.origin.now);
        let source = source.as_str();
        let prepared = self.directory.prepare(account.id, &password, &about, company, source, now).await;
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(DirectoryError::Weak(weakness)) => {
                let strength = PasswordRules::strength(&password, &about);
                return Err(NotChosen::Weak { weakness, strength });
            }
            Err(error) => return Err(error.into()),
        };
        let binding = Binding { journey: flow.journey.id, account: account.id };
        let present = self.directory.verify(binding, Some(&password), source, now).await?;
        match present.answer {
            // Who may have it is the very reason for another one.
            Answer::Right(_) | Answer::RightButExpired { .. } | Answer::RightButMustChange(_) => {
                Err(NotChosen::Same)
            }
            Answer::Wrong | Answer::Locked | Answer::Disabled | Answer::Ended | Answer::Unreachable => {
                Ok(prepared)
            }
        }
    }

    /// Of all who are this far at the same moment, in how many tabs and on how many nodes, one goes on.
    async fn claim(&self, visit: &Visit, flow: &Flow) -> Result<(), NotChosen> {
        let now = visit.origin.now;
        let stale = now.minus(CLAIM_LASTS).micros();
        let mut unit = self.log.db().unit();
        unit.require(RESET_FREE, &store::claim(flow.journey.id.uuid(), now.micros(), stale));
        // No event: nothing is written yet; what comes of it is recorded.
        match self.log.db().write(unit).await {
            Ok(_) => Ok(()),
            Err(WriteError::Refused(RESET_FREE)) => Err(NotChosen::Claimed),
            Err(error) => Err(error.into()),
        }
    }

    async fn give_back(&self, flow: &Flow) -> Result<(), NotTaken> {
        let mut unit = self.log.db().unit();
        unit.run(&store::give_back(flow.journey.id.uuid()));
        // No event: nothing was written.
        Ok(self.log.db().write(unit).await.map(|_| ())?)
    }

    /// The new password and all that ends with the old one, in one unit.
    async fn write_new(
        &self,
        visit: &Visit,
        flow: &Flow,
        account: &Account,
        prepared: NewPassword,
    ) -> Result<(), NotTaken> {
        let origin = &visit.origin;
        let outcome = Outcome::Done;
        let mut left = Left { applications: self.open_applications(visit, account).await?, sessions: 0 };
        let mut unit = self.log.db().unit();
        self.directory.put(&mut unit, prepared);
        self.end_pauses(&mut unit, account);
        self.accounts.release(&mut unit, account.id);
        // Sessions, codes and refresh tokens of before: all of them carry the epoch.
        self.accounts.raise_epoch(&mut unit, account.id);
        left.sessions =
            self.sessions.end_all(&mut unit, origin, account, None, EndReason::PasswordChanged).await?;
        self.end(&mut unit, visit, flow, outcome, &left);
        let what = What::PasswordReset { verified: outcome == Outcome::Done };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        if account.contained_at.is_some() {
            let event = Event::of(What::AccountReleased, account.id).named(&account.login);
            self.log.record(&mut unit, origin, event).await?;
        }
        self.notices.password_reset(&mut unit, account, origin)?;
        Ok(self.log.db().write(unit).await.map(|_| ())?)
    }

    /// Our own pauses end, for strangers too: what they paused was the old password.
    fn end_pauses(&self, unit: &mut Unit, account: &Account) {
        self.attempts.clear_all(unit, Target::Password, account.id);
        for name in [&account.login, &account.email].into_iter().filter_map(|name| LoginName::parse(name)) {
            let digest = self.log.digest_of_unknown(name.as_str());
            self.attempts.clear(unit, &Bucket::of_typed_name(Target::Password, &digest));
        }
    }

    fn end(&self, unit: &mut Unit, visit: &Visit, flow: &Flow, outcome: Outcome, left: &Left) {
        let now = visit.origin.now;
        let end = End {
            outcome: outcome.name(),
            sessions: i64::try_from(left.sessions).unwrap_or(i64::MAX),
            applications: &left.applications,
            now: now.micros(),
        };
        unit.require(RESET_OPEN, &store::finish(flow.journey.id.uuid(), &end));
        self.journeys.finish(unit, &flow.journey, visit.browser.id, now);
    }

    /// The applications that were reached through sessions that end now, a line each.
    async fn open_applications(&self, visit: &Visit, account: &Account) -> Result<String, NotTaken> {
        let open = self.sessions.open_of(account, visit.origin.now).await?;
        let reached = self.sessions.clients_of(&open).await?;
        let mut names: Vec<String> = reached
            .into_values()
            .flatten()
            .filter_map(|id| Some(self.clients.get(&id)?.name.clone()))
            .collect();
        names.sort();
        names.dedup();
        Ok(names.join("\n").chars().take(APPLICATIONS_CHARS_MAX).collect())
    }

    /// Records that a step could not be taken for a reason that a person may phone about.
    pub(super) async fn failed(
        &self,
        visit: &Visit,
        account: &Account,
        reason: &'static str,
    ) -> Result<CaseCode, NotTaken> {
        let event = Event::of(What::PasswordResetFailed { reason }, account.id).named(&account.login);
        Ok(self.log.record_refusal(&visit.origin, event).await?)
    }

    /// What was proved so far, for the page that asks for more.
    pub fn proved(flow: &Flow) -> Vec<Choice> {
        Choice::among(flow.journey.proved())
    }
}

/// What the old password leaves behind.
#[derive(Default)]
struct Left {
    sessions: usize,
    applications: String,
}

/// Whether the account's password ever stands alone.
fn company_of(account: &Account) -> Company {
    if account.required_acr > Acr::Pwd { Company::WithSecond } else { Company::Alone }
}
