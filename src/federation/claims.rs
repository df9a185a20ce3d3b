//! What an ID token says, read strictly: a claim of another type than it has to be makes the token unreadable.

use serde_json::{Map, Value};

use crate::kernel::time::Moment;

/// Longest `sub`, in bytes. Source: OIDC Core §2.
const SUBJECT_BYTES_MAX: usize = 255;
/// Values of `aud` and `amr` that are read.
const VALUES_MAX: usize = 32;
/// Longest description of a phone that is kept, in bytes.
const PHONE_BYTES_MAX: usize = 1024;
/// Most claims about a person that are handed on.
const CLAIMS_MAX: usize = 64;

/// Claims that speak of the token and not of the person.
const OF_THE_TOKEN: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "nonce",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "acr",
    "amr",
    "auth_time",
    "typ",
];

/// What itsme tells of the phone on which a sign-in was approved. Source: itsme, Login API, User data.
const PHONE_ADDRESS: &str = "http://itsme.services/v2/claim/transaction_ip";
const PHONE_DEVICE: &str = "http://itsme.services/v2/claim/claim_device";
const PHONE_CALL: &str = "http://itsme.services/v2/claim/ongoing_call";

/// The claims of an ID token whose signature was right.
#[derive(Clone)]
pub struct IdClaims {
    pub issuer: String,
    pub subject: String,
    pub audience: Vec<String>,
    pub authorized_party: Option<String>,
    pub nonce: Option<String>,
    pub expires_at: Moment,
    pub issued_at: Moment,
    pub not_before: Option<Moment>,
    pub authenticated_at: Option<Moment>,
    pub acr: Option<String>,
    pub amr: Vec<String>,
    pub access_token_hash: Option<String>,
    /// All of them.
    pub all: Map<String, Value>,
}

impl IdClaims {
    /// `None` where a demanded claim is missing or one is of another type than it has to be.
    /// Source: OIDC Core §2 (REQUIRED: iss, sub, aud, exp, iat).
    pub fn read(all: Map<String, Value>) -> Option<Self> {
        let required = |name: &str| all.get(name);
        let subject = required("sub")?.as_str()?.to_owned();
        if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
            return None;
        }
        Some(Self {
            issuer: required("iss")?.as_str()?.to_owned(),
            subject,
            audience: one_or_many(required("aud")?)?,
            expires_at: moment(required("exp")?)?,
            issued_at: moment(required("iat")?)?,
            authorized_party: optional(&all, "azp", text).ok()?,
            nonce: optional(&all, "nonce", text).ok()?,
            not_before: optional(&all, "nbf", moment).ok()?,
            authenticated_at: optional(&all, "auth_time", moment).ok()?,
            acr: optional(&all, "acr", text_or_number).ok()?,
            amr: optional(&all, "amr", one_or_many).ok()?.unwrap_or_default(),
            access_token_hash: optional(&all, "at_hash", text).ok()?,
            all,
        })
    }
}

/// A claim that is of another type than it has to be.
struct OtherType;

fn optional<T>(
    all: &Map<String, Value>,
    name: &str,
    read: fn(&Value) -> Option<T>,
) -> Result<Option<T>, OtherType> {
    match all.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or(OtherType),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Some write the level 0 as a number.
fn text_or_number(value: &Value) -> Option<String> {
    text(value).or_else(|| value.as_u64().map(|number| number.to_string()))
}

fn one_or_many(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) if many.len() <= VALUES_MAX => many.iter().map(text).collect(),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// Seconds since the epoch, with a fraction perhaps. Source: RFC 7519 §2 (`NumericDate`).
fn moment(value: &Value) -> Option<Moment> {
    const SECONDS_MAX: f64 = 1e11;
    if let Some(seconds) = value.as_i64() {
        return (0..=100_000_000_000).contains(&seconds).then(|| Moment::from_unix_seconds(seconds));
    }
    let seconds = value.as_f64().filter(|seconds| (0.0..=SECONDS_MAX).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "its range was looked at")]
    let micros = (seconds * 1e6) as i64;
    Some(Moment::from_micros(micros))
}

/// The phone on which a sign-in was approved, as far as the provider tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phone {
    pub address: Option<std::net::IpAddr>,
    /// System, model, whether it is tampered with: what there is, as it is told.
    pub device: Option<Value>,
    /// Whether the person was on the phone while approving: the mark of somebody who is being talked into it.
    pub call_in_progress: Option<bool>,
}

