//! The claims that a client asks for one by one. Checks only, no I/O. Source: OIDC Core §5.5.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims::{scope_of, words};
use super::error::{ErrorCode, OAuthError, refuse};
use crate::kernel::acr::Acr;

/// Longest parameter that is read.
const BYTES_MAX: usize = 4096;
/// Claims of one place, and values of one claim, that may be named.
const NAMES_MAX: usize = 64;

const MALFORMED: OAuthError =
    refuse(ErrorCode::InvalidRequest, "claims is not a JSON object of the form of OIDC Core 5.5");

/// Names of claims about the person, by the place where they are told; kept as JSON, `{}` for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userinfo: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub id_token: Vec<String>,
}

impl ClaimsRequest {
    /// What was kept with a code or a grant; nothing where it cannot be read.
    pub fn parse_stored(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn stored(&self) -> String {
        // Cannot fail: two lists of texts.
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Each name once, wherever it is told.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.userinfo.iter().chain(&self.id_token).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Leaves out what no scope of a registration opens.
    #[must_use]
    pub fn within(self, registered: &str) -> Self {
        let is_open = |name: &String| is_open(name, registered);
        Self {
            userinfo: self.userinfo.into_iter().filter(is_open).collect(),
            id_token: self.id_token.into_iter().filter(is_open).collect(),
        }
    }
}

/// Whether a claim may be told to a client that is registered for these scopes: asking for it by its name
/// opens nothing that its scope would not.
fn is_open(name: &str, registered: &str) -> bool {
    scope_of(name).is_some_and(|scope| words(registered).any(|known| known == scope))
}

/// How a client asks for an assurance. Names that are not known here are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcrAsked {
    /// In the order of preference.
    Voluntary(Vec<Acr>),
    /// One of these, or the client is told.
    Essential(Vec<Acr>),
}

/// What the parameter says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsParameter {
    pub claims: ClaimsRequest,
    /// Whom alone an answer may be about; `None`: anyone.
    pub subjects: Option<Vec<String>>,
    pub acr: Option<AcrAsked>,
}

/// Reads the parameter. Claims that are not known, or that no scope of the registration opens, are passed
/// over, as are members that are not understood. Source: OIDC Core §5.5 and §5.5.1.
///
/// # Errors
/// It is too long or has another form.
pub fn parse(text: &str, registered: &str) -> Result<ClaimsParameter, OAuthError> {
    if text.len() > BYTES_MAX {
        return Err(refuse(ErrorCode::InvalidRequest, "claims is too long"));
    }
    let whole: Map<String, Value> = serde_json::from_str(text).map_err(|_| MALFORMED)?;
    let (userinfo, id_token) = (place(&whole, "userinfo")?, place(&whole, "id_token")?);
    let names = |asked: &[Asked<'_>]| {
        let open = asked.iter().map(|asked| asked.name).filter(|name| is_open(name, registered));
        open.map(str::to_owned).collect()
    };
    let mut subjects = None;
    for asked in userinfo.iter().chain(&id_token).filter(|asked| asked.name == "sub") {
        subjects = meet(subjects, texts(&asked.values)?);
    }
    Ok(ClaimsParameter {
        claims: ClaimsRequest { userinfo: names(&userinfo), id_token: names(&id_token) },
        subjects,
        acr: id_token.iter().find(|asked| asked.name == "acr").and_then(acr),
    })
}

/// One claim that is asked for.
struct Asked<'a> {
    name: &'a str,
    is_essential: bool,
    /// Of which it should have one; empty: any.
    values: Vec<&'a Value>,
}

/// The claims that are to be told at one place.
fn place<'a>(whole: &'a Map<String, Value>, name: &str) -> Result<Vec<Asked<'a>>, OAuthError> {
    let members = match whole.get(name) {
        None => return Ok(vec![]),
        Some(Value::Object(members)) if members.len() <= NAMES_MAX => members,
        Some(_) => return Err(MALFORMED),
    };
    members.iter().map(|(name, wish)| asked(name, wish)).collect()
}

/// `null`, or an object of which `essential`, `value` and `values` are understood.
fn asked<'a>(name: &'a str, wish: &'a Value) -> Result<Asked<'a>, OAuthError> {
    let members = match wish {
        Value::Null => return Ok(Asked { name, is_essential: false, values: vec![] }),
        Value::Object(members) => members,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(MALFORMED),
    };
    let is_essential = match members.get("essential") {
        None => false,
        Some(flag) => flag.as_bool().ok_or(MALFORMED)?,
    };
    let mut values: Vec<&Value> = members.get("value").into_iter().collect();
    if let Some(several) = members.get("values") {
        let several = several.as_array().filter(|several| several.len() <= NAMES_MAX).ok_or(MALFORMED)?;
        values.extend(several);
    }
    Ok(Asked { name, is_essential, values })
}

fn texts(values: &[&Value]) -> Result<Vec<String>, OAuthError> {
    values.iter().map(|value| value.as_str().map(str::to_owned).ok_or(MALFORMED)).collect()
}

/// Whom both demands leave. One without values demands nobody in particular.
pub fn meet(known: Option<Vec<String>>, demanded: Vec<String>) -> Option<Vec<String>> {
    match known {
        known if demanded.is_empty() => known,
        None => Some(demanded),
        Some(known) => Some(known.into_iter().filter(|subject| demanded.contains(subject)).collect()),
    }
}

