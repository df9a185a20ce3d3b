//! A whole service in the test's own process: its own database, state, folder, clock and port. What a test
//! wants to know it asks over HTTP; what only the inside can tell stands in [`TestApp::opened`].
//!
//! The backend is that of the run (`CARDEA_TEST_BACKEND`). Time stands still until a test moves it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use cardea::app::open::{self, Opened, Surroundings};
use cardea::app::serve::serve;
use cardea::app::{App, OpenError};
use cardea::config::Config;
use cardea::config::clients::{self, ClientConfig};
use cardea::event::Origin;
use cardea::event::origin::Actor;
use cardea::event::read::Record;
use cardea::infra::sealing::KeyRing;
use cardea::jobs::{Job, Jobs};
use cardea::kernel::acr::Acr;
use cardea::kernel::entropy::Entropy;
use cardea::kernel::id::RequestId;
use cardea::kernel::secret::Secret;
use cardea::kernel::time::{Clock, Moment};
use cardea::web::route::RoutePolicy;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::client::Browser;
use super::people::PersonBuilder;
use super::servers::{Backend, Postgres, PostgresDatabase, Redis};
use super::smtp::Mail;

/// 15 January 2027, 08:00 UTC: a whole minute, in the middle of a month.
const START: i64 = 1_800_000_000;
/// Known to the tests, as the sheet of a demo is.
pub const WEB_SECRET: &str = "a-secret-of-the-web-application-in-tests";
pub const WEB_CALLBACK: &str = "http://localhost:3001/callback";
pub const SPA_CALLBACK: &str = "http://localhost:3002/callback";

/// The service of one test. Everything stops when it is dropped.
pub struct TestApp {
    pub opened: Opened,
    pub clock: Clock,
    pub issuer: String,
    pub address: SocketAddr,
    pub table: Vec<RoutePolicy>,
    jobs: Jobs,
    sources: AtomicU16,
    serving: JoinHandle<()>,
    /// Ends connections in order when it changes; kept so that it does not.
    _stop: watch::Sender<bool>,
    // What follows goes last: the database is dropped when nobody uses it any more.
    pub folder: Folder,
    _database: Option<PostgresDatabase>,
}

/// The folder of a test's service.
pub struct Folder(TempDir);

impl Folder {
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

type Change = Box<dyn FnOnce(&mut Config) + Send>;

/// What a test wants to be otherwise.
#[derive(Default)]
pub struct TestAppBuilder {
    changes: Vec<Change>,
    embedded: bool,
    database: Option<(String, String)>,
    redis_url: Option<String>,
}

impl TestAppBuilder {
    /// Changes the configuration before anything is opened.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// SQLite and in-process state, whatever the run uses.
    #[must_use]
    pub fn embedded(mut self) -> Self {
        self.embedded = true;
        self
    }

    /// A PostgreSQL database that the test looks after: the node's address and the owner's.
    #[must_use]
    pub fn postgres(mut self, node_url: &str, owner_url: &str) -> Self {
        self.database = Some((node_url.to_owned(), owner_url.to_owned()));
        self
    }

    /// A Redis that the test looks after.
    #[must_use]
    pub fn redis(mut self, url: &str) -> Self {
        self.redis_url = Some(url.to_owned());
        self
    }

    /// Starts the service; `None` when a server of this run is missing, which is counted as a skip.
    pub async fn start(self) -> Option<TestApp> {
        let servers = self.servers()?;
        // Boxed, since all of a service is in it.
        let started = Box::pin(start_on(servers, self.changes)).await;
        Some(started.unwrap_or_else(|error| panic!("{error}")))
    }

    /// Why the service does not start; `None` when a server of this run is missing, which is counted as a skip.
    pub async fn refused(self) -> Option<String> {
        let servers = self.servers()?;
        let started = Box::pin(start_on(servers, self.changes)).await;
        Some(started.err().expect("the service started").to_string())
    }

