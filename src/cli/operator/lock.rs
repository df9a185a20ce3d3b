//! One process works on a data folder at a time: a node for its lifetime, or a command or a migration for a
//! moment. The operating system gives the lock free when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::app::Failure;
use crate::app::open;
use crate::infra::files;

const NAME: &str = "cardea.lock";
/// How often, and with what pause, a node that starts or a migration looks whether a command has ended.
const TRIES_MAX: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// The lock of a data folder, held until it is dropped.
#[must_use = "the lock is given free when it is dropped"]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock; `None` while another process has it.
    ///
    /// # Errors
    /// The folder or the file cannot be made.
    pub fn take(folder: &Path) -> Result<Option<Self>, Failure> {
        open::make_folder(folder)?;
        let path = folder.join(NAME);
        let cannot = |error| Failure::Work(format!("{}: cannot be locked: {error}", path.display()));
        let file = files::append_private(&path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    /// Takes the lock for a node; a command that is under way is waited for.
    ///
    /// # Errors
    /// Another node works on the folder.
    pub async fn for_node(folder: &Path) -> Result<Self, Failure> {
        Self::in_time(folder).await?.ok_or_else(|| {
            Failure::Input(format!(
                "{}: another cardea process works on this data folder; stop it first, or name another folder",
                folder.display()
            ))
        })
    }

    /// Takes the lock for a migration; a command that is under way is waited for.
    ///
    /// # Errors
    /// A node works on the folder: it would go on with statements for tables that are no more.
    pub async fn for_migration(folder: &Path) -> Result<Self, Failure> {
        Self::in_time(folder).await?.ok_or_else(|| {
            Failure::Work(format!(
                "{}: a node or another command works on this data folder; stop the node, then migrate",
                folder.display()
            ))
        })
    }

    async fn in_time(folder: &Path) -> Result<Option<Self>, Failure> {
        for _ in 0..TRIES_MAX {
            if let Some(lock) = Self::take(folder)? {
                return Ok(Some(lock));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(None)
    }
}
