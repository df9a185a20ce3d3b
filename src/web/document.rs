//! A public document that is prepared once and read by everyone, from any origin.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use crate::kernel::digest::{base64url, sha256};

/// The document's own headers and those of every answer, so that the table does not grow in between.
const HEADERS_MAX: usize = 16;

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
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let known =
            asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let tag = self.tag.to_str().unwrap_or_default();
        let is_known = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
        let body = if is_known { Body::empty() } else { Body::from(self.bytes.clone()) };
        let mut response = Response::new(body);
        let mut headers = HeaderMap::with_capacity(HEADERS_MAX);
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::CACHE_CONTROL, self.caching.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        *response.headers_mut() = headers;
        response
    }
}
