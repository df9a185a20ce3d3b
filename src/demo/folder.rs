//! The folder of a demo, marked so that nothing else is ever emptied.

use std::path::{Path, PathBuf};

use crate::app::Failure;
use crate::infra::files;

const MARK: &str = ".cardea-demo";

pub struct Folder {
    /// Absolute, so that what is written into the sheet can be found from anywhere.
    pub path: PathBuf,
}

impl Folder {
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Makes the folder, or takes the one that a demo made before.
pub fn prepare(path: &Path, fresh: bool) -> Result<Folder, Failure> {
    let cannot =
        |what: &str, error: std::io::Error| Failure::Work(format!("{}: {what}: {error}", path.display()));
    if fresh && path.exists() {
        if !is_demo(Some(path)) && !is_empty(path) {
            return Err(Failure::Input(format!(
                "{}: --fresh empties only a folder that the demo made itself",
                path.display()
            )));
        }
        std::fs::remove_dir_all(path).map_err(|error| cannot("cannot be emptied", error))?;
    }
    files::make_private_folder(path).map_err(|error| cannot("cannot be made", error))?;
    let path = path.canonicalize().map_err(|error| cannot("cannot be found", error))?;
    if !is_demo(Some(&path)) {
        if !is_empty(&path) {
            return Err(Failure::Input(format!(
                "{}: holds something else than a demo; name an empty folder",
                path.display()
            )));
        }
        let text = b"Made by `cardea demo`. Nothing in here is secret; never use it in production.\n";
        files::write_private(&path.join(MARK), text).map_err(|error| cannot("cannot be marked", error))?;
    }
    Ok(Folder { path })
}

pub fn is_demo(folder: Option<&Path>) -> bool {
    folder.is_some_and(|folder| folder.join(MARK).is_file())
}

fn is_empty(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}
