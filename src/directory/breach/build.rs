//! Making the file: the list is read once, as a stream, and no more of it is in memory than one shard.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use xorf::BinaryFuse8;

use super::Key;
use super::format::{BLOCK_BYTES, Footer, SHARD_BITS_MAX, Shard, Sum, head, shard_number, sum_of};
use super::line::{self, BadLine, LINE_BYTES_MAX, Line, RANGE_DIGITS};
use super::spill::{FILE_BITS, FILES, Spill};
use crate::infra::files::Replacement;

/// Entries of a shard at the most, as far as hashes are spread evenly: some 26 MB while it is made.
const SHARD_ENTRIES: u64 = 1 << 20;
/// Lines between two tellings.
const TOLD_EVERY: u64 = 16 << 20;

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    Lines(u64),
    Shards { done: usize, of: usize },
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Built {
    pub lines: u64,
    /// Different hashes.
    pub entries: u64,
    /// Lines of a hash that was there already.
    pub repeated: u64,
    /// Lines of hashes that were seen no times.
    pub padding: u64,
    pub shards: u64,
    pub bytes: u64,
}

impl Built {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn bytes_per_entry(&self) -> f64 {
        if self.entries == 0 { 0.0 } else { self.bytes as f64 / self.entries as f64 }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("{input}: {cause}")]
    Input { input: String, cause: io::Error },
    #[error("{input}, line {line}: {cause}")]
    Line { input: String, line: u64, cause: BadLine },
    #[error("there is no hash in what was given")]
    Empty,
    #[error("there are more hashes than a file can be made of")]
    TooMany,
    #[error("{path}: {cause}")]
    Output { path: PathBuf, cause: io::Error },
    #[error("no filter could be made of a shard's {0} hashes")]
    Filter(usize),
}

/// Builds the file, which takes its place in one step at the end.
///
/// # Errors
/// A line that is no hash, with its place; a disk that is full. Then nothing is at the output that was not before.
pub fn build(inputs: &[PathBuf], output: &Path, told: &mut dyn FnMut(Progress)) -> Result<Built, BuildError> {
    let failed = |cause| BuildError::Output { path: output.to_owned(), cause };
    let mut spill = Spill::begin(output).map_err(failed)?;
    let mut built = Built::default();
    read_all(inputs, &mut built, told, &mut |key| match spill.add(key) {
        Ok(true) => Ok(()),
        Ok(false) => Err(BuildError::TooMany),
        Err(cause) => Err(failed(cause)),
    })?;
    let keys = spill.keys();
    if keys == 0 {
        return Err(BuildError::Empty);
    }
    let bits = bits_for(keys);
    let mut writer = Writer::begin(output, bits).map_err(failed)?;
    let of = 1_usize << bits;
    // Files and shards are both by the first bits: a shard is some files whole, or a file some shards whole.
    let files_a_time = FILES >> bits.min(FILE_BITS);
    let mut sorted: Vec<Key> = vec![];
    for start in (0..FILES).step_by(files_a_time) {
        sorted.clear();
        for number in start..start + files_a_time {
            spill.take(number, &mut sorted).map_err(failed)?;
        }
        let mut rest = sorted.as_slice();
        for _ in 0..(of * files_a_time / FILES) {
            let number = writer.shards.len();
            let (shard, after) =
                rest.split_at(rest.partition_point(|key| shard_number(*key, bits) <= number));
            rest = after;
            writer.add(shard).map_err(|error| error.at(output))?;
            told(Progress::Shards { done: writer.shards.len(), of });
        }
    }
    let footer = writer.finish().map_err(failed)?;
    built.entries = footer.entries;
    built.repeated = keys - footer.entries;
    built.shards = footer.shards();
    built.bytes = footer.file_bytes().unwrap_or(0);
    Ok(built)
}

/// Reads everything and writes nothing: whether the input is one, and how many lines it has.
///
/// # Errors
/// As [`build`].
pub fn rehearse(inputs: &[PathBuf], told: &mut dyn FnMut(Progress)) -> Result<Built, BuildError> {
    let mut built = Built::default();
    let mut keys: u64 = 0;
    read_all(inputs, &mut built, told, &mut |_| {
        keys += 1;
        Ok(())
    })?;
    if keys == 0 {
        return Err(BuildError::Empty);
    }
    built.entries = keys;
    built.shards = 1 << bits_for(keys);
    // What a large shard needs, with its sums; a small list needs more.
    built.bytes = keys + keys / 7;
    Ok(built)
}

/// Bits of the shards' numbers for so many keys.
fn bits_for(keys: u64) -> u32 {
    (0..SHARD_BITS_MAX).find(|bits| keys >> bits <= SHARD_ENTRIES).unwrap_or(SHARD_BITS_MAX)
}

type Taken<'a> = dyn FnMut(Key) -> Result<(), BuildError> + 'a;

fn read_all(
    inputs: &[PathBuf],
    built: &mut Built,
    told: &mut dyn FnMut(Progress),
    take: &mut Taken<'_>,
) -> Result<(), BuildError> {
    for input in inputs {
        let failed = |cause| BuildError::Input { input: input.display().to_string(), cause };
        if input.as_os_str() == "-" {
            read_one(io::stdin().lock(), "standard input", None, built, told, take)?;
        } else if input.is_dir() {
            for entry in std::fs::read_dir(input).map_err(failed)? {
                read_file(&entry.map_err(failed)?.path(), built, told, take)?;
            }
        } else {
            read_file(input, built, told, take)?;
        }
    }
    Ok(())
}

