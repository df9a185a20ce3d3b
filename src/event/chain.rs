//! The hash over a record and the one before it.

use super::store::event;
use crate::kernel::digest::sha256;

/// What stands before the first record.
pub const START: [u8; 32] = [0; 32];

/// Digest of one record in its place. Every part is preceded by its length, so that no two records
/// give the same bytes; the personal part is covered as ciphertext.
pub fn record_hash(sequence: i64, previous: &[u8], record: &event::Model) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(record.plain.len() + record.personal.len() + 256);
    let mut part = |part: &[u8]| {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    };
    part(b"cardea/record/1");
    part(&sequence.to_be_bytes());
    part(previous);
    part(record.id.as_bytes());
    part(&record.at.to_be_bytes());
    part(&record.class.to_be_bytes());
    part(record.subject.map(|id| *id.as_bytes()).as_ref().map_or(&[][..], |id| &id[..]));
    part(record.case_code.as_deref().unwrap_or_default().as_bytes());
    part(record.plain.as_bytes());
    part(record.key_id.as_bytes());
    part(&record.personal);
    sha256(&bytes)
}
