//! What follows from what a directory says.

use crate::account::described::Described;
use crate::account::{Account, State};
use crate::config::DirectoryConfig;
use crate::directory::ldap::{DirectoryState, PersonEntry};
use crate::kernel::language::Language;
use crate::kernel::login_name::LoginName;

/// Why somebody is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTakenIn {
    NoMail,
    NoName,
    NameTaken,
}

impl NotTakenIn {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoMail => "no_mail",
            Self::NoName => "no_name",
            Self::NameTaken => "name_taken",
        }
    }
}

/// How the person is called here.
pub fn described(person: &PersonEntry, config: &DirectoryConfig) -> Result<Described, NotTakenIn> {
    let login = LoginName::parse(&person.login).ok_or(NotTakenIn::NoName)?;
    let email = person.mail.clone().ok_or(NotTakenIn::NoMail)?;
    let address = LoginName::parse(&email).filter(|address| address.as_str().contains('@'));
    let address = address.ok_or(NotTakenIn::NoMail)?;
    let mut names = vec![login.clone(), address];
    names.extend(person.upn.as_deref().and_then(LoginName::parse));
    let language: Language = person.language.unwrap_or(config.language);
    Ok(Described { login, display_name: person.display_name.clone(), email, language, names })
}

/// The state that an account gets because its directory changed its own; `None` where that changed nothing.
pub fn state_after(before: &str, now: DirectoryState, account: &Account) -> Option<State> {
    if before == now.name() {
        return None;
    }
    let state = match now {
        DirectoryState::Active => State::Active,
        DirectoryState::Disabled | DirectoryState::Gone => State::Disabled,
    };
    (state != account.state).then_some(state)
}
