//! A demo in a folder of its own, and commands beside it.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::children::{PATIENCE, Ran, Running, binary, cardea, wait_for};
use crate::support::client::{Browser, Page};
use crate::support::people::Totp;

/// A demo's folder, with or without a node at work in it.
pub struct Demo {
    folder: tempfile::TempDir,
    node: Option<(Running, u16)>,
    more: Vec<String>,
}

impl Demo {
    /// A demo at work.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let more = more.iter().map(|&text| text.to_owned()).collect();
        let mut demo = Self { folder, node: None, more };
        demo.resume();
        demo
    }

    /// Starts a node in the folder again.
    pub fn resume(&mut self) {
        let mut command = binary();
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(self.path()).args(&self.more);
        command.env("CARDEA_LOG", "error").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut node = Running::start(command);
        let line = node.first_line(PATIENCE);
        let port = line.as_deref().ok().and_then(|line| line.strip_prefix("ready http://localhost:"));
        let port = port.unwrap_or_else(|| panic!("the demo did not start: {line:?}")).parse().unwrap();
        self.node = Some((node, port));
    }

    /// Ends the node in order.
    pub fn stop(&mut self) {
        let (mut node, _) = self.node.take().expect("no node runs");
        node.signal(Signal::TERM);
        assert!(node.ended(PATIENCE).is_some_and(|status| status.success()), "it did not end in order");
    }

    /// Ends the node as a power cut would.
    pub fn kill(&mut self) {
        self.node = None;
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("demo")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Runs a command on this demo.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        run_in(&self.path(), arguments, input)
    }

    /// How many records the log has; it must be whole.
    pub fn records(&self) -> i64 {
        let report = self.run(&["log", "verify", "--json"]).json();
        report["report"]["records"].as_i64().unwrap()
    }

    /// How many records there are when nothing is on its way any more.
    pub fn settled_records(&self) -> i64 {
        let mut last = -1;
        wait_for("the log to come to rest", || {
            let now = self.records();
            let rests = now == last;
            last = now;
            if !rests {
                std::thread::park_timeout(Duration::from_millis(400));
            }
            rests
        });
        last
    }

    pub fn person(&self, name: &str) -> Value {
        self.run(&["people", "show", name, "--json"]).json()
    }

    pub fn add(&self, name: &str) -> Ran {
        let (shown, mail) = (format!("The one called {name}"), format!("{name}@chancellery.example"));
        let arguments =
            ["people", "add", "--name", name, "--display-name", &shown, "--email", &mail, "--language", "fr"];
        self.run_with(&arguments, "correct horse battery staple\n")
    }

    pub fn browser(&self, source: Ipv4Addr) -> Browser {
        let (_, port) = self.node.as_ref().expect("no node runs");
        Browser::at(*port, source)
    }

    /// A person of the demo sheet.
    pub fn in_sheet(&self, name: &str) -> Value {
        let sheet: Value = serde_json::from_slice(&std::fs::read(self.file("demo.json")).unwrap()).unwrap();
        let people = sheet["people"].as_array().unwrap();
        people.iter().find(|person| person["username"] == name).expect("not in the sheet").clone()
    }

    /// Signs a person of the sheet in with password and code.
    pub async fn sign_in(&self, browser: &Browser, name: &str) -> Page {
        let person = self.in_sheet(name);
        let page = browser.password(name, person["password"].as_str().unwrap()).await;
        let page = browser.follow(page).await;
        let totp = Totp::from_base32(person["totp_secret"].as_str().unwrap());
        let code = totp.at(cardea::kernel::time::Clock::System.now());
        let page = browser.code(&page, &code).await;
        let page = browser.follow(page).await;
        assert_eq!(page.status, 200, "{name} did not get in: {}", page.text());
        page
    }
}

pub fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let folder = folder.to_str().unwrap();
    cardea(&[arguments, &["--data", folder]].concat(), input)
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}
