//! The OpenID provider: applications have people signed in here and are told who they are.
//!
//! Standards: OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749 (authorization code alone), RFC 7636
//! (PKCE, S256, always), RFC 9207 (`iss`), RFC 9068 (access tokens), RFC 8414, held to RFC 9700.
//!
//! ```text
//! request ──client, address──► trusted ──checks──► request written down ──session is enough──► code
//!    │                            │                     │                                        ▲
//!    └─► page with a case code    └─► error to client   └─► journey ──finished──► continue, once─┘
//!
//! code ──client, address, verifier, session, account, epochs──► used, with its tokens (one unit)
//!    └─ used before ─► refused; all that came of it ends     └─ wrong verifier ─► used up, nothing given
//! ```

mod addressee;
mod answer;
mod authorize;
mod claims;
mod client;
mod client_auth;
mod decision;
#[cfg(test)]
mod decision_check;
mod discovery;
mod document;
mod error;
mod hint;
mod issuance;
mod jws;
mod key_list;
mod keys;
mod pkce;
mod provider;
mod request;
#[cfg(test)]
mod request_check;
mod routes;
mod store;
mod token;
mod userinfo;

pub use answer::pending_origin;
pub use client::Clients;
pub use key_list::{SigningKeySummary, signing_keys};
pub use keys::{KeysError, SigningKeys, keys_fit};
pub use provider::{Oidc, OidcParts, TokenLives};
pub use routes::routes;
