//! What tokens and the userinfo answer say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

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
    /// What was asked for by name; the closed list below has no name of the protocol.
    #[serde(flatten)]
    pub asked: Map<String, Value>,
}

/// Source: RFC 9068 §2.2 and §2.2.1; `grant` is ours: what has to be alive for the token to count.
#[derive(Serialize, Deserialize)]
pub struct AccessClaims {
    pub iss: String,
    pub exp: i64,
    pub aud: Audience,
    /// The person, or the client itself where there is no person.
    pub sub: String,
    pub client_id: String,
    pub iat: i64,
    pub jti: String,
    pub scope: String,
    #[serde(flatten)]
    pub person: Option<PersonClaims>,
    /// The epoch of the client, for tokens without a person; with one, the grant has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_epoch: Option<i64>,
}

/// What an access token says of the person whom it stands for.
#[derive(Serialize, Deserialize)]
pub struct PersonClaims {
    pub auth_time: i64,
    pub acr: String,
    pub amr: Vec<String>,
    pub sid: SessionId,
    pub grant: Uuid,
}

/// Whom a token is for: a text for one, a list for several. Source: RFC 7519 §4.1.3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub fn new(mut names: Vec<String>) -> Self {
        match names.pop() {
            Some(only) if names.is_empty() => Self::One(only),
            last => {
                names.extend(last);
                Self::Several(names)
            }
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::One(only) => only == name,
            Self::Several(names) => names.iter().any(|known| known == name),
        }
    }
}

/// Words that are kept as one text, separated by spaces: methods, scopes, audiences.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
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

/// The claims about a person that a scope opens.
pub fn claims_of(scope: &str) -> impl Iterator<Item = &'static str> {
    let known = BY_SCOPE.iter().find(|(known, _)| *known == scope);
    known.into_iter().flat_map(|(_, claims)| claims.iter().map(|(name, _)| *name))
}

/// The scope that opens a claim about a person; `None` for a name that is none.
pub fn scope_of(name: &str) -> Option<&'static str> {
    let opens = |claims: &[(&str, Kind)]| claims.iter().any(|(known, _)| *known == name);
    BY_SCOPE.iter().find(|(_, claims)| opens(claims)).map(|(scope, _)| *scope)
}

/// The claims about a person that a scope opens or that were asked for by their names, with the subject.
/// Source: OIDC Core §5.3.2 and §5.5.
pub fn about(account: &Account, scope: &str, names: &[String]) -> Map<String, Value> {
    let opened: Vec<&str> = words(scope).collect();
    let mut claims =
        chosen(account, |name, scope| opened.contains(&scope) || names.iter().any(|known| known == name));
    claims.insert("sub".to_owned(), account.sub.clone().into());
    claims
}

/// The claims about a person that were asked for by their names. Source: OIDC Core §5.5.
pub fn named(account: &Account, names: &[String]) -> Map<String, Value> {
    chosen(account, |name, _| names.iter().any(|known| known == name))
}

/// The claims that a choice by name and scope leaves, as far as the person has a fitting value.
fn chosen(account: &Account, is_chosen: impl Fn(&str, &str) -> bool) -> Map<String, Value> {
    let all = BY_SCOPE.iter().flat_map(|(scope, claims)| claims.iter().map(move |claim| (*scope, *claim)));
    let chosen = all.filter(|(scope, (name, _))| is_chosen(name, scope));
    let values = chosen.filter_map(|(_, (name, kind))| {
        let value = claim(account, name).filter(|value| is_a(kind, value))?;
        Some((name.to_owned(), value))
    });
    values.collect()
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
