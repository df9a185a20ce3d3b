//! Typed identifiers: a session's id cannot be handed over where an account's is meant.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::entropy::Entropy;
use crate::kernel::time::Moment;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, ordered by its time (UUID version 7). Source: RFC 9562 §5.7.
            pub fn new(now: Moment, entropy: &Entropy) -> Self {
                Self(ordered_uuid(now, entropy))
            }

            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person's account.
    AccountId,
    /// An organisation: the Chancellery, a cabinet, another service.
    OrganisationId,
    /// Something bound to an account by which it proves itself.
    AuthenticatorId,
    /// A secret address by which a person sets up the own account.
    InvitationId,
    /// One run through the steps of signing in, enrolling or stepping up.
    JourneyId,
    /// A signed-in browser; its text form is the `sid` of tokens.
    SessionId,
    /// A browser that comes back.
    DeviceId,
    /// A record of the security-monitoring log.
    EventId,
    /// One request as it passes through.
    RequestId,
    /// A mail waiting to be sent.
    MailId,
    /// A signing key; its text form is the `kid`.
    SigningKeyId,
    /// A key of ours that upstream providers read; its text form is the `kid`.
    UpstreamKeyId,
}

impl EventId {
    /// A new id that follows those of the same moment with a smaller counter. Source: RFC 9562 §6.2
    /// (method 1: the counter takes the first of the random bits, 26 of them).
    pub fn in_order(now: Moment, counter: u32, entropy: &Entropy) -> Self {
        let mut random: [u8; 10] = entropy.bytes();
        let [.., second, first] = counter.to_be_bytes();
        let high = counter >> 14;
        let [.., high_top, high_low] = high.to_be_bytes();
        // Four and two bits of these bytes are the version's and the variant's.
        let low = [high_top, high_low, second & 0x3f, first];
        for (to, from) in random.iter_mut().zip(low) {
            *to = from;
        }
        Self(uuid::Builder::from_unix_timestamp_millis(millis(now), &random).into_uuid())
    }
}

/// Where the ids of requests come from. They prove nothing and open nothing, so their random parts are drawn
/// ahead: asking the system for each would cost more than all else that is looked at of a small request.
pub struct RequestIds {
    entropy: Entropy,
    drawn: Mutex<Vec<[u8; RANDOM_BYTES]>>,
}

/// Random bytes of an id.
const RANDOM_BYTES: usize = 10;
/// Ids whose random parts are drawn at once.
const DRAWN_AHEAD: usize = 64;

impl RequestIds {
    pub fn new(entropy: Entropy) -> Self {
        Self { entropy, drawn: Mutex::default() }
    }

    pub fn next(&self, now: Moment) -> RequestId {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.is_empty() {
            let bytes: [u8; DRAWN_AHEAD * RANDOM_BYTES] = self.entropy.bytes();
            drawn.extend_from_slice(bytes.as_chunks().0);
        }
        let random = drawn.pop().unwrap_or_default();
        RequestId(uuid::Builder::from_unix_timestamp_millis(millis(now), &random).into_uuid())
    }
}

fn millis(now: Moment) -> u64 {
    u64::try_from(now.micros() / 1000).unwrap_or(0)
}

fn ordered_uuid(now: Moment, entropy: &Entropy) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(millis(now), &entropy.bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{DRAWN_AHEAD, Entropy, EventId, Moment, RequestIds};

    #[test]
    fn ids_of_one_moment_keep_the_order_in_which_they_were_made() {
        let (now, entropy) = (Moment::from_unix_seconds(1_800_000_000), Entropy::seeded(4));
        let counts = [0, 1, 63, 64, 255, 256, 16_383, 16_384, 4_194_304, 67_108_863];
        let ids = counts.map(|count| EventId::in_order(now, count, &entropy));
        assert!(ids.is_sorted(), "{ids:?}");
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
    }

    #[test]
    fn ids_of_requests_are_all_others_and_carry_their_time() {
        let ids = RequestIds::new(Entropy::seeded(5));
        let (now, later) =
            (Moment::from_unix_seconds(1_800_000_000), Moment::from_unix_seconds(1_800_000_001));
        let first: HashSet<_> = (0..DRAWN_AHEAD * 3).map(|_| ids.next(now)).collect();
        assert_eq!(first.len(), DRAWN_AHEAD * 3);
        let next = ids.next(later);
        assert!(first.iter().all(|id| *id < next && id.uuid().get_version_num() == 7));
    }
}
