//! Argon2id in a pool: a memory arena for each worker, reused; a short queue; a fair turn for every
//! source; a clear "full" instead of a wait without end.
//!
//! No pool of threads from a library fits: none gives turns by source and keeps a worker's own memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use crate::kernel::secret::Secret;

/// How long a worker that has nothing to do keeps its memory: the next morning's first sign-in can wait for
/// some new pages.
const ARENA_KEPT: Duration = Duration::from_secs(5);

/// Size of the hash in bytes.
pub const HASH_BYTES: usize = 32;

/// Cost of one Argon2id run. Source: RFC 9106 §4, OWASP Password Storage (m=19 MiB, t=2, p=1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The queue is full; try again after some seconds.
    #[error("too many passwords are being checked at this moment")]
    Full,
    /// The stored cost is not one that Argon2 knows, or the pool has ended.
    #[error("this password cannot be hashed")]
    Broken,
}

/// What has to be hashed.
pub struct HashRequest {
    pub password: Secret<Vec<u8>>,
    pub salt: Vec<u8>,
    pub cost: Cost,
    /// Who asks (see `kernel::network::Source`): each source gets its turn.
    pub source: String,
}

struct Job {
    request: HashRequest,
    answer: oneshot::Sender<Result<[u8; HASH_BYTES], HashError>>,
}

/// Jobs by source, and the order in which sources have their turn.
#[derive(Default)]
struct Queue {
    by_source: HashMap<String, VecDeque<Job>>,
    turns: VecDeque<String>,
    waiting: usize,
    runs: u64,
    ended: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
    waiting_max: usize,
    waiting_per_source_max: usize,
}

/// The pool; cheap to clone. Its workers end with the last handle.
#[derive(Clone)]
pub struct HashPool(Arc<Handle>);

struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        lock(&self.0).ended = true;
        self.0.work.notify_all();
    }
}

