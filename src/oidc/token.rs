//! The token endpoint: a code becomes tokens, once, for the client and the person that it was made for.

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::claims;
use super::client_auth::{Authenticated, authenticate, claimed};
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::issuance::Tokens;
use super::pkce;
use super::provider::RECORD_AGAIN;
use super::provider::{Oidc, called_by};
use super::store::{self, CODE_USABLE, Code};
use crate::config::clients::GrantType;
use crate::event::{Event, Origin, What};
use crate::infra::database::{Unit, WriteError};
use crate::kernel::id::{AccountId, SessionId};
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::form;
use crate::web::params::Params;

/// Why a code gives nothing. The log knows; the client is told `invalid_grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// Nobody has this code, or another client has it.
    Unknown,
    OtherAddress,
    Expired,
    Replayed,
    WrongVerifier,
    SessionOver,
    ClientChanged,
    NotPermitted,
}

impl Refusal {
    const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_code",
            Self::OtherAddress => "other_redirect_uri",
            Self::Expired => "expired_code",
            Self::Replayed => "replayed_code",
            Self::WrongVerifier => "wrong_code_verifier",
            Self::SessionOver => "session_over",
            Self::ClientChanged => "client_changed",
            Self::NotPermitted => "not_permitted",
        }
    }
}

/// What a client sends to redeem a code.
struct Redemption {
    code: BearerToken,
    redirect_uri: String,
    verifier: String,
}

