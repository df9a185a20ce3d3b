//! What would make the register of clients what the operator wants: pure comparison, member by member.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::config::clients::{Members, SECRETS};

/// Changes, by the ids of the clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the register that it was made for.
    pub version: i64,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub client_id: String,
    pub kind: ChangeKind,
    /// What is another, for a client that stays.
    pub members: Vec<MemberChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Changed,
    /// It is taken out, and all that it was given is dead.
    Ended,
}

impl Change {
    /// Whether the client may do less than before: then what it was given under the old registration ends,
    /// so that a right that is taken away is gone at once. Source: OWASP ASVS 5.0, 8.3.2.
    pub fn loses_rights(&self) -> bool {
        self.members.iter().any(MemberChange::is_a_loss)
    }
}

impl MemberChange {
    fn is_a_loss(&self) -> bool {
        match self.member.as_str() {
            "trusted" => self.after != Some(Value::Bool(true)),
            "scope" | "audiences" | "grant_types" => {
                let after = entries(self.after.as_ref());
                entries(self.before.as_ref()).iter().any(|entry| !after.contains(entry))
            }
            _ => false,
        }
    }
}

/// The words of a text or of a list.
fn entries(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => text.split(' ').collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => vec![],
    }
}

impl ChangeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Ended => "ended",
        }
    }
}

/// A member before and after; of secrets only that they are others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChange {
    pub member: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// Why somebody should look twice.
    pub warning: Option<String>,
}

/// Compares what is registered with what is wanted.
pub fn compare(
    version: i64,
    registered: &BTreeMap<String, Members>,
    wanted: &BTreeMap<String, Members>,
) -> Plan {
    let ids: BTreeSet<&String> = registered.keys().chain(wanted.keys()).collect();
    let change = |id: &String| {
        let (kind, members) = match (registered.get(id), wanted.get(id)) {
            (None, _) => (ChangeKind::Added, vec![]),
            (_, None) => (ChangeKind::Ended, vec![]),
            (Some(before), Some(after)) => (ChangeKind::Changed, changed_members(before, after)),
        };
        let is_one = kind != ChangeKind::Changed || !members.is_empty();
        is_one.then(|| Change { client_id: id.clone(), kind, members })
    };
    Plan { version, changes: ids.into_iter().filter_map(change).collect() }
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn of(&self, client_id: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.client_id == client_id)
    }
}

fn changed_members(before: &Members, after: &Members) -> Vec<MemberChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    let change = |name: &String| {
        let (was, is) = (before.get(name), after.get(name));
        MemberChange {
            member: name.clone(),
            before: shown(name, was, "a secret"),
            after: shown(name, is, if was.is_some() { "another secret" } else { "a secret" }),
            warning: warning(name, was, is),
        }
    };
    names.into_iter().filter(differs).map(change).collect()
}

/// A member's value, or of a secret the word for it.
fn shown(name: &str, value: Option<&Value>, word: &str) -> Option<Value> {
    if SECRETS.contains(&name) { value.map(|_| json!(word)) } else { value.cloned() }
}

/// What makes a client less safe, or sends people elsewhere.
fn warning(name: &str, before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (was, is) = (text(before), text(after));
    let falls = |rank: fn(&str) -> u8| rank(&is) < rank(&was);
    match name {
        "redirect_uris" | "post_logout_redirect_uris" => {
            let new = added(before, after);
            (!new.is_empty()).then(|| format!("people are sent to a new address: {}", new.join(", ")))
        }
        "home_uri" => (!is.is_empty()).then(|| format!("its tile leads to a new address: {is}")),
        "id_token_signed_response_alg" | "access_token_signed_response_alg" => {
            falls(strength_of_algorithm).then(|| format!("{is} is weaker than {was}"))
        }
        "token_endpoint_auth_signing_alg" if is.is_empty() => {
            Some("assertions may be under any algorithm that fits a key".to_owned())
        }
        "token_endpoint_auth_signing_alg" => {
            (falls(strength_of_algorithm)).then(|| format!("{is} is weaker than {was}"))
        }
        "token_endpoint_auth_method" => {
            falls(strength_of_method).then(|| format!("{is} is a weaker proof than {was}"))
        }
        "jwks" => before.and(after).map(|_| "other keys prove that it is the client".to_owned()),
        "grant_types" | "audiences" => {
            let new = added(before, after);
            (!new.is_empty()).then(|| format!("new: {}", new.join(", ")))
        }
        "scope" => {
            let known: Vec<&str> = was.split(' ').collect();
            let new: Vec<&str> =
                is.split(' ').filter(|name| !name.is_empty() && !known.contains(name)).collect();
            (!new.is_empty()).then(|| format!("it may ask for more: {}", new.join(", ")))
        }
        "trusted" if after == Some(&json!(true)) => {
            Some("people are not asked for their consent any more".to_owned())
        }
        "immediate" if after == Some(&json!(false)) => {
            Some("a revocation takes longer to reach its access tokens".to_owned())
        }
        _ => None,
    }
}

