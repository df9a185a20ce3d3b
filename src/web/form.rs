//! A form that was sent back: bounded, in the right format, and from our own page.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::Response;

use super::context::Ctx;
use super::page::ErrorKind;
use super::params::{BadParams, Params};
use super::respond;

/// The fields of a form whose token is the page's own.
pub struct Form(pub Params);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(ctx) =
            <Ctx as axum::extract::FromRequestParts<S>>::from_request_parts(&mut parts, state).await;
        let content_type = parts.headers.get(header::CONTENT_TYPE).cloned();
        // Bounded by the router's limit for bodies.
        let params = match Bytes::from_request(Request::from_parts(parts, body), state).await {
            Ok(bytes) => parse(content_type.as_ref().and_then(|value| value.to_str().ok()), &bytes),
            Err(_) => return Err(respond::error(&ctx, ErrorKind::BadRequest, None)),
        };
        let params = params.map_err(|_| respond::error(&ctx, ErrorKind::BadRequest, None))?;
        if !ctx.is_form_token(params.get("form_token").unwrap_or_default()) {
            return Err(respond::error(&ctx, ErrorKind::Expired, None));
        }
        Ok(Self(params))
    }
}

/// Reads a body as form parameters, whatever stands behind them.
///
/// # Errors
/// Another content type, or parameters that are refused.
pub fn parse(content_type: Option<&str>, bytes: &Bytes) -> Result<Params, BadParams> {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Params::parse(bytes)
    } else {
        Err(BadParams::Form)
    }
}
