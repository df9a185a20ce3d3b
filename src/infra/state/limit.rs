//! A limit, and what a limiter says.

use std::time::Duration;

/// How many sources of an IPv6 network may be at their limit at the same time.
const SOURCES_OF_NETWORK: u32 = 10;

/// How often something may be done in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub times: u32,
    pub span: Duration,
}

impl Limit {
    /// The same for all sources of one network together.
    pub(super) const fn of_network(self) -> Self {
        Self { times: self.times.saturating_mul(SOURCES_OF_NETWORK), span: self.span }
    }
}

/// What a limiter says; a refusal tells when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Admitted,
    Refused { retry_after: Duration },
}