/// Source: OIDC Core §5.5.1.1. Without values any assurance will do.
fn acr(asked: &Asked<'_>) -> Option<AcrAsked> {
    if asked.values.is_empty() {
        return None;
    }
    let known = asked.values.iter().filter_map(|value| Acr::from_name(value.as_str()?)).collect();
    Some(if asked.is_essential { AcrAsked::Essential(known) } else { AcrAsked::Voluntary(known) })
}

#[cfg(test)]
mod tests {
    use super::{AcrAsked, ClaimsParameter, ClaimsRequest, parse};
    use crate::kernel::acr::Acr;

    const REGISTERED: &str = "openid email phone";

    fn read(text: &str) -> ClaimsParameter {
        parse(text, REGISTERED).unwrap_or_else(|error| panic!("{text}: {}", error.why))
    }

    #[test]
    fn a_claim_is_told_where_it_was_asked_for_and_only_if_its_scope_is_registered() {
        let asked = read(
            r#"{"userinfo": {"email": null, "phone_number": {"essential": true}, "name": null, "role": null},
                "id_token": {"email": {"value": "a@b.be", "color": 1}, "auth_time": {"essential": true}, "iss": null},
                "other": {"address": null}}"#,
        );
        let claims = ClaimsRequest {
            userinfo: vec!["email".into(), "phone_number".into()],
            id_token: vec!["email".into()],
        };
        assert_eq!(asked, ClaimsParameter { claims: claims.clone(), subjects: None, acr: None });
        assert_eq!(claims.names(), ["email", "phone_number"]);
        assert_eq!(ClaimsRequest::parse_stored(&claims.stored()), claims);
        assert_eq!(claims.within("openid phone").userinfo, ["phone_number"]);
        assert_eq!(read("{}").claims.stored(), "{}");
        assert_eq!(ClaimsRequest::parse_stored("no JSON"), ClaimsRequest::default());
    }

    #[test]
    fn whom_it_is_about_is_what_every_demand_leaves() {
        let subjects = |text| read(text).subjects;
        assert_eq!(
            subjects(r#"{"id_token": {"sub": {"essential": true}}, "userinfo": {"sub": null}}"#),
            None
        );
        assert_eq!(subjects(r#"{"userinfo": {"sub": {"value": "a"}}}"#), Some(vec!["a".into()]));
        let both =
            r#"{"userinfo": {"sub": {"values": ["b", "c"]}}, "id_token": {"sub": {"values": ["a", "b"]}}}"#;
        assert_eq!(subjects(both), Some(vec!["b".into()]));
        let none = r#"{"userinfo": {"sub": {"value": "a"}}, "id_token": {"sub": {"value": "b"}}}"#;
        assert_eq!(subjects(none), Some(vec![]));
    }

    #[test]
    fn an_assurance_is_wished_for_or_demanded() {
        let acr = |wish| read(&format!(r#"{{"id_token": {{"acr": {wish}}}}}"#)).acr;
        assert_eq!(acr("null"), None);
        assert_eq!(acr(r#"{"essential": true}"#), None);
        let both = r#"{"essential": true, "value": "phr", "values": ["gold", "mfa", 7]}"#;
        assert_eq!(acr(both), Some(AcrAsked::Essential(vec![Acr::Phr, Acr::Mfa])));
        assert_eq!(acr(r#"{"values": ["mfa"]}"#), Some(AcrAsked::Voluntary(vec![Acr::Mfa])));
        assert_eq!(acr(r#"{"essential": false, "value": "?"}"#), Some(AcrAsked::Voluntary(vec![])));
        assert_eq!(read(r#"{"userinfo": {"acr": {"essential": true, "value": "phr"}}}"#).acr, None);
    }

    #[test]
    fn another_form_is_refused() {
        let many = |name: &str| {
            let members: Vec<String> = (0..65).map(|n| format!("\"{n}\"")).collect();
            match name {
                "values" => format!(r#"{{"id_token": {{"acr": {{"values": [{}]}}}}}}"#, members.join(",")),
                _ => format!(r#"{{"id_token": {{{}: null}}}}"#, members.join(": null, ")),
            }
        };
        let long = format!("{{\"x\": \"{}\"}}", "x".repeat(4096));
        let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
        for text in [
            "",
            "null",
            "[]",
            "\"email\"",
            "{",
            "{} {}",
            r#"{"userinfo": null}"#,
            r#"{"userinfo": []}"#,
            r#"{"id_token": "email"}"#,
            r#"{"userinfo": {"email": true}}"#,
            r#"{"userinfo": {"email": ["a"]}}"#,
            r#"{"userinfo": {"email": {"essential": "yes"}}}"#,
            r#"{"userinfo": {"email": {"values": "a"}}}"#,
            r#"{"id_token": {"sub": {"value": 7}}}"#,
            r#"{"id_token": {"sub": {"values": ["a", null]}}}"#,
            &many("values"),
            &many("members"),
            &long,
            &deep,
        ] {
            assert!(parse(text, REGISTERED).is_err(), "{text}");
        }
    }
}
