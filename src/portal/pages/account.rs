//! "Your security": what opens the account, where it is open now, and who used it lately.

use askama::Template;

use crate::authenticator::passkeys::DeviceKind;
use crate::kernel::id::{AuthenticatorId, DeviceId, SessionId};
use crate::kernel::time::Moment;
use crate::portal::pages::{Method, RecoveryState};
use crate::web::page::Shell;

#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub authenticators: Vec<AuthenticatorRow>,
    /// The other providers that open the account.
    pub links: Vec<LinkedRow>,
    /// Whether other providers may be added.
    pub links_offered: bool,
    pub recovery: RecoveryState,
    pub sessions: Vec<SessionRow>,
    /// Shown only where there are any.
    pub browsers: Vec<BrowserRow>,
    /// Shown only where there are any: the applications of the house are not agreed to.
    pub consents: Vec<ConsentRow>,
    /// Newest first.
    pub sign_ins: Vec<SignInRow>,
    pub now: Moment,
}

#[derive(Clone, Debug)]
pub struct AuthenticatorRow {
    pub id: AuthenticatorId,
    pub kind: AuthenticatorKind,
    /// The name that the person gave; not shown for a password.
    pub name: String,
    pub added: Moment,
    pub last_used: Option<Moment>,
    /// Whether the account can do without it.
    pub removable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorKind {
    Password,
    App,
    Passkey(DeviceKind),
    SecurityKey(DeviceKind),
}

impl AuthenticatorRow {
    const fn icon(&self) -> &'static str {
        match self.kind {
            AuthenticatorKind::Password => "lock",
            AuthenticatorKind::App => "code",
            AuthenticatorKind::Passkey(_) | AuthenticatorKind::SecurityKey(_) => "passkey",
        }
    }

    fn is_password(&self) -> bool {
        self.kind == AuthenticatorKind::Password
    }

    /// What it is, and the name that its owner gave it.
    fn title(&self, shell: &Shell) -> String {
        let kind = match self.kind {
            AuthenticatorKind::Password => return shell.say("password"),
            AuthenticatorKind::App => "account-app",
            AuthenticatorKind::Passkey(_) => "account-passkey",
            AuthenticatorKind::SecurityKey(_) => "account-key",
        };
        if self.name.is_empty() { shell.say(kind) } else { format!("{}: {}", shell.say(kind), self.name) }
    }

    /// What it said of itself.
    fn device(&self, shell: &Shell) -> Option<String> {
        let (AuthenticatorKind::Passkey(device) | AuthenticatorKind::SecurityKey(device)) = self.kind else {
            return None;
        };
        Some(shell.say(match device {
            DeviceKind::Synced => "account-device-synced",
            DeviceKind::BuiltIn => "account-device-built-in",
            DeviceKind::Carried => "account-device-carried",
            DeviceKind::Unknown => return None,
        }))
    }
}

#[derive(Clone, Debug)]
pub struct LinkedRow {
    pub label: String,
    pub added: Moment,
    pub last_used: Option<Moment>,
}

#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    /// As [`Text::device`](crate::web::text::Text::device) says it.
    pub device: String,
    pub place: Option<String>,
    pub since: Moment,
    pub until: Moment,
    /// Names of the applications that were opened from it.
    pub applications: Vec<String>,
    /// The session that shows this page.
    pub here: bool,
}

/// A browser that stands for the second proof.
#[derive(Clone, Debug)]
pub struct BrowserRow {
    pub id: DeviceId,
    /// As [`Text::device`](crate::web::text::Text::device) says it.
    pub device: String,
    pub since: Moment,
    pub until: Moment,
    /// The browser that shows this page.
    pub here: bool,
}

#[derive(Clone, Debug)]
pub struct ConsentRow {
    pub client_id: String,
    pub name: String,
    pub given: Moment,
    /// The kinds of what it may know, in the reader's language.
    pub knows: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct SignInRow {
    pub at: Moment,
    pub ok: bool,
    pub device: String,
    pub place: Option<String>,
    pub method: Method,
    /// Where a sign-in that failed came to its end.
    pub stopped_at: Option<StoppedAt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedAt {
    Password,
    Code,
    /// What a passkey or a security key answered.
    Key,
    /// Too many attempts before it.
    Pause,
}

impl StoppedAt {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "stopped-password",
            Self::Code => "stopped-code",
            Self::Key => "stopped-key",
            Self::Pause => "stopped-pause",
        }
    }
}

impl AccountPage {
    fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.here)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template hands over references")]
    fn when(&self, moment: &Moment) -> String {
        self.shell.text.when(*moment, self.now)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template hands over references")]
    fn machine(&self, moment: &Moment) -> String {
        self.shell.text.machine(*moment)
    }

    fn place(&self, place: Option<&str>) -> String {
        self.shell.text.place(place)
    }

    fn method(&self, method: Method) -> String {
        method.say(self.shell.text)
    }
}

