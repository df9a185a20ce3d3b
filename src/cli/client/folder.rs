//! Writing into the folder of clients: files for the service alone, never over one that is there.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use crate::app::Failure;
use crate::infra::files;
use crate::kernel::digest::base64url;
use crate::kernel::entropy::Entropy;
use crate::kernel::secret::Secret;

/// Bytes of a secret that is made here: 256 bits, 43 characters.
const SECRET_BYTES: usize = 32;
/// Most files of secrets that one client has had.
const SECRETS_MAX: u32 = 1000;

pub fn make_secret() -> Secret<String> {
    Secret::new(base64url(&Entropy::System.bytes::<SECRET_BYTES>()))
}

/// The next free name of a file for a secret of the client.
pub fn secret_file(folder: &Path, client_id: &str) -> Result<PathBuf, Failure> {
    let name = |number: u32| match number {
        1 => format!("{client_id}.secret"),
        number => format!("{client_id}.{number}.secret"),
    };
    (1..=SECRETS_MAX)
        .map(|number| folder.join(name(number)))
        .find(|path| !path.exists())
        .ok_or_else(|| Failure::Input(format!("{}: clear away old secrets of {client_id}", folder.display())))
}

/// Writes a file that is not there yet, with mode 0600. It belongs to whom the folder belongs to, so that
/// the service can read what an administrator writes.
pub fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        if error.kind() == ErrorKind::AlreadyExists {
            return Failure::Input(format!("{}: is there already", path.display()));
        }
        Failure::Work(format!("{}: cannot be written: {error}", path.display()))
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    files::make_private_folder(folder).map_err(cannot)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(cannot)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let written = written.and_then(|()| give_to_owner_of(folder, path));
    written.map_err(|error| {
        // What is not whole is worse than nothing.
        let _ = std::fs::remove_file(path);
        cannot(error)
    })
}

/// Replaces a registration, for the same owner.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = files::write_private(path, text.as_bytes()).and_then(|()| give_to_owner_of(folder, path));
    written.map_err(|error| Failure::Work(format!("{}: cannot be written: {error}", path.display())))
}

fn give_to_owner_of(folder: &Path, path: &Path) -> std::io::Result<()> {
    let (folder, file) = (std::fs::metadata(folder)?, std::fs::metadata(path)?);
    if (folder.uid(), folder.gid()) == (file.uid(), file.gid()) {
        return Ok(());
    }
    match chown(path, Some(folder.uid()), Some(folder.gid())) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), "the file does not belong to the owner of its folder: the service may be unable to read it");
            Ok(())
        }
        outcome => outcome,
    }
}
