//! The state that several nodes share, in Redis; in-process and stricter while Redis is gone.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script};

use super::limit::{Admission, Limit};
use super::local::LocalState;
use crate::kernel::time::Moment;

const RESPONSE_MS_MAX: u64 = 500;

/// Counts up to the limit and tells the milliseconds left, in one step on the server.
const ADMIT: &str = r"
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count >= tonumber(ARGV[1]) then return redis.call('PTTL', KEYS[1]) end
redis.call('INCR', KEYS[1])
if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return -9
";
/// Takes one back without making a key that never ends.
const GIVE_BACK: &str = r"
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 0
";
const ADMITTED: i64 = -9;

#[derive(Debug, thiserror::Error)]
#[error("Redis cannot be used: {0}")]
pub struct StateError(#[from] RedisError);

pub struct RedisState {
    connection: ConnectionManager,
    prefix: String,
    admit: Script,
    give_back: Script,
    /// What counts while Redis does not answer.
    alone: LocalState,
}

impl RedisState {
    /// Does not wait for Redis: a node starts without it, stricter, and finds it when it comes.
    ///
    /// # Errors
    /// The address is no address of a Redis server.
    pub fn open(url: &str, prefix: &str) -> Result<Self, StateError> {
        let limit = Some(Duration::from_millis(RESPONSE_MS_MAX));
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_response_timeout(limit)
            .set_connection_timeout(limit);
        let connection = ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?;
        Ok(Self {
            connection,
            prefix: prefix.to_owned(),
            admit: Script::new(ADMIT),
            give_back: Script::new(GIVE_BACK),
            alone: LocalState::default(),
        })
    }

    pub async fn admit(&self, key: &str, limit: Limit, now: Moment) -> Admission {
        let millis = u64::try_from(limit.span.as_millis()).unwrap_or(u64::MAX);
        let mut connection = self.connection.clone();
        let mut call = self.admit.key(self.key(key));
        call.arg(limit.times).arg(millis);
        match call.invoke_async::<i64>(&mut connection).await {
            Ok(ADMITTED) => Admission::Admitted,
            Ok(left) => Admission::Refused {
                retry_after: u64::try_from(left).map_or(limit.span, Duration::from_millis),
            },
            Err(error) => {
                tracing::warn!(%error, "Redis does not answer; limits are local and stricter");
                self.alone.admit(key, stricter(limit), now)
            }
        }
    }

    pub async fn give_back(&self, key: &str) {
        let mut connection = self.connection.clone();
        let call = self.give_back.key(self.key(key));
        if call.invoke_async::<i64>(&mut connection).await.is_err() {
            self.alone.give_back(key);
        }
    }

    pub async fn first_time(&self, key: &str, span: Duration, now: Moment) -> bool {
        let once = Limit { times: 1, span };
        self.admit(key, once, now).await == Admission::Admitted
    }

    /// How many counts this node keeps itself, from a time without Redis.
    pub fn kept(&self) -> usize {
        self.alone.kept()
    }

    pub async fn answers(&self) -> bool {
        let mut connection = self.connection.clone();
        redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok()
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.prefix)
    }
}

/// Each node counts alone while Redis is gone, so each admits half.
const fn stricter(limit: Limit) -> Limit {
    let half = limit.times / 2;
    Limit { times: if half == 0 { 1 } else { half }, span: limit.span }
}
