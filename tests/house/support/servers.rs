//! Real PostgreSQL and Redis servers: on free ports, in temporary folders, gone when the test is.
//!
//! `tests/scripts/suite.sh` starts one of each for a whole run and passes their addresses; a test that is
//! run by hand starts its own. A test that needs a server which is not installed returns early after
//! [`skipped`] was called for it here, so that the run's summary counts it as skipped and not as passed.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use super::children::{Running, bound, free_port, within};

/// Longest that a server may take until it answers, on a busy machine.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// How long a killed PostgreSQL may take to be started again.
const COME_BACK_WITHIN: Duration = Duration::from_secs(15);
/// Longest that a server may take to end in order before it is killed.
const END_WITHIN: Duration = Duration::from_secs(10);
/// Somebody else may take a port between our finding and our using it.
const PORT_ATTEMPTS_MAX: u32 = 3;
/// The login of a node in tests: it may connect, and do what the migrations grant it.
const NODE_ROLE: &str = "cardea_node_test";

/// Where this run of the suite keeps its data; chosen by `CARDEA_TEST_BACKEND`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite and in-process state.
    Embedded,
    /// PostgreSQL and Redis.
    Servers,
}

impl Backend {
    pub fn of_this_run() -> Self {
        match environment("CARDEA_TEST_BACKEND").as_deref() {
            None | Some("embedded") => Self::Embedded,
            Some("servers") => Self::Servers,
            Some(other) => panic!("CARDEA_TEST_BACKEND is embedded or servers, not {other}"),
        }
    }
}

/// Says loudly that a test cannot run here, and lets the run count it.
pub fn skipped(reason: &str) {
    // nextest runs one test a process and names it; cargo test names the thread after it.
    let thread = std::thread::current();
    let test =
        environment("NEXTEST_TEST_NAME").unwrap_or_else(|| thread.name().unwrap_or("a test").to_owned());
    let line = format!("SKIPPED {test}: {reason}\n");
    eprint!("{line}");
    if let Some(path) = environment("CARDEA_TEST_SKIPS") {
        let mut file = fs::File::options().append(true).create(true).open(&path).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests' own settings, which are no configuration of the product"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

// ---------------------------------------------------------------------------------------- PostgreSQL

/// A PostgreSQL server, ours or the run's.
pub struct Postgres {
    /// The superuser's address.
    admin_url: String,
    programs: PathBuf,
    /// Absent when the run's script owns the server.
    own: Option<OwnPostgres>,
}

struct OwnPostgres {
    server: Option<Server>,
    folder: Folder,
    port: u16,
    durable: bool,
}

/// A fresh database; dropped with this value.
pub struct PostgresDatabase {
    pub name: String,
    /// Its owner, who migrates.
    pub owner_url: String,
    /// A node, which owns nothing.
    pub node_url: String,
    admin_url: String,
    programs: PathBuf,
}

impl Postgres {
    /// The server that tests share; nothing on it survives a power cut. `None` is counted as a skip.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: LazyLock<Option<Postgres>> = LazyLock::new(|| {
            let programs = Postgres::programs()?;
            let postgres = match environment("CARDEA_TEST_POSTGRES") {
                Some(admin_url) => Postgres { admin_url, programs, own: None },
                None => Postgres::start(programs, false),
            };
            postgres.prepare();
            Some(postgres)
        });
        if SHARED.is_none() {
            skipped("PostgreSQL is not installed");
        }
        SHARED.as_ref()
    }

    /// A server of one's own with `fsync` on, for tests that kill it. `None` is counted as a skip.
    pub fn durable() -> Option<Self> {
        let Some(programs) = Self::programs() else {
            skipped("PostgreSQL is not installed");
            return None;
        };
        let postgres = Self::start(programs, true);
        postgres.prepare();
        Some(postgres)
    }

    /// A fresh database of its own for one test.
    pub fn database(&self) -> PostgresDatabase {
        let name = unique("test");
        self.sql(&format!("CREATE DATABASE {name} OWNER app"));
        self.sql(&format!(
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {NODE_ROLE}"
        ));
        let address = |role: &str| {
            let mut url = url::Url::parse(&self.admin_url).unwrap();
            url.set_username(role).unwrap();
            url.set_path(&name);
            url.to_string()
        };
        PostgresDatabase {
            owner_url: address("app"),
            node_url: address(NODE_ROLE),
            name,
            admin_url: self.admin_url.clone(),
            programs: self.programs.clone(),
        }
    }

    /// Kills a server of one's own without any warning, as a power cut would.
    pub fn kill(&mut self) {
        let own = self.own.as_mut().expect("only a server of one's own may be killed");
        own.server.take().expect("it runs").kill();
    }

    /// Starts a killed server again, on the same data and port.
    pub fn restart(&mut self) {
        let own = self.own.as_mut().expect("only a server of one's own may be started again");
        own.server = None;
        let mut log = String::new();
        // Processes of the killed one may still hold its memory for a moment: then it is asked again.
        let came_back = within(COME_BACK_WITHIN, || match own.run(&self.programs) {
            Ok(server) => {
                own.server = Some(server);
                true
            }
            Err(why) => {
                log = why;
                false
            }
        });
        assert!(came_back, "PostgreSQL did not come back:\n{log}");
    }

    /// The folder of its programs, which Debian keeps off the PATH.
    fn programs() -> Option<PathBuf> {
        let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|programs| programs.join("initdb").exists() && programs.join("psql").exists())
            .collect();
        versions.sort_by_key(|programs| {
            let version = programs.parent().and_then(Path::file_name).and_then(|name| name.to_str());
            version.and_then(|version| version.parse::<u32>().ok())
        });
        versions.pop()
    }

    fn start(programs: PathBuf, durable: bool) -> Self {
        let folder = Folder::new();
        if rustix::process::geteuid().is_root() {
            fs::set_permissions(&folder.path, fs::Permissions::from_mode(0o700)).unwrap();
            let (user, group) = postgres_user();
            chown(&folder.path, Some(user), Some(group)).unwrap();
        }
        let data = folder.path.join("db");
        let initdb = as_postgres(&programs.join("initdb"))
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(data)
            .current_dir(&folder.path)
            .output()
            .unwrap();
        assert!(initdb.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&initdb.stderr));

        let mut own = OwnPostgres { server: None, folder, port: 0, durable };
        let mut log = String::new();
        for _ in 0..PORT_ATTEMPTS_MAX {
            own.port = free_port();
            match own.run(&programs) {
                Ok(server) => {
                    own.server = Some(server);
                    let admin_url = format!("postgres://postgres@127.0.0.1:{}/postgres", own.port);
                    return Self { admin_url, programs, own: Some(own) };
                }
                Err(why) => log = why,
            }
        }
        panic!("PostgreSQL did not start:\n{log}");
    }

    /// The roles, which many processes may want to make at once on the run's server.
    fn prepare(&self) {
        for role in ["app", NODE_ROLE] {
            self.sql(&format!(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ));
        }
    }

    fn sql(&self, statements: &str) {
        psql(&self.programs, &self.admin_url, statements).unwrap();
    }
}

