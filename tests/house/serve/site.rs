//! An installation as an operator makes it: a folder with a configuration, and the real binary.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;

use super::visitor::Visitor;
use crate::support::children::{PATIENCE, Ran, Running, binary, free_port, run, within};

/// What the operator gives everyone at first.
pub const FIRST_PASSWORD: &str = "correct horse battery staple";

pub struct Site {
    folder: tempfile::TempDir,
    settings: BTreeMap<String, BTreeMap<String, String>>,
    pub port: u16,
    pub internal_port: u16,
    pub issuer: String,
    node: Option<Running>,
}

impl Site {
    /// A folder with a configuration, and nothing else.
    pub fn new() -> Self {
        let (port, internal_port) = (free_port(), free_port());
        let issuer = format!("http://localhost:{port}");
        let folder = tempfile::tempdir().unwrap();
        let mut site = Self { folder, settings: BTreeMap::new(), port, internal_port, issuer, node: None };
        for (section, key, value) in [
            ("server", "listen", format!("'127.0.0.1:{port}'")),
            ("server", "issuer", format!("'http://localhost:{port}'")),
            ("server", "internal_listen", format!("'127.0.0.1:{internal_port}'")),
            ("data", "folder", "'data'".to_owned()),
            ("database", "url", "'sqlite://data/cardea.db'".to_owned()),
            ("keys", "ring", "'keys.json'".to_owned()),
            ("mail", "kind", "'folder'".to_owned()),
            ("mail", "folder", "'data/mail'".to_owned()),
            ("log", "copy", "'data/events.jsonl'".to_owned()),
            ("log", "heads", "'data/heads.jsonl'".to_owned()),
            ("clients", "folder", "'clients'".to_owned()),
        ] {
            site.set(section, key, &value);
        }
        std::fs::create_dir(site.file("clients")).unwrap();
        site
    }

    /// One with keys and a database.
    pub fn ready() -> Self {
        let site = Self::new();
        site.run(&["keys", "init"]).ok();
        site.run(&["migrate"]).ok();
        site
    }

    /// Writes a setting down, as TOML.
    pub fn set(&mut self, section: &str, key: &str, value: &str) {
        self.settings.entry(section.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
        std::fs::write(self.config(), self.text()).unwrap();
    }

    pub fn unset(&mut self, section: &str, key: &str) {
        self.settings.get_mut(section).unwrap().remove(key);
        std::fs::write(self.config(), self.text()).unwrap();
    }

    /// The service is known under another address, as it is behind a proxy or with TLS.
    pub fn known_as(&mut self, issuer: &str) {
        issuer.clone_into(&mut self.issuer);
        self.set("server", "issuer", &format!("'{issuer}'"));
    }

    fn text(&self) -> String {
        let lines = |(section, keys): (&String, &BTreeMap<String, String>)| {
            let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
            format!("[{section}]\n{}", keys.concat())
        };
        self.settings.iter().map(lines).collect()
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.file("cardea.toml")
    }

    /// `…/cardea.toml:7` for a setting that is written down.
    pub fn place(&self, section: &str, key: &str) -> String {
        let text = self.text();
        let mut lines = text.lines().enumerate().skip_while(|(_, line)| *line != format!("[{section}]"));
        let line = lines.find(|(_, line)| line.starts_with(&format!("{key} = "))).unwrap().0 + 1;
        format!("{}:{line}", self.config().display())
    }

    /// Runs a command on this installation.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = binary();
        command.args(arguments).arg("--config").arg(self.config()).env("CARDEA_LOG", "off");
        run(command, input)
    }

    /// Runs a command as one does in the folder of the configuration.
    pub fn run_here(&self, arguments: &[&str]) -> Ran {
        let mut command = binary();
        command.args(arguments).args(["--config", "cardea.toml"]).current_dir(self.path());
        command.env("CARDEA_LOG", "off");
        run(command, "")
    }

