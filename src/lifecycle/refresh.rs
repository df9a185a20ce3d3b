//! Reading the directories in turns.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

use super::decide::{NotTakenIn, described, state_after};
use crate::account::described::Described;
use crate::account::service::AccountError;
use crate::account::{Account, Accounts, NewAccount, State};
use crate::directory::ldap::changes::PersonRow;
use crate::directory::ldap::{DirectoryState, PersonEntry};
use crate::directory::{Directories, LdapDirectory};
use crate::event::model::EndReason;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{DbErr, WriteError};
use crate::infra::ldap::LdapFailure;
use crate::kernel::acr::Acr;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, OrganisationId};
use crate::kernel::role::Role;
use crate::session::Sessions;

/// People who are looked at side by side.
const SIDE_BY_SIDE: usize = 32;
/// Rows of one unit where nothing but dates has changed.
const ROWS_OF_A_UNIT: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error("the directory `{directory}` was not read")]
    Directory { directory: String, source: LdapFailure },
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

type Members = BTreeMap<Role, BTreeSet<Vec<u8>>>;

/// Keeps accounts as their directories say; cheap to clone.
#[derive(Clone)]
pub struct Lifecycle {
    pub accounts: Accounts,
    pub sessions: Sessions,
    pub directory: Directories,
    pub log: EventLog,
    pub entropy: Entropy,
    /// The organisation of everyone, where none was made yet.
    pub house: Arc<str>,
    /// The members of groups as they were last applied, by directory.
    pub applied: Arc<Mutex<HashMap<String, Members>>>,
}

impl Lifecycle {
    /// Reads every directory once. One that does not answer keeps no other from being read.
    ///
    /// # Errors
    /// The first of what went wrong.
    pub async fn refresh(&self, origin: &Origin) -> Result<(), RefreshError> {
        let mut first = Ok(());
        for directory in self.directory.others() {
            let read = self.refresh_one(origin, directory).await;
            first = first.and(read);
        }
        first
    }

    async fn refresh_one(&self, origin: &Origin, directory: &LdapDirectory) -> Result<(), RefreshError> {
        let read = directory.changes(directory.cursor().await?, origin.now).await;
        let changes = read.map_err(|source| {
            let directory = directory.name().to_owned();
            RefreshError::Directory { directory, source }
        })?;
        let rows = directory.people().await?;
        let mut rows: HashMap<Vec<u8>, PersonRow> =
            rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        let organisation = self.accounts.default_organisation(&self.house, origin.now).await?;
        let people: Vec<(PersonEntry, Option<PersonRow>)> = changes
            .people
            .into_iter()
            .map(|person| (rows.remove(&person.key), person))
            .map(|(row, person)| (person, row))
            .collect();
        let has_new = people.iter().any(|(_, row)| row.is_none());
        self.take_in_all(origin, directory, organisation, people).await?;
        if changes.is_all {
            for row in rows.values().filter(|row| row.state != DirectoryState::Gone.name()) {
                self.leave(origin, directory, row).await?;
            }
        }
        let known =
            self.applied.lock().unwrap_or_else(PoisonError::into_inner).get(directory.name()).cloned();
        if changes.is_all || has_new || known.as_ref() != Some(&changes.roles) {
            self.grant_all(origin, directory, &changes.roles).await?;
            let mut applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
            applied.insert(directory.name().to_owned(), changes.roles);
        }
        let mut unit = self.log.db().unit();
        directory.put_cursor(&mut unit, changes.cursor);
        // No event: what was read has its own.
        self.log.db().write(unit).await?;
        Ok(())
    }

