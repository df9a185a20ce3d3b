//! The real program as a process of its own: started as an operator starts it, killed without any warning,
//! started again on what it left.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use super::children::{PATIENCE, Running, binary_under, free_port};
use super::visitor::Visitor;

/// Longest that a start may take: a debug build on a busy machine makes many people.
const READY_WITHIN: Duration = Duration::from_mins(2);

/// One process of the program.
pub struct Node {
    arguments: Vec<OsString>,
    /// What stands before the program: a tracer, or nothing.
    before: Vec<String>,
    log: PathBuf,
    address: SocketAddr,
    issuer: String,
    running: Option<Running>,
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
        let before = before.iter().map(|&text| text.to_owned()).collect();
        let mut node = Self { arguments, before, log, address, issuer, running: None };
        node.run();
        node
    }

    /// Starts it on the data that it left.
    pub fn run(&mut self) {
        let before: Vec<&str> = self.before.iter().map(String::as_str).collect();
        let errors = fs::File::options().append(true).create(true).open(&self.log).unwrap();
        let mut command = binary_under(&before);
        command.args(&self.arguments).env("CARDEA_LOG", "warn");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
        let mut running = Running::start(command);
        let line = running.first_line(READY_WITHIN);
        assert_eq!(line, Ok(format!("ready {}", self.issuer)), "it did not get ready:\n{}", self.errors());
        self.running = Some(running);
    }

    /// Ends it as a power cut would: no handler runs, nothing is flushed.
    pub fn kill(&mut self) {
        drop(self.running.take().expect("it runs"));
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.running.as_ref().expect("it runs").id()
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        let mut running = self.running.take().expect("it runs");
        running.signal(Signal::TERM);
        let status = running.ended(PATIENCE);
        assert!(status.is_some_and(|status| status.success()), "no end in order:\n{}", self.errors());
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
