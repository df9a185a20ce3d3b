//! A public document that is prepared once and read by everyone, from any origin.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::kernel::digest::{base64url, sha256};

/// JSON with its entity tag; cheap to clone.
#[derive(Clone)]
pub struct Document {
    bytes: Bytes,
    tag: HeaderValue,
    caching: HeaderValue,
}

impl Document {
    /// A document that anyone may keep for a time.
    pub fn new(json: &Value, max_age: Duration) -> Self {
        let bytes = Bytes::from(json.to_string());
        let tag = format!("\"{}\"", base64url(&sha256(&bytes)));
        // Cannot fail: base64url in quotes.
        let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        let caching = format!("public, max-age={}", max_age.as_secs());
        // Cannot fail: letters and digits.
        let caching = HeaderValue::from_str(&caching).unwrap_or(HeaderValue::from_static("no-store"));
        Self { bytes, tag, caching }
    }

    /// The document, or that it has not changed. Source: RFC 9110 §13.1.2.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let common = [
            (header::ETAG, self.tag.clone()),
            (header::CACHE_CONTROL, self.caching.clone()),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        ];
        let known =
            headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let tag = self.tag.to_str().unwrap_or_default();
        if known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (kind, common, self.bytes.clone()).into_response()
    }
}
