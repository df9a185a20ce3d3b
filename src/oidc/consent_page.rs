//! Filling the consent page: what is asked for, by its kind, with what the person's account says of it.

use serde_json::{Map, Value};
use url::Url;

use super::claims::{self, claims_of, words};
use super::consent::one_by_one;
use super::pages::{Fact, Part};
use super::request::{AuthorizationRequest, OFFLINE_ACCESS, SCOPES};
use crate::account::Account;
use crate::kernel::time::Moment;
use crate::web::text::Text;

/// The scopes that open claims, with their icons.
const ICONS: [(&str, &str); 4] =
    [("profile", "card"), ("email", "mail"), ("address", "place"), ("phone", "call")];

/// Everything that the request asks for, in the same order for every application.
pub fn parts(text: Text, account: &Account, request: &AuthorizationRequest) -> Vec<Part> {
    let asks = |scope: &str| words(&request.scope).any(|known| known == scope);
    let part = |icon, name: &str, facts| Part {
        icon,
        title: text.say(&format!("consent-{name}")),
        text: text.say(&format!("consent-{name}-text")),
        facts,
    };
    let mut parts = vec![part("person", "openid", vec![])];
    for (scope, icon) in ICONS.into_iter().filter(|(scope, _)| asks(scope)) {
        let values = claims::about(account, scope, &[]);
        parts.push(part(
            icon,
            scope,
            claims_of(scope).filter_map(|name| fact(text, name, &values)).collect(),
        ));
    }
    let singles: Vec<String> = one_by_one(request).map(str::to_owned).collect();
    if !singles.is_empty() {
        let values = claims::named(account, &singles);
        let nothing = |name: &str| Fact { name: label(text, name), value: text.say("consent-nothing") };
        let told = singles.iter().map(|name| fact(text, name, &values).unwrap_or_else(|| nothing(name)));
        parts.push(part("info", "single", told.collect()));
    }
    let own: Vec<&str> = words(&request.scope).filter(|scope| !SCOPES.contains(scope)).collect();
    if !own.is_empty() {
        let names = Fact { name: text.say("consent-own-names"), value: own.join(", ") };
        parts.push(part("folder", "own", vec![names]));
    }
    if asks(OFFLINE_ACCESS) {
        parts.push(part("history", "offline", vec![]));
    }
    parts
}

/// The kinds of what was agreed to, for a list: words only, no values.
pub fn kinds(text: Text, scope: &str, single_claims: &str) -> Vec<String> {
    let known = words(scope).filter(|scope| SCOPES.contains(scope));
    let known = known.map(|scope| match scope {
        OFFLINE_ACCESS => text.say("consent-offline"),
        scope => text.say(&format!("consent-{scope}")),
    });
    let singles = words(single_claims).map(|name| label(text, name));
    let own = words(scope).filter(|scope| !SCOPES.contains(scope)).map(str::to_owned);
    known.chain(singles).chain(own).collect()
}

/// Where the person goes on to, as an address bar shows it.
pub fn host(redirect_uri: &str) -> String {
    let url = Url::parse(redirect_uri).ok();
    url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned()
}

fn fact(text: Text, name: &str, values: &Map<String, Value>) -> Option<Fact> {
    let value = match values.get(name)? {
        Value::Bool(true) => text.say("consent-yes"),
        Value::Bool(false) => text.say("consent-no"),
        Value::Number(number) => text.date(Moment::from_unix_seconds(number.as_i64()?)),
        Value::String(said) => one_line(said),
        Value::Object(parts) => parts.get("formatted").and_then(Value::as_str).map_or_else(
            || parts.values().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            one_line,
        ),
        Value::Null | Value::Array(_) => return None,
    };
    Some(Fact { name: label(text, name), value })
}

fn label(text: Text, claim: &str) -> String {
    text.say(&format!("claim-{}", claim.replace('_', "-")))
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}
