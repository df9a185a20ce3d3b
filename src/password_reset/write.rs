//! The end of a reset: the new password is written, or the account unlocked, by one of those who try at the same time.

use std::time::Duration;

use super::model::{Choice, Flow, Outcome, Stage};
use super::service::{NotTaken, PasswordReset, Visit};
use super::store::{self, End};
use crate::account::Account;
use crate::account::attempt::{Bucket, Target};
use crate::directory::directories::About;
use crate::directory::model::{LOCAL, RulesShown, Unlocked};
use crate::directory::rules::{Company, PasswordRules, Weakness};
use crate::directory::{Asker, DirectoryError, How, Prepared, Whose, Written};
use crate::event::model::EndReason;
use crate::event::{CaseCode, Event, What};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::infra::hashing::HashError;
use crate::kernel::acr::Acr;
use crate::kernel::login_name::LoginName;
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

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
    Weak {
        weakness: Weakness,
        strength: u8,
    },
    Same,
    /// The directory that keeps it did not take it, or nobody knows.
    NotWritten {
        written: Written,
        case: CaseCode,
    },
    /// Somebody else is writing one in this very reset.
    Claimed,
    NotTaken(NotTaken),
}

/// Why an account was not unlocked.
pub enum NotUnlocked {
    Directory { reason: NotUnlockedReason, case: CaseCode },
    NotTaken(NotTaken),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotUnlockedReason {
    /// The account is the administrators' own, or we may not.
    NotHere,
    Unreachable,
}

impl NotUnlockedReason {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotHere => "not_here",
            Self::Unreachable => "unreachable",
        }
    }
}

