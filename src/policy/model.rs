//! What a decision is about.

use crate::kernel::id::{AccountId, OrganisationId, SessionId};
use crate::kernel::role::Role;

/// A role inside one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    pub role: Role,
    pub organisation: OrganisationId,
}

/// Whether an account is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    Disabled,
    Ended,
}

impl Standing {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Ended => "ended",
        }
    }
}

/// An account as policies see it.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: AccountId,
    pub organisation: OrganisationId,
    pub grants: Vec<Grant>,
    pub protected: bool,
    pub standing: Standing,
}

/// Who wants to do something.
#[derive(Clone, Debug)]
pub enum Principal {
    /// A person, at the service's pages or applications.
    Account(Person),
    /// The operating-system user at the command line.
    Operator(String),
    /// Nobody is signed in: permitted nothing.
    Nobody,
}

/// What it is to be done to.
#[derive(Clone, Debug)]
pub enum Resource {
    Portal,
    Account(Person),
    Session {
        id: SessionId,
        owner: Person,
    },
    Organisation(OrganisationId),
    /// An application; `None`: one of all organisations.
    Client {
        id: String,
        organisation: Option<OrganisationId>,
    },
    Log(OrganisationId),
    KeyRing(OrganisationId),
}

/// Everything that is decided here. Closed: an action that policies do not know cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    SignIn,
    ViewOwnAccount,
    ChangeOwnPassword,
    BindOwnAuthenticator,
    RevokeOwnAuthenticator,
    ExportOwnData,
    EndOwnSession,
    ViewAccount,
    DisableAccount,
    EnableAccount,
    EndAccount,
    EraseAccount,
    GrantRole(Role),
    RevokeRole(Role),
    AddAccount,
    ManageClients,
    ManageKeys,
    ViewLog,
    VerifyLog,
    ExportLog,
}

impl Action {
    /// Every name, once: what the schema has to know.
    pub const NAMES: [&str; 20] = [
        "signIn",
        "viewOwnAccount",
        "changeOwnPassword",
        "bindOwnAuthenticator",
        "revokeOwnAuthenticator",
        "exportOwnData",
        "endOwnSession",
        "viewAccount",
        "disableAccount",
        "enableAccount",
        "endAccount",
        "eraseAccount",
        "grantRole",
        "revokeRole",
        "addAccount",
        "manageClients",
        "manageKeys",
        "viewLog",
        "verifyLog",
        "exportLog",
    ];

    /// The name in policies and in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "signIn",
            Self::ViewOwnAccount => "viewOwnAccount",
            Self::ChangeOwnPassword => "changeOwnPassword",
            Self::BindOwnAuthenticator => "bindOwnAuthenticator",
            Self::RevokeOwnAuthenticator => "revokeOwnAuthenticator",
            Self::ExportOwnData => "exportOwnData",
            Self::EndOwnSession => "endOwnSession",
            Self::ViewAccount => "viewAccount",
            Self::DisableAccount => "disableAccount",
            Self::EnableAccount => "enableAccount",
            Self::EndAccount => "endAccount",
            Self::EraseAccount => "eraseAccount",
            Self::GrantRole(_) => "grantRole",
            Self::RevokeRole(_) => "revokeRole",
            Self::AddAccount => "addAccount",
            Self::ManageClients => "manageClients",
            Self::ManageKeys => "manageKeys",
            Self::ViewLog => "viewLog",
            Self::VerifyLog => "verifyLog",
            Self::ExportLog => "exportLog",
        }
    }
}
