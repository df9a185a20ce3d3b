//! What is short-lived and shared: limits per source and ids seen before. In-process or Redis, behind one
//! closed enum.
//!
//! Nothing that must never happen twice or be forgotten lives here. When Redis is gone, limits go on
//! in-process and are stricter, and readiness says so.

mod limit;
mod local;
mod remote;

use std::time::Duration;

use crate::kernel::network::Source;
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
    /// Counts one more of what a source does, and admits it or not. An IPv6 source is counted with its
    /// network: both have to admit it. There is no other way to a limit, so that no door forgets the network.
    pub async fn admit_source(&self, what: &str, source: &Source, limit: Limit, now: Moment) -> Admission {
        let own = key(what, source.as_str());
        let admitted = self.admit(&own, limit, now).await;
        let (Admission::Admitted, Some(network)) = (admitted, source.network()) else { return admitted };
        let around = self.admit(&key(what, network), limit.of_network(), now).await;
        if around != Admission::Admitted {
            // What the others of the network did is not this one's to pay for afterwards.
            self.give_back(&own).await;
        }
        around
    }

    /// Takes one back that was admitted: it turned out to be no offence.
    pub async fn give_back_source(&self, what: &str, source: &Source) {
        for name in [Some(source.as_str()), source.network()].into_iter().flatten() {
            self.give_back(&key(what, name)).await;
        }
    }

    async fn admit(&self, key: &str, limit: Limit, now: Moment) -> Admission {
        match self {
            Self::Local(local) => local.admit(key, limit, now),
            Self::Redis(redis) => redis.admit(key, limit, now).await,
        }
    }

    async fn give_back(&self, key: &str) {
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

    /// How many counts this node keeps in its own memory.
    pub fn kept(&self) -> usize {
        match self {
            Self::Local(local) => local.kept(),
            Self::Redis(redis) => redis.kept(),
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

fn key(what: &str, name: &str) -> String {
    [what, ":", name].concat()
}
