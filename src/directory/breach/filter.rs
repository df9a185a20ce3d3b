//! Asking the file: three positioned reads of a block each, compared with their sums.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};

use super::Key;
use super::format::{
    BLOCK_BYTES, DIGEST_BYTES, FOOTER_BYTES, Footer, HEAD_BYTES, SHARD_BYTES, SUM_BYTES, Shard, Sum, head,
    shard_number, sum_of,
};
use crate::kernel::digest::equal;

/// Why a file is not used: the start is refused, or the question is not answered.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableFilter {
    #[error("{path}: {cause}")]
    Io { path: PathBuf, cause: io::Error },
    #[error("{path} is no breach filter; `cardea breach build` makes one")]
    Foreign { path: PathBuf },
    #[error("{path} is a breach filter of another version of this program; build it anew")]
    Version { path: PathBuf },
    #[error("{path} is damaged or cut off ({part}); build it anew or copy it again")]
    Damaged { path: PathBuf, part: &'static str },
}

/// An open file whose every byte was compared with its sum once. Only its tables are in memory.
pub struct BreachFilter {
    path: PathBuf,
    file: File,
    bits: u32,
    entries: u64,
    /// Each with the place of its first fingerprint.
    shards: Vec<(u64, Shard)>,
    sums: Vec<Sum>,
    fingerprints: u64,
}

impl BreachFilter {
    /// Opens a file and reads all of it once.
    ///
    /// # Errors
    /// It is not there, is another kind of file, or one byte of it is not as it was written.
    pub fn open(path: &Path) -> Result<Self, UnreadableFilter> {
        let io = |cause| UnreadableFilter::Io { path: path.to_owned(), cause };
        let damaged = |part| UnreadableFilter::Damaged { path: path.to_owned(), part };
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut start = vec![];
        (&mut file).take(HEAD_BYTES).read_to_end(&mut start).map_err(io)?;
        let expected = head();
        if start.get(..8) != expected.get(..8) {
            return Err(UnreadableFilter::Foreign { path: path.to_owned() });
        }
        if start != expected {
            return Err(UnreadableFilter::Version { path: path.to_owned() });
        }
        let footer = footer_of(&file, length).map_err(io)?.ok_or_else(|| damaged("its end"))?;
        if footer.file_bytes() != Some(length) {
            return Err(damaged("its length"));
        }
        let tables = tables_of(&file, &footer, length).map_err(io)?.ok_or_else(|| damaged("its tables"))?;
        let opened = Self {
            path: path.to_owned(),
            file,
            bits: footer.shard_bits,
            entries: footer.entries,
            shards: tables.shards,
            sums: tables.sums,
            fingerprints: footer.fingerprints,
        };
        opened.compare_all()?;
        Ok(opened)
    }

    pub const fn entries(&self) -> u64 {
        self.entries
    }

    pub const fn shards(&self) -> usize {
        self.shards.len()
    }

