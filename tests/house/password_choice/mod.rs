//! Which passwords may be chosen: the file of breached ones, what is a person's own, and what is said of it.

mod file;
mod form;
mod size;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cardea::directory::breach::build::{self, BuildError, Built};
use cardea::kernel::entropy::Entropy;

/// The SHA-1 of a text, as the public list has it.
pub fn sha1(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    data_encoding::HEXUPPER.encode(hash.as_ref())
}

/// Lines of hashes that nobody knows a password of, always the same for a seed.
pub fn lines(seed: u64, count: usize) -> String {
    let entropy = Entropy::seeded(seed);
    let mut text = String::with_capacity(count * 44);
    for number in 1..=count {
        let hash = data_encoding::HEXUPPER.encode(&entropy.bytes::<20>());
        writeln!(text, "{hash}:{number}").unwrap();
    }
    text
}

pub fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

pub fn built(inputs: &[PathBuf], output: &Path) -> Result<Built, BuildError> {
    build::build(inputs, output, &mut |_| {})
}