impl OwnPostgres {
    fn run(&self, programs: &Path) -> Result<Server, String> {
        let mut command = as_postgres(Path::new("setpriv"));
        command.args(["--pdeathsig", "KILL"]).arg(programs.join("postgres"));
        command.arg("-D").arg(self.folder.path.join("db")).arg("-k").arg(&self.folder.path);
        command.args([
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
        ]);
        if !self.durable {
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        let is_ready = programs.join("pg_isready");
        let port = self.port.to_string();
        Server::start(command, &self.folder.path, Signal::INT, || {
            let asked = Command::new(&is_ready).args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            asked.is_ok_and(|status| status.success())
        })
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // A server that the test has killed is no failure of its own.
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(why) = psql(&self.programs, &self.admin_url, &statement) {
            eprintln!("the database {} stays behind: {why}", self.name);
        }
    }
}

/// Runs statements, each in a transaction of its own, as `CREATE DATABASE` wants it.
fn psql(programs: &Path, url: &str, statements: &str) -> Result<(), String> {
    let mut command = Command::new(programs.join("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    // Where nothing answers, psql ends before it reads: its own words say more than a broken pipe.
    let _ = child.stdin.take().map(|mut input| input.write_all(statements.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// PostgreSQL refuses to run as root; Debian's package makes a user for it.
fn as_postgres(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    // Replaces itself by the program, which `runuser` does not always do.
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]).arg(program);
    command
}

fn postgres_user() -> (u32, u32) {
    let home = fs::metadata("/var/lib/postgresql")
        .expect("Debian's package makes this folder for the user postgres");
    (home.uid(), home.gid())
}

// --------------------------------------------------------------------------------------------- Redis

/// A Redis server, ours or the run's.
pub struct Redis {
    url: String,
    own: Option<OwnRedis>,
}

struct OwnRedis {
    server: Option<Server>,
    folder: Folder,
    port: u16,
}

impl Redis {
    /// The server that tests share; keep apart by [`Redis::prefix`]. `None` is counted as a skip.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: LazyLock<Option<Redis>> = LazyLock::new(|| match environment("CARDEA_TEST_REDIS") {
            Some(url) => Some(Redis { url, own: None }),
            None => Redis::start(),
        });
        if SHARED.is_none() {
            skipped("Redis is not installed");
        }
        SHARED.as_ref()
    }

    /// A server of one's own, for tests that take it away. `None` is counted as a skip.
    pub fn alone() -> Option<Self> {
        let redis = Self::start();
        if redis.is_none() {
            skipped("Redis is not installed");
        }
        redis
    }

    /// `redis://127.0.0.1:PORT/`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A prefix for keys that no other test has.
    pub fn prefix() -> String {
        format!("{}:", unique("test"))
    }

    /// Takes a server of one's own away, with everything that it knew.
    pub fn kill(&mut self) {
        let own = self.own.as_mut().expect("only a server of one's own may be killed");
        own.server.take().expect("it runs").kill();
    }

    /// Starts a killed server again, empty, on the same port.
    pub fn restart(&mut self) {
        let own = self.own.as_mut().expect("only a server of one's own may be started again");
        own.server = None;
        own.server = Some(own.run().unwrap_or_else(|log| panic!("Redis did not come back:\n{log}")));
    }

    fn start() -> Option<Self> {
        Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().ok()?;
        let mut own = OwnRedis { server: None, folder: Folder::new(), port: 0 };
        let mut log = String::new();
        for _ in 0..PORT_ATTEMPTS_MAX {
            own.port = free_port();
            match own.run() {
                Ok(server) => {
                    own.server = Some(server);
                    return Some(Self { url: format!("redis://127.0.0.1:{}/", own.port), own: Some(own) });
                }
                Err(why) => log = why,
            }
        }
        panic!("Redis did not start:\n{log}");
    }
}

impl OwnRedis {
    fn run(&self) -> Result<Server, String> {
        let port = self.port;
        let mut command = bound("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--save", "", "--appendonly", "no", "--dir"]).arg(&self.folder.path);
        Server::start(command, &self.folder.path, Signal::TERM, || redis_pongs(port).unwrap_or(false))
    }
}

