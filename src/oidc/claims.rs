//! What tokens and the userinfo answer say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::store::Code;
use crate::account::Account;
use crate::kernel::digest::{base64url, sha256};
use crate::kernel::id::SessionId;

/// The type of an access token. Source: RFC 9068 §2.1.
pub const ACCESS_TOKEN: &str = "at+jwt";
/// The type of an ID token: nothing that takes access tokens takes it.
pub const ID_TOKEN: &str = "JWT";

/// Source: OIDC Core §2, Front-Channel Logout §3 (`sid`).
#[derive(Serialize)]
pub struct IdClaims<'a> {
    pub iss: &'a str,
    pub sub: &'a str,
    pub aud: &'a str,
    pub exp: i64,
    pub iat: i64,
    pub auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    pub acr: &'a str,
    pub amr: Vec<&'a str>,
    pub sid: SessionId,
    pub at_hash: String,
}

/// Source: RFC 9068 §2.2. The last three are ours: what must be unchanged for the token to count.
#[derive(Serialize, Deserialize)]
pub struct AccessClaims {
    pub iss: String,
    pub exp: i64,
    pub aud: String,
    pub sub: String,
    pub client_id: String,
    pub iat: i64,
    pub jti: String,
    pub scope: String,
    pub auth_time: i64,
    pub acr: String,
    pub amr: Vec<String>,
    pub sid: SessionId,
    pub account_epoch: i64,
    pub client_epoch: i64,
    /// What the token descends from: the digest of its code.
    pub grant: String,
}

/// The name under which a grant can be ended: the digest of its code, which opens nothing.
pub fn grant_of(code: &Code) -> String {
    base64url(&code.code)
}

/// The methods of a proof, as they are kept.
pub fn amr_of(code: &Code) -> Vec<&str> {
    code.amr.split(' ').filter(|name| !name.is_empty()).collect()
}

/// The left half of the digest. Source: OIDC Core §3.1.3.6.
pub fn at_hash(access_token: &str) -> String {
    let digest = sha256(access_token.as_bytes());
    let (left, _) = digest.split_at(digest.len() / 2);
    base64url(left)
}

/// What a claim of the directory must be, or it is left out.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    Object,
}

/// The claims that each scope opens: a closed list, so that nothing that a directory says can take the
/// place of a protocol's claim. Source: OIDC Core §5.1 and §5.4.
const BY_SCOPE: [(&str, &[(&str, Kind)]); 4] = [
    (
        "profile",
        &[
            ("name", Kind::Text),
            ("family_name", Kind::Text),
            ("given_name", Kind::Text),
            ("middle_name", Kind::Text),
            ("nickname", Kind::Text),
            ("preferred_username", Kind::Text),
            ("profile", Kind::Text),
            ("picture", Kind::Text),
            ("website", Kind::Text),
            ("gender", Kind::Text),
            ("birthdate", Kind::Text),
            ("zoneinfo", Kind::Text),
            ("locale", Kind::Text),
            ("updated_at", Kind::Number),
        ],
    ),
    ("email", &[("email", Kind::Text), ("email_verified", Kind::Flag)]),
    ("address", &[("address", Kind::Object)]),
    ("phone", &[("phone_number", Kind::Text), ("phone_number_verified", Kind::Flag)]),
];

/// Every claim about a person that a scope may open, for the discovery document.
pub fn claim_names() -> impl Iterator<Item = &'static str> {
    BY_SCOPE.iter().flat_map(|(_, claims)| claims.iter().map(|(name, _)| *name))
}

/// The claims about a person that a scope opens, with the subject. Source: OIDC Core §5.3.2.
pub fn about(account: &Account, scope: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    let opened = |name: &str| scope.split(' ').any(|granted| granted == name);
    for (_, names) in BY_SCOPE.iter().filter(|(scope, _)| opened(scope)) {
        for (name, kind) in *names {
            if let Some(value) = claim(account, name).filter(|value| is_a(*kind, value)) {
                claims.insert((*name).to_owned(), value);
            }
        }
    }
    claims.insert("sub".to_owned(), account.sub.clone().into());
    claims
}

/// What the account itself knows comes before what was added to it.
fn claim(account: &Account, name: &str) -> Option<Value> {
    let added = account.claims.get(name);
    match name {
        "name" => Some(account.display_name.clone().into()),
        "preferred_username" => Some(account.login.clone().into()),
        "email" => Some(account.email.clone().into()),
        // The house itself gives out these addresses.
        "email_verified" => Some(added.and_then(Value::as_bool).unwrap_or(true).into()),
        "locale" => Some(added.cloned().unwrap_or_else(|| account.language.code().into())),
        _ => added.cloned(),
    }
}

fn is_a(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text => value.as_str().is_some_and(|text| !text.is_empty()),
        Kind::Number => value.is_number(),
        Kind::Flag => value.is_boolean(),
        Kind::Object => value.as_object().is_some_and(|object| !object.is_empty()),
    }
}
