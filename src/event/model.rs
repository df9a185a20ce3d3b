//! The closed list of what can happen, and how each is called in OCSF and in the sign-in stream.
//! Source: OCSF 1.x, classes 3001, 3002, 3003, 6003 and 2004.

use serde::Serialize;

use crate::event::case_code::CaseCode;
pub use crate::event::reason::{EndReason, InvitationRefusal, KeyRefusal, Refusal};
use crate::kernel::acr::{Acr, Amr};
use crate::kernel::id::{AccountId, AuthenticatorId, SessionId};

/// One event: what happened to whom, with the case code under which it may be asked about.
#[derive(Clone, Debug)]
pub struct Event {
    pub what: What,
    /// The account that it happened to, where there is one.
    pub subject: Option<AccountId>,
    /// The login name as it is known or was typed; goes into the personal part, and for names that
    /// nobody has it is replaced by a keyed digest.
    pub name: Option<String>,
    pub case_code: Option<CaseCode>,
    /// Which consecutive attempt this was, counted from 1.
    pub attempt: Option<u32>,
    pub method: Option<Amr>,
    /// What was sent that fits nothing registered; goes into the personal part, since nobody knows what it is.
    pub got: Option<String>,
    /// What an upstream provider says of the phone that approved; goes into the personal part.
    pub phone: Option<serde_json::Value>,
}

impl Event {
    pub const fn new(what: What) -> Self {
        Self {
            what,
            subject: None,
            name: None,
            case_code: None,
            attempt: None,
            method: None,
            got: None,
            phone: None,
        }
    }

    pub fn of(what: What, subject: AccountId) -> Self {
        Self { subject: Some(subject), ..Self::new(what) }
    }

    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    #[must_use]
    pub fn under(self, case_code: CaseCode) -> Self {
        Self { case_code: Some(case_code), ..self }
    }

    #[must_use]
    pub fn attempt(self, attempt: u32) -> Self {
        Self { attempt: Some(attempt), ..self }
    }

    #[must_use]
    pub fn by(self, method: Amr) -> Self {
        Self { method: Some(method), ..self }
    }

    #[must_use]
    pub fn got(self, got: &str) -> Self {
        Self { got: Some(got.to_owned()), ..self }
    }

    #[must_use]
    pub fn approved_on(self, phone: Option<serde_json::Value>) -> Self {
        Self { phone, ..self }
    }
}

