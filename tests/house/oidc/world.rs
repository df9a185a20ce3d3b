//! A provider with one person and three clients, entered at its edge with a session that is already there.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use cardea::account::{Account, NewAccount, State};
use cardea::app::App;
use cardea::app::OpenError;
use cardea::app::open::{self, Opened, Surroundings};
use cardea::config::Config;
use cardea::config::clients;
use cardea::event::Origin;
use cardea::event::origin::Actor;
use cardea::infra::sealing::KeyRing;
use cardea::kernel::acr::{Acr, Amr};
use cardea::kernel::digest::{base64url, from_base64url, sha256};
use cardea::kernel::entropy::Entropy;
use cardea::kernel::id::{AccountId, RequestId, SessionId};
use cardea::kernel::language::Language;
use cardea::kernel::login_name::LoginName;
use cardea::kernel::role::Role;
use cardea::kernel::secret::Secret;
use cardea::kernel::time::{Clock, Moment};
use cardea::session::service::NewSession;
use cardea::web::browser::{BrowserKey, DeviceCookie};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::servers::{Postgres, PostgresDatabase};

pub const ISSUER: &str = "http://localhost:8080";
pub const CALLBACK: &str = "https://app.example.be/cb?tenant=1";
pub const SPA_CALLBACK: &str = "http://127.0.0.1/cb";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

pub struct World {
    pub router: Router,
    pub opened: Opened,
    pub clock: Clock,
    pub device: DeviceCookie,
    _folder: tempfile::TempDir,
    _database: Option<PostgresDatabase>,
}