fn redis_pongs(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.starts_with("+PONG"))
}

// ------------------------------------------------------------------------------------------ any server

/// A running server: ended in order on drop.
struct Server {
    running: Running,
    /// The signal that makes it end in order and at once.
    end: Signal,
}

impl Server {
    /// Starts a child and asks until it answers. An `Err` is what the child wrote.
    fn start(
        mut command: Command,
        folder: &Path,
        end: Signal,
        answers: impl Fn() -> bool,
    ) -> Result<Self, String> {
        let log = folder.join("log");
        let file = fs::File::create(&log).unwrap();
        command.current_dir(folder).stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let mut server = Self { running: Running::start(command), end };
        let ready = within(READY_WITHIN, || server.running.has_ended() || answers());
        if ready && !server.running.has_ended() {
            return Ok(server);
        }
        Err(fs::read_to_string(&log).unwrap_or_default())
    }

    fn kill(mut self) {
        self.running.kill();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.running.has_ended() {
            self.running.signal(self.end);
            // What does not end in time is killed.
            self.running.ended(END_WITHIN);
        }
    }
}

/// A name that no other test of this run uses, on any server, in any process.
fn unique(word: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{word}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A temporary folder whose name tells whose it is. A shared server's folder is never dropped, as statics are
/// not: the next process removes what processes that are gone have left.
struct Folder {
    path: PathBuf,
    _removed_on_drop: TempDir,
}

impl Folder {
    fn new() -> Self {
        static SWEPT: LazyLock<()> = LazyLock::new(sweep);
        LazyLock::force(&SWEPT);
        let made = tempfile::Builder::new()
            .prefix(&format!("cardea-test-{}-", std::process::id()))
            .tempdir()
            .unwrap();
        Self { path: made.path().to_owned(), _removed_on_drop: made }
    }
}

fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix("cardea-test-")?.split('-').next());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

// ------------------------------------------------------------------------------------------- its own tests

#[test]
fn a_database_belongs_to_its_owner_and_a_node_may_only_connect() {
    let Some(postgres) = Postgres::shared() else {
        return;
    };
    let database = postgres.database();
    psql(&database.programs, &database.owner_url, "CREATE TABLE log (line text)").unwrap();
    psql(&database.programs, &database.node_url, "SELECT 1").unwrap();
    for forbidden in ["CREATE TABLE mine (a int)", "INSERT INTO log VALUES ('x')", "DROP TABLE log"] {
        let refused = psql(&database.programs, &database.node_url, forbidden).unwrap_err();
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{forbidden}: {refused}"
        );
    }
    let other = postgres.database();
    assert_ne!(database.name, other.name);
}

#[test]
fn what_is_committed_survives_the_death_of_a_durable_postgres() {
    let Some(mut postgres) = Postgres::durable() else {
        return;
    };
    let database = postgres.database();
    psql(&database.programs, &database.owner_url, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)")
        .unwrap();
    postgres.kill();
    assert!(psql(&database.programs, &database.owner_url, "SELECT 1").is_err());
    postgres.restart();
    psql(&database.programs, &database.owner_url, "SELECT 1 / (SELECT count(*) FROM kept)").unwrap();
}

#[test]
fn redis_can_be_taken_away_and_given_back() {
    let Some(mut redis) = Redis::alone() else { return };
    let port = url::Url::parse(redis.url()).unwrap().port().unwrap();
    assert!(redis_pongs(port).unwrap());
    redis.kill();
    assert!(redis_pongs(port).is_err());
    redis.restart();
    assert!(redis_pongs(port).unwrap());
    assert_ne!(Redis::prefix(), Redis::prefix());
}

#[test]
fn a_run_on_servers_has_both_of_them() {
    if Backend::of_this_run() == Backend::Servers {
        assert!(Postgres::shared().is_some() && Redis::shared().is_some(), "a server of this run is missing");
    }
}
