//! What is short-lived and shared: limits per source, values that live for minutes, ids seen before,
//! and wake-ups between nodes. In-process or Redis, behind one closed enum.
//!
//! Nothing that must never happen twice or be forgotten lives here. When Redis is gone, limits go on
//! in-process and are stricter, and readiness says so.

mod limit;
mod local;
mod remote;

use std::time::Duration;

use crate::kernel::time::Moment;

pub use limit::{Admission, Limit};
pub use local::LocalState;
pub use remote::{RedisState, StateError};

/// The shared short-lived state of this installation.
pub enum State {
    Local(LocalState),
    Redis(RedisState),
}

impl State {
    /// Counts one more against the limit, and admits it or not, in one step.
    pub async fn admit(&self, key: &str, limit: Limit, now: Moment) -> Admission {
        match self {
            Self::Local(local) => local.admit(key, limit, now),
            Self::Redis(redis) => redis.admit(key, limit, now).await,
        }
    }

    /// Takes one back: what was reserved turned out to be no offence.
    pub async fn give_back(&self, key: &str) {
        match self {
            Self::Local(local) => local.give_back(key),
            Self::Redis(redis) => redis.give_back(key).await,
        }
    }

    /// Remembers an id for a while; `false` when it was seen before.
    pub async fn first_time(&self, key: &str, span: Duration, now: Moment) -> bool {
        match self {
            Self::Local(local) => local.first_time(key, span, now),
            Self::Redis(redis) => redis.first_time(key, span, now).await,
        }
    }

    /// Whether the shared part answers; in-process state always does.
    pub async fn answers(&self) -> bool {
        match self {
            Self::Local(_) => true,
            Self::Redis(redis) => redis.answers().await,
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Local(_) => "in-process",
            Self::Redis(_) => "redis",
        }
    }
}
