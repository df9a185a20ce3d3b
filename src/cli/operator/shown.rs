//! A person as an operator sees one: never a secret.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::authenticator::model::Authenticator;
use crate::directory::PasswordStanding;
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::time::Moment;
use crate::session::Session;

/// A line of the list.
#[derive(Serialize, Deserialize)]
pub struct PersonShown {
    pub id: String,
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub language: Language,
    /// `active`, `disabled` or `ended`.
    pub state: String,
    pub ends_at: Option<String>,
    pub protected: bool,
    pub roles: Vec<Role>,
    pub directory: String,
}

impl PersonShown {
    pub fn of(account: &Account, now: Moment) -> Self {
        let mut roles: Vec<Role> = account.grants.iter().map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        Self {
            roles,
            id: account.id.to_string(),
            name: account.login.clone(),
            display_name: account.display_name.clone(),
            email: account.email.clone(),
            language: account.language,
            state: account.person(now).standing.name().to_owned(),
            ends_at: account.ends_at.map(Moment::iso),
            protected: account.protected,
            directory: account.directory.clone(),
        }
    }
}

/// Everything about one person.
#[derive(Serialize, Deserialize)]
pub struct PersonDetail {
    #[serde(flatten)]
    pub person: PersonShown,
    pub password: Option<PasswordShown>,
    pub authenticators: Vec<AuthenticatorShown>,
    pub recovery_codes_left: usize,
    pub sessions: Vec<SessionShown>,
}

#[derive(Serialize, Deserialize)]
pub struct PasswordShown {
    pub changed_at: String,
    pub expires_at: Option<String>,
    pub must_change: bool,
}

#[derive(Serialize, Deserialize)]
pub struct AuthenticatorShown {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub created_at: String,
    pub last_used_at: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub struct SessionShown {
    pub id: String,
    pub since: String,
    pub until: String,
    pub address: String,
    pub user_agent: String,
}

impl PasswordShown {
    pub fn of(dates: PasswordStanding) -> Self {
        Self {
            changed_at: dates.changed_at.iso(),
            expires_at: dates.expires_at.map(Moment::iso),
            must_change: dates.must_change,
        }
    }
}

impl AuthenticatorShown {
    pub fn of(bound: &Authenticator) -> Self {
        Self {
            id: bound.id.to_string(),
            kind: bound.kind.name().to_owned(),
            name: bound.name.clone(),
            created_at: bound.created_at.iso(),
            last_used_at: bound.last_used_at.map(Moment::iso),
        }
    }
}

impl SessionShown {
    pub fn of(session: &Session) -> Self {
        Self {
            id: session.id.to_string(),
            since: session.created_at.iso(),
            until: session.lasts_until().iso(),
            address: session.address.clone(),
            user_agent: session.user_agent.clone(),
        }
    }
}
