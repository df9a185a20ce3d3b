//! What a resource server may know of a token that was presented to it. Source: RFC 7662.
//!
//! Whoever asks must be one that the token is for, or the client that it was given to: everyone else reads
//! that it is not active, as of a token that never was.

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::claims::{AccessClaims, words};
use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::provider::Oidc;
use super::refresh_token::Presented;
use super::standing::Standing;
use super::store::grant;
use crate::infra::database::WriteError;
use crate::kernel::time::Moment;
use crate::web::context::Ctx;

impl Oidc {
    pub(super) async fn introspect(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Response {
        match self.look_at(ctx, headers, body).await {
            Ok(answer) => ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response(),
            Err(error) => error.into_response(),
        }
    }

    async fn look_at(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Result<Value, OAuthError> {
        let call = self.call(ctx, headers, body).await?;
        // Without a secret of its own anybody could ask in its name. Source: RFC 7662 §2.1, §4.
        if !call.client.is_confidential() {
            return Err(OAuthError::INVALID_CLIENT);
        }
        let token = call.form.filled("token");
        let token = token.ok_or(refuse(ErrorCode::InvalidRequest, "token is missing"))?;
        let answer = match Presented::parse(token) {
            Some(presented) => self.about_refresh(&call, &presented).await,
            None => self.about_access(&call, token).await,
        };
        let answer = answer.map_err(|error| unavailable(&error))?;
        Ok(answer.unwrap_or_else(|| json!({ "active": false })))
    }

    async fn about_access(&self, call: &Call, token: &str) -> Result<Option<Value>, WriteError> {
        let Some(token) = self.access(token, call.origin.now).await? else { return Ok(None) };
        Ok(is_for(&token.claims, call).then(|| access_answer(&token.claims)))
    }

    /// A refresh token is for us alone: only the client that has it may ask.
    async fn about_refresh(&self, call: &Call, presented: &Presented) -> Result<Option<Value>, WriteError> {
        let found = grant::find(self.db(), presented.grant).await?;
        let Some(grant) = found.filter(|grant| grant.client_id == call.client.client_id) else {
            return Ok(None);
        };
        let is_present = i64::from(presented.generation) == grant.generation;
        if !is_present || self.secret_behind(&grant, presented).is_none() {
            return Ok(None);
        }
        let Standing::Stands(account) = self.standing(&grant, call.origin.now).await? else {
            return Ok(None);
        };
        Ok(Some(json!({
            "active": true,
            "iss": self.issuer(),
            "client_id": grant.client_id,
            "sub": account.sub,
            "scope": grant.scope,
            "token_type": "refresh_token",
            "exp": Moment::from_micros(grant.expires_at).unix_seconds(),
            "iat": Moment::from_micros(grant.rotated_at).unix_seconds(),
        })))
    }
}

fn is_for(claims: &AccessClaims, call: &Call) -> bool {
    claims.aud.has(&call.client.client_id) || claims.client_id == call.client.client_id
}

/// Source: RFC 7662 §2.2, RFC 9470 §6.2 (`acr`, `auth_time`).
fn access_answer(claims: &AccessClaims) -> Value {
    let mut answer = json!({
        "active": true,
        "iss": claims.iss,
        "aud": claims.aud,
        "sub": claims.sub,
        "client_id": claims.client_id,
        "scope": words(&claims.scope).collect::<Vec<_>>().join(" "),
        "token_type": "Bearer",
        "exp": claims.exp,
        "iat": claims.iat,
        "jti": claims.jti,
    });
    if let (Some(person), Some(members)) = (&claims.person, answer.as_object_mut()) {
        members.insert("auth_time".to_owned(), person.auth_time.into());
        members.insert("acr".to_owned(), person.acr.clone().into());
        members.insert("amr".to_owned(), person.amr.clone().into());
    }
    answer
}