    async fn take_in_all(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        organisation: OrganisationId,
        people: Vec<(PersonEntry, Option<PersonRow>)>,
    ) -> Result<(), RefreshError> {
        let mut waiting = people.into_iter();
        let mut work: JoinSet<Result<Option<PersonRow>, RefreshError>> = JoinSet::new();
        let mut plain: Vec<PersonRow> = vec![];
        loop {
            while work.len() < SIDE_BY_SIDE
                && let Some((person, row)) = waiting.next()
            {
                let (own, origin, directory) = (self.clone(), origin.clone(), directory.clone());
                work.spawn(async move {
                    match row {
                        Some(row) => own.keep(&origin, &directory, &person, &row).await,
                        None => own.join(&origin, &directory, organisation, &person).await.map(|()| None),
                    }
                });
            }
            match work.join_next().await {
                None => break,
                Some(Ok(done)) => plain.extend(done?),
                Some(Err(error)) => tracing::error!(%error, "somebody of a directory was not looked at"),
            }
            if plain.len() >= ROWS_OF_A_UNIT {
                self.put_rows(directory, std::mem::take(&mut plain)).await?;
            }
        }
        self.put_rows(directory, plain).await
    }

    async fn put_rows(&self, directory: &LdapDirectory, rows: Vec<PersonRow>) -> Result<(), RefreshError> {
        let mut unit = self.log.db().unit();
        for row in rows {
            directory.put_person(&mut unit, row);
        }
        // No event: what a directory says of a password's dates changes nothing here.
        self.log.db().write(unit).await?;
        Ok(())
    }

    /// Somebody new.
    async fn join(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        organisation: OrganisationId,
        person: &PersonEntry,
    ) -> Result<(), RefreshError> {
        let as_said = match described(person, directory.config()) {
            Ok(as_said) => as_said,
            Err(why) => return self.refuse(origin, directory, person, why).await,
        };
        let Some(as_said) = self.with_free_names(origin, directory, person, as_said, None).await? else {
            return Ok(());
        };
        let id = AccountId::new(origin.now, &self.entropy);
        let is_open = person.state == DirectoryState::Active;
        let new = NewAccount {
            login: as_said.login.clone(),
            display_name: as_said.display_name.clone(),
            email: as_said.email.clone(),
            language: as_said.language,
            organisation,
            roles: vec![Role::Staff],
            protected: person.is_protected,
            directory: directory.name().to_owned(),
            state: if is_open { State::Active } else { State::Disabled },
            claims: serde_json::Map::new(),
            required_acr: Acr::Mfa,
        };
        let row = directory.row_of(id, person, None, origin.now);
        let with = |unit: &mut _| directory.put_person(unit, row);
        match self.accounts.add_named(origin, id, new, &as_said.names, with).await {
            Ok(()) => {}
            Err(AccountError::NameTaken) => {
                return self.refuse(origin, directory, person, NotTakenIn::NameTaken).await;
            }
            Err(error) => return Err(error.into()),
        }
        if let (Some(_), Some(account)) = (person.ends_at, self.accounts.by_id(id).await?) {
            self.accounts.set_end(origin, &account, person.ends_at).await?;
        }
        Ok(())
    }

    /// Somebody known: gives the row back where nothing but that is to be written.
    async fn keep(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        person: &PersonEntry,
        before: &PersonRow,
    ) -> Result<Option<PersonRow>, RefreshError> {
        let id = LdapDirectory::account_of(before);
        let Some(mut account) = self.accounts.by_id(id).await? else { return Ok(None) };
        let row = directory.row_of(id, person, Some(before), origin.now);
        let mut is_written = false;
        if let Some(state) = state_after(&before.state, person.state, &account) {
            self.change_state(origin, directory, &account, state, row.clone()).await?;
            is_written = true;
        }
        if person.ends_at != account.ends_at {
            let mut unit = self.log.db().unit();
            directory.put_person(&mut unit, row.clone());
            if person.ends_at.is_some_and(|end| end <= origin.now) {
                let reason = EndReason::AccountEnded;
                self.sessions.end_all(&mut unit, origin, &account, None, reason).await?;
            }
            self.accounts.set_end_with(unit, origin, &account, person.ends_at).await?;
            is_written = true;
        }
        if is_written {
            // Both have raised the epoch or the end: what follows goes by the account as it is now.
            account = self.accounts.by_id(id).await?.unwrap_or(account);
        }
        let as_said = match described(person, directory.config()) {
            Ok(as_said) if !as_said.differs(&account).is_empty() => as_said,
            Ok(_) => return Ok((!is_written).then_some(row)),
            Err(why) => {
                self.refuse(origin, directory, person, why).await?;
                return Ok((!is_written).then_some(row));
            }
        };
        let Some(as_said) = self.with_free_names(origin, directory, person, as_said, Some(id)).await? else {
            return Ok((!is_written).then_some(row));
        };
        let mut unit = self.log.db().unit();
        directory.put_person(&mut unit, row);
        self.accounts.describe_with(unit, origin, &account, &as_said).await?;
        Ok(None)
    }

