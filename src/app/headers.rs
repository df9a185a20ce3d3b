//! Headers on every answer. Source: OWASP ASVS 5.0 §3.4.

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::kernel::id::RequestId;

/// `same-origin` as referrer policy, since under `no-referrer` browsers send `Origin: null` with our own
/// forms. Source: Fetch §3.2.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

pub fn harden(headers: &mut HeaderMap, issuer: &str, request: RequestId) {
    // All that can come, so that the table does not grow in between.
    headers.reserve(FIXED.len() + 4);
    for (name, value) in FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if issuer.starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if let Ok(id) =
        HeaderValue::from_str(request.uuid().hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    {
        headers.insert("x-request-id", id);
    }
}
