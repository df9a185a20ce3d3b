//! The step for a password that has run out, or that someone else has set: choosing a new one, from
//! wherever the person is.

use super::service::{NotTaken, SignIn, Taken, Visit};
use crate::account::Account;
use crate::directory::directories::About;
use crate::directory::local::DirectoryError;
use crate::directory::model::{How, LOCAL, RulesShown, Written};
use crate::directory::rules::{Company, PasswordRules, Weakness};
use crate::directory::{Asker, Prepared, Whose};
use crate::event::model::EndReason;
use crate::event::{CaseCode, Event, Origin, What};
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::Acr;
use crate::kernel::proof::Binding;
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;
use crate::policy::Action;

/// Why a new password was not taken.
pub enum NotChosen {
    Different,
    Weak {
        weakness: Weakness,
        strength: u8,
    },
    Same,
    /// The directory that keeps it did not take it.
    NotWritten {
        written: Written,
        case: CaseCode,
    },
    NotTaken(NotTaken),
}

impl NotChosen {
    /// What is left of it where no page tells of the password.
    pub fn cause(self) -> NotTaken {
        match self {
            Self::NotTaken(error) => error,
            Self::Different | Self::Same | Self::Weak { .. } | Self::NotWritten { .. } => NotTaken::Moved,
        }
    }
}

impl<E: Into<NotTaken>> From<E> for NotChosen {
    fn from(error: E) -> Self {
        Self::NotTaken(error.into())
    }
}

impl SignIn {
    /// # Errors
    /// Why the password was not taken; nothing is changed then.
    pub async fn take_new_password(
        &self,
        visit: &Visit,
        journey: &Journey,
        new: [&str; 2],
    ) -> Result<Taken, NotChosen> {
        let visit = &visit.on(journey.id);
        let Visit { origin, browser, .. } = visit;
        let account = self.at_step(journey, |step| *step == Step::NewPassword, origin.now).await?;
        let _permit = self.permit_own(&account, Action::ChangeOwnPassword, origin.now)?;
        let binding = Binding { journey: journey.id, account: account.id };
        let prepared = self.prepare_new(origin, &account, new).await?;
        let whose = Whose::kept_by(account.id, &account.directory);
        let first = self.directory.standing(whose, origin.now).await?.is_none();
        self.write_new(origin, &account, &prepared, How::Reset).await?;
        let mut unit = self.log.db().unit();
        self.directory.put(&mut unit, prepared);
        // Whoever had the old one, and a session by it, is out.
        self.sessions.end_all(&mut unit, origin, &account, None, EndReason::PasswordChanged).await?;
        let proof = self.directory.chosen(binding, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        self.log
            .record(&mut unit, origin, Event::of(What::PasswordSet, account.id).named(&account.login))
            .await?;
        // Whoever was invited was told of that already, and had none before.
        if !first {
            self.notices.password_changed(&mut unit, &account, origin)?;
        }
        Ok(self.go_on(unit, visit, next, &account).await?)
    }

    /// Writes a password into the directory of another. That it goes there is recorded before, and what became of
    /// it after: it cannot be one unit with what happens elsewhere.
    pub(super) async fn write_new(
        &self,
        origin: &Origin,
        account: &Account,
        prepared: &Prepared,
        how: How<'_>,
    ) -> Result<(), NotChosen> {
        let whose = Whose::kept_by(account.id, &account.directory);
        if account.directory == LOCAL {
            return Ok(());
        }
        let directory = account.directory.clone();
        let sent = Event::of(What::PasswordWriteSent { directory: directory.clone() }, account.id);
        self.log.record_alone(origin, sent.named(&account.login)).await?;
        let written = self.directory.write(whose, prepared, how, origin.now).await;
        if written.is_done() {
            return Ok(());
        }
        let what = What::PasswordNotWritten { directory, reason: written.name() };
        let case = self.refuse(origin, Event::of(what, account.id).named(&account.login)).await?;
        Err(NotChosen::NotWritten { written, case })
    }

    /// The rules for a person's password; where the directory does not tell, ours.
    pub(super) async fn rules_for(&self, account: &Account, now: Moment) -> RulesShown {
        let (whose, company) = (Whose::kept_by(account.id, &account.directory), company_of(account));
        let rules = self.directory.rules_for(whose, company, now).await;
        rules.unwrap_or_else(|error| {
            tracing::warn!(%error, "the rules of a directory were not read");
            self.directory.rules_of_ours(company)
        })
    }

    /// Checks the two fields and the rules, and that it is not the present password again.
    pub(super) async fn prepare_new(
        &self,
        origin: &Origin,
        account: &Account,
        [first, second]: [&str; 2],
    ) -> Result<Prepared, NotChosen> {
        if first != second {
            return Err(NotChosen::Different);
        }
        let company = company_of(account);
        let missing = self.directory.rules().length_min(company);
        let short = NotChosen::Weak { weakness: Weakness::Short { missing }, strength: 0 };
        if first.is_empty() {
            return Err(short);
        }
        let too_long = NotChosen::Weak { weakness: Weakness::Long, strength: 4 };
        let password = Password::parse(first).ok_or(too_long)?;
        let own = account.own_words();
        let names: Vec<&str> = own.iter().map(String::as_str).collect();
        let (source, about) = (origin.source(), About { names: &names, company });
        let whose = Whose::kept_by(account.id, &account.directory);
        let asker = Asker::known(source.as_str());
        match self.directory.prepare(whose, &password, about, asker, origin.now).await {
            Ok(prepared) if prepared.is_present() => Err(NotChosen::Same),
            Ok(prepared) => Ok(prepared),
            Err(DirectoryError::Weak(weakness)) => {
                let strength = PasswordRules::strength(&password, &names);
                Err(NotChosen::Weak { weakness, strength })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the account's password ever stands alone.
pub(super) fn company_of(account: &Account) -> Company {
    if account.required_acr > Acr::Pwd { Company::WithSecond } else { Company::Alone }
}