impl Oidc {
    /// Source: RFC 6749 §4.1.3, §5.
    pub(super) async fn token(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Response {
        match self.exchange(ctx, headers, body).await {
            Ok(tokens) => ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
            Err(error) => error.into_response(),
        }
    }

    async fn exchange(&self, ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Result<Tokens, OAuthError> {
        let form = read_form(headers, body)?;
        // What is no text is no credential either.
        let authorization =
            headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        let client = match authenticate(authorization, &form, &self.parts().clients) {
            Ok(client) => client,
            Err(error) => return Err(self.stranger(ctx, claimed(authorization, &form), error).await),
        };
        match form.filled("grant_type") {
            Some("authorization_code") => self.redeem(ctx, &client, redemption(&form, &client)?).await,
            Some(_) => Err(refuse(ErrorCode::UnsupportedGrantType, "grant_type must be authorization_code")),
            None => Err(refuse(ErrorCode::InvalidRequest, "grant_type is missing")),
        }
    }

    async fn redeem(
        &self,
        ctx: &Ctx,
        client: &Authenticated,
        asked: Redemption,
    ) -> Result<Tokens, OAuthError> {
        let origin = called_by(ctx.origin(), &client.client_id);
        let found =
            store::code(self.db(), &asked.code.digest()).await.map_err(|error| unavailable(&error))?;
        let Some(code) = found.filter(|code| code.client_id == client.client_id) else {
            return Err(self.refuse_code(&origin, None, Refusal::Unknown).await);
        };
        match self.holder(&code, &asked, ctx.now()).await.map_err(|error| unavailable(&error))? {
            Ok(current) => self.issue_tokens(&origin, client, &code, &current).await,
            Err(refusal) => Err(self.refuse_code(&origin, Some(&code), refusal).await),
        }
    }

    /// The person whom the code stands for, when everything is as it was when it was issued.
    async fn holder(
        &self,
        code: &Code,
        asked: &Redemption,
        now: Moment,
    ) -> Result<Result<Current, Refusal>, WriteError> {
        if code.used_at.is_some() {
            return Ok(Err(Refusal::Replayed));
        }
        if code.expires_at <= now.micros() {
            return Ok(Err(Refusal::Expired));
        }
        if code.redirect_uri != asked.redirect_uri {
            return Ok(Err(Refusal::OtherAddress));
        }
        if !pkce::matches(&asked.verifier, &code.challenge) {
            return Ok(Err(Refusal::WrongVerifier));
        }
        if store::client_epoch(self.db(), &code.client_id).await? != code.client_epoch {
            return Ok(Err(Refusal::ClientChanged));
        }
        let session = SessionId::from_uuid(code.session_id);
        let found = self.parts().sessions.by_id(session, now).await.map_err(WriteError::Unavailable)?;
        let current = found.and_then(Result::ok).filter(|current| {
            let account = &current.account;
            account.id.uuid() == code.account_id && account.gate_for(code.account_epoch, now).is_ok()
        });
        let Some(current) = current else { return Ok(Err(Refusal::SessionOver)) };
        if !self.may_enter(&current.account, &code.client_id, now) {
            return Ok(Err(Refusal::NotPermitted));
        }
        Ok(Ok(current))
    }

    /// Uses the code and records what was given in one unit; the tokens leave when it is durable.
    async fn issue_tokens(
        &self,
        origin: &Origin,
        client: &Authenticated,
        code: &Code,
        current: &Current,
    ) -> Result<Tokens, OAuthError> {
        let (tokens, id) = self.sign(client, code, current, origin.now).await.map_err(|error| {
            tracing::error!(%error, "tokens could not be signed");
            refuse(ErrorCode::TemporarilyUnavailable, "try again in some seconds")
        })?;
        let mut unit = self.db().unit();
        store::use_code(&mut unit, code, origin.now);
        let what = What::TokensIssued { scope: code.scope.clone(), token_ids: vec![id] };
        let event = Event::of(what, current.account.id).named(&current.account.login);
        let origin = origin.with_session(current.session.id);
        match self.record_and_write(unit, &origin, event).await {
            Ok(()) => Ok(tokens),
            // Another redemption of the same code was a moment faster.
            Err(WriteError::Refused(CODE_USABLE)) => {
                Err(self.refuse_code(&origin, Some(code), Refusal::Replayed).await)
            }
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Records why, and does what follows from it: a wrong verifier uses the code up, since whoever holds
    /// a code without its verifier took it from someone, and must not try again; a second use ends what
    /// the first one gave. Source: RFC 6749 §4.1.2, RFC 9700 §4.5.
    async fn refuse_code(&self, origin: &Origin, code: Option<&Code>, refusal: Refusal) -> OAuthError {
        let answer = refuse(ErrorCode::InvalidGrant, "the code is not valid for this request");
        let what = What::TokenRefused { error: refusal.name().to_owned() };
        let written = match (code, refusal) {
            (None, _) => self.record_sometimes(origin, what, refusal.name()).await,
            (Some(code), Refusal::Replayed) => {
                let mut unit = self.db().unit();
                store::end_grant(&mut unit, &claims::grant_of(code), origin.now);
                if self.is_news(origin, code, refusal).await {
                    self.record_and_write(unit, &about(origin, code), event_of(What::CodeReplayed, code))
                        .await
                } else {
                    // No event: the first one told, and a thief who repeats it must not fill the log.
                    self.db().write(unit).await.map(|_| ())
                }
            }
            (Some(code), Refusal::WrongVerifier) => {
                let mut unit = self.db().unit();
                store::use_code(&mut unit, code, origin.now);
                self.record_and_write(unit, &about(origin, code), event_of(what, code)).await
            }
            (Some(code), _) if !self.is_news(origin, code, refusal).await => Ok(()),
            (Some(code), _) => {
                let unit = self.db().unit();
                self.record_and_write(unit, &about(origin, code), event_of(what, code)).await
            }
        };
        match written {
            // Used by someone else in the meantime: there is nothing left to use up.
            Ok(()) | Err(WriteError::Refused(CODE_USABLE)) => answer,
            Err(error) => unavailable(&error),
        }
    }

    /// Whether this refusal of this code was not recorded a minute ago.
    async fn is_news(&self, origin: &Origin, code: &Code, refusal: Refusal) -> bool {
        let key = format!("code-refusal {} {}", claims::grant_of(code), refusal.name());
        self.parts().state.first_time(&key, RECORD_AGAIN, origin.now).await
    }

    /// Records a client that did not prove itself.
    async fn stranger(&self, ctx: &Ctx, claimed: Option<String>, error: OAuthError) -> OAuthError {
        if error.code != ErrorCode::InvalidClient {
            return error;
        }
        let known = claimed.filter(|id| self.parts().clients.get(id).is_some());
        let origin = known.map_or_else(|| ctx.origin().clone(), |id| ctx.origin().with_application(&id));
        let what = What::TokenRefused { error: error.code.name().to_owned() };
        match self.record_sometimes(&origin, what, error.code.name()).await {
            Ok(()) => error,
            Err(failed) => unavailable(&failed),
        }
    }

    async fn record_and_write(
        &self,
        mut unit: Unit,
        origin: &Origin,
        event: Event,
    ) -> Result<(), WriteError> {
        self.parts().log.record(&mut unit, origin, event).await?;
        self.db().write(unit).await.map(|_| ())
    }
}

fn read_form(headers: &HeaderMap, body: &Bytes) -> Result<Params, OAuthError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    form::parse(content_type, body)
        .map_err(|_| refuse(ErrorCode::InvalidRequest, "the body is not a form with each parameter once"))
}

/// Source: RFC 6749 §4.1.3, RFC 7636 §4.5.
fn redemption(form: &Params, client: &Authenticated) -> Result<Redemption, OAuthError> {
    if !client.may_use(GrantType::AuthorizationCode) {
        return Err(refuse(ErrorCode::UnauthorizedClient, "the client is not registered for this grant"));
    }
    let missing = |why| refuse(ErrorCode::InvalidRequest, why);
    let code = form.filled("code").ok_or(missing("code is missing"))?;
    let redirect_uri = form.filled("redirect_uri").ok_or(missing("redirect_uri is missing"))?;
    let verifier = form
        .filled("code_verifier")
        .filter(|verifier| pkce::is_verifier(verifier))
        .ok_or(missing("code_verifier is missing or has another form"))?;
    let unknown = refuse(ErrorCode::InvalidGrant, "the code is not valid for this request");
    Ok(Redemption {
        code: BearerToken::parse(code).ok_or(unknown)?,
        redirect_uri: redirect_uri.to_owned(),
        verifier: verifier.to_owned(),
    })
}

fn about(origin: &Origin, code: &Code) -> Origin {
    origin.with_session(SessionId::from_uuid(code.session_id))
}

fn event_of(what: What, code: &Code) -> Event {
    Event::of(what, AccountId::from_uuid(code.account_id))
}
