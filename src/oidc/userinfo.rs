//! What a client may know of a person. Source: OIDC Core §5.3, RFC 6750, RFC 9470.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::claims::{self, words};
use super::claims_request::ClaimsRequest;
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::provider::Oidc;
use super::sufficient::Lacking;
use crate::kernel::time::Moment;

impl Oidc {
    pub(super) async fn userinfo(&self, headers: &HeaderMap, now: Moment) -> Response {
        match self.claims_for(headers, now).await {
            Ok(Some(claims)) => ([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response(),
            Ok(None) => unasked(),
            Err(NotTold::Refused(error)) => error.into_response(),
            Err(NotTold::Lacking(lacking)) => lacking.into_response(),
        }
    }

    async fn claims_for(
        &self,
        headers: &HeaderMap,
        now: Moment,
    ) -> Result<Option<Map<String, Value>>, NotTold> {
        let Some(token) = bearer(headers)? else { return Ok(None) };
        let token = self.access(token, now).await.map_err(|error| unavailable(&error))?;
        // A token for somebody else's resource is none here. Source: RFC 9068 §4.
        let token = token.filter(|token| token.claims.aud.has(self.issuer())).ok_or(invalid())?;
        let (Some(account), Some(granted)) = (&token.account, &token.granted) else {
            return Err(invalid().into());
        };
        if !words(&token.claims.scope).any(|scope| scope == "openid") {
            return Err(refuse(ErrorCode::InsufficientScope, "the token lacks the scope openid").into());
        }
        if let Some(lacking) =
            self.lacking(&token, account, now).await.map_err(|error| unavailable(&error))?
        {
            return Err(NotTold::Lacking(lacking));
        }
        let asked = ClaimsRequest::parse_stored(&granted.claims);
        Ok(Some(claims::about(account, &token.claims.scope, &asked.userinfo)))
    }
}

/// Why a client is told nothing.
enum NotTold {
    Refused(OAuthError),
    Lacking(Lacking),
}

impl From<OAuthError> for NotTold {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

/// The token of the header; nowhere else is one looked for. Source: RFC 6750 §2.1, RFC 9700 §4.3.2.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(invalid())?;
    let is_token = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && values.next().is_none();
    if is_token { Ok(Some(token)) } else { Err(invalid()) }
}

const fn invalid() -> OAuthError {
    refuse(ErrorCode::InvalidToken, "the token is not valid, or not any more")
}

/// Nothing was presented, so nothing is said to be wrong with it. Source: RFC 6750 §3.1.
fn unasked() -> Response {
    let challenge = HeaderValue::from_static("Bearer realm=\"userinfo\"");
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
}
