//! What the password hash itself costs, at the configured cost and with as many threads at a time as the
//! service hashes with: the part of a sign-in that nobody may make cheaper.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use cardea::config::Config;
use cardea::infra::hashing::HASH_BYTES;

use crate::{Failure, machine};

/// The cost of one hash, and how many are computed at the same time.
pub struct Cost {
    params: Params,
    workers: usize,
}

impl Cost {
    /// As the service is set up by default.
    pub fn configured() -> Result<Self, Failure> {
        let hashing = Config::defaults(std::path::Path::new("/"))?.hashing;
        let workers = match hashing.workers {
            0 => machine::processors(),
            workers => workers,
        };
        let params = Params::new(hashing.memory_kib, hashing.passes, hashing.lanes, Some(HASH_BYTES));
        Ok(Self { params: params.map_err(|error| error.to_string())?, workers })
    }

    pub const fn workers(&self) -> usize {
        self.workers
    }

    /// MiB that one worker needs.
    pub fn arena_mib(&self) -> f64 {
        f64::from(self.params.m_cost()) / 1024.0
    }

    /// Processor seconds of one hash, over so long a time.
    pub fn processor_seconds(&self, span: Duration) -> Result<f64, Failure> {
        let before = machine::own_processor_time()?;
        let threads: Vec<_> = (0..self.workers)
            .map(|_| {
                let params = self.params.clone();
                std::thread::spawn(move || hash_for(span, params))
            })
            .collect();
        let mut hashes = 0;
        for thread in threads {
            hashes += thread.join().map_err(|_| "hashing ended badly")??;
        }
        let used = machine::own_processor_time()?.saturating_sub(before);
        Ok(used.as_secs_f64() / f64::from(hashes))
    }
}

fn hash_for(span: Duration, params: Params) -> Result<u32, Failure> {
    let mut arena = vec![Block::default(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; HASH_BYTES];
    let start = Instant::now();
    let mut hashes = 0;
    while start.elapsed() < span {
        argon
            .hash_password_into_with_memory(b"one door for all", b"salt of 16 bytes", &mut out, &mut arena)
            .map_err(|error| error.to_string())?;
        hashes += 1;
    }
    Ok(hashes)
}
