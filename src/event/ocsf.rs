//! The two parts of a record as JSON, and the two joined again in the shape of OCSF 1.x.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Event, What};
use super::origin::{Actor, Origin};
use super::user_agent::Device;
use crate::infra::geoip::Location;
use crate::kernel::digest::hex;
use crate::kernel::id::EventId;
use crate::kernel::language::Language;

const OCSF_VERSION: &str = "1.3.0";

/// The part that may be read for ever: what happened, when, to which ids.
#[derive(Serialize)]
struct Plain<'a> {
    #[serde(flatten)]
    what: &'a What,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    activity_id: u32,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    case_code: Option<&'a str>,
    request: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    journey: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
}

/// The part that is encrypted: who, from where, with what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What was sent that fits nothing registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// The phone that approved at an upstream provider, as the provider tells of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Value>,
}

/// Digest of a name that nobody has, under a key of this installation.
pub struct UnknownName(pub [u8; 32]);

pub fn plain(event: &Event, origin: &Origin, unknown: Option<&UnknownName>) -> String {
    let shape = event.what.shape();
    let plain = Plain {
        what: &event.what,
        r#type: event.what.stream_type(),
        activity_id: shape.activity_id,
        success: shape.success,
        subject: event.subject.map(|id| id.to_string()),
        actor: match &origin.actor {
            Actor::Nobody => "nobody".to_owned(),
            Actor::Account(id) => format!("account:{id}"),
            Actor::Operator(name) => format!("operator:{name}"),
            Actor::Service => "service".to_owned(),
            Actor::Client(id) => format!("client:{id}"),
        },
        name_digest: unknown.map(|UnknownName(digest)| hex(digest)),
        case_code: event.case_code.as_ref().map(super::CaseCode::as_str),
        request: origin.request.to_string(),
        journey: origin.journey.map(|id| id.to_string()),
        session: origin.session.map(|id| id.to_string()),
        application: origin.application.as_deref(),
        method: event.method.map(crate::kernel::acr::Amr::name),
        attempt: event.attempt,
    };
    // Cannot fail: every part is a string, a number or a list of them.
    serde_json::to_string(&plain).unwrap_or_default()
}

pub fn personal(name: Option<&str>, origin: &Origin, place: Location) -> Personal {
    Personal {
        user: name.map(str::to_owned),
        ip: origin.ip().map(|ip| ip.to_string()),
        country: place.country,
        region: place.region,
        city: place.city,
        lat: place.lat,
        lon: place.lon,
        user_agent: origin.user_agent.clone(),
        lang: origin.language,
        rtt_ms: origin.round_trip_ms,
        device: origin.device.map(|id| id.to_string()),
        got: None,
        phone: None,
    }
}

/// What is needed of a stored record to show it.
pub struct Stored<'a> {
    pub id: EventId,
    pub at: crate::kernel::time::Moment,
    pub class: i64,
    pub plain: &'a Value,
    pub personal: Option<&'a Personal>,
    pub sequence: Option<i64>,
}

/// A record as one OCSF object. Our own members stand under `unmapped`, as OCSF has it.
pub fn object(stored: &Stored<'_>) -> Value {
    let activity = stored.plain.get("activity_id").and_then(Value::as_i64).unwrap_or(0);
    let success = stored.plain.get("success").and_then(Value::as_bool).unwrap_or(false);
    let (category, category_name, class_name) = names(stored.class);
    let text = |name: &str| stored.plain.get(name).cloned().unwrap_or(Value::Null);
    let mut object = json!({
        "metadata": {
            "version": OCSF_VERSION,
            "uid": stored.id.to_string(),
            "sequence": stored.sequence,
            "correlation_uid": text("journey"),
            "product": { "name": "Cardea", "vendor_name": "Federal Chancellery" },
        },
        "time": stored.at.micros() / 1000,
        "time_dt": stored.at.iso(),
        "category_uid": category,
        "category_name": category_name,
        "class_uid": stored.class,
        "class_name": class_name,
        "activity_id": activity,
        "type_uid": stored.class * 100 + activity,
        "severity_id": if success { 1 } else { 2 },
        "status_id": if success { 1 } else { 2 },
        "status": if success { "Success" } else { "Failure" },
        "status_detail": text("reason"),
        "actor": { "user": { "uid": text("actor") } },
        "user": {
            "uid": text("subject"),
            "name": stored.personal.and_then(|personal| personal.user.clone()),
        },
        "session": { "uid": text("session") },
        "unmapped": stored.plain,
    });
    if let (Some(personal), Some(map)) = (stored.personal, object.as_object_mut()) {
        let device = Device::recognise(&personal.user_agent);
        map.insert(
            "src_endpoint".to_owned(),
            json!({
                "ip": personal.ip,
                "uid": personal.device,
                "type": device.kind,
                "os": { "name": device.os },
                "location": {
                    "country": personal.country,
                    "region": personal.region,
                    "city": personal.city,
                    "lat": personal.lat,
                    "long": personal.lon,
                },
            }),
        );
        let mut request = json!({ "user_agent": personal.user_agent });
        if let (Some(got), Some(request)) = (&personal.got, request.as_object_mut()) {
            request.insert("args".to_owned(), got.as_str().into());
        }
        map.insert("http_request".to_owned(), request);
        if let Some(phone) = &personal.phone {
            map.insert("device".to_owned(), phone.clone());
        }
    }
    object
}

fn names(class: i64) -> (i64, &'static str, &'static str) {
    use super::model::Class::{
        AccountChange, ApiActivity, Authentication, AuthorizeSession, DetectionFinding,
    };
    [AccountChange, ApiActivity, Authentication, AuthorizeSession, DetectionFinding]
        .into_iter()
        .find(|known| known.uid() == class)
        .map_or((0, "Uncategorized", "Base Event"), |known| {
            let (category, name) = known.category();
            (category, name, known.name())
        })
}

/// A record as a line of the recorded sign-in stream, for those events that it knows.
pub fn stream(index: i64, stored: &Stored<'_>) -> Option<Value> {
    let kind = stored.plain.get("type")?;
    let field = |name: &str| stored.plain.get(name).cloned().unwrap_or(Value::Null);
    let nobody = Personal::default();
    let personal = stored.personal.unwrap_or(&nobody);
    let device = Device::recognise(&personal.user_agent);
    let user = match stored.plain.get("subject") {
        Some(id) => id.clone(),
        None => field("name_digest"),
    };
    Some(json!({
        "index": index,
        "ts": stored.at.iso(),
        "type": kind,
        "user": user,
        "ip": personal.ip,
        "country": personal.country,
        "region": personal.region,
        "city": personal.city,
        "lat": personal.lat,
        "lon": personal.lon,
        "user_agent": personal.user_agent,
        "os": device.os,
        "browser": device.browser,
        "device_type": device.kind,
        "lang": personal.lang,
        "rtt_ms": personal.rtt_ms,
        "session": field("session"),
        "device_cookie": personal.device,
        "app": field("application"),
        "mfa_method": field("method"),
        "attempt": field("attempt"),
    }))
}
