//! What an operator does to people: each use case authorizes, loads, and hands its unit to the service.

use super::execute::{Work, failed};
use super::person::{account_failure, has, is_address, parse_name, with_staff};
use super::shown::{AuthenticatorShown, PasswordShown, PersonDetail, PersonShown, SessionShown};
use super::wire::{Answer, NewPerson};
use crate::account::{NewAccount, State};
use crate::app::Failure;
use crate::directory::Whose;
use crate::directory::model::LOCAL;
use crate::event::model::EndReason;
use crate::event::{Event, What};
use crate::kernel::acr::Acr;
use crate::kernel::id::AccountId;
use crate::kernel::login_name::LoginName;
use crate::kernel::role::Role;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;
use crate::password_reset;
use crate::policy::{Action, Resource};

/// Longest shown name in characters.
const NAME_CHARS_MAX: usize = 200;

impl Work<'_> {
    pub(super) async fn list_people(&self) -> Result<Answer, Failure> {
        let mut people = vec![];
        for account in self.opened.accounts.all().await.map_err(failed)? {
            let _permit = self.permit(Action::ViewAccount, &self.resource(&account))?;
            people.push(PersonShown::of(&account, self.origin.now));
        }
        people.sort_by(|a, b| a.name.cmp(&b.name));
        self.record(Event::new(What::CommandRun { command: "people list".to_owned() })).await?;
        Ok(Answer::People { people })
    }

    pub(super) async fn show_person(&self, name: &str) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::ViewAccount, &self.resource(&account))?;
        let whose = Whose::kept_by(account.id, &account.directory);
        let password = self.opened.directory.standing(whose, self.origin.now).await.map_err(failed)?;
        let authenticators = self.opened.authenticators.of(account.id).await.map_err(failed)?;
        let codes = self.opened.authenticators.recovery();
        let recovery_codes_left = codes.left(account.id).await.map_err(failed)?;
        let sessions = self.opened.sessions.open_of(&account, self.origin.now).await.map_err(failed)?;
        let what = What::CommandRun { command: "people show".to_owned() };
        self.record(Event::of(what, account.id).named(&account.login)).await?;
        let person = Box::new(PersonDetail {
            person: PersonShown::of(&account, self.origin.now),
            password: password.map(PasswordShown::of),
            authenticators: authenticators.iter().map(AuthenticatorShown::of).collect(),
            recovery_codes_left,
            sessions: sessions.iter().map(SessionShown::of).collect(),
        });
        Ok(Answer::Person { person })
    }

    pub(super) async fn add_person(&self, new: NewPerson) -> Result<Answer, Failure> {
        let (opened, now) = (self.opened, self.origin.now);
        let organisation = self.organisation().await?;
        let _permit = self.permit(Action::AddAccount, &Resource::Organisation(organisation))?;
        let login = parse_name(&new.name)?;
        let display_name = new.display_name.trim().to_owned();
        if display_name.is_empty() || display_name.chars().count() > NAME_CHARS_MAX {
            return Err(Failure::Input(format!("--display-name: needs 1 to {NAME_CHARS_MAX} characters")));
        }
        let address = LoginName::parse(&new.email).filter(|_| is_address(&new.email));
        let address =
            address.ok_or_else(|| Failure::Input(format!("--email: `{}` is no mail address", new.email)))?;
        for name in [&login, &address] {
            if opened.accounts.by_name(name).await.map_err(failed)?.is_some() {
                let name = name.as_str();
                return Err(Failure::Input(format!("`{name}` is taken by another account")));
            }
        }
        let id = AccountId::new(now, &opened.entropy);
        let about = [login.as_str(), display_name.as_str(), address.as_str()];
        let prepared = match &new.password {
            Some(password) => Some(self.prepare(id, password, &about).await?.to_be_changed()),
            None => None,
        };
        let text = format!("{} was added", login.as_str());
        if self.dry_run {
            return Ok(self.done(text));
        }
        let house = &opened.config.house.name.en;
        let organisation = opened.accounts.default_organisation(house, now).await.map_err(account_failure)?;
        let account = NewAccount {
            login,
            display_name,
            email: new.email.trim().to_owned(),
            language: new.language,
            organisation,
            roles: with_staff(new.roles),
            protected: new.protected,
            directory: LOCAL.to_owned(),
            state: State::Active,
            claims: serde_json::Map::new(),
            required_acr: Acr::Mfa,
        };
        let added = opened.accounts.add(&self.origin, id, account, |unit| {
            if let Some(prepared) = prepared {
                opened.directory.put(unit, prepared);
            }
        });
        added.await.map_err(account_failure)?;
        Ok(self.done(text))
    }

    pub(super) async fn set_state(&self, name: &str, to: State) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let (action, word) = match to {
            State::Active => (Action::EnableAccount, "enabled"),
            State::Disabled => (Action::DisableAccount, "disabled"),
        };
        let _permit = self.permit(action, &self.resource(&account))?;
        if account.state == to {
            return Ok(self.already(format!("{} is {word} already", account.login)));
        }
        let text = format!("{} was {word}", account.login);
        if self.dry_run {
            return Ok(self.done(text));
        }
        let mut unit = self.opened.db.unit();
        if to == State::Disabled {
            self.end_sessions(&mut unit, &account, EndReason::AccountEnded).await?;
        }
        let set = self.opened.accounts.set_state_with(unit, &self.origin, &account, to).await;
        set.map_err(account_failure)?;
        Ok(self.done(text))
    }

    pub(super) async fn end_person(&self, name: &str, from: Option<Moment>) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::EndAccount, &self.resource(&account))?;
        let text = match from {
            Some(from) => format!("{} ends at {}", account.login, from.iso()),
            None => format!("{} has no end any more", account.login),
        };
        if account.ends_at == from {
            return Ok(self.already(text));
        }
        if self.dry_run {
            return Ok(self.done(text));
        }
        let mut unit = self.opened.db.unit();
        if from.is_some_and(|from| from <= self.origin.now) {
            self.end_sessions(&mut unit, &account, EndReason::AccountEnded).await?;
        }
        let set = self.opened.accounts.set_end_with(unit, &self.origin, &account, from).await;
        set.map_err(account_failure)?;
        Ok(self.done(text))
    }

    /// Takes a person away from everywhere: the rows, the mails in a folder, and what the files of the
    /// database keep of deleted rows. The copy of the log is written anew when it reads of the erasure.
    pub(super) async fn erase_person(&self, name: &str) -> Result<Answer, Failure> {
        let (opened, account) = (self.opened, self.person(name).await?);
        let _permit = self.permit(Action::EraseAccount, &self.resource(&account))?;
        let text = format!("{} was erased; the log keeps the id {}", account.login, account.id);
        if self.dry_run {
            return Ok(self.done(text));
        }
        let erased = opened.accounts.erase(&self.origin, &account, |unit| {
            self.forget_attempts(unit, &account);
            opened.journeys.forget_account(unit, account.id);
            opened.mail_codes.forget_account(unit, account.id);
            password_reset::forget_account(unit, account.id);
            opened.authenticators.passkeys().forget_account(unit, account.id);
            opened.outbox.forget_account(unit, account.id);
            opened.devices.forget_account(unit, account.id);
            opened.federation.links().forget_account(unit, account.id);
        });
        erased.await.map_err(account_failure)?;
        let partly = |what: &str, error: &dyn std::fmt::Display| {
            Failure::Work(format!("{} was erased, but {what}: {error}", account.login))
        };
        let mails = opened.mailer.forget(&account.email);
        mails.map_err(|error| partly("mails to the person are still in the folder", &error))?;
        let files = opened.db.scrub().await;
        files.map_err(|error| partly("the database files still hold deleted rows", &error))?;
        Ok(self.done(text))
    }

    pub(super) async fn grant(&self, name: &str, role: Role) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::GrantRole(role), &self.resource(&account))?;
        if has(&account, role) {
            return Ok(self.already(format!("{} has the role {} already", account.login, role.name())));
        }
        let text = format!("{} was given the role {}", account.login, role.name());
        if !self.dry_run {
            self.opened.accounts.grant(&self.origin, &account, role).await.map_err(account_failure)?;
        }
        Ok(self.done(text))
    }

    pub(super) async fn revoke(&self, name: &str, role: Role) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::RevokeRole(role), &self.resource(&account))?;
        if !has(&account, role) {
            return Ok(self.already(format!("{} does not have the role {}", account.login, role.name())));
        }
        let text = format!("{} lost the role {}", account.login, role.name());
        if !self.dry_run {
            self.opened.accounts.revoke(&self.origin, &account, role).await.map_err(account_failure)?;
        }
        Ok(self.done(text))
    }

    /// Gives a person another password; whatever was open under the old one ends.
    pub(super) async fn set_password(
        &self,
        name: &str,
        password: &Secret<String>,
        must_change: bool,
    ) -> Result<Answer, Failure> {
        let (opened, account) = (self.opened, self.person(name).await?);
        let _permit = self.permit(Action::SetPassword, &self.resource(&account))?;
        if account.directory != LOCAL {
            let directory = &account.directory;
            return Err(Failure::Input(format!(
                "the password of {name} is kept by `{directory}`: set it there"
            )));
        }
        let own = account.own_words();
        let about: Vec<&str> = own.iter().map(String::as_str).collect();
        let mut prepared = self.prepare(account.id, password, &about).await?;
        if must_change {
            prepared = prepared.to_be_changed();
        }
        let text = format!("{} has another password", account.login);
        if self.dry_run {
            return Ok(self.done(text));
        }
        let mut unit = opened.db.unit();
        opened.directory.put(&mut unit, prepared);
        self.forget_attempts(&mut unit, &account);
        opened.accounts.raise_epoch(&mut unit, account.id);
        // Nobody has this one who may have had the old one.
        opened.accounts.release(&mut unit, account.id);
        self.end_sessions(&mut unit, &account, EndReason::PasswordChanged).await?;
        self.record_with(unit, Event::of(What::PasswordSet, account.id).named(&account.login)).await?;
        Ok(self.done(text))
    }

    /// Opens an account again that is contained after "this was not me".
    pub(super) async fn release(&self, name: &str) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::EnableAccount, &self.resource(&account))?;
        if account.contained_at.is_none() {
            return Ok(self.already(format!("{} is not contained", account.login)));
        }
        let text = format!("{} is not contained any more", account.login);
        if !self.dry_run {
            let mut unit = self.opened.db.unit();
            self.opened.accounts.release(&mut unit, account.id);
            let event = Event::of(What::AccountReleased, account.id).named(&account.login);
            self.record_with(unit, event).await?;
        }
        Ok(self.done(text))
    }

    pub(super) async fn sign_out(&self, name: &str) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::EndSessions, &self.resource(&account))?;
        if self.dry_run {
            return Ok(self.done(format!("{} was signed out everywhere", account.login)));
        }
        let mut unit = self.opened.db.unit();
        let ended = self.end_sessions(&mut unit, &account, EndReason::SignedOutElsewhere).await?;
        self.opened.accounts.raise_epoch(&mut unit, account.id);
        let what = What::CommandRun { command: "people sign-out".to_owned() };
        self.record_with(unit, Event::of(what, account.id).named(&account.login)).await?;
        Ok(self.done(format!("{} was signed out everywhere ({ended} sessions)", account.login)))
    }
}
