//! What the use cases of people share.

use super::execute::{Work, failed};
use crate::account::Account;
use crate::account::attempt::{Bucket, Target};
use crate::account::service::AccountError;
use crate::app::Failure;
use crate::directory::directories::About;
use crate::directory::model::LOCAL;
use crate::directory::rules::{Company, Weakness};
use crate::directory::{Asker, DirectoryError, Prepared, Whose};
use crate::event::Event;
use crate::event::model::EndReason;
use crate::infra::database::Unit;
use crate::kernel::id::AccountId;
use crate::kernel::login_name::LoginName;
use crate::kernel::role::Role;
use crate::kernel::secret::{Password, Secret};
use crate::policy::Resource;

impl Work<'_> {
    pub(super) fn resource(&self, account: &Account) -> Resource {
        Resource::Account(account.person(self.origin.now))
    }

    pub(super) async fn person(&self, name: &str) -> Result<Account, Failure> {
        let account = self.opened.accounts.by_name(&parse_name(name)?).await.map_err(failed)?;
        account.ok_or_else(|| Failure::Input(format!("no account has the name `{name}`")))
    }

    /// A password that meets the rules, hashed.
    pub(super) async fn prepare(
        &self,
        id: AccountId,
        text: &Secret<String>,
        names: &[&str],
    ) -> Result<Prepared, Failure> {
        let wrong = |text: &str| Failure::Input(format!("the password {text}"));
        let password = Password::parse(text.expose()).ok_or_else(|| wrong("is empty or far too long"))?;
        let directory = &self.opened.directory;
        let (whose, about) = (Whose::kept_by(id, LOCAL), About { names, company: Company::WithSecond });
        match directory.prepare(whose, &password, about, Asker::known("operator"), self.origin.now).await {
            Ok(prepared) => Ok(prepared),
            Err(DirectoryError::Weak(weakness)) => Err(wrong(&in_words(weakness))),
            Err(
                error @ (DirectoryError::Hash(_) | DirectoryError::Database(_) | DirectoryError::Breaches(_)),
            ) => Err(failed(error)),
        }
    }

    /// Ends all pauses of a person: those of the account, and those of its names as strangers typed them.
    pub(super) fn forget_attempts(&self, unit: &mut Unit, account: &Account) {
        let opened = self.opened;
        opened.attempts.forget_account(unit, account.id);
        for name in [&account.login, &account.email].into_iter().filter_map(|name| LoginName::parse(name)) {
            let digest = opened.log.digest_of_unknown(name.as_str());
            opened.attempts.clear(unit, &Bucket::of_typed_name(Target::Password, &digest));
        }
    }

    /// Ends every session of a person in the unit of what makes it necessary.
    pub(super) async fn end_sessions(
        &self,
        unit: &mut Unit,
        account: &Account,
        reason: EndReason,
    ) -> Result<usize, Failure> {
        let sessions = &self.opened.sessions;
        sessions.end_all(unit, &self.origin, account, None, reason).await.map_err(failed)
    }

    /// Makes a unit durable together with its event.
    pub(super) async fn record_with(&self, mut unit: Unit, event: Event) -> Result<(), Failure> {
        self.opened.log.record(&mut unit, &self.origin, event).await.map_err(failed)?;
        self.opened.db.write(unit).await.map(|_| ()).map_err(failed)
    }
}

fn in_words(weakness: Weakness) -> String {
    match weakness {
        Weakness::Short { missing } => format!("is too short by {missing} characters"),
        Weakness::Long => "is too long".to_owned(),
        Weakness::Name => "contains something of the person's own".to_owned(),
        Weakness::Previous => "is too near to the previous one".to_owned(),
        Weakness::Listed => "is on the list of refused passwords".to_owned(),
        Weakness::Breached => {
            "is, or may be, on the list of passwords known from breaches: choose another one".to_owned()
        }
        Weakness::Guessable => "is too easy to guess; --generate makes a good one".to_owned(),
    }
}

pub fn parse_name(name: &str) -> Result<LoginName, Failure> {
    LoginName::parse(name).ok_or_else(|| Failure::Input(format!("`{name}` is no user name")))
}

/// Whether it looks like something that mail can be sent to.
pub fn is_address(text: &str) -> bool {
    let sound = |part: &str| !part.is_empty() && !part.contains(['@', '<', '>', ',', '"', '\\']);
    text.trim().rsplit_once('@').is_some_and(|(local, domain)| sound(local) && sound(domain))
}

/// Everyone works here, whatever else they do.
pub fn with_staff(mut roles: Vec<Role>) -> Vec<Role> {
    roles.push(Role::Staff);
    roles.sort_unstable();
    roles.dedup();
    roles
}

pub fn has(account: &Account, role: Role) -> bool {
    account.grants.iter().any(|grant| grant.role == role && grant.organisation == account.organisation)
}

pub fn account_failure(error: AccountError) -> Failure {
    match error {
        AccountError::NameTaken | AccountError::NotFound | AccountError::BadAddress(_) => {
            Failure::Input(error.to_string())
        }
        AccountError::Changed | AccountError::Database(_) | AccountError::Write(_) => failed(error),
    }
}