    /// Somebody who was there and is not any more.
    async fn leave(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        before: &PersonRow,
    ) -> Result<(), RefreshError> {
        let Some(account) = self.accounts.by_id(LdapDirectory::account_of(before)).await? else {
            return Ok(());
        };
        let row = directory.row_of_gone(before, origin.now);
        match state_after(&before.state, DirectoryState::Gone, &account) {
            Some(state) => self.change_state(origin, directory, &account, state, row).await,
            None => self.put_rows(directory, vec![row]).await,
        }
    }

    /// Opens or closes an account; what was open under it ends, and what was issued is worth nothing.
    async fn change_state(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        account: &Account,
        state: State,
        row: PersonRow,
    ) -> Result<(), RefreshError> {
        let mut unit = self.log.db().unit();
        directory.put_person(&mut unit, row);
        if state == State::Disabled {
            self.sessions.end_all(&mut unit, origin, account, None, EndReason::AccountEnded).await?;
        }
        Ok(self.accounts.set_state_with(unit, origin, account, state).await?)
    }

    /// Leaves out further names that another account has; `None` where the login or the address is one of those.
    async fn with_free_names(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        person: &PersonEntry,
        mut as_said: Described,
        own: Option<AccountId>,
    ) -> Result<Option<Described>, RefreshError> {
        let mut free = vec![];
        let mut is_taken = false;
        for (position, name) in as_said.names.iter().enumerate() {
            let holder = self.accounts.by_name(name).await?.map(|account| account.id);
            if holder.is_none() || holder == own {
                free.push(name.clone());
            } else {
                self.refuse(origin, directory, person, NotTakenIn::NameTaken).await?;
                // Without the login or the address nobody is somebody.
                is_taken |= position < 2;
            }
        }
        as_said.names = free;
        Ok((!is_taken).then_some(as_said))
    }

    async fn refuse(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        person: &PersonEntry,
        why: NotTakenIn,
    ) -> Result<(), RefreshError> {
        // Machines and services have no address, and there are many of them.
        if why == NotTakenIn::NoMail {
            tracing::debug!(dn = person.dn, "somebody of a directory has no mail address");
            return Ok(());
        }
        let what =
            What::DirectoryPersonRefused { directory: directory.name().to_owned(), reason: why.name() };
        self.log.record_alone(origin, Event::new(what).named(&person.login)).await?;
        Ok(())
    }

    /// Gives everyone of a directory the roles of their groups, and takes those away that groups gave before.
    async fn grant_all(
        &self,
        origin: &Origin,
        directory: &LdapDirectory,
        members: &Members,
    ) -> Result<(), RefreshError> {
        // Where a role has no group, the directory has no say in it.
        if members.is_empty() {
            return Ok(());
        }
        let people = directory.people().await?;
        let keys: HashMap<AccountId, Vec<u8>> =
            people.into_iter().map(|row| (LdapDirectory::account_of(&row), row.key)).collect();
        for account in self.accounts.all().await? {
            let Some(key) = keys.get(&account.id) else { continue };
            for (role, of_role) in members {
                let has = account.grants.iter().any(|grant| grant.role == *role);
                match (of_role.contains(key), has) {
                    (true, false) => self.accounts.grant(origin, &account, *role).await?,
                    (false, true) => self.accounts.revoke(origin, &account, *role).await?,
                    (true, true) | (false, false) => {}
                }
            }
        }
        Ok(())
    }
}