    /// Starts the service and waits until it says that it answers.
    pub fn serve(&mut self) {
        let errors = self.file("errors");
        let mut command = binary();
        command.arg("serve").arg("--config").arg(self.config()).env("CARDEA_LOG", "info");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&errors).unwrap());
        let mut node = Running::start(command);
        let line = node.first_line(PATIENCE);
        let told = std::fs::read_to_string(&errors).unwrap();
        assert_eq!(line, Ok(format!("ready {}", self.issuer)), "the service did not start:\n{told}");
        self.node = Some(node);
    }

    pub fn signal(&self, signal: Signal) {
        self.node.as_ref().expect("no node runs").signal(signal);
    }

    /// Waits for the node's end and gives its exit code.
    pub fn ended(&mut self) -> i32 {
        let mut node = self.node.take().expect("no node runs");
        let told = || std::fs::read_to_string(self.file("errors")).unwrap();
        let status = node.ended(PATIENCE).unwrap_or_else(|| panic!("it does not end:\n{}", told()));
        status.code().expect("the node was killed")
    }

    /// Ends the node in order.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        assert_eq!(self.ended(), 0);
    }

    pub fn add(&self, name: &str) {
        let (shown, mail) = (format!("The one called {name}"), format!("{name}@chancellery.example"));
        let arguments =
            ["people", "add", "--name", name, "--display-name", &shown, "--email", &mail, "--language", "en"];
        self.run_with(&arguments, &format!("{FIRST_PASSWORD}\n")).ok();
    }

    /// Someone with a browser, straight at the service.
    pub fn visitor(&self, source: Ipv4Addr) -> Visitor {
        Visitor::new(self.port, &self.issuer, source)
    }

    /// A figure of the internal listener.
    pub async fn figure(&self, name: &str) -> u64 {
        let figures = self.figures().await;
        let line = figures.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {figures}")).parse().unwrap()
    }

    /// All figures, as a program that collects them reads them.
    pub async fn figures(&self) -> String {
        Visitor::new(self.internal_port, &self.issuer, Ipv4Addr::LOCALHOST).get("/metrics").await.body
    }

    /// The log as it is exported, when what was done so far has its place in it.
    pub fn export(&self, until: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut records: Vec<Value> = vec![];
        let found = within(PATIENCE, || {
            let text = self.run(&["log", "export"]).ok();
            records = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            records.iter().any(&until)
        });
        assert!(found, "not in the log: {records:#?}");
        records
    }

    /// How many records the log has; it must be whole.
    pub fn verified(&self) -> i64 {
        let text = self.run(&["log", "verify", "--json"]).ok();
        let report: Value = serde_json::from_str(&text).unwrap();
        report["report"]["records"].as_i64().unwrap()
    }

    /// Changes the embedded database by hand.
    pub async fn sql(&self, statement: &str) {
        let db = self.database().await;
        db.execute_unprepared(statement).await.unwrap();
        db.close().await.unwrap();
    }

    /// A number that the embedded database gives.
    pub async fn number(&self, statement: &str) -> i64 {
        let db = self.database().await;
        let asked = sea_orm::Statement::from_string(db.get_database_backend(), statement);
        let number = db.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        number
    }

    async fn database(&self) -> sea_orm::DatabaseConnection {
        let url = format!("sqlite://{}", self.file("data/cardea.db").display());
        sea_orm::Database::connect(url).await.unwrap()
    }

    /// Registers an application.
    pub fn register(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file("clients").join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// A certificate authority to throw away; `None`, counted as a skip, where there is no openssl.
pub struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    pub fn new() -> Option<Self> {
        let there = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            crate::support::servers::skipped("openssl is not installed");
            return None;
        }
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let settings = "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = localhost\n\
             [ca]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n\
             [leaf]\nsubjectAltName = DNS:localhost, IP:127.0.0.1\nextendedKeyUsage = serverAuth\n";
        std::fs::write(authority.file("settings"), settings).unwrap();
        authority.openssl(&[NEW_KEY, &["-x509", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem"]]);
        Some(authority)
    }

    /// Writes a new certificate with its key, `NAME.pem` and `NAME.key`, and gives the two paths.
    pub fn issue(&self, name: &str) -> (PathBuf, PathBuf) {
        let (pem, key, request) = (format!("{name}.pem"), format!("{name}.key"), format!("{name}.csr"));
        self.openssl(&[NEW_KEY, &["-keyout", &key, "-out", &request]]);
        self.openssl(&[
            &["x509", "-req", "-days", "2", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
            &["-extfile", "settings", "-extensions", "leaf", "-in", &request, "-out", &pem],
        ]);
        (self.file(&pem), self.file(&key))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &[&[&str]]) {
        let output = Command::new("openssl")
            .args(arguments.concat())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

const NEW_KEY: &[&str] = &[
    "req",
    "-new",
    "-config",
    "settings",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
];