impl Phone {
    pub fn read(all: &Map<String, Value>) -> Self {
        let device = all.get(PHONE_DEVICE).map(|device| match device.as_str() {
            // Some write the object as a text.
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| device.clone()),
            None => device.clone(),
        });
        let call = all.get(PHONE_CALL);
        Self {
            address: all.get(PHONE_ADDRESS).and_then(Value::as_str).and_then(|text| text.trim().parse().ok()),
            device: device.filter(|device| device.to_string().len() <= PHONE_BYTES_MAX),
            call_in_progress: call.and_then(|call| {
                call.as_bool().or_else(|| call.as_str().and_then(|text| text.parse::<bool>().ok()))
            }),
        }
    }

    /// For the personal part of a record; `None` where nothing is known.
    pub fn record(&self) -> Option<Value> {
        let mut record = Map::new();
        if let Some(address) = self.address {
            record.insert("ip".to_owned(), address.to_string().into());
        }
        if let Some(device) = &self.device {
            record.insert("told".to_owned(), device.clone());
        }
        if let Some(call) = self.call_in_progress {
            record.insert("call_in_progress".to_owned(), call.into());
        }
        (!record.is_empty()).then_some(Value::Object(record))
    }
}

/// What is said of the person: without what speaks of the token or the phone, and without the national number.
pub fn of_the_person(all: &Map<String, Value>, national_number: Option<&str>) -> Map<String, Value> {
    let phone = [PHONE_ADDRESS, PHONE_DEVICE, PHONE_CALL];
    let kept = all.iter().filter(|(name, _)| {
        let name = name.as_str();
        !OF_THE_TOKEN.contains(&name) && !phone.contains(&name) && Some(name) != national_number
    });
    kept.take(CLAIMS_MAX).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{IdClaims, Moment, Phone, of_the_person};

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn with(name: &str, value: Value) -> Option<IdClaims> {
        let mut all = map(&json!({ "iss": "i", "sub": "s", "aud": "a", "exp": 10, "iat": 5 }));
        if value == json!("gone") {
            all.remove(name);
        } else {
            all.insert(name.to_owned(), value);
        }
        IdClaims::read(all)
    }

    #[test]
    fn claims_are_there_and_of_their_types() {
        let whole = with("aud", json!(["a", "b"])).unwrap();
        assert_eq!((whole.audience.len(), whole.issued_at), (2, Moment::from_unix_seconds(5)));
        assert_eq!(with("acr", json!(0)).unwrap().acr.as_deref(), Some("0"));
        assert_eq!(with("amr", json!("eid")).unwrap().amr, ["eid"]);
        assert_eq!(with("iat", json!(5.5)).unwrap().issued_at, Moment::from_micros(5_500_000));
        assert_eq!(with("nonce", Value::Null).unwrap().nonce, None);
        for required in ["iss", "sub", "aud", "exp", "iat"] {
            assert!(with(required, json!("gone")).is_none(), "{required}");
            assert!(with(required, Value::Null).is_none(), "{required}");
            assert!(with(required, json!({})).is_none(), "{required}");
        }
        for (name, wrong) in [
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
            ("sub", json!(7)),
            ("exp", json!("10")),
            ("exp", json!(-1)),
            ("exp", json!(1e300)),
            ("iat", json!(true)),
            ("nbf", json!("5")),
            ("auth_time", json!("5")),
            ("aud", json!([1])),
            ("aud", json!(vec!["a"; 33])),
            ("azp", json!(["a"])),
            ("nonce", json!(1)),
            ("at_hash", json!(1)),
            ("amr", json!([["eid"]])),
            ("acr", json!(["0"])),
        ] {
            assert!(with(name, wrong.clone()).is_none(), "{name} {wrong}");
        }
    }

    #[test]
    fn a_phone_is_read_as_far_as_it_is_told_of() {
        let all = map(&json!({
            "http://itsme.services/v2/claim/transaction_ip": "193.191.245.7",
            "http://itsme.services/v2/claim/claim_device": "{\"os\":\"Android\",\"rooted\":true}",
            "http://itsme.services/v2/claim/ongoing_call": "true",
        }));
        let phone = Phone::read(&all);
        assert_eq!(phone.address, Some("193.191.245.7".parse().unwrap()));
        assert_eq!(phone.device, Some(json!({ "os": "Android", "rooted": true })));
        assert_eq!(phone.call_in_progress, Some(true));
        assert_eq!(Phone::read(&Map::new()).record(), None);
        let odd = map(&json!({
            "http://itsme.services/v2/claim/transaction_ip": "<script>",
            "http://itsme.services/v2/claim/claim_device": "x".repeat(2000),
            "http://itsme.services/v2/claim/ongoing_call": "perhaps",
        }));
        assert_eq!(Phone::read(&odd), Phone::default());
    }

    #[test]
    fn the_national_number_is_not_among_what_is_handed_on() {
        let all = map(&json!({
            "iss": "i", "sub": "s", "egovNRN": "85073003328", "given_name": "Zoë",
            "http://itsme.services/v2/claim/ongoing_call": true,
        }));
        let kept = of_the_person(&all, Some("egovNRN"));
        assert_eq!(Value::Object(kept), json!({ "given_name": "Zoë" }));
    }
}
