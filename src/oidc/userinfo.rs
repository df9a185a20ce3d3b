//! What a client may know of a person. Source: OIDC Core §5.3, RFC 6750.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::claims::{self, ACCESS_TOKEN, AccessClaims};
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::keys::Expected;
use super::provider::Oidc;
use super::store::{self, Epochs};
use crate::account::Account;
use crate::infra::database::WriteError;
use crate::kernel::time::Moment;

/// Longest token that is looked at, in bytes.
const TOKEN_BYTES_MAX: usize = 8192;

impl Oidc {
    pub(super) async fn userinfo(&self, headers: &HeaderMap, now: Moment) -> Response {
        match self.claims_for(headers, now).await {
            Ok(Some(claims)) => ([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response(),
            Ok(None) => unasked(),
            Err(error) => error.into_response(),
        }
    }

    async fn claims_for(
        &self,
        headers: &HeaderMap,
        now: Moment,
    ) -> Result<Option<Map<String, Value>>, OAuthError> {
        let Some(token) = bearer(headers)? else { return Ok(None) };
        let issuer = self.issuer();
        let expected = Expected { kind: ACCESS_TOKEN, issuer, audience: issuer };
        let token: AccessClaims =
            self.parts().keys.current(now).await.verify(token, &expected).ok_or(invalid())?;
        if token.exp <= now.unix_seconds() {
            return Err(invalid());
        }
        let account = self.subject(&token, now).await.map_err(|error| unavailable(&error))?;
        let account = account.ok_or(invalid())?;
        if !token.scope.split(' ').any(|scope| scope == "openid") {
            return Err(refuse(ErrorCode::InsufficientScope, "the token lacks the scope openid"));
        }
        Ok(Some(claims::about(&account, &token.scope)))
    }

    /// The person whom the token stands for, when nothing that it was issued under has changed: client,
    /// grant, session, account.
    async fn subject(&self, token: &AccessClaims, now: Moment) -> Result<Option<Account>, WriteError> {
        if self.parts().clients.get(&token.client_id).is_none() {
            return Ok(None);
        }
        let epochs = store::epochs(self.db(), &token.client_id, &token.grant).await?;
        if epochs != (Epochs { client: token.client_epoch, grant_is_over: false }) {
            return Ok(None);
        }
        let found = self.parts().sessions.by_id(token.sid, now).await.map_err(WriteError::Unavailable)?;
        let account = found.and_then(Result::ok).map(|current| current.account);
        Ok(account
            .filter(|account| account.sub == token.sub && account.gate_for(token.account_epoch, now).is_ok()))
    }
}

/// The token of the header; nowhere else is one looked for. Source: RFC 6750 §2.1, RFC 9700 §4.3.2.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(invalid())?;
    let is_token =
        scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= TOKEN_BYTES_MAX;
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
