//! Figures of the write seam.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many units were acknowledged, and by how many durable commits.
#[derive(Debug, Default)]
pub struct WriteCounts {
    units: AtomicU64,
    commits: AtomicU64,
}

impl WriteCounts {
    pub fn units(&self) -> u64 {
        self.units.load(Ordering::Relaxed)
    }

    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(super) fn committed(&self, units: u64) {
        self.units.fetch_add(units, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
    }
}
