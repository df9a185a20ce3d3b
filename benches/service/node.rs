//! A server as a process of its own: started as its user starts it, ended in order.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::timeout;

use crate::Failure;

/// Longest that a start may take: the people of the measurement are made one after the other.
const READY_WITHIN: Duration = Duration::from_mins(2);

pub struct Node {
    child: Option<Child>,
    process: u32,
    pub address: SocketAddr,
    /// Host and port as the server calls itself.
    pub host: String,
    /// From the call to the line that says that it answers.
    pub ready_after: Duration,
}

impl Node {
    /// A demo of the program on a folder; `more` are further arguments of `cardea demo`.
    pub async fn demo(program: &Path, folder: &Path, more: &[&OsStr]) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder).args(more);
        Self::start(command, &folder.with_extension("log")).await
    }

    /// Starts a server that says `ready URL` on standard output.
    pub async fn start(mut command: Command, log: &Path) -> Result<Self, Failure> {
        let errors = File::options().append(true).create(true).open(log)?;
        let start = Instant::now();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn();
        let mut child = spawned.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        let process = child.id();
        let out = child.stdout.take();
        let mut node = Self {
            child: Some(child),
            process,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            host: String::new(),
            ready_after: Duration::ZERO,
        };
        let said = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            let read = out.map_or(Ok(0), |out| BufReader::new(out).read_line(&mut line));
            read.map(|_| (line, start.elapsed()))
        });
        let (line, ready_after) = timeout(READY_WITHIN, said).await???;
        let told = || std::fs::read_to_string(log).unwrap_or_default();
        let host = line.trim().strip_prefix("ready http://").map(str::to_owned);
        node.host = host.ok_or_else(|| format!("the server did not start: {line}{}", told()))?;
        let port = node.host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        node.address.set_port(port.ok_or("the server did not say its port")?);
        node.ready_after = ready_after;
        Ok(node)
    }

    /// The number of its process.
    pub const fn id(&self) -> u32 {
        self.process
    }

    pub async fn stop(mut self) -> Result<(), Failure> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        kill_process(Pid::from_child(&child), Signal::TERM)?;
        let status = tokio::task::spawn_blocking(move || child.wait()).await??;
        if status.success() { Ok(()) } else { Err(format!("a server ended with {status}").into()) }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A folder for the time of the run, beside what cargo builds: a temporary folder may be in memory, and
/// then nothing that is said of the disk would be true.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Result<Self, Failure> {
        Ok(Self(tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
