//! Typed identifiers: a session's id cannot be handed over where an account's is meant.

use std::fmt;
use std::str::FromStr;

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
}

fn ordered_uuid(now: Moment, entropy: &Entropy) -> Uuid {
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes()).into_uuid()
}
