//! The real program as a process of its own: started as an operator starts it, killed without any warning,
//! started again on what it left.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::visitor::Visitor;

/// Longest that a start may take: a debug build on a busy machine makes many people.
const READY_WITHIN: Duration = Duration::from_mins(2);

/// One process of the program.
pub struct Node {
    arguments: Vec<OsString>,
    /// What stands before the program: a tracer, or nothing.
    before: Vec<OsString>,
    log: PathBuf,
    address: SocketAddr,
    issuer: String,
    child: Option<Child>,
}

impl Node {
    /// A demo on a port of its own; `more` are further arguments of `cardea demo`.
    pub fn demo(folder: &Path, more: &[&str]) -> Self {
        Self::traced_demo(folder, more, &[])
    }

    /// As [`Node::demo`], under another program that starts it.
    pub fn traced_demo(folder: &Path, more: &[&str], before: &[&str]) -> Self {
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, free_port()).into();
        let mut arguments: Vec<OsString> = vec!["demo".into(), "--listen".into(), address.to_string().into()];
        arguments.extend(["--data".into(), folder.join("demo").into_os_string()]);
        arguments.extend(more.iter().map(OsString::from));
        let issuer = format!("http://localhost:{}", address.port());
        Self::start(arguments, before, folder.join("node.log"), address, issuer)
    }

    /// A production start with a configuration file that names this address and issuer.
    pub fn serve(config: &Path, address: SocketAddr, issuer: &str) -> Self {
        let arguments = vec!["serve".into(), "--config".into(), config.into()];
        Self::start(arguments, &[], config.with_extension("log"), address, issuer.to_owned())
    }

    fn start(
        arguments: Vec<OsString>,
        before: &[&str],
        log: PathBuf,
        address: SocketAddr,
        issuer: String,
    ) -> Self {
        let before = before.iter().map(OsString::from).collect();
        let mut node = Self { arguments, before, log, address, issuer, child: None };
        node.run();
        node
    }

    /// Starts it on the data that it left.
    pub fn run(&mut self) {
        let program = OsString::from(env!("CARGO_BIN_EXE_cardea"));
        let mut line = self.before.clone();
        line.push(program);
        line.extend(self.arguments.iter().cloned());
        let errors = fs::File::options().append(true).create(true).open(&self.log).unwrap();
        let mut child = Command::new(&line[0])
            .args(&line[1..])
            .env("CARDEA_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        self.child = Some(child);
        let (said, ready) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out).read_line(&mut line);
            let _ = said.send(read.map(|_| line));
        });
        match ready.recv_timeout(READY_WITHIN) {
            Ok(Ok(line)) if line == format!("ready {}\n", self.issuer) => {}
            other => panic!("the node did not get ready: {other:?}\n{}", self.errors()),
        }
    }

    /// Ends it as a power cut would: no handler runs, nothing is flushed.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        let mut child = self.child.take().expect("it runs");
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert!(child.wait().unwrap().success(), "it did not end in order:\n{}", self.errors());
    }

    /// What it wrote to standard error over all its runs.
    pub fn errors(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A browser without cookies that comes from an address inside 127.0.0.0/8.
    pub fn visitor(&self, from: Ipv4Addr) -> Visitor {
        Visitor::new(self.address, &self.issuer, from)
    }

    /// Figures of the internal listener, all of one moment.
    pub async fn figures<const N: usize>(&self, names: [&str; N]) -> [u64; N] {
        let address = (Ipv4Addr::LOCALHOST, self.internal_port()).into();
        let mut visitor = Visitor::new(address, "http://localhost", Ipv4Addr::LOCALHOST);
        let text = visitor.get("/metrics").await.unwrap().body;
        names.map(|name| {
            let figure = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
            figure.unwrap_or_else(|| panic!("no figure {name} in\n{text}"))
        })
    }

    /// The port on which it listens beside its own. The demo takes a free one and does not say which, so
    /// the operating system is asked.
    fn internal_port(&self) -> u16 {
        let id = self.id();
        let sockets: Vec<String> = fs::read_dir(format!("/proc/{id}/fd"))
            .unwrap()
            .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
            .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
            .collect();
        let table = fs::read_to_string("/proc/net/tcp").unwrap();
        let ports = table.lines().skip(1).filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            // 0A is LISTEN. Source: proc_net_tcp(5).
            let ours = fields[3] == "0A" && sockets.iter().any(|socket| socket == fields[9]);
            let port = u16::from_str_radix(fields[1].rsplit_once(':')?.1, 16).ok()?;
            (ours && port != self.address.port()).then_some(port)
        });
        ports.last().expect("it has an internal listener")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that nobody listens on at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
