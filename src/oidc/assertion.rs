//! A client's own signature as its proof (`private_key_jwt`). Checks only, no I/O.
//! Source: RFC 7523 §3, OIDC Core §9, RFC 8725 §3.

use std::time::Duration;

use jsonwebtoken::{DecodingKey, Header, Validation};
use serde::Deserialize;

use super::claims::Audience;
use super::client::Client;
use crate::config::clients::SigningAlg;
use crate::infra::jose::jws;
use crate::kernel::digest::{from_base64url, sha256};
use crate::kernel::time::Moment;

/// Longest assertion that is looked at, in bytes.
const BYTES_MAX: usize = 8192;
const JTI_BYTES_MAX: usize = 512;
/// How far the clock of a client may be ahead or behind.
const SKEW: Duration = Duration::from_mins(1);
/// Longest time that an assertion may be good for: what is remembered has an end.
const LIFE_MAX: Duration = Duration::from_hours(1);
const ID_BYTES_MAX: usize = 128;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    jti: String,
    nbf: Option<i64>,
    iat: Option<i64>,
}

/// An assertion that is good, once.
pub struct Checked {
    /// What it is remembered by: client and `jti`.
    pub id: Vec<u8>,
    pub remembered_until: Moment,
}

/// Whose assertion it says that it is, unproved: to find the keys that prove it.
pub fn issuer_of(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    if assertion.len() > BYTES_MAX {
        return None;
    }
    let (_, rest) = assertion.split_once('.')?;
    let (claims, _) = rest.split_once('.')?;
    let issuer: Issuer = serde_json::from_slice(&from_base64url(claims)?).ok()?;
    Some(issuer.iss).filter(|iss| !iss.is_empty() && iss.len() <= ID_BYTES_MAX)
}

/// Every rule, in order; which one is broken is not told.
pub fn check(assertion: &str, client: &Client, issuer: &str, now: Moment) -> Option<Checked> {
    if assertion.len() > BYTES_MAX {
        return None;
    }
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    let algorithm = sound_algorithm(&header)?;
    let mut keys = client.assertion_keys(header.kid.as_deref(), algorithm);
    let claims = keys.find_map(|key| signed_by(key, algorithm, assertion))?;
    names_client_alone(&claims, client)?;
    is_for_us_alone(&claims, issuer)?;
    let expires_at = lives_now(&claims, now)?;
    let has_id = !claims.jti.is_empty() && claims.jti.len() <= JTI_BYTES_MAX;
    has_id.then(|| Checked {
        id: sha256(format!("{} {}", client.client_id, claims.jti).as_bytes()).to_vec(),
        remembered_until: expires_at.plus(SKEW),
    })
}

/// One of those that we know; whether the client may use it is its keys' to say. Nothing that the header
/// brings along is followed. Source: RFC 8725 §3.1, §3.10, RFC 7515 §4.1.11 (`crit`).
fn sound_algorithm(header: &Header) -> Option<SigningAlg> {
    let asked = SigningAlg::ALL.into_iter().find(|known| jws::reading(*known) == header.alg)?;
    let brings =
        header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.crit.is_some();
    (!brings).then_some(asked)
}

fn signed_by(key: &DecodingKey, algorithm: SigningAlg, assertion: &str) -> Option<Claims> {
    let mut validation = Validation::new(jws::reading(algorithm));
    // Times and names are looked at below, against the request's own clock.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    jsonwebtoken::decode::<Claims>(assertion, key, &validation).ok().map(|token| token.claims)
}

/// Source: RFC 7523 §3 (1) and (2).
fn names_client_alone(claims: &Claims, client: &Client) -> Option<()> {
    (claims.iss == client.client_id && claims.sub == client.client_id).then_some(())
}

/// Our issuer and nothing else: an assertion that names an endpoint, or others beside us, could have been
/// made for another server and handed on. Source: RFC 7523 §3 (3), FAPI 2.0 Security Profile §5.3.2.1.
fn is_for_us_alone(claims: &Claims, issuer: &str) -> Option<()> {
    let only = match &claims.aud {
        Audience::One(only) => only == issuer,
        Audience::Several(names) => names.len() == 1 && claims.aud.has(issuer),
    };
    only.then_some(())
}

/// Source: RFC 7523 §3 (4), (5) and (6).
fn lives_now(claims: &Claims, now: Moment) -> Option<Moment> {
    let expires_at = Moment::from_unix_seconds(claims.exp);
    let soonest = now.plus(SKEW);
    let not_yet = [claims.nbf, claims.iat].into_iter().flatten().map(Moment::from_unix_seconds);
    let started = not_yet.into_iter().all(|moment| moment <= soonest);
    let running = expires_at.plus(SKEW) > now && expires_at <= now.plus(LIFE_MAX).plus(SKEW);
    (started && running).then_some(expires_at)
}