/// Everything that the log knows to tell.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    // 3002 Authentication
    PasswordAccepted,
    PasswordRefused {
        reason: Refusal,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        near_accounts: Vec<AccountId>,
    },
    TotpAccepted {
        authenticator: AuthenticatorId,
    },
    TotpRefused {
        reason: Refusal,
        #[serde(skip_serializing_if = "Option::is_none")]
        minutes_off: Option<i64>,
    },
    /// A passkey or a security key.
    KeyAccepted {
        authenticator: AuthenticatorId,
        kind: &'static str,
    },
    KeyRefused {
        reason: KeyRefusal,
        #[serde(skip_serializing_if = "Option::is_none")]
        authenticator: Option<AuthenticatorId>,
    },
    /// With how many codes the person has left.
    RecoveryCodeAccepted {
        left: usize,
    },
    RecoveryCodeRefused {
        reason: Refusal,
    },
    SignInPaused {
        seconds: u64,
    },
    /// A code that was sent by mail was typed; it proves nothing but that the mailbox can be read.
    MailCodeAccepted,
    MailCodeRefused {
        reason: Refusal,
    },
    /// An upstream provider told who somebody is, and everything about its answer was right.
    UpstreamAccepted {
        provider: String,
        acr: Acr,
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<u16>,
        /// Whether the person was on the phone while approving, where the provider says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        call_in_progress: Option<bool>,
    },
    UpstreamRefused {
        provider: String,
        reason: &'static str,
    },
    SignedIn {
        acr: Acr,
        amr: Vec<Amr>,
        new_device: bool,
    },
    SignedOut {
        reason: EndReason,
        sessions: Vec<SessionId>,
    },
    // 3001 Account Change
    AccountAdded {
        organisation: String,
    },
    AccountStateChanged {
        from: String,
        to: String,
    },
    AccountErased,
    RoleGranted {
        role: String,
    },
    RoleRevoked {
        role: String,
    },
    AuthenticatorBound {
        authenticator: AuthenticatorId,
        kind: String,
    },
    AuthenticatorRevoked {
        authenticator: AuthenticatorId,
        kind: String,
    },
    AuthenticatorRenamed {
        authenticator: AuthenticatorId,
        kind: String,
    },
    /// A passkey or a security key was made and not taken.
    KeyNotBound {
        reason: KeyRefusal,
    },
    /// This browser stands for the second proof until then.
    BrowserTrusted {
        until: String,
    },
    BrowserDistrusted,
    /// Somebody may set up the account by a secret address until then.
    InvitationMade {
        purpose: &'static str,
        expires_at: String,
    },
    InvitationUsed {
        purpose: &'static str,
    },
    InvitationRefused {
        reason: InvitationRefusal,
    },
    /// A new set, in the place of the one before.
    RecoveryCodesMade {
        count: usize,
    },
    PasswordSet,
    PasswordChangeRefused {
        reason: Refusal,
    },
    /// Somebody wants a new password without the old one, or is locked out. `standing`: why nothing will come of it.
    ResetRequested {
        problem: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        standing: Option<Refusal>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        near_accounts: Vec<AccountId>,
    },
    MailCodeSent,
    /// `verified`: whether the directory was seen to take the new one.
    PasswordReset {
        verified: bool,
    },
    /// The directory that keeps it did not take a new one, or nobody knows whether it did.
    PasswordNotWritten {
        reason: &'static str,
    },
    /// Pauses of the account are over, by two proofs of its owner.
    AccountUnlocked,
    AccountNotUnlocked {
        reason: &'static str,
    },
    /// Nothing is open to the account until its password is reset.
    AccountContained {
        about: &'static str,
    },
    AccountReleased,
    NotMeRefused {
        reason: Refusal,
    },
    /// Somebody at an upstream provider is this account from now on.
    UpstreamLinked {
        provider: String,
        ground: &'static str,
    },
    UpstreamUnlinked {
        provider: String,
    },
    // 3003 Authorize Session
    CodeIssued {
        scope: String,
    },
    TokensIssued {
        grant_type: &'static str,
        scope: String,
        token_ids: Vec<String>,
    },
    TokenRevoked {
        token: &'static str,
    },
    AuthorizationRefused {
        error: String,
    },
    /// The person agreed that the application may know this.
    ConsentGiven {
        scope: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        claims: String,
    },
    ConsentRefused {
        scope: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        claims: String,
    },
    ConsentWithdrawn,
    TokenRefused {
        error: String,
    },
    // 6003 API Activity
    OwnDataExported,
    /// It is published at once and signs from that moment on.
    SigningKeyMade {
        key: String,
        algorithm: String,
        active_from: String,
    },
    /// It is neither published nor accepted any more, and its private part is destroyed.
    SigningKeyRetired {
        key: String,
    },
    SealingKeyAdded {
        key: u8,
    },
    /// A key of ours that upstream providers read.
    UpstreamKeyMade {
        key: String,
        line: String,
    },
    /// Its private part is destroyed.
    UpstreamKeyRetired {
        key: String,
    },
    /// The keys of all months before this one, and with them the personal parts of their records.
    PersonalKeysDestroyed {
        before: String,
    },
    ClientAdded {
        client: String,
    },
    /// With the names of the members of its registration that are others now.
    ClientChanged {
        client: String,
        members: Vec<String>,
    },
    ClientEnded {
        client: String,
    },
    /// All that it was given is dead; it stays registered.
    ClientRevoked {
        client: String,
    },
    MailGivenUp {
        mail: String,
    },
    CommandRun {
        command: String,
    },
    // 2004 Detection Finding
    /// A person says that something was done by somebody else.
    ReportedNotMe {
        about: &'static str,
    },
    CodeReplayed,
    /// The operator breaks the glass: an administrator's account will be set up anew.
    AdministratorRescued,
    /// An old value of a trusted browser was shown by somebody who knows the password.
    TrustedBrowserCopied,
    /// One that was replaced was presented again: its grant is ended.
    RefreshTokenReused,
    /// The counter of a passkey or a security key went back: there may be two of it.
    AuthenticatorCloned {
        authenticator: AuthenticatorId,
    },
}

/// OCSF class, activity and outcome of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub class: Class,
    pub activity_id: u32,
    pub success: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    AccountChange,
    Authentication,
    AuthorizeSession,
    ApiActivity,
    DetectionFinding,
}