fn read_file(
    path: &Path,
    built: &mut Built,
    told: &mut dyn FnMut(Progress),
    take: &mut Taken<'_>,
) -> Result<(), BuildError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|cause| BuildError::Input { input: name.clone(), cause })?;
    read_one(BufReader::with_capacity(1 << 20, file), &name, range_of(path), built, told, take)
}

/// The digits that a range's file has in its name (`21BD1.txt`).
fn range_of(path: &Path) -> Option<[u8; RANGE_DIGITS]> {
    let stem: [u8; RANGE_DIGITS] = path.file_stem()?.as_encoded_bytes().try_into().ok()?;
    stem.iter().all(u8::is_ascii_hexdigit).then_some(stem)
}

fn read_one(
    mut reader: impl BufRead,
    name: &str,
    range: Option<[u8; RANGE_DIGITS]>,
    built: &mut Built,
    told: &mut dyn FnMut(Progress),
    take: &mut Taken<'_>,
) -> Result<(), BuildError> {
    let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut line = Vec::with_capacity(LINE_BYTES_MAX);
    let mut number = 0;
    loop {
        line.clear();
        let read = (&mut reader).take(limit).read_until(b'\n', &mut line);
        if read.map_err(|cause| BuildError::Input { input: name.to_owned(), cause })? == 0 {
            return Ok(());
        }
        number += 1;
        let whole = line.last() == Some(&b'\n') || line.len() < LINE_BYTES_MAX;
        let parsed = if whole { line::parse(&line, range.as_ref()) } else { Err(BadLine::Long) };
        let wrong = |cause| BuildError::Line { input: name.to_owned(), line: number, cause };
        match parsed.map_err(wrong)? {
            Line::Entry(key) => take(key)?,
            Line::Padding => built.padding += 1,
            Line::Empty => {}
        }
        built.lines += 1;
        if built.lines.is_multiple_of(TOLD_EVERY) {
            told(Progress::Lines(built.lines));
        }
    }
}

enum AddError {
    Io(io::Error),
    Filter(usize),
}

impl AddError {
    fn at(self, output: &Path) -> BuildError {
        match self {
            Self::Io(cause) => BuildError::Output { path: output.to_owned(), cause },
            Self::Filter(entries) => BuildError::Filter(entries),
        }
    }
}

/// The output while it grows.
struct Writer {
    file: Replacement,
    bits: u32,
    shards: Vec<Shard>,
    sums: Vec<Sum>,
    /// Fingerprints that do not fill a block yet.
    open: Vec<u8>,
    fingerprints: u64,
}

impl Writer {
    fn begin(output: &Path, bits: u32) -> io::Result<Self> {
        let mut file = Replacement::begin(output)?;
        file.write(&head())?;
        Ok(Self { file, bits, shards: vec![], sums: vec![], open: vec![], fingerprints: 0 })
    }

    fn add(&mut self, keys: &[Key]) -> Result<(), AddError> {
        let (shard, fingerprints) = filter_of(keys).ok_or(AddError::Filter(keys.len()))?;
        self.shards.push(shard);
        self.fingerprints += shard.fingerprints();
        self.open.extend_from_slice(&fingerprints);
        let whole = self.open.len() / BLOCK_BYTES * BLOCK_BYTES;
        let rest = self.open.split_off(whole);
        self.write_open(rest).map_err(AddError::Io)
    }

    fn write_open(&mut self, rest: Vec<u8>) -> io::Result<()> {
        self.sums.extend(self.open.chunks(BLOCK_BYTES).map(sum_of));
        self.file.write(&self.open)?;
        self.open = rest;
        Ok(())
    }

    fn finish(mut self) -> io::Result<Footer> {
        self.write_open(vec![])?;
        let entries = self.shards.iter().map(|shard| u64::from(shard.entries)).sum();
        let footer = Footer { entries, fingerprints: self.fingerprints, shard_bits: self.bits };
        let mut tables: Vec<u8> = self.shards.iter().flat_map(|shard| shard.to_bytes()).collect();
        tables.extend_from_slice(self.sums.as_flattened());
        tables.extend_from_slice(&footer.to_bytes());
        let mut sum = Context::new(&SHA256);
        sum.update(&head());
        sum.update(&tables);
        self.file.write(&tables)?;
        self.file.write(sum.finish().as_ref())?;
        self.file.finish()?;
        Ok(footer)
    }
}

/// A filter of sorted, different keys, each of which was looked up in it.
fn filter_of(keys: &[Key]) -> Option<(Shard, Box<[u8]>)> {
    if keys.is_empty() {
        return Some((Shard::default(), Box::default()));
    }
    let made = BinaryFuse8::try_from(keys).ok()?;
    let shard = Shard {
        seed: made.descriptor.seed,
        segment: made.descriptor.segment_length,
        span: made.descriptor.segment_count_length,
        entries: u32::try_from(keys.len()).ok()?,
    };
    let at = |place: u64| usize::try_from(place).ok().and_then(|place| made.fingerprints.get(place)).copied();
    let found = |key: &Key| {
        let (places, fingerprint) = shard.places(*key);
        places.into_iter().try_fold(fingerprint, |left, place| Some(left ^ at(place)?)) == Some(0)
    };
    let whole = u64::try_from(made.fingerprints.len()).ok()? == shard.fingerprints();
    (whole && keys.iter().all(found)).then_some((shard, made.fingerprints))
}
