//! The form of the file, and where in it an entry's fingerprint is.
//!
//! ```text
//! magic, version │ fingerprints of all shards │ shards │ sums of the fingerprints │ footer │ SHA-256 of all but those
//! ```
//!
//! Numbers are little-endian. The fingerprints have a sum for each block of 1 KiB: whoever reads a fingerprint reads its
//! block and compares, so a file that was damaged after the start gives no wrong answer.

use super::Key;
use crate::kernel::digest::sha256;

pub const MAGIC: [u8; 8] = *b"CARDEABF";
pub const VERSION: u32 = 1;
pub const HEAD_BYTES: u64 = 16;
pub const BLOCK_BYTES: usize = 1024;
pub const SUM_BYTES: usize = 8;
pub const SHARD_BYTES: usize = 24;
/// Entries, bytes of fingerprints, bits of the shard's number.
pub const FOOTER_BYTES: usize = 24;
pub const DIGEST_BYTES: usize = 32;
/// More shards than anybody needs: a limit for what is read of a file that is not one of ours.
pub const SHARD_BITS_MAX: u32 = 16;
/// Longest segment that the crate makes.
const SEGMENT_MAX: u32 = 262_144;

pub type Sum = [u8; SUM_BYTES];

/// The sum of a block: the start of its SHA-256.
pub fn sum_of(block: &[u8]) -> Sum {
    sha256(block).first_chunk::<SUM_BYTES>().copied().unwrap_or_default()
}

pub fn head() -> Vec<u8> {
    [MAGIC.as_slice(), &VERSION.to_le_bytes(), &[0; 4]].concat()
}

/// One filter of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shard {
    pub seed: u64,
    /// A power of two; zero in a shard without entries.
    pub segment: u32,
    /// All segments but the last two.
    pub span: u32,
    pub entries: u32,
}

impl Shard {
    /// How many fingerprints it has.
    pub const fn fingerprints(&self) -> u64 {
        // The casts widen.
        self.span as u64 + 2 * self.segment as u64
    }

    pub fn to_bytes(self) -> Vec<u8> {
        let numbers = [self.segment, self.span, self.entries, 0].map(u32::to_le_bytes);
        [self.seed.to_le_bytes().as_slice(), numbers.as_flattened()].concat()
    }

    /// `None` where the numbers are none that a filter can have: positions would be outside of it.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (seed, rest) = bytes.split_first_chunk::<8>()?;
        let (segment, rest) = rest.split_first_chunk::<4>()?;
        let (span, rest) = rest.split_first_chunk::<4>()?;
        let (entries, _) = rest.split_first_chunk::<4>()?;
        let shard = Self {
            seed: u64::from_le_bytes(*seed),
            segment: u32::from_le_bytes(*segment),
            span: u32::from_le_bytes(*span),
            entries: u32::from_le_bytes(*entries),
        };
        let empty = shard == Self { seed: shard.seed, ..Self::default() };
        let sound = shard.segment.is_power_of_two()
            && shard.segment <= SEGMENT_MAX
            && shard.span > 0
            && shard.span.is_multiple_of(shard.segment);
        (empty || sound).then_some(shard)
    }

    /// Where the three fingerprints of a key are, and what they come to by XOR for every key of the shard. Source: the
    /// paper, §3; the numbers are those of `xorf`, which makes the filters. `build` looks up every entry that it wrote
    /// by this very function.
    pub fn places(&self, key: Key) -> ([u64; 3], u8) {
        let hash = mixed(key.wrapping_add(self.seed));
        let (segment, mask) = (u64::from(self.segment), u64::from(self.segment).wrapping_sub(1));
        let product = u128::from(hash) * u128::from(self.span);
        let first = u64::try_from(product >> 64).unwrap_or(0);
        let second = (first + segment) ^ ((hash >> 18) & mask);
        let third = (first + 2 * segment) ^ (hash & mask);
        let [fingerprint, ..] = (hash ^ (hash >> 32)).to_le_bytes();
        ([first, second, third], fingerprint)
    }
}

/// Spreads a number over 64 bits: the end of `MurmurHash3`.
const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

/// What stands at the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footer {
    pub entries: u64,
    pub fingerprints: u64,
    pub shard_bits: u32,
}

impl Footer {
    pub fn to_bytes(self) -> Vec<u8> {
        let bits = u64::from(self.shard_bits);
        [self.entries, self.fingerprints, bits].map(u64::to_le_bytes).as_flattened().to_vec()
    }

    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (entries, rest) = bytes.split_first_chunk::<8>()?;
        let (fingerprints, rest) = rest.split_first_chunk::<8>()?;
        let (bits, _) = rest.split_first_chunk::<8>()?;
        let shard_bits = u32::try_from(u64::from_le_bytes(*bits)).ok()?;
        let footer = Self {
            entries: u64::from_le_bytes(*entries),
            fingerprints: u64::from_le_bytes(*fingerprints),
            shard_bits,
        };
        (shard_bits <= SHARD_BITS_MAX).then_some(footer)
    }

    pub const fn shards(&self) -> u64 {
        1 << self.shard_bits
    }

    pub const fn blocks(&self) -> u64 {
        self.fingerprints.div_ceil(BLOCK_BYTES as u64)
    }

    /// How long the whole file is; `None` beyond any file.
    pub fn file_bytes(&self) -> Option<u64> {
        HEAD_BYTES.checked_add(self.fingerprints)?.checked_add(self.tables_bytes()?)
    }

    /// Shards, sums, footer and digest.
    pub fn tables_bytes(&self) -> Option<u64> {
        let shards = self.shards().checked_mul(SHARD_BYTES as u64)?;
        let sums = self.blocks().checked_mul(SUM_BYTES as u64)?;
        shards.checked_add(sums)?.checked_add((FOOTER_BYTES + DIGEST_BYTES) as u64)
    }
}

/// The shard of a key: its first bits.
pub fn shard_number(key: Key, bits: u32) -> usize {
    let number = key.checked_shr(64 - bits).unwrap_or(0);
    usize::try_from(number).unwrap_or(usize::MAX)
}