    /// The size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        let footer = Footer { entries: self.entries, fingerprints: self.fingerprints, shard_bits: self.bits };
        footer.file_bytes().unwrap_or(u64::MAX)
    }

    /// Whether the key may be on the list; `false` is certain. Reads the disk: not for a thread that serves others.
    ///
    /// # Errors
    /// The file was damaged since it was opened: then nothing is said.
    pub fn may_hold(&self, key: Key) -> Result<bool, UnreadableFilter> {
        let Some((first, shard)) = self.shards.get(shard_number(key, self.bits)) else {
            return Err(self.damaged("its shards"));
        };
        if shard.entries == 0 {
            return Ok(false);
        }
        let (places, mut fingerprint) = shard.places(key);
        for place in places {
            fingerprint ^= self.fingerprint(first + place)?;
        }
        Ok(fingerprint == 0)
    }

    /// One fingerprint out of a block that is as it was written.
    fn fingerprint(&self, place: u64) -> Result<u8, UnreadableFilter> {
        let mut buffer = [0; BLOCK_BYTES];
        let block = place / BLOCK_BYTES as u64;
        let inside = usize::try_from(place % BLOCK_BYTES as u64).unwrap_or(usize::MAX);
        let bytes = self.block(block, &mut buffer)?;
        bytes.get(inside).copied().ok_or_else(|| self.damaged("its length"))
    }

    fn block<'a>(
        &self,
        number: u64,
        buffer: &'a mut [u8; BLOCK_BYTES],
    ) -> Result<&'a [u8], UnreadableFilter> {
        let start = number * BLOCK_BYTES as u64;
        let left = usize::try_from(self.fingerprints.saturating_sub(start)).unwrap_or(usize::MAX);
        let bytes = buffer.get_mut(..left.min(BLOCK_BYTES)).unwrap_or_default();
        match self.file.read_exact_at(bytes, HEAD_BYTES + start) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.damaged("its length"));
            }
            Err(cause) => return Err(UnreadableFilter::Io { path: self.path.clone(), cause }),
        }
        let sum = usize::try_from(number).ok().and_then(|number| self.sums.get(number));
        if sum == Some(&sum_of(bytes)) { Ok(bytes) } else { Err(self.damaged("its fingerprints")) }
    }

    fn compare_all(&self) -> Result<(), UnreadableFilter> {
        let mut buffer = [0; BLOCK_BYTES];
        for number in 0..self.fingerprints.div_ceil(BLOCK_BYTES as u64) {
            self.block(number, &mut buffer)?;
        }
        Ok(())
    }

    fn damaged(&self, part: &'static str) -> UnreadableFilter {
        UnreadableFilter::Damaged { path: self.path.clone(), part }
    }
}

struct Tables {
    shards: Vec<(u64, Shard)>,
    sums: Vec<Sum>,
}

fn footer_of(file: &File, length: u64) -> io::Result<Option<Footer>> {
    let end = (FOOTER_BYTES + DIGEST_BYTES) as u64;
    let Some(place) = length.checked_sub(end).filter(|place| *place >= HEAD_BYTES) else {
        return Ok(None);
    };
    let mut bytes = [0; FOOTER_BYTES];
    file.read_exact_at(&mut bytes, place)?;
    Ok(Footer::of_bytes(&bytes))
}

/// The tables, where the digest over them and the head is right. The file is as long as the footer says, so what is
/// taken into memory is not more than it holds.
fn tables_of(file: &File, footer: &Footer, length: u64) -> io::Result<Option<Tables>> {
    let Some(bytes) = footer.tables_bytes().and_then(|bytes| usize::try_from(bytes).ok()) else {
        return Ok(None);
    };
    let mut tables = vec![0; bytes];
    file.read_exact_at(&mut tables, length - bytes as u64)?;
    let Some((covered, digest)) = tables.split_last_chunk::<DIGEST_BYTES>() else { return Ok(None) };
    let mut sum = Context::new(&SHA256);
    sum.update(&head());
    sum.update(covered);
    if !equal(sum.finish().as_ref(), digest) {
        return Ok(None);
    }
    let shards_bytes = usize::try_from(footer.shards()).unwrap_or(usize::MAX).saturating_mul(SHARD_BYTES);
    let Some((shards, rest)) = covered.split_at_checked(shards_bytes) else { return Ok(None) };
    let sums = rest.get(..rest.len().saturating_sub(FOOTER_BYTES)).unwrap_or_default();
    let mut first = 0;
    let mut placed = vec![];
    for bytes in shards.chunks_exact(SHARD_BYTES) {
        let Some(shard) = Shard::of_bytes(bytes) else { return Ok(None) };
        placed.push((first, shard));
        first += shard.fingerprints();
    }
    let entries: u64 = placed.iter().map(|(_, shard)| u64::from(shard.entries)).sum();
    if first != footer.fingerprints || entries != footer.entries {
        return Ok(None);
    }
    let (sums, _) = sums.as_chunks::<SUM_BYTES>();
    Ok(Some(Tables { shards: placed, sums: sums.to_vec() }))
}
