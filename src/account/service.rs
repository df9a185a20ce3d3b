//! Use cases of accounts. Each takes the right to do it first, then loads, decides, writes and records.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Map, Value};

use super::model::{Account, State};
use super::names;
use super::store::{self, account, account_name, organisation, role_grant};
use crate::config::AssuranceConfig;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::kernel::acr::Acr;
use crate::kernel::digest::base64url;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, OrganisationId};
use crate::kernel::language::Language;
use crate::kernel::login_name::LoginName;
use crate::kernel::role::Role;
use crate::kernel::time::Moment;
use crate::policy::Grant;

/// Names that are looked through for near ones; beyond, near accounts are not told.
const NAMES_MAX: u64 = 20_000;
/// How long the list of names may be old.
const NAMES_AGE_MAX: Duration = Duration::from_mins(1);
/// Condition that fails when a login name or address is taken.
pub(super) const NAME_FREE: &str = "name_free";
/// Condition that fails when the account is gone, or is not in the state that the change is from.
pub(super) const STATE_UNCHANGED: &str = "state_unchanged";

/// Condition that fails when the account is contained already.
pub const NOT_CONTAINED: &str = "account_not_contained";

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: LoginName,
    pub display_name: String,
    pub email: String,
    pub language: Language,
    pub organisation: OrganisationId,
    pub roles: Vec<Role>,
    pub protected: bool,
    pub directory: String,
    pub state: State,
    pub claims: Map<String, Value>,
    pub required_acr: Acr,
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("the name or mail address is taken by another account")]
    NameTaken,
    #[error("no account has this name")]
    NotFound,
    #[error("the account was changed by someone else in the meantime; look again")]
    Changed,
    #[error("the mail address is no name that can be signed in with: {0}")]
    BadAddress(String),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Write(WriteError),
}

impl From<WriteError> for AccountError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(NAME_FREE) => Self::NameTaken,
            WriteError::Refused(STATE_UNCHANGED) => Self::Changed,
            WriteError::Refused(_)
            | WriteError::Full
            | WriteError::Unavailable(_)
            | WriteError::Unsealed(_) => Self::Write(error),
        }
    }
}

type KnownNames = Arc<RwLock<Option<(Moment, Arc<Vec<(String, AccountId)>>)>>>;

/// Who people are; cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    pub(super) db: Database,
    pub(super) log: EventLog,
    entropy: Entropy,
    names: KnownNames,
    /// What each role demands of its people.
    levels: AssuranceConfig,
}

impl Accounts {
    pub fn new(db: Database, log: EventLog, entropy: Entropy, levels: AssuranceConfig) -> Self {
        Self { db, log, entropy, names: Arc::default(), levels }
    }