/// The texts of a list that were not in it before.
fn added(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let texts = |value: Option<&Value>| -> Vec<String> {
        let list = value.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let known = texts(before);
    texts(after).into_iter().filter(|text| !known.contains(text)).collect()
}

/// PKCS#1 v1.5 is kept for applications that know nothing newer. Source: RFC 8725 §3.2, RFC 8017 §8.2.
fn strength_of_algorithm(name: &str) -> u8 {
    u8::from(name != "RS256")
}

/// Source: RFC 9700 §2.5.
fn strength_of_method(name: &str) -> u8 {
    match name {
        "private_key_jwt" => 2,
        "none" => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{ChangeKind, Members, compare};

    fn client(members: &Value) -> Members {
        let mut all = json!({
            "client_name": "Files", "redirect_uris": ["https://a.be/cb"], "scope": "openid",
            "token_endpoint_auth_method": "private_key_jwt", "id_token_signed_response_alg": "ES256",
            "token_endpoint_auth_signing_alg": "ES256", "trusted": false, "immediate": true,
            "grant_types": ["authorization_code"], "audiences": [], "client_secret": { "sha256": "aa" },
        });
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all.as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect()
    }

    fn of(clients: &[(&str, Members)]) -> BTreeMap<String, Members> {
        clients.iter().map(|(id, members)| ((*id).to_owned(), members.clone())).collect()
    }

    #[test]
    fn clients_are_added_changed_and_ended() {
        let (old, new) = (client(&json!({})), client(&json!({ "client_name": "Dossiers" })));
        let plan = compare(
            7,
            &of(&[("a", old.clone()), ("b", old.clone()), ("c", old.clone())]),
            &of(&[("b", new), ("c", old.clone()), ("d", old)]),
        );
        let kinds: Vec<_> =
            plan.changes.iter().map(|change| (change.client_id.as_str(), change.kind)).collect();
        assert_eq!(kinds, [("a", ChangeKind::Ended), ("b", ChangeKind::Changed), ("d", ChangeKind::Added)]);
        assert_eq!(plan.version, 7);
        let changed = &plan.of("b").unwrap().members;
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].member, "client_name");
        assert_eq!(
            (&changed[0].before, &changed[0].after),
            (&Some(json!("Files")), &Some(json!("Dossiers")))
        );
        assert!(changed[0].warning.is_none() && plan.of("c").is_none());
    }

    #[test]
    fn a_right_that_is_taken_away_is_a_loss() {
        let table = [
            (json!({ "scope": "" }), true),
            (json!({ "scope": "openid email" }), false),
            (json!({ "audiences": ["rs"] }), false),
            (json!({ "grant_types": [] }), true),
            (json!({ "trusted": true }), false),
            (json!({ "home_uri": "https://b.be/" }), false),
            (json!({ "client_secret": { "sha256": "bb" } }), false),
        ];
        let plan = |before: &Value, after: &Value| {
            compare(1, &of(&[("a", client(before))]), &of(&[("a", client(after))]))
        };
        for (change, expected) in table {
            let plan = plan(&json!({}), &change);
            assert_eq!(plan.of("a").unwrap().loses_rights(), expected, "{change}");
        }
        for had in [json!({ "trusted": true }), json!({ "audiences": ["rs"] })] {
            assert!(plan(&had, &json!({})).of("a").unwrap().loses_rights(), "{had}");
        }
    }

    #[test]
    fn what_makes_a_client_less_safe_is_marked() {
        let table = [
            (
                json!({ "redirect_uris": ["https://a.be/cb", "https://b.be/cb"] }),
                Some("a new address: https://b.be/cb"),
            ),
            (json!({ "redirect_uris": [] }), None),
            (json!({ "home_uri": "https://b.be/" }), Some("leads to a new address: https://b.be/")),
            (json!({ "id_token_signed_response_alg": "RS256" }), Some("RS256 is weaker than ES256")),
            (json!({ "id_token_signed_response_alg": "EdDSA" }), None),
            (json!({ "token_endpoint_auth_signing_alg": null }), Some("any algorithm that fits")),
            (json!({ "token_endpoint_auth_signing_alg": "RS256" }), Some("RS256 is weaker than ES256")),
            (json!({ "token_endpoint_auth_method": "client_secret_basic" }), Some("weaker proof")),
            (json!({ "token_endpoint_auth_method": "none" }), Some("weaker proof")),
            (
                json!({ "grant_types": ["authorization_code", "client_credentials"] }),
                Some("new: client_credentials"),
            ),
            (json!({ "audiences": ["rs"] }), Some("new: rs")),
            (json!({ "scope": "openid email" }), Some("may ask for more: email")),
            (json!({ "scope": "" }), None),
            (json!({ "trusted": true }), Some("not asked for their consent")),
            (json!({ "immediate": false }), Some("takes longer")),
            (json!({ "client_secret": { "sha256": "bb" } }), None),
        ];
        for (change, expected) in table {
            let plan = compare(1, &of(&[("a", client(&json!({})))]), &of(&[("a", client(&change))]));
            let members = &plan.of("a").unwrap_or_else(|| panic!("{change}: no change")).members;
            assert_eq!(members.len(), 1, "{change}");
            let found = members[0].warning.clone();
            match expected {
                Some(text) => {
                    assert!(found.as_ref().is_some_and(|found| found.contains(text)), "{change}: {found:?}");
                }
                None => assert_eq!(found, None, "{change}"),
            }
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let plan = compare(
            1,
            &of(&[("a", client(&json!({})))]),
            &of(&[("a", client(&json!({ "client_secret": { "sha256": "bb" } })))]),
        );
        let told = serde_json::to_string(&plan).unwrap();
        assert!(told.contains("\"another secret\"") && !told.contains("sha256"), "{told}");
    }
}
