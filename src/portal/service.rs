//! What a person may see and do of the own account.

use crate::account::notices::Notices;
use crate::account::{Account, Accounts};
use crate::authenticator::model::may_go;
use crate::authenticator::service::STILL_BOUND;
use crate::authenticator::{Authenticator, Authenticators};
use crate::directory::{Directories, Whose};
use crate::event::model::EndReason;
use crate::event::{Event, EventLog, Origin, What};
use crate::federation::Federation;
use crate::infra::database::WriteError;
use crate::infra::geoip::GeoIp;
use crate::kernel::id::{AuthenticatorId, SessionId};
use crate::kernel::proof::Way;
use crate::kernel::time::Moment;
use crate::oidc::{AfterSignOut, Clients, Consents, Untrusted};
use crate::policy::{Action, Denied, Permit, Policies, Resource};
use crate::session::{Current, Devices, Sessions};
use crate::web::params::Params;

#[derive(Clone)]
pub struct Portal {
    pub accounts: Accounts,
    pub authenticators: Authenticators,
    pub federation: Federation,
    pub directory: Directories,
    pub sessions: Sessions,
    pub devices: Devices,
    pub clients: Clients,
    pub consents: Consents,
    pub policies: Policies,
    pub log: EventLog,
    pub notices: Notices,
    pub geoip: GeoIp,
}

/// Why something was not done.
#[derive(Debug)]
pub enum NotDone {
    Forbidden,
    /// It is the last authenticator: without it the person could not come back.
    Last,
    Write(WriteError),
}

impl From<Denied> for NotDone {
    fn from(denied: Denied) -> Self {
        tracing::info!(%denied, "a use case was not permitted");
        Self::Forbidden
    }
}

impl From<WriteError> for NotDone {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<crate::infra::database::DbErr> for NotDone {
    fn from(error: crate::infra::database::DbErr) -> Self {
        Self::Write(WriteError::Unavailable(error))
    }
}

impl Portal {
    /// Where a person goes after signing out, when an application sent them.
    ///
    /// # Errors
    /// What it asks for is not registered.
    pub(super) fn after_sign_out(&self, params: &Params) -> Result<Option<AfterSignOut>, Untrusted> {
        AfterSignOut::of(&self.clients, params.filled("client_id"), params)
    }

    pub(super) fn permit(&self, current: &Current, action: Action, now: Moment) -> Result<Permit, Denied> {
        let resource = Resource::Account(current.account.person(now));
        self.policies.authorize(&current.account.principal(now), action, &resource)
    }

    fn permit_session(&self, current: &Current, id: SessionId, now: Moment) -> Result<Permit, Denied> {
        let resource = Resource::Session { id, owner: current.account.person(now) };
        self.policies.authorize(&current.account.principal(now), Action::EndOwnSession, &resource)
    }

    /// Removes an authenticator that is not the last one for what its owner needs.
    ///
    /// # Errors
    /// It is the last one, or the removal was not written.
    pub async fn remove_authenticator(
        &self,
        origin: &Origin,
        current: &Current,
        id: AuthenticatorId,
    ) -> Result<(), NotDone> {
        let _permit = self.permit(current, Action::RevokeOwnAuthenticator, origin.now)?;
        let account = &current.account;
        let bound = self.authenticators.of(account.id).await?;
        // What is gone already is what was asked for.
        let Some(authenticator) = bound.iter().find(|bound| bound.id == id) else { return Ok(()) };
        let whose = Whose::kept_by(account.id, &account.directory);
        let has_password = self.directory.standing(whose, origin.now).await?.is_some();
        if !may_lose(account, &bound, id, has_password) {
            return Err(NotDone::Last);
        }
        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        self.authenticators.revoke(&mut unit, account.id, id, bound.len());
        let what =
            What::AuthenticatorRevoked { authenticator: id, kind: authenticator.kind.name().to_owned() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        self.notices.authenticator_removed(&mut unit, account, &authenticator.name, origin.now)?;
        match self.log.db().write(unit).await {
            Err(WriteError::Refused(STILL_BOUND)) => Err(NotDone::Last),
            outcome => Ok(outcome.map(|_| ())?),
        }
    }

    /// Calls an authenticator by another name; gives whether it is there.
    ///
    /// # Errors
    /// It was not written.
    pub async fn rename_authenticator(
        &self,
        origin: &Origin,
        current: &Current,
        id: AuthenticatorId,
        name: &str,
    ) -> Result<bool, NotDone> {
        let _permit = self.permit(current, Action::BindOwnAuthenticator, origin.now)?;
        let account = &current.account;
        let bound = self.authenticators.of(account.id).await?;
        let Some(authenticator) = bound.iter().find(|bound| bound.id == id) else { return Ok(false) };
        let mut unit = self.log.db().unit();
        self.authenticators.rename(&mut unit, account.id, id, name);
        let kind = authenticator.kind.name().to_owned();
        let what = What::AuthenticatorRenamed { authenticator: id, kind };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        match self.log.db().write(unit).await {
            Err(WriteError::Refused(STILL_BOUND)) => Ok(false),
            outcome => Ok(outcome.map(|_| true)?),
        }
    }

    /// Ends one of the person's sessions.
    ///
    /// # Errors
    /// It was not written.
    pub async fn end_session(
        &self,
        origin: &Origin,
        current: &Current,
        id: SessionId,
    ) -> Result<(), NotDone> {
        let _permit = self.permit_session(current, id, origin.now)?;
        let here = id == current.session.id;
        let reason = if here { EndReason::SignedOut } else { EndReason::SignedOutElsewhere };
        self.sessions.end(origin, &current.account, id, reason).await?;
        Ok(())
    }

    /// Ends all sessions but this one, or this one too; returns how many.
    ///
    /// # Errors
    /// It was not written.
    pub async fn end_sessions(
        &self,
        origin: &Origin,
        current: &Current,
        kept: Option<SessionId>,
    ) -> Result<u32, NotDone> {
        let _permit = self.permit_session(current, current.session.id, origin.now)?;
        let mut unit = self.log.db().unit();
        let reason = EndReason::SignedOutElsewhere;
        let ended = self.sessions.end_all(&mut unit, origin, &current.account, kept, reason).await?;
        self.log.db().write(unit).await?;
        Ok(u32::try_from(ended).unwrap_or(u32::MAX))
    }

    /// Where an address is, in words, as far as that is known.
    pub(super) fn place(&self, address: &str) -> Option<String> {
        let place = self.geoip.locate(address.parse().ok()?);
        place_name(place.city.as_deref(), place.country.as_deref())
    }
}

/// Whether an account can do without one of what is bound to it.
pub(super) fn may_lose(
    account: &Account,
    bound: &[Authenticator],
    id: AuthenticatorId,
    has_password: bool,
) -> bool {
    let password = has_password.then_some(Way::Password);
    let ways = |without: Option<AuthenticatorId>| -> Vec<Way> {
        let kept = bound.iter().filter(|one| Some(one.id) != without);
        kept.map(|one| one.kind.way()).chain(password).collect()
    };
    may_go(&ways(None), &ways(Some(id)), account.level_to_keep())
}

pub(super) fn place_name(city: Option<&str>, country: Option<&str>) -> Option<String> {
    match (city, country) {
        (Some(city), Some(country)) => Some(format!("{city}, {country}")),
        (None, Some(country)) => Some(country.to_owned()),
        (Some(city), None) => Some(city.to_owned()),
        (None, None) => None,
    }
}
