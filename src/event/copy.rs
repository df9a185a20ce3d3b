//! The JSON Lines copy of the log, for those who read along: sealed records in order, one OCSF object
//! a line. It holds personal parts in the clear, so it is written anew when someone is erased.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::log::EventLog;
use crate::infra::database::DbErr;
use crate::infra::files;

const RECORDS_PER_READ: u64 = 500;

#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("the log cannot be read: {0}")]
    Database(#[from] DbErr),
    #[error("{path}: the copy of the log cannot be written: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
}

/// The copy and how far it has come.
pub struct LogCopy {
    path: PathBuf,
    /// Last sequence number in the file; `None` until the file was looked at.
    written: Mutex<Option<i64>>,
}

impl LogCopy {
    pub const fn new(path: PathBuf) -> Self {
        Self { path, written: Mutex::new(None) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends what has been sealed since the last time. When somebody was erased in the meantime, on
    /// whatever node, the copy is written anew from the first record.
    ///
    /// # Errors
    /// The database or the file does not do its part.
    pub async fn catch_up(&self, log: &EventLog) -> Result<(), CopyError> {
        let known = *self.written();
        let start = match known {
            Some(at) => at,
            None => last_sequence(&self.path),
        };
        let mut at = start;
        let mut anew = start == 0;
        loop {
            let records = log.read_after(at, RECORDS_PER_READ).await?;
            let Some(last) = records.last().and_then(|record| record.sequence) else { break };
            if !anew && records.iter().any(|record| record.text("what") == Some("account_erased")) {
                // Somebody was erased since: what stands of them in the file goes, too.
                files::write_private(&self.path, b"").map_err(|cause| self.file(cause))?;
                (at, anew) = (0, true);
                continue;
            }
            let mut lines = Vec::new();
            for record in &records {
                lines.extend_from_slice(record.ocsf().to_string().as_bytes());
                lines.push(b'\n');
            }
            self.append(&lines)?;
            at = last;
        }
        *self.written() = Some(at);
        Ok(())
    }

    fn append(&self, lines: &[u8]) -> Result<(), CopyError> {
        let mut file = files::append_private(&self.path).map_err(|cause| self.file(cause))?;
        file.write_all(lines).map_err(|cause| self.file(cause))
    }

    fn file(&self, cause: std::io::Error) -> CopyError {
        CopyError::File { path: self.path.clone(), cause }
    }

    fn written(&self) -> std::sync::MutexGuard<'_, Option<i64>> {
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Where a copy of an earlier run ended; a last line cut short by a crash counts as not written.
fn last_sequence(path: &Path) -> i64 {
    let Ok(text) = std::fs::read_to_string(path) else { return 0 };
    let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
    if whole.len() + 1 != text.len() && !text.is_empty() {
        // Cut off the torn line, so that the next one starts on a line of its own.
        let kept = if whole.is_empty() { String::new() } else { format!("{whole}\n") };
        if files::write_private(path, kept.as_bytes()).is_err() {
            tracing::warn!(path = %path.display(), "a torn line of the log's copy cannot be cut off");
        }
    }
    whole
        .lines()
        .next_back()
        .and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .and_then(|object| object.pointer("/metadata/sequence")?.as_i64())
        .unwrap_or(0)
}
