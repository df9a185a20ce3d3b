//! npm's `oidc-provider` as a process of its own, and a person's browser in front of it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;

use reqwest::StatusCode;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};

use crate::support::children::{PATIENCE, Running, bound, free_port};
use crate::support::servers::skipped;

const SCRIPT: &str = "tests/browser/upstream/provider.mjs";
const REDIRECTS_MAX: usize = 10;

/// A provider that is to be started: its port is known before, since both sides name each other.
pub struct Planned {
    pub port: u16,
    path: &'static str,
}

/// A running provider.
pub struct Upstream {
    pub issuer: String,
    port: u16,
    _running: Running,
}

impl Planned {
    /// `None` when Node.js or the packages are missing, counted as a skip.
    pub fn at(path: &'static str) -> Option<Self> {
        let node = std::process::Command::new("node").arg("--version").stdout(Stdio::null()).status();
        if node.is_err() || !Path::new("tests/browser/node_modules/oidc-provider").is_dir() {
            skipped("Node.js or its packages (npm ci in tests/browser) are missing");
            return None;
        }
        Some(Self { port: free_port(), path })
    }

    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// Starts it at a moment, with one client and what else the shape says.
    pub fn start(self, now: i64, client: &Value, more: &Value) -> Upstream {
        let mut shape = json!({
            "port": self.port, "path": self.path, "now": now, "client": client, "algorithms": ["RS256"],
            "scopes": [], "claims": [], "acr_values": [], "par": false, "signed_requests": false,
        });
        for (name, value) in more.as_object().unwrap() {
            shape[name] = value.clone();
        }
        let mut command = bound("node");
        command.args([SCRIPT, &shape.to_string()]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut running = Running::start(command);
        let ready = running.first_line(PATIENCE).unwrap_or_else(|said| panic!("no provider: {said}"));
        assert_eq!(ready, "ready");
        Upstream { issuer: self.issuer(), port: self.port, _running: running }
    }
}

impl Upstream {
    /// Says what the next person proves; gives how often each address was asked since the last time.
    pub async fn tell(&self, told: &Value) -> Value {
        let client = plain_client();
        let url = format!("http://127.0.0.1:{}/told", self.port);
        let answer = client.post(url).body(told.to_string()).send().await.unwrap();
        answer.json().await.unwrap()
    }
}

fn plain_client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

/// A browser that goes where it is sent, until that is an address of ours.
pub struct Person {
    client: reqwest::Client,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Person {
    pub fn new() -> Self {
        Self { client: plain_client(), cookies: Mutex::default() }
    }

    /// What the provider sends back to `arrival`: the parameters of the address.
    pub async fn go(&self, address: &str, arrival: &str) -> String {
        let mut at = url::Url::parse(address).unwrap();
        for _ in 0..REDIRECTS_MAX {
            if let Some(back) = at.as_str().strip_prefix(arrival) {
                return back.trim_start_matches('?').to_owned();
            }
            let cookies: Vec<String> =
                self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = self.client.get(at.clone()).header(COOKIE, cookies.join("; "));
            let answer = request.send().await.unwrap();
            for line in answer.headers().get_all(SET_COOKIE) {
                let pair = line.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                let mut cookies = self.cookies.lock().unwrap();
                cookies.retain(|(known, _)| known != name);
                cookies.push((name.to_owned(), value.to_owned()));
            }
            let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let Some(to) = to else {
                let status = answer.status();
                assert_ne!(status, StatusCode::OK, "a page where nobody was to be asked");
                panic!("{status} at {at}: {}", answer.text().await.unwrap());
            };
            at = at.join(&to).unwrap();
        }
        panic!("no end of redirects at {at}");
    }
}
