//! What a directory says of somebody's names: it changes, and the account stays the same.

use super::model::Account;
use super::service::{AccountError, Accounts, NAME_FREE, STATE_UNCHANGED};
use super::store::{self, account_name};
use crate::event::{Event, Origin, What};
use crate::infra::database::Unit;
use crate::kernel::language::Language;
use crate::kernel::login_name::LoginName;

/// How a directory calls a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub login: LoginName,
    pub display_name: String,
    pub email: String,
    pub language: Language,
    /// Every name that the person signs in with.
    pub names: Vec<LoginName>,
}

impl Described {
    /// What of it is otherwise than the account has it.
    pub fn differs(&self, account: &Account) -> Vec<String> {
        let differs = [
            ("login", self.login.as_str() != account.login),
            ("display_name", self.display_name != account.display_name),
            ("email", self.email != account.email),
            ("language", self.language != account.language),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
    }
}

impl Accounts {
    /// Calls an account as its directory does, together with what belongs to it. The names before are free then.
    ///
    /// # Errors
    /// A name is taken by another account, or the database does not take it.
    pub async fn describe_with(
        &self,
        mut unit: Unit,
        origin: &Origin,
        account: &Account,
        as_said: &Described,
    ) -> Result<(), AccountError> {
        let id = account.id.uuid();
        unit.require(
            STATE_UNCHANGED,
            &store::describe(
                id,
                as_said.login.as_str(),
                &as_said.display_name,
                &as_said.email,
                as_said.language.code(),
            ),
        );
        unit.run(&store::forget_names(id));
        let mut names: Vec<&str> = as_said.names.iter().map(LoginName::as_str).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            unit.insert_once(NAME_FREE, account_name::Model { name: name.to_owned(), account_id: id });
        }
        let what = What::AccountDescribed { members: as_said.differs(account) };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(as_said.login.as_str())).await?;
        self.db.write(unit).await?;
        self.forget_names();
        Ok(())
    }
}
