//! The style sheet, the icons, the mark and the scripts: compiled in, with an `ETag`, so that a browser asks once.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::kernel::digest::{base64url, sha256};
use crate::web::context::Ctx;
use crate::web::page::ErrorKind;
use crate::web::respond;
use crate::web::route::{RoutePolicy, Routes};

const ASSETS: [(&str, &str, &str); 6] = [
    ("cardea.css", "text/css; charset=utf-8", include_str!("../web/assets/cardea.css")),
    ("icons.svg", "image/svg+xml", include_str!("../web/assets/icons.svg")),
    ("mark.svg", "image/svg+xml", include_str!("../web/assets/mark.svg")),
    ("passkey.js", "text/javascript; charset=utf-8", include_str!("../web/assets/passkey.js")),
    ("password.js", "text/javascript; charset=utf-8", include_str!("../web/assets/password.js")),
    ("answer.js", "text/javascript; charset=utf-8", include_str!("../web/assets/answer.js")),
];

pub fn routes() -> Routes {
    Routes::default().add(RoutePolicy::page("/assets/{name}"), asset).with_state(&())
}

async fn asset(Path(name): Path<String>, headers: HeaderMap, ctx: Ctx) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(known, ..)| *known == name) else {
        return respond::error(&ctx, ErrorKind::NotFound, None);
    };
    let etag = format!("\"{}\"", base64url(&sha256(text.as_bytes())));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known == Some(etag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], *text).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