impl<E: Into<NotTaken>> From<E> for NotUnlocked {
    fn from(error: E) -> Self {
        Self::NotTaken(error.into())
    }
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
            DirectoryError::Breaches(error) => {
                tracing::error!(%error, "no password can be chosen: the breach filter does not answer");
                Self::Busy
            }
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
        let prepared = self.prepare(visit, &account, new).await?;
        self.claim(visit, flow).await?;
        self.tell_of_sending(visit, &account).await?;
        let written = self.directory.write(whose(&account), &prepared, How::Reset, visit.origin.now).await;
        let outcome = match written {
            Written::Done => Outcome::Done,
            Written::DoneUnverified => Outcome::Unverified,
            Written::Refused(_)
            | Written::Protected
            | Written::NotAllowed
            | Written::WrongOld
            | Written::Unreachable
            | Written::Doubtful => {
                let case = self.not_written(visit, flow, &account, written).await?;
                return Err(NotChosen::NotWritten { written, case });
            }
        };
        let ended = self.finish(visit, flow, &account, prepared, outcome).await;
        if ended.is_err() {
            self.give_back(flow).await?;
        }
        Ok(ended?)
    }

    /// Records that a password goes to a directory of others: it cannot be one unit with what happens there.
    async fn tell_of_sending(&self, visit: &Visit, account: &Account) -> Result<(), WriteError> {
        if account.directory == LOCAL {
            return Ok(());
        }
        let sent = What::PasswordWriteSent { directory: account.directory.clone() };
        self.log.record_alone(&visit.origin, Event::of(sent, account.id).named(&account.login)).await
    }

    /// Ends the pauses of an account whose owner knows the password.
    ///
    /// # Errors
    /// Why it was not unlocked.
    pub async fn unlock(&self, visit: &Visit, flow: &Flow) -> Result<(), NotUnlocked> {
        let visit = &visit.on(flow);
        let account = self.owner_at(visit, flow, &Stage::Unlock).await?;
        let unlocked = self.directory.unlock(whose(&account), visit.origin.now).await;
        let reason = match unlocked {
            Unlocked::Done | Unlocked::NotLocked => None,
            Unlocked::Protected | Unlocked::NotAllowed => Some(NotUnlockedReason::NotHere),
            Unlocked::Unreachable | Unlocked::Doubtful => Some(NotUnlockedReason::Unreachable),
        };
        if let Some(reason) = reason {
            let event = Event::of(What::AccountNotUnlocked { reason: reason.name() }, account.id);
            let case = self.log.record_refusal(&visit.origin, event.named(&account.login)).await?;
            return Err(NotUnlocked::Directory { reason, case });
        }
        let mut unit = self.log.db().unit();
        self.directory.keep_unlocked(&mut unit, account.id);
        self.end_pauses(&mut unit, &account);
        self.end(&mut unit, visit, flow, Outcome::Unlocked, &Left::default());
        let event = Event::of(What::AccountUnlocked, account.id).named(&account.login);
        self.log.record(&mut unit, &visit.origin, event).await?;
        self.notices.unlocked(&mut unit, &account, &visit.origin)?;
        Ok(self.log.db().write(unit).await.map(|_| ())?)
    }

    /// The rules that a new password of this account has to meet.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn rules(&self, account: &Account, now: Moment) -> Result<RulesShown, NotTaken> {
        Ok(self.directory.rules_for(whose(account), company_of(account), now).await?)
    }

    async fn owner_at(&self, visit: &Visit, flow: &Flow, stage: &Stage) -> Result<Account, NotTaken> {
        match self.standing(flow, visit.origin.now).await? {
            (at, Some(account)) if at == *stage => Ok(account),
            _ => Err(NotTaken::Moved),
        }
    }

    /// Checks the two fields and the rules, and that it is not the present password again: who may have that is the
    /// very reason for another one.
    async fn prepare(
        &self,
        visit: &Visit,
        account: &Account,
        [first, second]: [&str; 2],
    ) -> Result<Prepared, NotChosen> {
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
        let names = [account.login.as_str(), account.display_name.as_str(), account.email.as_str()];
        let (source, about) = (visit.origin.source(), About { names: &names, company });
        let asker = Asker::known(source.as_str());
        match self.directory.prepare(whose(account), &password, about, asker, visit.origin.now).await {
            Ok(prepared) if prepared.is_present() => Err(NotChosen::Same),
            Ok(prepared) => Ok(prepared),
            Err(DirectoryError::Weak(weakness)) => {
                let strength = PasswordRules::strength(&password, &names);
                Err(NotChosen::Weak { weakness, strength })
            }
            Err(error) => Err(error.into()),
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
    async fn finish(
        &self,
        visit: &Visit,
        flow: &Flow,
        account: &Account,
        prepared: Prepared,
        outcome: Outcome,
    ) -> Result<(), NotTaken> {
        let origin = &visit.origin;
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
            .filter_map(|id| Some(self.clients.get(&id)?.client_name.get(account.language).to_owned()))
            .collect();
        names.sort();
        names.dedup();
        Ok(names.join("\n").chars().take(APPLICATIONS_CHARS_MAX).collect())
    }

    /// Records that the directory did not take it, and lets the person try again. Where nobody knows, whoever is signed
    /// in with the old password is signed out all the same.
    async fn not_written(
        &self,
        visit: &Visit,
        flow: &Flow,
        account: &Account,
        written: Written,
    ) -> Result<CaseCode, NotTaken> {
        let origin = &visit.origin;
        self.give_back(flow).await?;
        if written == Written::Doubtful {
            let mut unit = self.log.db().unit();
            self.sessions.end_all(&mut unit, origin, account, None, EndReason::PasswordChanged).await?;
            self.log.db().write(unit).await?;
        }
        let directory = account.directory.clone();
        let what = What::PasswordNotWritten { directory, reason: written.name() };
        let event = Event::of(what, account.id).named(&account.login);
        Ok(self.log.record_refusal(origin, event).await?)
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

/// Whose password is meant.
fn whose(account: &Account) -> Whose<'_> {
    Whose::kept_by(account.id, &account.directory)
}

/// Whether the account's password ever stands alone.
fn company_of(account: &Account) -> Company {
    if account.required_acr > Acr::Pwd { Company::WithSecond } else { Company::Alone }
}
