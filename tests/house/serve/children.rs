//! Programs that a test starts: ended in order, and killed with this process whatever ends it.

use std::fs::File;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{LazyLock, Mutex, mpsc};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Longest that a test waits for what happens by itself.
pub const PATIENCE: Duration = Duration::from_secs(40);
const ASK_EVERY: Duration = Duration::from_millis(10);
/// Below the ports that the system gives to connections, so that none of those is in the way.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A running program.
pub struct Running {
    child: Child,
}

impl Running {
    pub const fn new(child: Child) -> Self {
        Self { child }
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end; `None` when it does not come in time.
    pub fn ended(&mut self, limit: Duration) -> Option<ExitStatus> {
        within(limit, || self.child.try_wait().unwrap().is_some());
        self.child.try_wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of a program.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs a program to its end; one that does not end is killed, and the test with it.
pub fn run(mut command: Command, input: &str) -> Ran {
    let place = tempfile::tempdir().unwrap();
    let (out, err) = (place.path().join("out"), place.path().join("err"));
    command.stdin(Stdio::piped());
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let shown = format!("{command:?}");
    let mut running = Running::new(spawn(command));
    // A command that reads nothing may be gone already.
    let _ = running.child().stdin.take().unwrap().write_all(input.as_bytes());
    let status = running.ended(PATIENCE);
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let (out, err) = (read(&out), read(&err));
    let status = status.unwrap_or_else(|| panic!("{shown} does not end:\n{out}{err}"));
    Ran { code: status.code().expect("the program was killed"), out, err }
}

/// A command that dies with this process. The signal comes when the *thread* that made the child ends, so
/// [`spawn`] makes all of them in one that stays.
pub fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

pub fn spawn(command: Command) -> Child {
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
