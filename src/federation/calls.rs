//! Calls to a provider, and what of their answers can be used at all.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use serde_json::Value;

use super::reason::Reason;
use crate::infra::outgoing::{Outgoing, OutgoingError};

/// Why a call to a provider brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    #[error("the provider says that it fails (status {0})")]
    Server(u16),
    #[error("the answer is not JSON")]
    NotJson,
}

impl CallError {
    pub fn reason(&self) -> Reason {
        match self {
            Self::Outgoing(error) => error.into(),
            Self::Server(_) => Reason::ServerError,
            Self::NotJson => Reason::NotJson,
        }
    }
}

/// Sends a request to a provider.
///
/// # Errors
/// No answer came, or one that says that the provider fails.
pub async fn send(
    outgoing: &Outgoing,
    request: Request<Vec<u8>>,
    bytes_max: usize,
) -> Result<Response<Vec<u8>>, CallError> {
    let answer = outgoing.send(request, bytes_max).await?;
    let status = answer.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(CallError::Server(status.as_u16()));
    }
    Ok(answer)
}

/// Reads a document of JSON.
///
/// # Errors
/// It does not come, or is something else.
pub async fn document(outgoing: &Outgoing, url: &str, bytes_max: usize) -> Result<Value, CallError> {
    let request = Request::get(url).header(ACCEPT, "application/json").body(vec![]);
    // An address that cannot be asked for leads nowhere.
    let request = request.map_err(|error| OutgoingError::Failed(error.to_string()))?;
    let answer = send(outgoing, request, bytes_max).await?;
    if answer.status() != StatusCode::OK {
        return Err(CallError::Server(answer.status().as_u16()));
    }
    if !is_json(answer.headers()) {
        return Err(CallError::NotJson);
    }
    serde_json::from_slice(answer.body()).map_err(|_| CallError::NotJson)
}

/// Whether an answer says of itself that it is JSON; `application/jwk-set+json` is, too.
pub fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The media type without its parameters, in small letters.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
