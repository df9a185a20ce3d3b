//! Upstream providers: people sign in at the federal service, at itsme or at another provider of OpenID Connect,
//! and we believe what it says of them when every check holds.
//!
//! Standards: OpenID Connect Core 1.0 (as relying party) and Discovery 1.0, RFC 7636 (PKCE, S256, always), RFC 9207
//! (`iss`), RFC 9126 (PAR), RFC 9101 (signed requests), RFC 7523 (`private_key_jwt`), RFC 7516 (encrypted tokens),
//! held to RFC 9700.
//!
//! ```text
//! begin ──known, admitted──► question written down ──browser──► provider ──browser──► finish
//!   │                                                                                   │
//!   └─► refused: another way                  browser, provider, time, once ────────────┤
//!                                             whose answer (iss), error ────────────────┤
//!                                             code ──► tokens ──► opened ──► signature ─┤
//!                                             claims, freshness, level, userinfo ───────┴─► UpstreamIdentity
//! ```
//!
//! **Nothing is linked here by itself**: an identity is a value, and what is made of it, the caller's unit says.
//! A sign-in that breaks off leaves a used question and no more.

mod begin;
mod belief;
mod breaker;
mod calls;
mod checks;
mod claims;
mod discovery;
mod exchange;
mod finish;
mod key_set;
mod keys;
mod level;
mod links;
mod model;
mod national_number;
mod provider;
mod reason;
mod refusal;
mod request;
mod routes;
mod service;
mod store;
mod token;
mod userinfo;

pub use begin::Departure;
pub use claims::Phone;
pub use finish::Return;
pub use keys::UpstreamKeysError;
pub use links::{
    AwaitedAccount, Ground, LINK_FREE, LINK_KEPT, LINK_THERE, LinkSummary, Linked, Links, NUMBER_AWAITED,
    NUMBER_FREE,
};
pub use model::{Freshness, UpstreamIdentity};
pub use national_number::NationalNumber;
pub use provider::Health;
pub use reason::{Outcome, Reason};
pub use refusal::{Refused, Unfinished};
pub use routes::routes;
pub use service::{Federation, FederationParts, LinkedWays, Offer};