#[cfg(test)]
fn sample_browser(device: &str, since: Moment, until: Moment) -> BrowserRow {
    let id = DeviceId::from_uuid(uuid::Uuid::from_u128(1));
    BrowserRow { id, device: device.into(), since, until, here: true }
}

#[cfg(test)]
impl AccountPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        use crate::authenticator::recovery::CodeSet;
        use crate::authenticator::{NextStep, Readiness};
        use uuid::Uuid;

        let now = Moment::from_unix_seconds(1_772_370_300);
        let ago = |hours: i64| Moment::from_unix_seconds(now.unix_seconds() - hours * 3600);
        let place = || Some("Leuven, België".to_owned());
        let device = shell.text.device(Some("Firefox"), Some("Windows"));
        let app = |number: u128, name: &str, last_used| AuthenticatorRow {
            id: AuthenticatorId::from_uuid(Uuid::from_u128(number)),
            kind: AuthenticatorKind::App,
            name: name.into(),
            added: ago(3000),
            last_used,
            removable: true,
        };
        let password = AuthenticatorRow {
            kind: AuthenticatorKind::Password,
            removable: false,
            ..app(1, "", Some(ago(5)))
        };
        let key = |number, name, kind| AuthenticatorRow { kind, ..app(number, name, Some(ago(2))) };
        let session = |number: u128, place, here| SessionRow {
            id: SessionId::from_uuid(Uuid::from_u128(number)),
            device: device.clone(),
            place,
            since: ago(6),
            until: ago(-6),
            applications: if here { vec!["Webmail".into(), "SharePoint".into()] } else { Vec::new() },
            here,
        };
        let sign_in = |hours, method, stopped_at: Option<StoppedAt>| SignInRow {
            at: ago(hours),
            ok: stopped_at.is_none(),
            device: device.clone(),
            place: if stopped_at.is_none() { place() } else { None },
            method,
            stopped_at,
        };
        let recovery = |left: Option<usize>, readiness, next| RecoveryState {
            set: left.map(|left| CodeSet { made_at: ago(50), left }),
            readiness,
            next,
        };
        let full = Self {
            links: vec![LinkedRow { label: "itsme".into(), added: ago(900), last_used: Some(ago(30)) }],
            links_offered: true,
            recovery: recovery(Some(10), Readiness::Ready, None),
            authenticators: vec![
                password.clone(),
                app(2, "Work phone", Some(ago(5))),
                app(3, "Tablet", None),
                key(4, "Laptop", AuthenticatorKind::Passkey(DeviceKind::BuiltIn)),
                key(5, "Password manager", AuthenticatorKind::Passkey(DeviceKind::Synced)),
                key(6, "Blue key", AuthenticatorKind::SecurityKey(DeviceKind::Carried)),
                key(7, "", AuthenticatorKind::SecurityKey(DeviceKind::Unknown)),
            ],
            sessions: vec![session(1, place(), true), session(2, None, false)],
            browsers: vec![sample_browser(&device, ago(20), ago(-700))],
            consents: vec![ConsentRow {
                client_id: "rooms".into(),
                name: "Room planner <Peeters>".into(),
                given: ago(40),
                knows: vec![shell.say("consent-openid"), shell.say("consent-email")],
            }],
            sign_ins: vec![
                sign_in(6, Method::PasswordAndCode, None),
                sign_in(20, Method::PasswordAndCode, Some(StoppedAt::Code)),
                sign_in(21, Method::Passkey, None),
                sign_in(22, Method::Passkey, Some(StoppedAt::Key)),
                sign_in(23, Method::PasswordAndKey, None),
                sign_in(24, Method::Upstream, None),
                sign_in(25, Method::PasswordAndUpstream, None),
                sign_in(30, Method::Password, Some(StoppedAt::Password)),
                sign_in(31, Method::Password, Some(StoppedAt::Pause)),
                sign_in(400, Method::Password, None),
            ],
            now,
            shell,
        };
        let only = AuthenticatorRow { removable: false, ..app(2, "Work phone", Some(ago(5))) };
        let one = Self {
            recovery: recovery(None, Readiness::Almost, Some(NextStep::PrintCodes)),
            authenticators: vec![password.clone(), only],
            sessions: vec![session(1, place(), true)],
            ..full.clone()
        };
        let bare = Self {
            recovery: recovery(None, Readiness::NotReady, Some(NextStep::Bind)),
            authenticators: vec![password],
            sessions: Vec::new(),
            browsers: Vec::new(),
            consents: Vec::new(),
            sign_ins: Vec::new(),
            ..full.clone()
        };
        let low = Self {
            recovery: recovery(Some(1), Readiness::Almost, Some(NextStep::BindAnother)),
            ..one.clone()
        };
        vec![("full", full), ("one", one), ("low", low), ("bare", bare)]
    }
}
