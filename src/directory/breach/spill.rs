//! Keys on their way from a list in any order to shards: in files by their first byte, so that each part fits in memory.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Key;

/// One file for each first byte of a key.
pub const FILES: usize = 256;
pub const FILE_BITS: u32 = 8;
/// Most keys of one file: 512 MiB while it is sorted.
pub const KEYS_MAX: u64 = 1 << 26;
const BUFFER_BYTES: usize = 64 * 1024;

/// The files, without names since the moment they were made: nothing is left of them, however the program ends.
pub struct Spill {
    files: Vec<BufWriter<File>>,
    counts: Vec<u64>,
}

impl Spill {
    /// Makes the files in the folder where the output will be, which has to have the room anyway.
    ///
    /// # Errors
    /// The folder does not take them.
    pub fn begin(output: &Path) -> io::Result<Self> {
        let mut files = Vec::with_capacity(FILES);
        for number in 0..FILES {
            let path = output.with_extension(format!("part-{number}"));
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
            std::fs::remove_file(&path)?;
            files.push(BufWriter::with_capacity(BUFFER_BYTES, file));
        }
        Ok(Self { files, counts: vec![0; FILES] })
    }

    /// `false`: one file would have more keys than can be sorted in memory.
    ///
    /// # Errors
    /// The disk is full.
    pub fn add(&mut self, key: Key) -> io::Result<bool> {
        let [first, ..] = key.to_be_bytes();
        let number = usize::from(first);
        if let (Some(file), Some(count)) = (self.files.get_mut(number), self.counts.get_mut(number)) {
            *count += 1;
            file.write_all(&key.to_le_bytes())?;
            return Ok(*count <= KEYS_MAX);
        }
        Ok(false)
    }

    /// Keys of all files, those included that came more than once.
    pub fn keys(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The keys of one file, sorted, each once, added to those that are there.
    ///
    /// # Errors
    /// The disk does not give them back.
    pub fn take(&mut self, number: usize, keys: &mut Vec<Key>) -> io::Result<()> {
        let Some(file) = self.files.get_mut(number) else { return Ok(()) };
        file.flush()?;
        let file = file.get_mut();
        file.rewind()?;
        let start = keys.len();
        keys.reserve(self.counts.get(number).copied().and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
        let mut reader = BufReader::with_capacity(BUFFER_BYTES * 4, &mut *file);
        let mut bytes = [0; size_of::<Key>()];
        for _ in 0..self.counts.get(number).copied().unwrap_or(0) {
            reader.read_exact(&mut bytes)?;
            keys.push(Key::from_le_bytes(bytes));
        }
        // The room on the disk is wanted for the output.
        drop(reader);
        file.set_len(0)?;
        // What was there before comes from files of smaller first bytes.
        keys.get_mut(start..).unwrap_or_default().sort_unstable();
        keys.dedup();
        Ok(())
    }
}
