//! What an ID token has to say to be believed: one small named check each, in the order of the standard.
//! Source: OIDC Core §3.1.3.7.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, SHA512, digest};

use super::claims::IdClaims;
use super::model::Freshness;
use super::reason::Reason;
use crate::config::clients::SigningAlg;
use crate::kernel::digest::{base64url, equal, sha256};
use crate::kernel::time::Moment;

/// How far the clocks of providers may be from ours.
pub const SKEW: Duration = Duration::from_mins(1);

/// What the token must be about.
#[derive(Clone)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    /// Digest of the nonce that was sent.
    pub nonce: &'a [u8],
    pub asked_at: Moment,
    pub freshness: Freshness,
    /// Whether the provider may answer from a session of its own.
    pub keeps_session: bool,
    pub now: Moment,
}

type Check = fn(&IdClaims, &Expected<'_>) -> Result<(), Reason>;

const CHECKS: [Check; 9] = [
    issuer,
    audience,
    authorized_party,
    nonce,
    not_expired,
    issued_in_this_sign_in,
    not_before,
    asked_no_later_than_now,
    fresh,
];

/// # Errors
/// The first check that fails.
pub fn judge(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    CHECKS.iter().try_for_each(|check| check(claims, expected))
}

fn demand(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(reason) }
}

/// "The Issuer Identifier ... MUST exactly match".
fn issuer(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    demand(claims.issuer == expected.issuer, Reason::Issuer)
}

/// For us, and for nobody whom we do not know beside us.
fn audience(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let ours = !claims.audience.is_empty() && claims.audience.iter().all(|one| one == expected.client_id);
    demand(ours, Reason::Audience)
}

fn authorized_party(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let party = claims.authorized_party.as_deref();
    demand(party.is_none_or(|party| party == expected.client_id), Reason::AuthorizedParty)
}

/// Of this very request.
fn nonce(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let nonce = claims.nonce.as_deref().map(|nonce| sha256(nonce.as_bytes()));
    demand(nonce.is_some_and(|nonce| equal(&nonce, expected.nonce)), Reason::Nonce)
}

fn not_expired(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    demand(claims.expires_at.plus(SKEW) > expected.now, Reason::Expired)
}

/// Not older than the question, and not from the future.
fn issued_in_this_sign_in(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    demand(claims.issued_at <= expected.now.plus(SKEW), Reason::NotYet)?;
    demand(claims.issued_at >= expected.asked_at.minus(SKEW), Reason::IssuedBefore)
}

/// Source: RFC 7519 §4.1.5.
fn not_before(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let begins = claims.not_before.unwrap_or(claims.issued_at);
    demand(begins <= expected.now.plus(SKEW), Reason::NotYet)
}

fn asked_no_later_than_now(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let asked = claims.authenticated_at;
    demand(asked.is_none_or(|asked| asked <= expected.now.plus(SKEW)), Reason::NotYet)
}

/// The provider keeps sessions of its own: what it says of the level says nothing of when it asked.
fn fresh(claims: &IdClaims, expected: &Expected<'_>) -> Result<(), Reason> {
    let least = match expected.freshness {
        Freshness::Any => return Ok(()),
        Freshness::Now => expected.asked_at,
        Freshness::Within(span) => expected.now.minus(span),
    };
    let asked = authenticated_at(claims, expected.keeps_session);
    demand(asked.is_some_and(|asked| asked >= least.minus(SKEW)), Reason::Stale)
}

/// When the person was asked. A provider without sessions asks at each sign-in, so that its token's own time
/// is that of the proof where it says nothing more exact.
pub fn authenticated_at(claims: &IdClaims, keeps_session: bool) -> Option<Moment> {
    claims.authenticated_at.or_else(|| (!keeps_session).then_some(claims.issued_at))
}

