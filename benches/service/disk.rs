//! What the disk does: lines that are safe when they are acknowledged, one after the other.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use crate::Failure;
use crate::load::rate;

/// As long as a record of a log is.
pub const LINE: &[u8; 256] = &[b'.'; 256];

/// How often a probe beside a load syncs: often enough to be true, too seldom to be a load itself.
const PROBE_EVERY: Duration = Duration::from_millis(25);

/// Appended lines that the disk takes in a second, each synced before the next.
pub fn lines_per_second(folder: &Path, span: Duration) -> Result<f64, Failure> {
    let mut file = File::options().append(true).create(true).open(folder.join("lines"))?;
    let start = Instant::now();
    let mut lines = 0;
    while start.elapsed() < span {
        file.write_all(LINE)?;
        file.sync_data()?;
        lines += 1;
    }
    Ok(rate(lines, start.elapsed().as_secs_f64()))
}

/// Commits of one row that SQLite makes in a second under the settings of the service.
pub async fn commits_per_second(folder: &Path, span: Duration) -> Result<f64, Failure> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", folder.join("rows.db").display()));
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    let db = Database::connect(options).await?;
    db.execute_unprepared("CREATE TABLE IF NOT EXISTS line (text TEXT NOT NULL)").await?;
    let insert = format!("INSERT INTO line VALUES ('{}')", String::from_utf8_lossy(LINE));
    let start = Instant::now();
    let mut commits = 0;
    while start.elapsed() < span {
        db.execute_unprepared(&insert).await?;
        commits += 1;
    }
    let commits = rate(commits, start.elapsed().as_secs_f64());
    db.close().await?;
    Ok(commits)
}

/// Syncs a line now and then while something else loads the machine.
pub struct Probe {
    over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<std::io::Result<Duration>>,
}

impl Probe {
    pub fn start(folder: &Path) -> Self {
        let (path, over): (PathBuf, Arc<AtomicBool>) = (folder.join("probe"), Arc::default());
        let told = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let mut file = File::options().append(true).create(true).open(path)?;
            let mut all = vec![];
            while !told.load(Ordering::Relaxed) {
                let start = Instant::now();
                file.write_all(LINE)?;
                file.sync_data()?;
                all.push(start.elapsed());
                std::thread::park_timeout(PROBE_EVERY);
            }
            all.sort_unstable();
            Ok(all.get(all.len() / 2).copied().unwrap_or_default())
        });
        Self { over, thread }
    }

    /// Syncs that the disk would have done one after the other in a second of the load.
    pub fn syncs_per_second(self) -> Result<f64, Failure> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        let median = self.thread.join().map_err(|_| "the probe of the disk ended badly")??;
        Ok(rate(1, median.as_secs_f64()))
    }
}
