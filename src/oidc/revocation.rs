//! A client gives back what it was given. Source: RFC 7009.
//!
//! A refresh token ends its grant with all that came of it; an access token ends alone.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::presented::mark;
use super::provider::Oidc;
use super::refresh_token::Presented;
use super::store::grant::{self, GRANT_OPEN};
use super::store::single_use::{self, Kind};
use crate::event::{Event, What};
use crate::infra::database::WriteError;
use crate::kernel::id::{AccountId, SessionId};
use crate::kernel::time::Moment;
use crate::web::context::Ctx;

/// What became of a token that was given back.
enum Found {
    Revoked,
    /// Nobody has it, or not any more: there is nothing to do. Source: RFC 7009 §2.2.
    Nothing,
    /// It was given to somebody else. Source: RFC 7009 §2.1.
    NotYours,
}

impl Oidc {
    pub(super) async fn revoke(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Response {
        match self.take_back(ctx, headers, body).await {
            Ok(()) => (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response(),
            Err(error) => error.into_response(),
        }
    }

    async fn take_back(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Result<(), OAuthError> {
        let call = self.call(ctx, headers, body).await?;
        let token = call.form.filled("token");
        let token = token.ok_or(refuse(ErrorCode::InvalidRequest, "token is missing"))?;
        let found = match Presented::parse(token) {
            Some(presented) => self.revoke_refresh(&call, &presented).await,
            None => self.revoke_access(&call, token).await,
        };
        match found.map_err(|error| unavailable(&error))? {
            Found::Revoked | Found::Nothing => Ok(()),
            Found::NotYours => {
                Err(refuse(ErrorCode::UnauthorizedClient, "the token was given to another client"))
            }
        }
    }

    async fn revoke_refresh(&self, call: &Call, presented: &Presented) -> Result<Found, WriteError> {
        let found = grant::find(self.db(), presented.grant).await?;
        let Some(grant) = found.filter(|grant| self.secret_behind(grant, presented).is_some()) else {
            return Ok(Found::Nothing);
        };
        if grant.client_id != call.client.client_id {
            return Ok(Found::NotYours);
        }
        let mut unit = self.db().unit();
        grant::end(&mut unit, grant.id, call.origin.now);
        let what = What::TokenRevoked { token: "refresh_token" };
        let event = Event::of(what, AccountId::from_uuid(grant.account_id));
        let origin = call.origin.with_session(SessionId::from_uuid(grant.session_id));
        match self.record_and_write(unit, &origin, event).await {
            Ok(()) => Ok(Found::Revoked),
            Err(WriteError::Refused(GRANT_OPEN)) => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }

    async fn revoke_access(&self, call: &Call, token: &str) -> Result<Found, WriteError> {
        let now = call.origin.now;
        let Some(claims) = self.signed_access(token, now).await else { return Ok(Found::Nothing) };
        if claims.client_id != call.client.client_id {
            return Ok(Found::NotYours);
        }
        let mark = mark(&claims.jti);
        if single_use::is_noted(self.db(), Kind::RevokedToken, &mark).await? {
            return Ok(Found::Nothing);
        }
        let granted = match &claims.person {
            Some(person) => grant::find(self.db(), person.grant).await?,
            None => None,
        };
        let mut unit = self.db().unit();
        single_use::note(&mut unit, Kind::RevokedToken, &mark, Moment::from_unix_seconds(claims.exp));
        let what = What::TokenRevoked { token: "access_token" };
        let (event, origin) = match granted {
            Some(grant) => (
                Event::of(what, AccountId::from_uuid(grant.account_id)),
                call.origin.with_session(SessionId::from_uuid(grant.session_id)),
            ),
            None => (Event::new(what), call.origin.clone()),
        };
        self.record_and_write(unit, &origin, event).await?;
        Ok(Found::Revoked)
    }
}