impl HashPool {
    /// `workers` bounds both the processors and the memory in use (one arena each).
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(workers: usize, waiting_max: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            work: Condvar::new(),
            waiting_max,
            // One source may fill half of the queue: the other half is everyone else's.
            waiting_per_source_max: (waiting_max / 2).max(1),
        });
        for number in 0..workers.max(1) {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("argon2-{number}")).spawn(move || work(&shared))?;
        }
        Ok(Self(Arc::new(Handle(shared))))
    }

    /// Hashes when its turn comes.
    ///
    /// # Errors
    /// `Full` at once when the queue is full, for this source or for all.
    pub async fn hash(&self, request: HashRequest) -> Result<[u8; HASH_BYTES], HashError> {
        let (answer, done) = oneshot::channel();
        self.queue_up(Job { request, answer })?;
        done.await.unwrap_or(Err(HashError::Broken))
    }

    /// How many hashes were run: what a test of constant work counts.
    pub fn runs(&self) -> u64 {
        lock(&self.0.0).runs
    }

    fn queue_up(&self, job: Job) -> Result<(), HashError> {
        let shared = &self.0.0;
        let mut queue = lock(shared);
        if queue.waiting >= shared.waiting_max {
            return Err(HashError::Full);
        }
        let source = job.request.source.clone();
        let line = queue.by_source.entry(source.clone()).or_default();
        if line.len() >= shared.waiting_per_source_max {
            return Err(HashError::Full);
        }
        let first = line.is_empty();
        line.push_back(job);
        if first {
            queue.turns.push_back(source);
        }
        queue.waiting += 1;
        drop(queue);
        shared.work.notify_one();
        Ok(())
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Queue> {
    shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(shared: &Shared) {
    let mut arena: Vec<Block> = Vec::new();
    loop {
        let patience = if arena.is_empty() { Duration::MAX } else { ARENA_KEPT };
        match next(shared, patience) {
            Next::Job(job) => {
                let result = run(&job.request, &mut arena);
                // Nobody waits any more when the asker went away.
                let _ = job.answer.send(result);
            }
            Next::Nothing => arena = Vec::new(),
            Next::End => return,
        }
    }
}

/// What a worker is to do.
enum Next {
    Job(Job),
    /// There was nothing for so long.
    Nothing,
    End,
}

/// Takes the next job of the source whose turn it is, or waits for one.
fn next(shared: &Shared, patience: Duration) -> Next {
    let mut queue = lock(shared);
    loop {
        if queue.ended {
            return Next::End;
        }
        if let Some(job) = queue.take() {
            return Next::Job(job);
        }
        let (woken, waited) =
            shared.work.wait_timeout(queue, patience).unwrap_or_else(PoisonError::into_inner);
        queue = woken;
        if waited.timed_out() && queue.turns.is_empty() && !queue.ended {
            return Next::Nothing;
        }
    }
}

impl Queue {
    /// The next job of the source whose turn it is.
    fn take(&mut self) -> Option<Job> {
        let source = self.turns.pop_front()?;
        let line = self.by_source.get_mut(&source)?;
        let job = line.pop_front()?;
        if line.is_empty() {
            self.by_source.remove(&source);
        } else {
            self.turns.push_back(source);
        }
        self.waiting -= 1;
        self.runs += 1;
        Some(job)
    }
}

fn run(request: &HashRequest, arena: &mut Vec<Block>) -> Result<[u8; HASH_BYTES], HashError> {
    let Cost { memory_kib, passes, lanes } = request.cost;
    let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).map_err(|_| HashError::Broken)?;
    let blocks = params.block_count();
    if arena.len() < blocks {
        arena.resize(blocks, Block::default());
    }
    let memory = arena.get_mut(..blocks).ok_or(HashError::Broken)?;
    let mut out = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(request.password.expose(), &request.salt, &mut out, memory)
        .map_err(|_| HashError::Broken)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Cost, HashError, HashPool, HashRequest, Secret};

    fn request(source: &str) -> HashRequest {
        HashRequest {
            password: Secret::new(b"password".to_vec()),
            salt: b"somesaltsomesalt".to_vec(),
            cost: Cost { memory_kib: 64, passes: 1, lanes: 1 },
            source: source.to_owned(),
        }
    }

    #[tokio::test]
    async fn the_hash_is_the_one_that_argon2_gives_and_the_arena_leaves_no_trace() {
        let pool = HashPool::start(1, 8).unwrap();
        let first = pool.hash(request("a")).await.unwrap();
        let mut big = request("a");
        big.cost = Cost { memory_kib: 128, passes: 2, lanes: 1 };
        pool.hash(big).await.unwrap();
        assert_eq!(pool.hash(request("b")).await.unwrap(), first);
        let mut expected = [0; 32];
        let params = argon2::Params::new(64, 1, 1, Some(32)).unwrap();
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password_into(b"password", b"somesaltsomesalt", &mut expected)
            .unwrap();
        assert_eq!(first, expected);
        assert_eq!(pool.runs(), 3);
    }

    #[tokio::test]
    async fn one_source_cannot_fill_the_queue_of_all() {
        let pool = HashPool::start(1, 8).unwrap();
        let mut slow = request("greedy");
        slow.cost = Cost { memory_kib: 64 * 1024, passes: 4, lanes: 1 };
        let slow = pool.hash(slow);
        let greedy: Vec<_> = (0..8).map(|_| pool.hash(request("greedy"))).collect();
        let modest = pool.hash(request("modest"));
        let all = async { tokio::join!(slow, join_all(greedy), modest) };
        let (slow, greedy, modest) = all.await;
        assert!(slow.is_ok());
        assert!(greedy.contains(&Err(HashError::Full)), "the greedy source was never refused");
        assert!(modest.is_ok(), "another source was refused too");
    }

    async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
        let mut results = vec![];
        let mut pinned: Vec<_> = futures.into_iter().map(Box::pin).collect();
        // Polled once each, so that all of them queue up before the first is awaited.
        let mut ready: Vec<Option<F::Output>> = vec![];
        for future in &mut pinned {
            ready.push(
                std::future::poll_fn(|cx| {
                    std::task::Poll::Ready(match future.as_mut().poll(cx) {
                        std::task::Poll::Ready(value) => Some(value),
                        std::task::Poll::Pending => None,
                    })
                })
                .await,
            );
        }
        for (future, done) in pinned.into_iter().zip(ready) {
            results.push(match done {
                Some(value) => value,
                None => future.await,
            });
        }
        results
    }
}