/// The access token is the one that came with the ID token, where that says so. Source: OIDC Core §3.1.3.8.
///
/// # Errors
/// It is another one.
pub fn access_token(claims: &IdClaims, token: &str, alg: SigningAlg) -> Result<(), Reason> {
    let Some(hash) = claims.access_token_hash.as_deref() else { return Ok(()) };
    let whole = match alg {
        SigningAlg::EdDsa => digest(&SHA512, token.as_bytes()),
        SigningAlg::Es256 | SigningAlg::Ps256 | SigningAlg::Rs256 => digest(&SHA256, token.as_bytes()),
    };
    let half = whole.as_ref().split_at(whole.as_ref().len() / 2).0;
    demand(equal(base64url(half).as_bytes(), hash.as_bytes()), Reason::AccessTokenHash)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
    const NONCE: &str = "the-nonce-of-this-request";

    fn claims(change: &Value) -> IdClaims {
        let mut all = json!({
            "iss": "https://idp.example.be/fas/oauth2", "sub": "somebody", "aud": "ours", "nonce": NONCE,
            "exp": 1_800_000_300, "iat": 1_800_000_000, "auth_time": 1_799_999_990,
        });
        for (name, value) in change.as_object().unwrap() {
            all[name] = value.clone();
        }
        IdClaims::read(all.as_object().unwrap().clone()).unwrap()
    }

    fn expected(nonce: &[u8]) -> Expected<'_> {
        Expected {
            issuer: "https://idp.example.be/fas/oauth2",
            client_id: "ours",
            nonce,
            asked_at: NOW.minus(Duration::from_secs(30)),
            freshness: Freshness::Any,
            keeps_session: true,
            now: NOW,
        }
    }

    #[test]
    fn each_wrong_claim_is_refused_by_its_name() {
        let nonce = sha256(NONCE.as_bytes());
        let expected = expected(&nonce);
        let second = 1_800_000_000_i64;
        let table: &[(Value, Result<(), Reason>)] = &[
            (json!({}), Ok(())),
            (json!({ "aud": ["ours"], "azp": "ours" }), Ok(())),
            (json!({ "iss": "https://idp.example.be" }), Err(Reason::Issuer)),
            (json!({ "iss": "https://idp.example.be/fas/oauth2/" }), Err(Reason::Issuer)),
            (json!({ "aud": "theirs" }), Err(Reason::Audience)),
            (json!({ "aud": [] }), Err(Reason::Audience)),
            (json!({ "aud": ["ours", "theirs"] }), Err(Reason::Audience)),
            (json!({ "aud": ["ours", "theirs"], "azp": "ours" }), Err(Reason::Audience)),
            (json!({ "azp": "theirs" }), Err(Reason::AuthorizedParty)),
            (json!({ "nonce": null }), Err(Reason::Nonce)),
            (json!({ "nonce": "another" }), Err(Reason::Nonce)),
            (json!({ "exp": second - 59 }), Ok(())),
            (json!({ "exp": second - 60 }), Err(Reason::Expired)),
            (json!({ "iat": second + 60 }), Ok(())),
            (json!({ "iat": second + 61 }), Err(Reason::NotYet)),
            (json!({ "iat": second - 90 }), Ok(())),
            (json!({ "iat": second - 91 }), Err(Reason::IssuedBefore)),
            (json!({ "nbf": second + 60 }), Ok(())),
            (json!({ "nbf": second + 61 }), Err(Reason::NotYet)),
            (json!({ "auth_time": second + 60 }), Ok(())),
            (json!({ "auth_time": second + 61 }), Err(Reason::NotYet)),
            (json!({ "auth_time": null }), Ok(())),
        ];
        for (change, outcome) in table {
            assert_eq!(judge(&claims(change), &expected), *outcome, "{change}");
        }
    }

    #[test]
    fn a_session_of_the_provider_is_no_fresh_proof() {
        let nonce = sha256(NONCE.as_bytes());
        let second = 1_800_000_000_i64;
        let within = Freshness::Within(Duration::from_mins(10));
        let table = [
            (Freshness::Any, json!({ "auth_time": 1 }), Ok(())),
            (within, json!({ "auth_time": second - 660 }), Ok(())),
            (within, json!({ "auth_time": second - 661 }), Err(Reason::Stale)),
            (within, json!({ "auth_time": null }), Err(Reason::Stale)),
            // The question was put thirty seconds ago.
            (Freshness::Now, json!({ "auth_time": second - 90 }), Ok(())),
            (Freshness::Now, json!({ "auth_time": second - 91 }), Err(Reason::Stale)),
            (Freshness::Now, json!({ "auth_time": null }), Err(Reason::Stale)),
        ];
        for (freshness, change, outcome) in table {
            let expected = Expected { freshness, ..expected(&nonce) };
            assert_eq!(judge(&claims(&change), &expected), outcome, "{freshness:?} {change}");
        }
        // A provider without sessions asks each time, and need not say when.
        let expected = Expected { freshness: Freshness::Now, keeps_session: false, ..expected(&nonce) };
        assert_eq!(judge(&claims(&json!({ "auth_time": null })), &expected), Ok(()));
    }

    #[test]
    fn an_access_token_is_the_one_that_came_along() {
        // Source: OIDC Core, appendix A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        let hash = json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" });
        assert_eq!(access_token(&claims(&hash), token, SigningAlg::Rs256), Ok(()));
        assert_eq!(access_token(&claims(&json!({})), token, SigningAlg::Rs256), Ok(()));
        for (token, alg) in [("another", SigningAlg::Rs256), (token, SigningAlg::EdDsa)] {
            assert_eq!(access_token(&claims(&hash), token, alg), Err(Reason::AccessTokenHash));
        }
    }
}
