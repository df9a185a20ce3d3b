//! Errors of OAuth and OpenID Connect, by the names that clients know.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::infra::database::WriteError;
use crate::web::respond::with_retry_after;

/// Source: RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8707 §2,
/// OpenID Connect Core Error Code `unmet_authentication_requirements` §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    InvalidRequest,
    UnauthorizedClient,
    UnsupportedResponseType,
    InvalidScope,
    InvalidTarget,
    LoginRequired,
    InteractionRequired,
    ConsentRequired,
    AccessDenied,
    UnmetAuthenticationRequirements,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
    InvalidToken,
    InsufficientScope,
    TemporarilyUnavailable,
}

impl ErrorCode {
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::AccessDenied => "access_denied",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// Whether it is an ordinary answer to a silent question rather than a refusal worth a record.
    pub const fn is_ordinary(self) -> bool {
        matches!(self, Self::LoginRequired | Self::InteractionRequired | Self::ConsentRequired)
    }

    /// The status outside of redirects. Source: RFC 6749 §5.2, RFC 6750 §3.1.
    const fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope | Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::InvalidRequest
            | Self::UnauthorizedClient
            | Self::UnsupportedResponseType
            | Self::InvalidScope
            | Self::LoginRequired
            | Self::InteractionRequired
            | Self::UnmetAuthenticationRequirements
            | Self::RequestNotSupported
            | Self::RequestUriNotSupported
            | Self::RegistrationNotSupported
            | Self::InvalidGrant
            | Self::ConsentRequired
            | Self::InvalidTarget
            | Self::UnsupportedGrantType => StatusCode::BAD_REQUEST,
        }
    }
}

/// A refusal with a constant sentence for the client's developer: nothing of the request is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OAuthError {
    pub code: ErrorCode,
    pub why: &'static str,
}

impl OAuthError {
    /// One answer for every cause: who is registered, and how, is nobody's business.
    pub const INVALID_CLIENT: Self =
        refuse(ErrorCode::InvalidClient, "the client did not prove itself by its registered method");
}

pub const fn refuse(code: ErrorCode, why: &'static str) -> OAuthError {
    OAuthError { code, why }
}

/// A write that did not become durable, as a client is told.
pub fn unavailable(error: &WriteError) -> OAuthError {
    tracing::error!(%error, "nothing could be issued");
    refuse(ErrorCode::TemporarilyUnavailable, "try again in some seconds")
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.code.name(), "error_description": self.why }));
        let mut response = (self.code.status(), [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if self.code == ErrorCode::TemporarilyUnavailable {
            return with_retry_after(response, Duration::from_secs(5));
        }
        let challenge = if self.code == ErrorCode::InvalidClient {
            Some(HeaderValue::from_static("Basic realm=\"token\""))
        } else if matches!(self.code, ErrorCode::InvalidToken | ErrorCode::InsufficientScope) {
            HeaderValue::from_str(&format!("Bearer realm=\"userinfo\", error=\"{}\"", self.code.name())).ok()
        } else {
            None
        };
        if let Some(challenge) = challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