    /// The account behind a spelling of a name: two look-ups, whether or not there is one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_name(&self, name: &LoginName) -> Result<Option<Account>, DbErr> {
        let id = store::account_id_of(&self.db, name.as_str()).await?;
        // A look-up for nobody costs what one for somebody costs.
        self.by_id(AccountId::from_uuid(id.unwrap_or_default())).await
    }

    /// # Errors
    /// The database does not answer.
    pub async fn by_id(&self, id: AccountId) -> Result<Option<Account>, DbErr> {
        let row = store::account_with_grants(&self.db, id.uuid()).await?;
        Ok(row.and_then(|rows| self.account_of(rows)))
    }

    /// # Errors
    /// The database does not answer.
    pub async fn all(&self) -> Result<Vec<Account>, DbErr> {
        let rows = store::all_accounts(self.db.read()).await?;
        Ok(rows.into_iter().filter_map(|rows| self.account_of(rows)).collect())
    }

    /// Accounts with a name near to the typed one, from a list that is a minute old at the most.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn near(&self, name: &LoginName, now: Moment) -> Result<Vec<AccountId>, DbErr> {
        let known = self.names.read().unwrap_or_else(PoisonError::into_inner).clone();
        let names = match known {
            Some((read_at, names)) if now.since(read_at) < NAMES_AGE_MAX => names,
            _ => {
                let rows = store::all_names(self.db.read(), NAMES_MAX).await?;
                let names = rows.into_iter().map(|row| (row.name, AccountId::from_uuid(row.account_id)));
                let names = Arc::new(names.collect::<Vec<_>>());
                *self.names.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&names)));
                names
            }
        };
        Ok(names::near(name.as_str(), &names))
    }

    /// The organisation that everyone belongs to where nothing else is said, if it was made already.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn organisation(&self) -> Result<Option<OrganisationId>, DbErr> {
        let row = store::first_organisation(self.db.read()).await?;
        Ok(row.map(|row| OrganisationId::from_uuid(row.id)))
    }

    /// The organisation that everyone belongs to where nothing else is said; made on first use.
    ///
    /// # Errors
    /// The database does not answer or does not take it.
    pub async fn default_organisation(
        &self,
        name: &str,
        now: Moment,
    ) -> Result<OrganisationId, AccountError> {
        if let Some(id) = self.organisation().await? {
            return Ok(id);
        }
        let id = OrganisationId::new(now, &self.entropy);
        let mut unit = self.db.unit();
        unit.insert(organisation::Model { id: id.uuid(), name: name.to_owned(), created_at: now.micros() });
        // No event: the first start makes it, and the first account tells of it.
        self.db.write(unit).await?;
        Ok(id)
    }

    /// Adds a person under all spellings of the name, with a random subject identifier. What belongs to
    /// the person from the start (a password) joins the same unit through `with`.
    ///
    /// # Errors
    /// A spelling is taken, or the database does not take it.
    pub async fn add(
        &self,
        origin: &Origin,
        id: AccountId,
        new: NewAccount,
        with: impl FnOnce(&mut Unit),
    ) -> Result<(), AccountError> {
        self.add_named(origin, id, new, &[], with).await
    }

    /// The same under further names, such as a directory knows a person by.
    ///
    /// # Errors
    /// As [`Accounts::add`].
    pub async fn add_named(
        &self,
        origin: &Origin,
        id: AccountId,
        new: NewAccount,
        further: &[LoginName],
        with: impl FnOnce(&mut Unit),
    ) -> Result<(), AccountError> {
        let mut unit = self.db.unit();
        unit.insert_once(NAME_FREE, self.row(id, &new, origin.now));
        let mut names = spellings(&new)?;
        names.extend(further.iter().map(|name| name.as_str().to_owned()));
        names.sort_unstable();
        names.dedup();
        for name in names {
            unit.insert_once(NAME_FREE, account_name::Model { name, account_id: id.uuid() });
        }
        for role in &new.roles {
            unit.insert(grant_row(id, *role, new.organisation));
        }
        with(&mut unit);
        let organisation = new.organisation.to_string();
        let event = Event::new(What::AccountAdded { organisation }).named(new.login.as_str());
        self.log.record_first(&mut unit, origin, id, event)?;
        self.db.write(unit).await?;
        self.forget_names();
        Ok(())
    }

    /// Disables or enables; either way all that was issued before stops.
    ///
    /// # Errors
    /// The account changed in the meantime, or the database does not take it.
    pub async fn set_state(&self, origin: &Origin, account: &Account, to: State) -> Result<(), AccountError> {
        self.set_state_with(self.db.unit(), origin, account, to).await
    }

    /// The same, together with what belongs to it (sessions that end).
    ///
    /// # Errors
    /// As [`Accounts::set_state`].
    pub async fn set_state_with(
        &self,
        mut unit: Unit,
        origin: &Origin,
        account: &Account,
        to: State,
    ) -> Result<(), AccountError> {
        let change = store::set_state(account.id.uuid(), account.state.name(), to.name());
        unit.require(STATE_UNCHANGED, &change);
        let what =
            What::AccountStateChanged { from: account.state.name().to_owned(), to: to.name().to_owned() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        Ok(self.db.write(unit).await.map(|_| ())?)
    }

    /// Sets the moment from which nothing is open any more; `None` takes it away.
    ///
    /// # Errors
    /// The account is gone, or the database does not take it.
    pub async fn set_end(
        &self,
        origin: &Origin,
        account: &Account,
        ends_at: Option<Moment>,
    ) -> Result<(), AccountError> {
        self.set_end_with(self.db.unit(), origin, account, ends_at).await
    }

    /// The same, together with what belongs to it (sessions that end).
    ///
    /// # Errors
    /// As [`Accounts::set_end`].
    pub async fn set_end_with(
        &self,
        mut unit: Unit,
        origin: &Origin,
        account: &Account,
        ends_at: Option<Moment>,
    ) -> Result<(), AccountError> {
        let had_ended = account.ends_at.is_some_and(|end| end <= origin.now);
        let change = store::set_end(account.id.uuid(), ends_at.map(Moment::micros), i64::from(had_ended));
        unit.require(STATE_UNCHANGED, &change);
        let name = |end: Option<Moment>| {
            end.map_or_else(|| "no_end".to_owned(), |end| format!("ends {}", end.iso()))
        };
        let what = What::AccountStateChanged { from: name(account.ends_at), to: name(ends_at) };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        Ok(self.db.write(unit).await.map(|_| ())?)
    }

    /// # Errors
    /// The database does not take it.
    pub async fn grant(&self, origin: &Origin, account: &Account, role: Role) -> Result<(), AccountError> {
        let mut unit = self.db.unit();
        unit.insert_once(STATE_UNCHANGED, grant_row(account.id, role, account.organisation));
        let what = What::RoleGranted { role: role.name().to_owned() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        Ok(self.db.write(unit).await.map(|_| ())?)
    }

    /// # Errors
    /// The role was not held, or the database does not take it.
    pub async fn revoke(&self, origin: &Origin, account: &Account, role: Role) -> Result<(), AccountError> {
        let mut unit = self.db.unit();
        let revoke = store::revoke_role(&grant_row(account.id, role, account.organisation));
        unit.require(STATE_UNCHANGED, &revoke);
        self.raise_epoch(&mut unit, account.id);
        let what = What::RoleRevoked { role: role.name().to_owned() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        Ok(self.db.write(unit).await.map(|_| ())?)
    }

    /// Erases a person: the account with all that hangs on it, and the keys of the personal parts of
    /// its records. The log keeps that something happened to an id, and the chain still verifies.
    /// What other rooms keep outside of the account's row joins the unit through `with`.
    ///
    /// # Errors
    /// The account is gone already, or the database does not take it.
    pub async fn erase(
        &self,
        origin: &Origin,
        account: &Account,
        with: impl FnOnce(&mut Unit),
    ) -> Result<(), AccountError> {
        let mut unit = self.db.unit();
        with(&mut unit);
        unit.require(STATE_UNCHANGED, &store::erase(account.id.uuid()));
        self.log.forget_account(&mut unit, account.id);
        // Recorded without a name: the key that would cover it is gone with this very unit.
        self.log.record(&mut unit, origin, Event::of(What::AccountErased, account.id)).await?;
        self.db.write(unit).await?;
        self.forget_names();
        Ok(())
    }

    /// Keeps others from changing what hangs on the account until the unit ends, so that a condition
    /// over several rows (the last authenticator, the first one) holds on every database.
    pub fn hold(&self, unit: &mut Unit, id: AccountId) {
        unit.require(STATE_UNCHANGED, &store::add_to_epoch(id.uuid(), 0));
    }

    /// Stops all that was issued to the account before, in the unit of what makes it necessary.
    pub fn raise_epoch(&self, unit: &mut Unit, id: AccountId) {
        unit.run(&store::add_to_epoch(id.uuid(), 1));
    }

    /// Contains an account in the unit of what makes it necessary: nothing is open to it until its password is reset.
    /// The unit is refused by [`NOT_CONTAINED`] where it is contained already.
    pub fn contain(&self, unit: &mut Unit, id: AccountId, now: Moment) {
        unit.require(NOT_CONTAINED, &store::contain(id.uuid(), now.micros()));
    }

    /// Opens a contained account again, in the unit of what makes that safe.
    pub fn release(&self, unit: &mut Unit, id: AccountId) {
        unit.run(&store::release(id.uuid()));
    }

    pub(super) fn forget_names(&self) {
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn row(&self, id: AccountId, new: &NewAccount, now: Moment) -> account::Model {
        account::Model {
            id: id.uuid(),
            login: new.login.as_str().to_owned(),
            display_name: new.display_name.clone(),
            email: new.email.clone(),
            language: new.language.code().to_owned(),
            organisation_id: new.organisation.uuid(),
            state: new.state.name().to_owned(),
            ends_at: None,
            protected: new.protected,
            directory: new.directory.clone(),
            epoch: 1,
            sub: base64url(&self.entropy.bytes::<20>()),
            claims: Value::Object(new.claims.clone()).to_string(),
            required_acr: new.required_acr.name().to_owned(),
            created_at: now.micros(),
            contained_at: None,
        }
    }

    /// A row that this program cannot read (a newer one wrote it) is no account rather than a half one.
    fn account_of(&self, (row, grants): (account::Model, Vec<role_grant::Model>)) -> Option<Account> {
        let grants: Vec<Grant> = grants
            .into_iter()
            .filter_map(|grant| {
                let organisation = OrganisationId::from_uuid(grant.organisation_id);
                Some(Grant { role: Role::from_name(&grant.role)?, organisation })
            })
            .collect();
        let of_roles = grants.iter().map(|grant| self.levels.of(grant.role)).max();
        Some(Account {
            id: AccountId::from_uuid(row.id),
            login: row.login,
            display_name: row.display_name,
            email: row.email,
            language: Language::from_tag(&row.language)?,
            organisation: OrganisationId::from_uuid(row.organisation_id),
            state: State::from_name(&row.state)?,
            ends_at: row.ends_at.map(Moment::from_micros),
            protected: row.protected,
            directory: row.directory,
            contained_at: row.contained_at.map(Moment::from_micros),
            epoch: row.epoch,
            sub: row.sub,
            claims: serde_json::from_str(&row.claims).ok()?,
            required_acr: Acr::from_name(&row.required_acr)?.max(of_roles.unwrap_or(Acr::Pwd)),
            grants,
        })
    }
}

/// The names under which a person may sign in: the login and the mail address.
fn spellings(new: &NewAccount) -> Result<Vec<String>, AccountError> {
    let login = new.login.as_str().to_owned();
    let email = LoginName::parse(&new.email).ok_or_else(|| AccountError::BadAddress(new.email.clone()))?;
    let email = email.as_str().to_owned();
    Ok(if email == login { vec![login] } else { vec![login, email] })
}

fn grant_row(id: AccountId, role: Role, organisation: OrganisationId) -> role_grant::Model {
    role_grant::Model {
        account_id: id.uuid(),
        role: role.name().to_owned(),
        organisation_id: organisation.uuid(),
    }
}