    /// What the test looks after itself, and what the run's backend gives.
    fn servers(&self) -> Option<Servers> {
        let mut servers =
            Servers { urls: self.database.clone(), redis_url: self.redis_url.clone(), database: None };
        if self.embedded || Backend::of_this_run() == Backend::Embedded {
            return Some(servers);
        }
        if servers.urls.is_none() {
            let database = Postgres::shared()?.database();
            servers.urls = Some((database.node_url.clone(), database.owner_url.clone()));
            servers.database = Some(database);
        }
        if servers.redis_url.is_none() {
            servers.redis_url = Some(Redis::shared()?.url().to_owned());
        }
        Some(servers)
    }
}

/// What a service stands on; SQLite and in-process state where there is nothing else.
struct Servers {
    /// The node's address and the owner's.
    urls: Option<(String, String)>,
    redis_url: Option<String>,
    /// Dropped with the service.
    database: Option<PostgresDatabase>,
}

async fn start_on(servers: Servers, changes: Vec<Change>) -> Result<TestApp, OpenError> {
    let folder = Folder(tempfile::tempdir().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Clock::manual(Moment::from_unix_seconds(START));
    let entropy = Entropy::System;
    let mut config = cheap(&folder, address);
    if let Some((node, owner)) = servers.urls {
        config.database.url = Secret::new(node);
        config.database.migration_url = Some(Secret::new(owner));
    }
    config.state.redis_url = servers.redis_url.map(Secret::new);
    config.state.prefix = Redis::prefix();
    for change in changes {
        change(&mut config);
    }
    // One that was handed over belongs to a service that was started before.
    if !config.keys.ring.exists() {
        KeyRing::create(&config.keys.ring, clock.now(), &entropy).unwrap();
    }
    open::migrate(&config, &clock).await?;
    let clients = registered(&folder);
    let issuer = config.server.issuer.clone();
    let around = Surroundings { clients, clock: clock.clone(), entropy };
    let opened = Opened::open(config, around).await?;
    let app = App::compose(&opened).await?;
    let (stop, stopped) = watch::channel(false);
    let head = Duration::from_secs(opened.config.server.header_seconds_max);
    Ok(TestApp {
        jobs: Jobs::new(&opened, app.oidc),
        opened,
        clock,
        issuer,
        address,
        table: app.table,
        sources: AtomicU16::new(0),
        serving: tokio::spawn(serve(listener, app.router, head, stopped)),
        _stop: stop,
        folder,
        _database: servers.database,
    })
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl TestApp {
    pub fn builder() -> TestAppBuilder {
        TestAppBuilder::default()
    }

    /// A service as it is by default; `None` when a server of this run is missing, counted as a skip.
    pub async fn start() -> Option<Self> {
        Self::builder().start().await
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Moves the service's time. Redis keeps the world's own time: what ends there does not end by this.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// A person to be made: `app.person("staff").with_totp().build().await`.
    pub fn person(&self, name: &str) -> PersonBuilder<'_> {
        PersonBuilder::new(self, name)
    }

    /// A browser that was never here, from a source that nobody else in this test has.
    pub fn browser(&self) -> Browser {
        let number = self.sources.fetch_add(1, Ordering::SeqCst);
        let [high, low] = number.to_be_bytes();
        Browser::new(self, [127, 77, high, low.saturating_add(1)].into())
    }

    /// A browser from a source of one's choice inside 127.0.0.0/8.
    pub fn browser_from(&self, source: std::net::Ipv4Addr) -> Browser {
        Browser::new(self, source)
    }

    /// One round of a kind of periodic work.
    pub async fn run(&self, job: Job) {
        // Boxed: tests hold many of them.
        Box::pin(self.jobs.run(job)).await.unwrap_or_else(|error| panic!("{job:?}: {error}"));
    }

    /// Sends mails beside everything else, as a service at work does, until it is aborted.
    pub fn keep_posting(&self) -> JoinHandle<()> {
        let jobs = self.jobs.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = jobs.run(Job::Mail).await {
                    eprintln!("mails: {error}");
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    }

    /// Work that no request asks for, as the command line and periodic work do it.
    pub fn origin(&self) -> Origin {
        let now = self.now();
        Origin::internal(now, RequestId::new(now, &self.opened.entropy), Actor::Service)
    }

    /// Every record of the log, oldest first, sealed by the way.
    pub async fn records(&self) -> Vec<Record> {
        self.run(Job::Seal).await;
        self.run(Job::Copy).await;
        self.opened.log.read_after(0, 100_000).await.unwrap()
    }

    /// The records that tell of one kind of event.
    pub async fn records_of(&self, what: &str) -> Vec<Record> {
        let all = self.records().await;
        all.into_iter().filter(|record| record.text("what") == Some(what)).collect()
    }

    /// The one record that a case code points at.
    pub async fn record_of_case(&self, code: &str) -> Record {
        let code = code.parse().unwrap_or_else(|_| panic!("`{code}` is no case code"));
        let mut records = self.opened.log.of_case_code(&code).await.unwrap();
        assert_eq!(records.len(), 1, "records under {code}");
        records.remove(0)
    }

    /// Whether a text stands anywhere in the database: as text, as bytes, or (PostgreSQL) as hex.
    pub async fn database_holds(&self, text: &str) -> bool {
        if self.opened.db.backend() == DbBackend::Sqlite {
            let url = self.opened.config.database.url.expose().clone();
            let path = url.strip_prefix("sqlite://").unwrap();
            return [path.to_owned(), format!("{path}-wal")].iter().any(|path| {
                let bytes = std::fs::read(path).unwrap_or_default();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            });
        }
        let hex = data_encoding::HEXLOWER.encode(text.as_bytes());
        let dump = self.dump().await;
        dump.contains(text) || dump.contains(&hex)
    }

    /// Every row of every table as text (PostgreSQL).
    async fn dump(&self) -> String {
        let db = self.opened.db.read();
        let ask = |sql: String| db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql));
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'".to_owned();
        let mut dump = String::new();
        for row in ask(tables).await.unwrap() {
            let table: String = row.try_get_by_index(0).unwrap();
            for row in ask(format!("SELECT t::text FROM \"{table}\" t")).await.unwrap() {
                dump.push_str(&row.try_get_by_index::<String>(0).unwrap());
                dump.push('\n');
            }
        }
        dump
    }

    /// A number that a statement gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let db = self.opened.db.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// The mails that were written so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.opened.config.mail.folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        files.sort();
        files.iter().map(|path| read_mail(path)).collect()
    }

    /// Sends what waits and gives all mails so far.
    pub async fn delivered(&self) -> Vec<Mail> {
        self.run(Job::Mail).await;
        self.mails()
    }
}

/// The defaults, made cheap for tests: small hashes, no wait before a refusal, all files in one folder.
fn cheap(folder: &Folder, address: SocketAddr) -> Config {
    let mut config = Config::defaults(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    config.server.listen = address;
    config.server.issuer = format!("http://localhost:{}", address.port());
    folder.path().clone_into(&mut config.data.folder);
    config.database.url = Secret::new(format!("sqlite://{}", folder.file("cardea.db").display()));
    config.database.connections_max = 4;
    config.keys.ring = folder.file("keys.json");
    config.hashing.memory_kib = 64;
    config.hashing.passes = 1;
    config.hashing.workers = 1;
    config.sign_in.refusal_time = Duration::ZERO;
    config.sign_in.refusal_jitter = Duration::ZERO;
    // A test says of each person what it needs.
    config.assurance.staff = Acr::Pwd;
    config.mail.folder = folder.file("mail");
    config.log.copy = folder.file("events.jsonl");
    config.log.heads = folder.file("heads.jsonl");
    config
}

fn registered(folder: &Folder) -> Vec<ClientConfig> {
    let list = json!([
        { "client_id": "web", "client_name": "Web application", "client_secret": WEB_SECRET,
          "token_endpoint_auth_method": "client_secret_basic", "redirect_uris": [WEB_CALLBACK], "trusted": true,
          "grant_types": ["authorization_code"], "scope": "openid profile email" },
        { "client_id": "spa", "client_name": "Single-page application",
          "token_endpoint_auth_method": "none", "redirect_uris": [SPA_CALLBACK], "trusted": true,
          "grant_types": ["authorization_code"], "scope": "openid profile email" },
    ]);
    let path = folder.file("applications.json");
    std::fs::write(&path, list.to_string()).unwrap();
    clients::from_json_file(&path).unwrap_or_else(|error| panic!("{error}"))
}

fn read_mail(path: &Path) -> Mail {
    let mut mail = Mail { from: String::new(), to: vec![], data: std::fs::read_to_string(path).unwrap() };
    mail.from = mail.header("From").unwrap_or_default();
    mail.to = mail.header("To").into_iter().collect();
    mail
}
