//! Closed loops: so many callers ask, wait for the answer, and ask again. What is measured is the middle, when
//! all of them are under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::{Failure, machine};

/// How long callers run before they are measured.
const WARM_UP: Duration = Duration::from_millis(300);

/// One who asks over and over.
pub trait Caller: Send + 'static {
    /// Asks once.
    fn call(&mut self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// One turn of one server.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Turn {
    pub answers: u64,
    pub errors: u64,
    pub wall_seconds: f64,
    /// Processor time of the server.
    pub server_seconds: f64,
    /// Processor time of the load generator.
    pub generator_seconds: f64,
    pub latency_ms_median: f64,
    pub latency_ms_p99: f64,
}

impl Turn {
    pub fn per_second(&self) -> f64 {
        rate(self.answers, self.wall_seconds)
    }

    pub fn per_processor_second(&self) -> f64 {
        rate(self.answers, self.server_seconds)
    }
}

pub fn rate(count: u64, seconds: f64) -> f64 {
    // Counts of a run are far below what a float holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "counts of minutes")]
    let count = count as f64;
    if seconds > 0.0 { count / seconds } else { 0.0 }
}

/// What all callers count together.
#[derive(Default)]
struct Counts {
    answers: AtomicU64,
    errors: AtomicU64,
    measuring: AtomicBool,
    over: AtomicBool,
}

/// Lets the callers ask a server for so long; gives them back for another turn, the broken ones left out.
pub async fn turn<C: Caller>(
    callers: Vec<C>,
    span: Duration,
    server: u32,
) -> Result<(Turn, Vec<C>), Failure> {
    let counts = Arc::new(Counts::default());
    let tasks: Vec<_> =
        callers.into_iter().map(|caller| tokio::spawn(ask_on(caller, Arc::clone(&counts)))).collect();
    tokio::time::sleep(WARM_UP).await;
    let meter = Meter::start(server)?;
    let read = || (counts.answers.load(Ordering::Relaxed), counts.errors.load(Ordering::Relaxed));
    let before = read();
    counts.measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(span).await;
    counts.measuring.store(false, Ordering::Relaxed);
    let after = read();
    let mut turn = meter.read()?;
    counts.over.store(true, Ordering::Relaxed);
    let mut latencies = vec![];
    let mut left = vec![];
    let mut cause = None;
    for task in tasks {
        let (caller, took, failure) = task.await?;
        latencies.extend(took);
        match failure {
            None => left.push(caller),
            Some(failure) => cause = Some(failure),
        }
    }
    if let Some(cause) = cause {
        eprintln!("bench: {} answers were none: {cause}", after.1.max(1));
    }
    turn.answers = after.0 - before.0;
    // Every error of the turn counts, also one while it warmed up.
    turn.errors = counts.errors.load(Ordering::Relaxed);
    turn.set_latencies(latencies);
    Ok((turn, left))
}

/// A caller that got an error stops: whatever it carried along may not count any more.
async fn ask_on<C: Caller>(mut caller: C, counts: Arc<Counts>) -> (C, Vec<Duration>, Option<Failure>) {
    let mut latencies = vec![];
    while !counts.over.load(Ordering::Relaxed) {
        let start = Instant::now();
        if let Err(failure) = caller.call().await {
            counts.errors.fetch_add(1, Ordering::Relaxed);
            return (caller, latencies, Some(failure));
        }
        counts.answers.fetch_add(1, Ordering::Relaxed);
        if counts.measuring.load(Ordering::Relaxed) {
            latencies.push(start.elapsed());
        }
    }
    (caller, latencies, None)
}

impl Turn {
    pub fn set_latencies(&mut self, mut latencies: Vec<Duration>) {
        latencies.sort_unstable();
        let at = |hundredths: usize| {
            let place = latencies.len().saturating_sub(1) * hundredths / 100;
            latencies.get(place).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
        };
        self.latency_ms_median = at(50);
        self.latency_ms_p99 = at(99);
    }
}

/// Wall and processor time from a moment on.
pub struct Meter {
    server: u32,
    start: Instant,
    server_time: Duration,
    own_time: Duration,
}

impl Meter {
    pub fn start(server: u32) -> Result<Self, Failure> {
        Ok(Self {
            server,
            server_time: machine::processor_time(server)?,
            own_time: machine::own_processor_time()?,
            start: Instant::now(),
        })
    }

    /// A turn without its answers yet.
    pub fn read(&self) -> Result<Turn, Failure> {
        let wall = self.start.elapsed();
        let used = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64();
        Ok(Turn {
            wall_seconds: wall.as_secs_f64(),
            server_seconds: used(machine::processor_time(self.server)?, self.server_time),
            generator_seconds: used(machine::own_processor_time()?, self.own_time),
            ..Turn::default()
        })
    }
}