/// An answer, read.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// A parameter of the address that the browser is sent to.
    pub fn sent(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(ISSUER).unwrap().join(self.location()).unwrap();
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// An application of others: people are asked whether it may know what it asks for.
pub fn rooms(scope: &str) -> Value {
    json!({ "client_id": "rooms", "client_name": "Room <planner>", "client_secret": SECRET,
            "redirect_uris": [CALLBACK, "https://app.example.be/cb2"], "audiences": ["rs", "other"],
            "token_endpoint_auth_method": "client_secret_post", "owners": ["Emma"],
            "grant_types": ["authorization_code", "refresh_token"], "scope": scope })
}

fn registrations(folder: &Path, more: Option<Value>) -> Vec<clients::ClientConfig> {
    let path = folder.join("clients.json");
    let mut list = json!([
        { "client_id": "web", "client_secret": SECRET, "redirect_uris": [CALLBACK], "trusted": true,
          "scope": "openid profile email", "id_token_signed_response_alg": "RS256",
          "post_logout_redirect_uris": ["https://app.example.be/goodbye?from=cardea"] },
        { "client_id": "other", "client_secret": SECRET, "redirect_uris": [CALLBACK], "immediate": true,
          "trusted": true, "token_endpoint_auth_method": "client_secret_post" },
        { "client_id": "spa", "token_endpoint_auth_method": "none", "redirect_uris": [SPA_CALLBACK],
          "trusted": true },
        { "client_id": "mobile", "client_secret": SECRET, "redirect_uris": [CALLBACK], "trusted": true,
          "token_endpoint_auth_method": "client_secret_post", "audiences": ["rs"],
          "grant_types": ["authorization_code", "refresh_token"], "scope": "openid email offline_access" },
        { "client_id": "native", "token_endpoint_auth_method": "none", "redirect_uris": [SPA_CALLBACK],
          "grant_types": ["authorization_code", "refresh_token"], "trusted": true },
        { "client_id": "machine", "client_secret": SECRET, "grant_types": ["client_credentials"],
          "scope": "files.read files.write openid offline_access", "audiences": ["rs", "other"] },
        { "client_id": "rs", "client_secret": SECRET, "grant_types": [] },
        rooms("openid profile email phone offline_access rooms.book"),
    ]);
    list.as_array_mut().unwrap().extend(more);
    std::fs::write(&path, list.to_string()).unwrap();
    clients::from_json_file(&path).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::open(None, None, None).await.unwrap()
    }

    /// One with one more client.
    pub async fn with_client(client: Value) -> Self {
        Self::open(None, Some(client), None).await.unwrap()
    }

    /// One with policies in the place of those that are compiled in.
    pub async fn under_policies(policies: &str) -> Self {
        Self::open(None, None, Some(policies)).await.unwrap()
    }

    /// One on SQLite and, where it is installed, one on PostgreSQL.
    pub async fn on_each_database() -> Vec<Self> {
        let mut worlds = vec![Self::new().await];
        if let Some(postgres) = Postgres::shared() {
            worlds.push(Self::open(Some(postgres.database()), None, None).await.unwrap());
        }
        worlds
    }

    async fn open(
        database: Option<PostgresDatabase>,
        client: Option<Value>,
        policies: Option<&str>,
    ) -> Result<Self, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Moment::from_unix_seconds(1_800_000_000));
        let entropy = Entropy::seeded(7);
        let mut config = Config::defaults(folder.path()).unwrap();
        config.hashing.workers = 1;
        config.assurance.admin = Acr::Phr;
        if let Some(policies) = policies {
            let own = folder.path().join("policies");
            std::fs::create_dir(&own).unwrap();
            std::fs::write(own.join("own.cedar"), policies).unwrap();
            config.policies.folder = Some(own);
        }
        if let Some(database) = &database {
            config.database.url = Secret::new(database.node_url.clone());
            config.database.migration_url = Some(Secret::new(database.owner_url.clone()));
        }
        open::make_folder(config.keys.ring.parent().unwrap())
            .map_err(|error| OpenError::at(&config, error))?;
        KeyRing::create(&config.keys.ring, clock.now(), &entropy)
            .map_err(|error| OpenError::at(&config, error.into()))?;
        open::migrate(&config, &clock).await?;
        let clients = registrations(folder.path(), client);
        let around = Surroundings { clients, clock: clock.clone(), entropy: entropy.clone() };
        let opened = Opened::open(config, around).await?;
        let router = App::compose(&opened).await?.router;
        let device = DeviceCookie::fresh(clock.now(), &entropy);
        Ok(Self { router, opened, clock, device, _folder: folder, _database: database })
    }

    pub fn origin(&self) -> Origin {
        let now = self.clock.now();
        Origin::internal(now, RequestId::new(now, &self.opened.entropy), Actor::Service)
    }

    pub async fn person(&self, login: &str) -> Account {
        self.person_as(login, Role::Staff).await
    }

    pub async fn person_as(&self, login: &str, role: Role) -> Account {
        let accounts = &self.opened.accounts;
        let organisation = accounts.default_organisation("Chancellery", self.clock.now()).await.unwrap();
        let new = NewAccount {
            login: LoginName::parse(login).unwrap(),
            display_name: "Noor Peeters".to_owned(),
            email: format!("{login}@example.be"),
            language: Language::Nl,
            organisation,
            roles: vec![role],
            protected: false,
            directory: "local".to_owned(),
            state: State::Active,
            // What a directory says never takes the place of a claim of the protocol.
            claims:
                json!({ "sub": "admin", "iss": "evil", "given_name": "Noor", "zoneinfo": 7, "role": "admin" })
                    .as_object()
                    .unwrap()
                    .clone(),
            required_acr: Acr::Mfa,
        };
        let id = AccountId::new(self.clock.now(), &self.opened.entropy);
        accounts.add(&self.origin(), id, new, |_| {}).await.unwrap();
        self.account(id).await
    }

    pub async fn account(&self, id: AccountId) -> Account {
        self.opened.accounts.by_id(id).await.unwrap().unwrap()
    }

    /// A session of the person in this browser, as its cookies.
    pub async fn session(&self, account: &Account, acr: Acr) -> (SessionId, String) {
        let mut unit = self.opened.db.unit();
        let new = NewSession {
            account,
            device: self.device.id,
            acr,
            amr: vec![Amr::Pwd, Amr::Otp, Amr::Mfa],
            authenticated_at: self.clock.now(),
        };
        let (id, token) = self.opened.sessions.start(&mut unit, &self.origin(), &new);
        self.opened.db.write(unit).await.unwrap();
        (id, format!("{}; __Host-session={}", self.browser(), token.expose()))
    }

    /// The cookie of a browser without a session.
    pub fn browser(&self) -> String {
        format!("__Host-device={}", BrowserKey::new(&self.opened.ring).unwrap().write(self.device))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, cookies: &str) -> Answer {
        let request =
            Request::get(path).header(header::HOST, "localhost:8080").header(header::COOKIE, cookies);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form of our own pages, sent back from there by this browser.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)], cookies: &str) -> Answer {
        let token = BrowserKey::new(&self.opened.ring).unwrap().form_token(self.device.id);
        let all: Vec<(&str, &str)> = fields.iter().copied().chain([("form_token", token.as_str())]).collect();
        let request = Request::post(path)
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, ISSUER)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encode(&all))).unwrap()).await
    }

    /// A sound request with some parameters changed, added, or (when empty) left out.
    pub async fn authorize(&self, client_id: &str, changes: &[(&str, &str)], cookies: &str) -> Answer {
        self.get(&format!("/oauth2/authorize?{}", request(client_id, changes)), cookies).await
    }

    pub async fn code(&self, client_id: &str, cookies: &str) -> String {
        let answer = self.authorize(client_id, &[], cookies).await;
        answer.sent("code").unwrap_or_else(|| panic!("{}", answer.location()))
    }

    pub async fn post(&self, path: &str, authorization: &str, form: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if !authorization.is_empty() {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.send(request.body(Body::from(encode(form))).unwrap()).await
    }

    /// Redeems a code as a client would, with some parameters changed.
    pub async fn redeem(&self, client_id: &str, code: &str, changes: &[(&str, &str)]) -> Answer {
        let redirect_uri = if is_public(client_id) { SPA_CALLBACK } else { CALLBACK };
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let mut authorization = String::new();
        match client_id {
            "web" => authorization = basic("web", SECRET),
            "spa" | "native" => form.push(("client_id", client_id)),
            _ => form.extend([("client_id", client_id), ("client_secret", SECRET)]),
        }
        change(&mut form, changes);
        self.post("/oauth2/token", &authorization, &form).await
    }

    /// Refreshes as a client would, with some parameters changed.
    pub async fn refresh(&self, client_id: &str, token: &str, changes: &[(&str, &str)]) -> Answer {
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client_id)];
        if !is_public(client_id) {
            form.push(("client_secret", SECRET));
        }
        change(&mut form, changes);
        self.post("/oauth2/token", "", &form).await
    }

    pub async fn userinfo(&self, authorization: &str) -> Answer {
        let request = Request::get("/oauth2/userinfo")
            .header(header::HOST, "localhost:8080")
            .header(header::AUTHORIZATION, authorization);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// What the log tells, newest last.
    pub async fn told(&self) -> Vec<String> {
        use sea_orm::ConnectionTrait;
        let db = self.opened.db.read();
        let sql =
            sea_orm::Statement::from_string(db.get_database_backend(), "SELECT plain FROM event ORDER BY at");
        let rows = db.query_all_raw(sql).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn is_public(client_id: &str) -> bool {
    matches!(client_id, "spa" | "native")
}

pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(format!("{id}:{secret}").as_bytes()))
}

pub fn request(client_id: &str, changes: &[(&str, &str)]) -> String {
    let challenge = base64url(&sha256(VERIFIER.as_bytes()));
    let mut all = vec![
        ("client_id", client_id),
        ("redirect_uri", if is_public(client_id) { SPA_CALLBACK } else { CALLBACK }),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("state", "s&t"),
        ("nonce", "n-1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    change(&mut all, changes);
    encode(&all)
}

fn change<'a>(all: &mut Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) {
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        if !value.is_empty() {
            all.push((name, value));
        }
    }
}

pub fn encode(form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// The claims of a token, unverified.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&from_base64url(part).unwrap()).unwrap()
}
