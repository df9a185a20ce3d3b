//! Passwords that are known from breaches: one file made of the public list of SHA-1 hashes, which answers "surely
//! not" or "may be" without holding the list.
//!
//! It is a binary fuse filter with fingerprints of 8 bits, in shards by the first bits of the hash: about 1.14 bytes an
//! entry, and one password in 256 that is on no list is taken for one that is. Hence "may be". Source: Graf and
//! Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022.
//!
//! The filters are made by the crate `xorf`; the file is ours, and so are the three reads that answer a question, for
//! the crate wants all of a filter in memory.

pub mod build;
mod filter;
mod format;
mod line;
mod spill;

pub use filter::{BreachFilter, UnreadableFilter};

/// The first 64 bits of a SHA-1 hash: what is kept of it. Two of a thousand million hashes share them by chance once in
/// forty lists.
pub type Key = u64;

/// The key of a password as the public list has it: the hash of its UTF-8.
pub fn key_of(password: &str) -> Key {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    hash.as_ref().first_chunk::<8>().copied().map_or(0, u64::from_be_bytes)
}
