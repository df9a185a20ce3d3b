//! Programs that a test starts, the real binary before all: ended in order, and killed with this process
//! whatever ends it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{LazyLock, Mutex, mpsc};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Longest that a test waits for what happens by itself.
pub const PATIENCE: Duration = Duration::from_secs(40);
const ASK_EVERY: Duration = Duration::from_millis(10);
/// Below the ports that the system gives to connections, so that none of those is in the way.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
const BINARY: &str = env!("CARGO_BIN_EXE_cardea");

/// A running program.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts a command that is [`bound`].
    pub fn start(command: Command) -> Self {
        Self { child: spawn(command) }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it without any warning.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for its end; `None` when it does not come in time.
    pub fn ended(&mut self, limit: Duration) -> Option<ExitStatus> {
        within(limit, || self.has_ended());
        self.child.try_wait().unwrap()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// The first line of its standard output; what it had said where it says no line in time.
    pub fn first_line(&mut self, limit: Duration) -> Result<String, String> {
        let out = self.child.stdout.take().expect("its output is piped");
        let (said, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out).read_line(&mut line);
            let _ = said.send(read.map(|_| line));
        });
        match line.recv_timeout(limit) {
            Ok(Ok(line)) if line.ends_with('\n') => Ok(line.trim_end().to_owned()),
            other => Err(format!("{other:?}")),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What came of a program.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output of a command that went well.
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    pub fn json(self) -> Value {
        let out = self.ok();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// The one sentence of a command that was refused: no panic, no backtrace, nothing begun. What is no
    /// command line at all is told in the words of whoever reads command lines.
    pub fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        for ugly in ["panicked", "backtrace", "RUST_", "src/"] {
            assert!(!self.err.contains(ugly), "{}", self.err);
        }
        assert!(!self.out.contains("ready"), "{}", self.out);
        if let (2, Some(told)) = (code, self.err.strip_prefix("error: ")) {
            return told.to_owned();
        }
        let sentence = self.err.trim_end().strip_prefix("cardea: ").map(str::to_owned);
        let sentence = sentence.unwrap_or_else(|| panic!("not our sentence: {}", self.err));
        assert!(!sentence.is_empty() && !sentence.contains('\n'), "more than a sentence: {}", self.err);
        sentence
    }
}

/// Runs a program to its end; one that does not end is killed, and the test with it.
pub fn run(mut command: Command, input: &str) -> Ran {
    let place = tempfile::tempdir().unwrap();
    let (out, err) = (place.path().join("out"), place.path().join("err"));
    command.stdin(Stdio::piped());
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let shown = format!("{command:?}");
    let mut running = Running::start(command);
    // A command that reads nothing may be gone already.
    let _ = running.child.stdin.take().unwrap().write_all(input.as_bytes());
    let status = running.ended(PATIENCE);
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let (out, err) = (read(&out), read(&err));
    let status = status.unwrap_or_else(|| panic!("{shown} does not end:\n{out}{err}"));
    Ran { code: status.code().expect("the program was killed"), out, err }
}

/// Runs a command of the real binary to its end.
pub fn cardea(arguments: &[&str], input: &str) -> Ran {
    let mut command = binary();
    command.args(arguments).env("CARDEA_LOG", "off");
    run(command, input)
}

/// The real binary.
pub fn binary() -> Command {
    bound(BINARY)
}

/// The real binary under other programs that start it, such as a tracer.
pub fn binary_under(before: &[&str]) -> Command {
    let mut line = before.iter().copied().chain([BINARY]);
    let mut command = bound(line.next().unwrap_or(BINARY));
    command.args(line);
    command
}

/// A command that dies with this process. The signal comes when the *thread* that made the child ends, and
/// threads of tests end early; so [`spawn`] makes all of them in one that stays.
pub fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

fn spawn(command: Command) -> Child {
    type Order = (Command, mpsc::Sender<std::io::Result<Child>>);
    static MAKER: LazyLock<Mutex<mpsc::Sender<Order>>> = LazyLock::new(|| {
        let (orders, incoming) = mpsc::channel::<Order>();
        let make = move || {
            for (mut command, answer) in incoming {
                let _ = answer.send(command.spawn());
            }
        };
        std::thread::Builder::new().name("children".to_owned()).spawn(make).unwrap();
        Mutex::new(orders)
    });
    let (answer, made) = mpsc::channel();
    MAKER.lock().unwrap().send((command, answer)).unwrap();
    made.recv().unwrap().expect("setpriv (package util-linux) starts the program")
}

/// Asks again and again until the answer is yes, or the time is over.
pub fn within(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if done() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::park_timeout(ASK_EVERY);
    }
}

/// Looks until it is so.
pub fn wait_for(what: &str, is_so: impl FnMut() -> bool) {
    assert!(within(PATIENCE, is_so), "waited in vain for {what}");
}

/// A port that nobody has, and that no other test of this run will be given.
pub fn free_port() -> u16 {
    static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| {
        let own = u64::from(std::process::id()) * 97 % u64::from(PORTS.end - PORTS.start);
        AtomicU16::new(u16::try_from(own).unwrap())
    });
    loop {
        let port = PORTS.start + NEXT.fetch_add(1, Ordering::SeqCst) % (PORTS.end - PORTS.start);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
