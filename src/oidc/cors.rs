//! Scripts of public clients call from their own origin: tokens and claims may be read there, and nowhere else.
//! Cookies are never taken along, and the authorization endpoint is not among these addresses.
//! Source: Fetch Standard §3.3, RFC 9700 §2.6, OAuth 2.0 for Browser-Based Applications §6.3.

use super::client::Clients;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long a browser may remember the answer, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The answer to a browser that asks before it calls.
pub fn preflight(clients: &Clients, headers: &HeaderMap) -> Response {
    let mut response = allow(clients, headers, StatusCode::NO_CONTENT.into_response());
    if response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        let headers = response.headers_mut();
        let methods = HeaderValue::from_static("GET, POST");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("authorization, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    }
    response
}

/// The answer, readable for a script of a public client's origin.
pub fn allow(clients: &Clients, headers: &HeaderMap, mut response: Response) -> Response {
    let Some(origin) = headers.get(header::ORIGIN) else { return response };
    let own = response.headers_mut();
    own.append(header::VARY, HeaderValue::from_static("Origin"));
    if origin.to_str().is_ok_and(|origin| clients.has_public_origin(origin)) {
        own.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        // What says how a call went wrong. Source: RFC 6750 §3.
        own.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
    }
    response
}
