//! Password sign-ins, from the first page to the portal: the hash is what they should cost, and little else.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::browser::Browser;
use crate::load::{Meter, Turn};
use crate::node::Node;
use crate::people::Person;
use crate::{Failure, machine};

/// Browsers at the same time: enough that the hash workers never wait.
const BROWSERS: usize = 8;
/// How long the server is watched after the last answer: sealing and mail that came of it are part of it.
const AFTERWARDS: Duration = Duration::from_secs(1);
const LOOK_AT_MEMORY_EVERY: Duration = Duration::from_millis(100);

/// Everyone signs in once, in new browsers; told with the most memory that the server had in the meantime.
pub async fn turn(node: &Arc<Node>, people: &Arc<Vec<Person>>) -> Result<(Turn, f64), Failure> {
    let meter = Meter::start(node.id())?;
    let start = Instant::now();
    let shared = Arc::new(Shared::default());
    let browsers: Vec<_> = (0..BROWSERS)
        .map(|_| tokio::spawn(sign_in_all(Arc::clone(node), Arc::clone(people), Arc::clone(&shared))))
        .collect();
    let mut most = 0_f64;
    while !browsers.iter().all(tokio::task::JoinHandle::is_finished) {
        tokio::time::sleep(LOOK_AT_MEMORY_EVERY).await;
        most = most.max(machine::resident_mib(node.id())?);
    }
    let wall_seconds = start.elapsed().as_secs_f64();
    for browser in browsers {
        browser.await?;
    }
    tokio::time::sleep(AFTERWARDS).await;
    let mut turn = Turn { wall_seconds, ..meter.read()? };
    let Shared { latencies, errors, .. } = &*shared;
    let latencies = std::mem::take(&mut *latencies.lock().unwrap_or_else(PoisonError::into_inner));
    turn.answers = u64::try_from(latencies.len())?;
    turn.errors = u64::try_from(errors.load(Ordering::Relaxed))?;
    turn.set_latencies(latencies);
    Ok((turn, most))
}

#[derive(Default)]
struct Shared {
    next: AtomicUsize,
    errors: AtomicUsize,
    latencies: Mutex<Vec<Duration>>,
}

async fn sign_in_all(node: Arc<Node>, people: Arc<Vec<Person>>, shared: Arc<Shared>) {
    while let Some(person) = people.get(shared.next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        match sign_in(&node, person).await {
            Ok(_) => {
                let took = start.elapsed();
                shared.latencies.lock().unwrap_or_else(PoisonError::into_inner).push(took);
            }
            Err(failure) => {
                if shared.errors.fetch_add(1, Ordering::Relaxed) == 0 {
                    eprintln!("bench: {} could not sign in: {failure}", person.username);
                }
            }
        }
    }
}

/// One person in a new browser.
pub async fn sign_in(node: &Node, person: &Person) -> Result<Browser, Failure> {
    let mut browser = Browser::new(node, person).await?;
    browser.sign_in(person).await?;
    Ok(browser)
}
