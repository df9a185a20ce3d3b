//! A limit, and what a limiter says.

use std::time::Duration;

/// How often something may be done in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub times: u32,
    pub span: Duration,
}

/// What a limiter says; a refusal tells when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Admitted,
    Refused { retry_after: Duration },
}
