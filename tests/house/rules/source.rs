//! The sources that rules look at.

use std::fs;
use std::path::Path;

/// One file: its path from the project's folder, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn ends_in(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|ending| extensions.iter().any(|wanted| ending == *wanted))
    }
}

/// Every file under `src/` with one of the extensions.
pub fn sources(extensions: &[&str]) -> Vec<Source> {
    sources_of("src", extensions)
}

/// Every file under a folder of the project with one of the extensions.
pub fn sources_of(folder: &str, extensions: &[&str]) -> Vec<Source> {
    fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, extensions, found);
            } else if path.extension().is_some_and(|ending| extensions.iter().any(|wanted| ending == *wanted))
            {
                let name =
                    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().to_owned();
                found.push(Source { path: name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extensions, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// What a rule says where all is well.
pub const NOTHING: [&str; 0] = [];

/// A sample.
pub fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
