//! The OpenID provider: applications have people signed in here and are told who they are.
//!
//! Standards: OpenID Connect Core 1.0, Discovery 1.0 and RP-Initiated Logout 1.0, RFC 6749 (authorization
//! code, refresh, client credentials), RFC 7636 (PKCE, S256, always), RFC 7523 (`private_key_jwt`), RFC 9207
//! (`iss`), RFC 9068 (access tokens), RFC 7662 (introspection), RFC 7009 (revocation), RFC 8414, RFC 9470
//! (step-up challenges), held to RFC 9700.
//!
//! ```text
//! request ──client, address──► trusted ──checks──► written down ──session enough, consent there──► code
//!    │                            │                     │                                             ▲
//!    └─► page with a case code    └─► error to client   └─► journey ──finished──► continue ──question──┘ once
//!
//! code ──client, address, verifier, session, account, epochs──► used; becomes a grant (one unit)
//!    └─ used before ─► refused; all that came of it ends     └─ wrong verifier ─► used up, nothing given
//!
//! grant ──► access tokens, ID tokens ──► refresh token ──► its one successor ──► … ──► ended, or ran out
//! ```

mod addressee;
mod answer;
mod assertion;
mod authorize;
mod claims;
mod claims_request;
mod client;
mod client_auth;
mod client_call;
mod consent;
mod consent_page;
mod consent_step;
mod cors;
mod decision;
#[cfg(test)]
mod decision_check;
mod discovery;
mod error;
mod form_post;
mod hint;
mod introspection;
mod issuance;
mod keys;
mod ledger;
mod logout;
mod machine;
mod pages;
mod pkce;
mod plan;
mod presented;
mod provider;
mod redeem;
mod refresh;
mod refresh_token;
mod register;
mod request;
#[cfg(test)]
mod request_check;
mod revocation;
mod routes;
mod standing;
mod store;
mod sufficient;
mod token;
mod untrusted;
mod userinfo;

pub use addressee::Untrusted;
pub use answer::pending_origin;
pub use client::{Client, Clients};
pub use consent::{AgreedTo, Consents};
pub use consent_page::kinds as consent_kinds;
pub use decision::Rungs;
pub use keys::{
    KeysError, MadeKey, Pace, PinFinding, PinnedKey, Pins, SigningKeySummary, SigningKeys, Turn, Turned,
    keys_fit, pin_findings, signing_keys,
};
pub use logout::{AfterSignOut, signed_out};
pub use plan::{Change, ChangeKind, MemberChange, Plan};
pub use provider::{Oidc, OidcParts, TokenLives};
pub use register::{Register, RegisterError};
pub use routes::routes;
