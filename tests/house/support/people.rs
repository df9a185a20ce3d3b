//! People of a test: an account with a password, and an authenticator app that gives real codes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cardea::account::{Account, NewAccount, State};
use cardea::kernel::acr::Acr;
use cardea::kernel::id::{AccountId, OrganisationId};
use cardea::kernel::language::Language;
use cardea::kernel::login_name::LoginName;
use cardea::kernel::role::Role;
use cardea::kernel::secret::{Password, Secret};
use cardea::kernel::time::Moment;

use super::app::TestApp;

const DAY: Duration = Duration::from_hours(24);
const STEP_SECONDS: i64 = 30;

/// Someone who signs in.
pub struct Person {
    pub username: String,
    pub password: String,
    pub email: String,
    pub id: AccountId,
    pub totp: Option<Totp>,
}

impl Person {
    /// A code that was not used yet; moves the service's time on where this step's code is used up.
    pub fn code(&self, app: &TestApp) -> String {
        self.totp.as_ref().expect("this person has an authenticator app").next(app)
    }

    pub async fn account(&self, app: &TestApp) -> Account {
        app.opened.accounts.by_id(self.id).await.unwrap().unwrap()
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct PersonBuilder<'a> {
    app: &'a TestApp,
    name: String,
    password: String,
    email: Option<String>,
    language: Language,
    roles: Vec<Role>,
    required: Acr,
    state: State,
    expired: bool,
    must_change: bool,
    no_password: bool,
    apps: usize,
    protected: bool,
}

impl<'a> PersonBuilder<'a> {
    pub(super) fn new(app: &'a TestApp, name: &str) -> Self {
        Self {
            app,
            name: name.to_owned(),
            password: format!("one door for {name}"),
            email: None,
            language: Language::En,
            roles: vec![Role::Staff],
            required: Acr::Mfa,
            state: State::Active,
            expired: false,
            must_change: false,
            no_password: false,
            apps: 0,
            protected: false,
        }
    }

    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        password.clone_into(&mut self.password);
        self
    }

    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        self.email = Some(email.to_owned());
        self
    }

    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    #[must_use]
    pub fn roles(mut self, roles: &[Role]) -> Self {
        self.roles = roles.to_vec();
        self
    }

    #[must_use]
    pub fn protected(mut self) -> Self {
        self.protected = true;
        self
    }

    /// With an authenticator app that was bound before.
    #[must_use]
    pub fn with_totp(mut self) -> Self {
        self.apps = 1;
        self
    }

    /// For whom a password alone is enough.
    #[must_use]
    pub fn password_only(mut self) -> Self {
        self.required = Acr::Pwd;
        self
    }

    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.state = State::Disabled;
        self
    }

    /// Whose password is three days past its date.
    #[must_use]
    pub fn expired(mut self) -> Self {
        self.expired = true;
        self
    }

    /// Whose password was set by someone else.
    #[must_use]
    pub fn must_change(mut self) -> Self {
        self.must_change = true;
        self
    }

    /// Who has no password yet, and chooses one by an invitation.
    #[must_use]
    pub fn without_password(mut self) -> Self {
        self.no_password = true;
        self
    }

    pub async fn build(self) -> Person {
        let (opened, origin) = (&self.app.opened, self.app.origin());
        let now = origin.now;
        let login = LoginName::parse(&self.name).unwrap();
        let email = self.email.clone().unwrap_or_else(|| format!("{}@chancellery.example", self.name));
        let id = AccountId::new(now, &opened.entropy);
        let password = Password::parse(&self.password).unwrap();
        let mut prepared = opened.directory.prepare_unchecked(id, &password, "test", now).await.unwrap();
        if self.expired {
            prepared = prepared.lasting_until(now.minus(DAY * 3));
        }
        if self.must_change {
            prepared = prepared.to_be_changed();
        }
        let secret = (self.apps > 0).then(|| opened.entropy.bytes::<20>().to_vec());
        let new = self.account(login, email.clone(), self.organisation().await);
        let added = opened.accounts.add(&origin, id, new, |unit| {
            if !self.no_password {
                opened.directory.put(unit, prepared);
            }
            if let Some(secret) = &secret {
                opened
                    .authenticators
                    .bind_given(unit, id, &Secret::new(secret.clone()), "Work phone", now)
                    .unwrap();
            }
        });
        added.await.unwrap();
        Person { username: self.name, password: self.password, email, id, totp: secret.map(Totp::new) }
    }

    async fn organisation(&self) -> OrganisationId {
        let now = self.app.now();
        self.app.opened.accounts.default_organisation("Chancellery", now).await.unwrap()
    }

    fn account(&self, login: LoginName, email: String, organisation: OrganisationId) -> NewAccount {
        NewAccount {
            login,
            display_name: format!("The one called {}", self.name),
            email,
            language: self.language,
            organisation,
            roles: self.roles.clone(),
            protected: self.protected,
            directory: "local".to_owned(),
            state: self.state,
            claims: serde_json::Map::new(),
            required_acr: self.required,
        }
    }
}

/// An authenticator app. Own code, so that the product is not tested by itself. Source: RFC 6238, RFC 4226.
pub struct Totp {
    secret: Vec<u8>,
    last_step: AtomicI64,
}

impl Totp {
    pub const fn new(secret: Vec<u8>) -> Self {
        Self { secret, last_step: AtomicI64::new(0) }
    }

    /// From the text that a page shows.
    pub fn from_base32(text: &str) -> Self {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        Self::new(data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap())
    }

    pub fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// What the app shows at a moment.
    pub fn at(&self, moment: Moment) -> String {
        self.of_step(moment.unix_seconds().div_euclid(STEP_SECONDS))
    }

    /// The code of the present step, or of the next one where this was used: the clock moves there.
    pub fn next(&self, app: &TestApp) -> String {
        let present = app.now().unix_seconds().div_euclid(STEP_SECONDS);
        let step = present.max(self.last_step.load(Ordering::SeqCst) + 1);
        let wait = u64::try_from((step - present) * STEP_SECONDS).unwrap();
        app.advance(Duration::from_secs(wait));
        self.last_step.store(step, Ordering::SeqCst);
        self.of_step(step)
    }

    /// Six figures that are right at no moment near the present.
    pub fn wrong(&self, app: &TestApp) -> String {
        let present = app.now().unix_seconds().div_euclid(STEP_SECONDS);
        let near: Vec<String> = (present - 30..=present + 30).map(|step| self.of_step(step)).collect();
        (100_000..1_000_000)
            .map(|number| number.to_string())
            .find(|code| !near.contains(code))
            .expect("not all codes are near")
    }

    fn of_step(&self, step: i64) -> String {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let start = usize::from(mac[19] & 0x0f);
        let four: [u8; 4] = mac[start..start + 4].try_into().unwrap();
        let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
        format!("{number:06}")
    }
}
