//! An account, and whether anything may be issued to it.

use serde_json::{Map, Value};

use crate::kernel::acr::Acr;
use crate::kernel::id::{AccountId, OrganisationId};
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::time::Moment;
use crate::policy::{Grant, Person, Principal, Standing};

/// Claims that are a person's own and that others know. Source: OIDC Core §5.1.
const OWN_CLAIMS: [&str; 12] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "website",
    "phone_number",
    "birthdate",
    "address",
    "organisation",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Disabled,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|state| state.name() == name)
    }
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// The canonical login name.
    pub login: String,
    pub display_name: String,
    pub email: String,
    pub language: Language,
    pub organisation: OrganisationId,
    pub state: State,
    /// The moment from which nothing is open any more.
    pub ends_at: Option<Moment>,
    /// Persons whose account the desk does not touch.
    pub protected: bool,
    /// The directory that keeps the password.
    pub directory: String,
    /// Since when nothing is open but the reset of the password: the person said "this was not me".
    pub contained_at: Option<Moment>,
    /// Grows when all that was issued before must stop; sessions and tokens carry it.
    pub epoch: i64,
    /// The subject identifier in tokens: random, never a key or a name. Source: OIDC Core §8.
    pub sub: String,
    /// Further standard claims (address, phone number, …).
    pub claims: Map<String, Value>,
    /// The least assurance that this person needs for anything: their own and that of their roles.
    pub required_acr: Acr,
    pub grants: Vec<Grant>,
}

/// Why nothing may be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Disabled,
    Ended,
    /// Until the password is reset.
    Contained,
    /// The account is younger than what asks: everything issued before must stop.
    Epoch,
}

impl Account {
    /// The gate: asked wherever something is issued (session, code, token), never only at the door.
    ///
    /// # Errors
    /// The account is disabled or contained, or its end date has passed.
    pub fn gate(&self, now: Moment) -> Result<(), Closed> {
        self.gate_of_reset(now)?;
        if self.contained_at.is_some() { Err(Closed::Contained) } else { Ok(()) }
    }

    /// The gate for a reset of the password, which is the way out for a contained account.
    ///
    /// # Errors
    /// The account is disabled or its end date has passed.
    pub fn gate_of_reset(&self, now: Moment) -> Result<(), Closed> {
        if self.state == State::Disabled {
            return Err(Closed::Disabled);
        }
        if self.ends_at.is_some_and(|end| end <= now) {
            return Err(Closed::Ended);
        }
        Ok(())
    }

    /// The gate for what was issued under an epoch.
    ///
    /// # Errors
    /// As [`Account::gate`], or the epoch has grown since.
    pub fn gate_for(&self, epoch: i64, now: Moment) -> Result<(), Closed> {
        self.gate(now)?;
        if self.epoch == epoch { Ok(()) } else { Err(Closed::Epoch) }
    }

    /// The account as policies see it.
    pub fn person(&self, now: Moment) -> Person {
        self.person_behind(self.gate(now))
    }

    /// The account as the one who resets its password: that it is contained does not count.
    pub fn person_in_reset(&self, now: Moment) -> Person {
        self.person_behind(self.gate_of_reset(now))
    }

    fn person_behind(&self, gate: Result<(), Closed>) -> Person {
        Person {
            id: self.id,
            organisation: self.organisation,
            grants: self.grants.clone(),
            protected: self.protected,
            standing: match gate {
                Ok(()) => Standing::Active,
                Err(Closed::Disabled | Closed::Contained) => Standing::Disabled,
                Err(Closed::Ended | Closed::Epoch) => Standing::Ended,
            },
        }
    }

    /// The account as the one who acts.
    pub fn principal(&self, now: Moment) -> Principal {
        Principal::Account(self.person(now))
    }

    /// The level that what is bound to it must go on reaching: a second factor at least, and for whoever has a
    /// console what that demands.
    pub fn level_to_keep(&self) -> Acr {
        let console = self.grants.iter().any(|grant| grant.role.has_console());
        let of_consoles = if console { Acr::Phr } else { Acr::Mfa };
        self.required_acr.max(of_consoles)
    }

    /// What a password of this person must not be made of: names, addresses, numbers and dates.
    pub fn own_words(&self) -> Vec<String> {
        let said = OWN_CLAIMS.iter().filter_map(|claim| self.claims.get(*claim));
        let texts = said.flat_map(|value| match value.as_object() {
            Some(parts) => parts.values().filter_map(Value::as_str).collect(),
            None => Vec::from_iter(value.as_str()),
        });
        let always = [self.login.as_str(), self.display_name.as_str(), self.email.as_str()];
        always.into_iter().chain(texts).map(str::to_owned).collect()
    }

    /// The strongest role, which decides how long a session lasts.
    pub fn strongest_role(&self) -> Role {
        self.grants.iter().map(|grant| grant.role).max().unwrap_or(Role::Staff)
    }
}
