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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    pub id: AccountId,
    pub organisation: OrganisationId,
    pub grants: Vec<Grant>,
    pub protected: bool,
    pub standing: Standing,
}

/// Who wants to do something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// A person, at the service's pages or applications.
    Account(Person),
    /// The operating-system user at the command line.
    Operator(String),
    /// Nobody is signed in: permitted nothing.
    Nobody,
}

/// What it is to be done to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// Makes the actions, their names and the list of all of them from one table.
macro_rules! actions {
    (
        plain { $($plain:ident = $name:literal,)* }
        about_role { $($about_role:ident = $name_about_role:literal,)* }
    ) => {
        /// Everything that is decided here. Closed: an action that policies do not know cannot be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($plain,)*
            $($about_role(Role),)*
        }

        impl Action {
            /// Every action; those about a role once for each role.
            pub fn all() -> impl Iterator<Item = Self> {
                let about_roles = Role::ALL.into_iter().flat_map(|role| [$(Self::$about_role(role)),*]);
                [$(Self::$plain),*].into_iter().chain(about_roles)
            }

            /// The name in policies and in events.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$plain => $name,)*
                    $(Self::$about_role(_) => $name_about_role,)*
                }
            }
        }
    };
}

actions! {
    plain {
        SignIn = "signIn",
        ViewOwnAccount = "viewOwnAccount",
        ChangeOwnPassword = "changeOwnPassword",
        BindOwnAuthenticator = "bindOwnAuthenticator",
        RevokeOwnAuthenticator = "revokeOwnAuthenticator",
        ExportOwnData = "exportOwnData",
        WithdrawOwnConsent = "withdrawOwnConsent",
        EndOwnSession = "endOwnSession",
        ViewAccount = "viewAccount",
        DisableAccount = "disableAccount",
        EnableAccount = "enableAccount",
        EndAccount = "endAccount",
        EraseAccount = "eraseAccount",
        SetPassword = "setPassword",
        EndSessions = "endSessions",
        AddAccount = "addAccount",
        ManageClients = "manageClients",
        ManageKeys = "manageKeys",
        ViewLog = "viewLog",
        VerifyLog = "verifyLog",
        ExportLog = "exportLog",
    }
    about_role {
        GrantRole = "grantRole",
        RevokeRole = "revokeRole",
    }
}