impl Class {
    pub const fn uid(self) -> i64 {
        match self {
            Self::AccountChange => 3001,
            Self::Authentication => 3002,
            Self::AuthorizeSession => 3003,
            Self::ApiActivity => 6003,
            Self::DetectionFinding => 2004,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountChange => "Account Change",
            Self::Authentication => "Authentication",
            Self::AuthorizeSession => "Authorize Session",
            Self::ApiActivity => "API Activity",
            Self::DetectionFinding => "Detection Finding",
        }
    }

    pub const fn category(self) -> (i64, &'static str) {
        match self {
            Self::AccountChange | Self::Authentication | Self::AuthorizeSession => {
                (3, "Identity & Access Management")
            }
            Self::ApiActivity => (6, "Application Activity"),
            Self::DetectionFinding => (2, "Findings"),
        }
    }
}

const fn shape(class: Class, activity_id: u32, success: bool) -> Shape {
    Shape { class, activity_id, success }
}

/// OCSF's number for an activity that its list does not name.
const OTHER: u32 = 99;

impl What {
    pub const fn shape(&self) -> Shape {
        use Class::{AccountChange, ApiActivity, Authentication, AuthorizeSession, DetectionFinding};
        match self {
            // Authentication: 1 Logon, 2 Logoff.
            Self::PasswordAccepted
            | Self::TotpAccepted { .. }
            | Self::UpstreamAccepted { .. }
            | Self::KeyAccepted { .. }
            | Self::RecoveryCodeAccepted { .. }
            | Self::MailCodeAccepted
            | Self::SignedIn { .. } => shape(Authentication, 1, true),
            Self::PasswordRefused { .. }
            | Self::TotpRefused { .. }
            | Self::UpstreamRefused { .. }
            | Self::KeyRefused { .. }
            | Self::RecoveryCodeRefused { .. }
            | Self::MailCodeRefused { .. }
            | Self::SignInPaused { .. } => shape(Authentication, 1, false),
            Self::SignedOut { .. } => shape(Authentication, 2, true),
            // Account Change: 1 Create, 2 Enable, 3 Password Change, 4 Password Reset, 5 Disable, 6 Delete,
            // 7 Attach Policy, 8 Detach Policy, 10 MFA Factor Enable, 11 MFA Factor Disable.
            Self::AccountAdded { .. } => shape(AccountChange, 1, true),
            Self::AccountStateChanged { .. } | Self::AuthenticatorRenamed { .. } => {
                shape(AccountChange, OTHER, true)
            }
            Self::AccountErased => shape(AccountChange, 6, true),
            Self::RoleGranted { .. } => shape(AccountChange, 7, true),
            Self::RoleRevoked { .. } => shape(AccountChange, 8, true),
            Self::AuthenticatorBound { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::UpstreamLinked { .. } => shape(AccountChange, 10, true),
            Self::AuthenticatorRevoked { .. } | Self::UpstreamUnlinked { .. } => {
                shape(AccountChange, 11, true)
            }
            Self::KeyNotBound { .. } => shape(AccountChange, 10, false),
            Self::BrowserTrusted { .. }
            | Self::BrowserDistrusted
            | Self::InvitationMade { .. }
            | Self::InvitationUsed { .. }
            | Self::ResetRequested { .. }
            | Self::MailCodeSent
            | Self::AccountUnlocked
            | Self::AccountContained { .. }
            | Self::AccountReleased => shape(AccountChange, OTHER, true),
            Self::InvitationRefused { .. } | Self::NotMeRefused { .. } | Self::AccountNotUnlocked { .. } => {
                shape(AccountChange, OTHER, false)
            }
            Self::PasswordReset { .. } => shape(AccountChange, 4, true),
            Self::PasswordNotWritten { .. } => shape(AccountChange, 4, false),
            Self::PasswordSet => shape(AccountChange, 3, true),
            Self::PasswordChangeRefused { .. } => shape(AccountChange, 3, false),
            // Authorize Session: 1 Assign Privileges, 99 what its list does not name.
            Self::CodeIssued { .. } | Self::TokensIssued { .. } | Self::ConsentGiven { .. } => {
                shape(AuthorizeSession, 1, true)
            }
            Self::ConsentWithdrawn | Self::TokenRevoked { .. } => shape(AuthorizeSession, OTHER, true),
            Self::AuthorizationRefused { .. } | Self::TokenRefused { .. } | Self::ConsentRefused { .. } => {
                shape(AuthorizeSession, 1, false)
            }
            // API Activity: 1 Create, 2 Read, 3 Update, 4 Delete.
            Self::OwnDataExported => shape(ApiActivity, 2, true),
            Self::SigningKeyMade { .. }
            | Self::UpstreamKeyMade { .. }
            | Self::SealingKeyAdded { .. }
            | Self::ClientAdded { .. } => shape(ApiActivity, 1, true),
            Self::ClientChanged { .. } => shape(ApiActivity, 3, true),
            Self::ClientEnded { .. }
            | Self::PersonalKeysDestroyed { .. }
            | Self::UpstreamKeyRetired { .. }
            | Self::SigningKeyRetired { .. } => shape(ApiActivity, 4, true),
            Self::MailGivenUp { .. } => shape(ApiActivity, OTHER, false),
            Self::ClientRevoked { .. } | Self::CommandRun { .. } => shape(ApiActivity, OTHER, true),
            Self::CodeReplayed
            | Self::ReportedNotMe { .. }
            | Self::RefreshTokenReused
            | Self::TrustedBrowserCopied
            | Self::AdministratorRescued
            | Self::AuthenticatorCloned { .. } => shape(DetectionFinding, 1, true),
        }
    }

    /// The name of the sign-in stream's `type`, for those events that the detector reads.
    pub const fn stream_type(&self) -> Option<&'static str> {
        match self {
            Self::PasswordAccepted => Some("password_ok"),
            Self::PasswordRefused { .. } => Some("password_bad"),
            Self::TotpAccepted { .. } => Some("totp_ok"),
            Self::TotpRefused { .. } => Some("totp_bad"),
            Self::KeyAccepted { .. } => Some("webauthn_ok"),
            Self::RecoveryCodeAccepted { .. } => Some("recovery_ok"),
            Self::AuthenticatorBound { .. } | Self::RecoveryCodesMade { .. } => Some("authenticator_added"),
            Self::SignedIn { .. } => Some("session_seen"),
            Self::ResetRequested { .. } => Some("reset_requested"),
            Self::PasswordReset { .. } => Some("reset_done"),
            Self::SignInPaused { .. }
            | Self::UpstreamAccepted { .. }
            | Self::UpstreamRefused { .. }
            | Self::UpstreamLinked { .. }
            | Self::UpstreamUnlinked { .. }
            | Self::UpstreamKeyMade { .. }
            | Self::UpstreamKeyRetired { .. }
            | Self::KeyRefused { .. }
            | Self::RecoveryCodeRefused { .. }
            | Self::SignedOut { .. }
            | Self::AccountAdded { .. }
            | Self::AccountStateChanged { .. }
            | Self::AccountErased
            | Self::RoleGranted { .. }
            | Self::RoleRevoked { .. }
            | Self::AuthenticatorRevoked { .. }
            | Self::AuthenticatorRenamed { .. }
            | Self::KeyNotBound { .. }
            | Self::BrowserTrusted { .. }
            | Self::BrowserDistrusted
            | Self::TrustedBrowserCopied
            | Self::InvitationMade { .. }
            | Self::InvitationUsed { .. }
            | Self::InvitationRefused { .. }
            | Self::AdministratorRescued
            | Self::PasswordSet
            | Self::PasswordChangeRefused { .. }
            | Self::MailCodeAccepted
            | Self::MailCodeRefused { .. }
            | Self::MailCodeSent
            | Self::PasswordNotWritten { .. }
            | Self::AccountUnlocked
            | Self::AccountNotUnlocked { .. }
            | Self::AccountContained { .. }
            | Self::AccountReleased
            | Self::NotMeRefused { .. }
            | Self::ReportedNotMe { .. }
            | Self::CodeIssued { .. }
            | Self::TokensIssued { .. }
            | Self::TokenRevoked { .. }
            | Self::RefreshTokenReused
            | Self::AuthorizationRefused { .. }
            | Self::ConsentGiven { .. }
            | Self::ConsentRefused { .. }
            | Self::ConsentWithdrawn
            | Self::TokenRefused { .. }
            | Self::OwnDataExported
            | Self::SigningKeyMade { .. }
            | Self::SigningKeyRetired { .. }
            | Self::SealingKeyAdded { .. }
            | Self::ClientAdded { .. }
            | Self::ClientChanged { .. }
            | Self::ClientEnded { .. }
            | Self::ClientRevoked { .. }
            | Self::PersonalKeysDestroyed { .. }
            | Self::MailGivenUp { .. }
            | Self::CommandRun { .. }
            | Self::AuthenticatorCloned { .. }
            | Self::CodeReplayed => None,
        }
    }
}
