//! Answers: pages with their security headers, errors in words, and the one place of redirects.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::context::Ctx;
use super::page::{ErrorKind, ErrorPage};
use crate::event::CaseCode;
use crate::infra::database::WriteError;

/// A path of our own portal. Redirects inside the service take this type, never a text from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalPath(String);

impl PortalPath {
    pub fn fixed(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// A fixed path with one parameter of our own making (an id, a code).
    pub fn with(path: &'static str, name: &str, value: impl std::fmt::Display) -> Self {
        let value = value.to_string();
        let value = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
        Self(format!("{path}?{name}={value}"))
    }

    /// As a link has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same with one more parameter of our own making.
    #[must_use]
    pub fn and(self, name: &str, value: &str) -> Self {
        let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
        let joint = if self.0.contains('?') { '&' } else { '?' };
        Self(format!("{}{joint}{name}={value}", self.0))
    }
}

/// An address of a client that is byte-equal to one that is registered, with our parameters added.
/// Made by the provider alone, after that comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredAddress(String);

impl RegisteredAddress {
    pub(crate) const fn attest(address: String) -> Self {
        Self(address)
    }
}

/// An address of an upstream provider's own authorization endpoint, with our question. Made by federation
/// alone, from the provider's discovery document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamAddress(String);

impl UpstreamAddress {
    pub(crate) const fn attest(address: String) -> Self {
        Self(address)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sends the browser on inside the service; after a POST it goes on by GET. Source: RFC 9700 §4.12.
pub fn see_other(to: &PortalPath) -> Response {
    redirect(&to.0)
}

/// Sends the browser back to a client.
pub fn see_client(to: &RegisteredAddress) -> Response {
    redirect(&to.0)
}

/// Sends the browser to an upstream provider.
pub fn see_upstream(to: &UpstreamAddress) -> Response {
    redirect(&to.0)
}

fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page. `form_action` is the origin of a pending request's registered address, where one is.
pub fn page(status: StatusCode, page: &impl Template, form_action: Option<&str>) -> Response {
    let also = form_action.map(|origin| format!(" {origin}")).unwrap_or_default();
    with_policy(status, page, &format!("'self'{also}"))
}

/// A page whose form goes to a client alone, at this origin.
pub fn handover(page: &impl Template, origin: &str) -> Response {
    with_policy(StatusCode::OK, page, origin)
}

fn with_policy(status: StatusCode, page: &impl Template, form_action: &str) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a page could not be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(form_action)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Nothing inline, nothing from elsewhere. Browsers hold the redirects after a form to form-action too,
/// so the pending client's origin is named. Source: CSP Level 3 §6.4.
fn content_security_policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
         form-action {form_action}; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// An error as a page, with the status that fits.
pub fn error(ctx: &Ctx, kind: ErrorKind, case: Option<&CaseCode>) -> Response {
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = match kind {
        ErrorKind::TooMany { minutes } => Some(Duration::from_secs(u64::from(minutes) * 60)),
        ErrorKind::Busy | ErrorKind::Unavailable => Some(Duration::from_secs(5)),
        ErrorKind::NotFound
        | ErrorKind::BadRequest
        | ErrorKind::Forbidden
        | ErrorKind::MethodNotAllowed
        | ErrorKind::Broken
        | ErrorKind::ClientNotTrusted
        | ErrorKind::Expired => None,
    };
    let shell = ctx.shell_at("/");
    let shown = ErrorPage { shell, status: kind.status(), kind, case: case.map(ToString::to_string) };
    let response = page(status, &shown, None);
    match retry_after {
        Some(span) => with_retry_after(response, span),
        None => response,
    }
}

/// Says when to come back. Source: RFC 9110 §10.2.3.
pub fn with_retry_after(mut response: Response, span: Duration) -> Response {
    let seconds = span.as_secs().max(1);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// What a failed write is to a person: nothing was done, come back soon.
pub fn write_error(ctx: &Ctx, error: &WriteError) -> Response {
    match error {
        WriteError::Full => self::error(ctx, ErrorKind::Busy, None),
        WriteError::Refused(condition) => {
            tracing::info!(condition, "a unit was refused");
            self::error(ctx, ErrorKind::Expired, None)
        }
        WriteError::Unavailable(cause) => {
            tracing::error!(%cause, "the database did not take a write");
            self::error(ctx, ErrorKind::Unavailable, None)
        }
        WriteError::Unsealed(cause) => {
            tracing::error!(%cause, "what was to be written could not be sealed");
            self::error(ctx, ErrorKind::Unavailable, None)
        }
    }
}
