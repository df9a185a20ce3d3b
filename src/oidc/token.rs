//! The token endpoint: what a client presents becomes tokens, by the grant that it names. Source: RFC 6749 §3.2, §5.

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse};
use super::issuance::Tokens;
use super::provider::Oidc;
use crate::config::clients::GrantType;
use crate::web::context::Ctx;

impl Oidc {
    pub(super) async fn token(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Response {
        match self.exchange(ctx, headers, body).await {
            Ok(tokens) => ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
            Err(error) => error.into_response(),
        }
    }

    async fn exchange(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Result<Tokens, OAuthError> {
        let call = self.call(ctx, headers, body).await?;
        match asked(&call)? {
            GrantType::AuthorizationCode => self.redeem(&call).await,
            GrantType::RefreshToken => self.refresh(&call).await,
            GrantType::ClientCredentials => self.serve_client(&call).await,
        }
    }
}

/// The grant, when the client is registered for it: the one place where that is asked.
fn asked(call: &Call) -> Result<GrantType, OAuthError> {
    let Some(name) = call.form.filled("grant_type") else {
        return Err(refuse(ErrorCode::InvalidRequest, "grant_type is missing"));
    };
    // There is no password grant and no implicit one. Source: RFC 9700 §2.1.2, §2.4.
    let grant = GrantType::ALL.into_iter().find(|grant| grant.name() == name);
    let grant = grant.ok_or(refuse(ErrorCode::UnsupportedGrantType, "this grant_type is not offered"))?;
    let registered = grant != GrantType::ClientCredentials || call.client.is_confidential();
    if registered && call.client.may_use(grant) {
        return Ok(grant);
    }
    Err(refuse(ErrorCode::UnauthorizedClient, "the client is not registered for this grant"))
}
