//! The JSON Lines copy of the log, for those who read along: sealed records in order, one OCSF object
//! a line. It holds personal parts in the clear, so each node writes its copy anew when personal keys
//! were destroyed, by whatever node: an erased person's, or those of an old month.
//!
//! Whoever follows it has to expect another file under the name (as `tail -F` does), and knows by
//! `metadata.sequence` which records it has read already.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use tokio::sync::Mutex;

use super::log::EventLog;
use super::read::Record;
use crate::infra::database::DbErr;
use crate::infra::files::{self, Replacement};

const RECORDS_PER_READ: u64 = 500;
/// How much of an earlier run's file is looked at for its last line: many times the longest one.
const TAIL_BYTES: u64 = 1 << 20;
/// The events with which personal keys are destroyed, in one unit.
const KEYS_DESTROYED: [&str; 2] = ["account_erased", "personal_keys_destroyed"];

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
    /// Last sequence number in the file; `None` until the file was looked at, and after a failure. Held
    /// while the file is written.
    written: Mutex<Option<i64>>,
}

impl LogCopy {
    pub fn new(path: PathBuf) -> Self {
        Self { path, written: Mutex::new(None) }
    }

    /// Brings the copy up to what is sealed: appends what is new, or writes all of it anew where the new
    /// records tell that personal keys are gone.
    ///
    /// # Errors
    /// The database or the file does not do its part; the next call goes on from what is in the file.
    pub async fn catch_up(&self, log: &EventLog) -> Result<(), CopyError> {
        let mut written = self.written.lock().await;
        let mut at = match written.take() {
            Some(at) => at,
            None => self.look()?,
        };
        loop {
            let records = log.read_after(at, RECORDS_PER_READ).await?;
            let Some(last) = records.last().and_then(|record| record.sequence) else { break };
            if at == 0 || records.iter().any(destroys_keys) {
                at = self.write_anew(log).await?;
            } else {
                self.append(&lines(&records)).map_err(|cause| self.file(cause))?;
                at = last;
            }
        }
        *written = Some(at);
        Ok(())
    }

    /// Writes the whole log beside the copy and puts it in the copy's place; returns its last number.
    async fn write_anew(&self, log: &EventLog) -> Result<i64, CopyError> {
        // Up to what is sealed now. Keys that are destroyed meanwhile are told of by a later record, and
        // that one brings the next copy: nobody is left in one who was read before.
        let until = log.last_sequence().await?;
        let mut file = Replacement::begin(&self.path).map_err(|cause| self.file(cause))?;
        let mut at = 0;
        while at < until {
            let mut records = log.read_after(at, RECORDS_PER_READ).await?;
            records.retain(|record| record.sequence.is_some_and(|sequence| sequence <= until));
            let Some(last) = records.last().and_then(|record| record.sequence) else { break };
            file.write(&lines(&records)).map_err(|cause| self.file(cause))?;
            at = last;
        }
        file.keep_access();
        file.finish().map_err(|cause| self.file(cause))?;
        Ok(until)
    }

    fn append(&self, lines: &[u8]) -> std::io::Result<()> {
        files::append_private(&self.path)?.write_all(lines)
    }

    /// Where an earlier run ended. What a crash left half-written is removed.
    fn look(&self) -> Result<i64, CopyError> {
        let looked = files::remove_unfinished(&self.path).and_then(|()| last_sequence(&self.path));
        looked.map_err(|cause| self.file(cause))
    }

    fn file(&self, cause: std::io::Error) -> CopyError {
        CopyError::File { path: self.path.clone(), cause }
    }
}

fn destroys_keys(record: &Record) -> bool {
    record.text("what").is_some_and(|what| KEYS_DESTROYED.contains(&what))
}

fn lines(records: &[Record]) -> Vec<u8> {
    let mut lines = Vec::new();
    for record in records {
        lines.extend_from_slice(record.ocsf().to_string().as_bytes());
        lines.push(b'\n');
    }
    lines
}

/// The number in the last line of a copy; zero where there is none that can be read, and all is written
/// anew. A line cut short by a crash is cut off, so that the next one starts on a line of its own.
fn last_sequence(path: &Path) -> std::io::Result<i64> {
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL_BYTES);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut tail)?;
    let mut lines = tail.rsplit(|byte| *byte == b'\n');
    let torn = lines.next().unwrap_or_default().len();
    if torn > 0 {
        file.set_len(length.saturating_sub(u64::try_from(torn).unwrap_or(u64::MAX)))?;
    }
    let last = lines.next().and_then(|line| serde_json::from_slice::<serde_json::Value>(line).ok());
    Ok(last.and_then(|object| object.pointer("/metadata/sequence")?.as_i64()).unwrap_or(0))
}
