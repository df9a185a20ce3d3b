//! Files that only their owner may read, written whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

const PRIVATE: u32 = 0o600;

/// Replaces a file in one step, with mode 0600, durable when it returns.
///
/// # Errors
/// The folder does not exist or does not take the file.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut replacement = Replacement::begin(path)?;
    replacement.write(bytes)?;
    replacement.finish()
}

/// A file that is being written beside the one that it will replace.
pub struct Replacement {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    done: bool,
}

impl Replacement {
    /// # Errors
    /// The folder does not exist or does not take the file.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let beside = beside(path);
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(PRIVATE).open(&beside)?;
        Ok(Self { path: path.to_owned(), beside, file, done: false })
    }

    /// # Errors
    /// The disk does not take it.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Lets those use the new file who may use the old one: its owner, group and mode, as far as our user
    /// may give them. Otherwise it stays for us alone.
    pub fn keep_access(&self) {
        let Ok(old) = std::fs::metadata(&self.path) else { return };
        let kept = fchown(&self.file, Some(old.uid()), Some(old.gid())).and_then(|()| {
            self.file.set_permissions(PermissionsExt::from_mode(old.permissions().mode() & 0o777))
        });
        if let Err(error) = kept {
            tracing::warn!(path = %self.path.display(), %error, "a file written anew is for its owner alone now");
        }
    }

    /// Takes the place of the old file in one step; durable when it returns. Who has the old one open
    /// goes on seeing the old one.
    ///
    /// # Errors
    /// The disk does not take it: the old file is still there.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.beside, &self.path)?;
        self.done = true;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.done {
            // What is left of it is removed before the next one begins, too.
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}

/// Removes what a replacement left that a crash ended.
///
/// # Errors
/// It is there and cannot be removed.
pub fn remove_unfinished(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(beside(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Opens a file for appending, with mode 0600.
///
/// # Errors
/// The folder does not exist or does not take the file.
pub fn append_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(PRIVATE).open(path)
}

/// Makes a folder (and those above it) that only its owner may enter.
///
/// # Errors
/// A part of the path cannot be made.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}
