//! A code becomes tokens: once, for the client and the person that it was made for.
//! Source: RFC 6749 §4.1.3, RFC 7636 §4.5 and §4.6.

use super::client_auth::Authenticated;
use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::issuance::{InNameOf, Tokens};
use super::pkce;
use super::provider::{Oidc, RECORD_AGAIN};
use super::refresh_token::{GrantSecret, place};
use super::store::code::{self, CODE_USABLE, Code};
use super::store::grant::{self, GRANT_OPEN, Grant};
use crate::config::clients::GrantType;
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::kernel::id::{AccountId, SessionId};
use crate::kernel::secret::{BearerToken, Secret};
use crate::kernel::time::Moment;
use crate::session::Current;
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
    ConsentWithdrawn,
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
            Self::ConsentWithdrawn => "consent_withdrawn",
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
    /// # Errors
    /// As RFC 6749 §5.2 names them.
    pub(super) async fn redeem(&self, call: &Call) -> Result<Tokens, OAuthError> {
        let asked = redemption(&call.form)?;
        let found = code::find(self.db(), &asked.code.digest()).await.map_err(|error| unavailable(&error))?;
        let Some(code) = found.filter(|code| code.client_id == call.client.client_id) else {
            return Err(self.refuse_code(&call.origin, None, Refusal::Unknown).await);
        };
        match self.holder(&code, &asked, call.origin.now).await.map_err(|error| unavailable(&error))? {
            Ok(current) => self.become_tokens(call, &code, &current).await,
            Err(refusal) => Err(self.refuse_code(&call.origin, Some(&code), refusal).await),
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
        if self.parts().clients.epoch_of(&code.client_id) != Some(code.client_epoch) {
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
        let client = self.parts().clients.get(&code.client_id);
        let agreed = match &client {
            Some(client) => self.is_agreed_to(client, code.account_id, &code.scope, &code.claims).await?,
            None => false,
        };
        Ok(if agreed { Ok(current) } else { Err(Refusal::ConsentWithdrawn) })
    }

    /// Uses the code, keeps the grant that it becomes, and records what was given, in one unit; the tokens
    /// leave when it is durable.
    async fn become_tokens(&self, call: &Call, code: &Code, current: &Current) -> Result<Tokens, OAuthError> {
        let now = call.origin.now;
        let (grant, refresh_token) = self.new_grant(&call.client, code, now)?;
        let given = InNameOf {
            grant: &grant,
            account: &current.account,
            scope: &grant.scope,
            nonce: code.nonce.as_deref(),
            refresh_token,
        };
        let issued = self.sign_for_person(&call.client, given, now).await?;
        let mut unit = self.db().unit();
        code::spend(&mut unit, code, now);
        grant::insert(&mut unit, grant);
        let what = What::TokensIssued {
            grant_type: GrantType::AuthorizationCode.name(),
            scope: code.scope.clone(),
            token_ids: vec![issued.jti],
        };
        let event = Event::of(what, current.account.id).named(&current.account.login);
        let origin = call.origin.with_session(current.session.id);
        match self.record_and_write(unit, &origin, event).await {
            Ok(()) => Ok(issued.tokens),
            // Another redemption of the same code was a moment faster, or it was taken back with its consent.
            Err(WriteError::Refused(CODE_USABLE)) => {
                let there = code::find(self.db(), &code.code).await.map_err(|error| unavailable(&error))?;
                let why = if there.is_some() { Refusal::Replayed } else { Refusal::Unknown };
                Err(self.refuse_code(&origin, there.as_ref(), why).await)
            }
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// The grant that a code becomes, with its first refresh token where the client is registered for them.
    fn new_grant(
        &self,
        client: &Authenticated,
        code: &Code,
        now: Moment,
    ) -> Result<(Grant, Option<String>), OAuthError> {
        let parts = self.parts();
        let mut life = self.access_life(client);
        let mut refresh = None;
        if client.may_use(GrantType::RefreshToken) {
            life = client.refresh_token_life.unwrap_or(parts.lives.refresh_token);
            let secret = parts.entropy.bytes::<32>().to_vec();
            let sealed = parts.ring.seal(place(&code.grant_id.to_string()), &secret, &parts.entropy);
            let sealed = sealed.map_err(|error| {
                tracing::error!(%error, "a refresh token could not be sealed");
                refuse(ErrorCode::TemporarilyUnavailable, "try again in some seconds")
            })?;
            let token = GrantSecret::new(Secret::new(secret)).token(code.grant_id, 1);
            refresh = Some((sealed, token));
        }
        let (refresh_secret, token) = refresh.unzip();
        let grant = Grant {
            id: code.grant_id,
            client_id: code.client_id.clone(),
            account_id: code.account_id,
            session_id: code.session_id,
            offline: super::claims::words(&code.scope).any(|name| name == "offline_access"),
            scope: code.scope.clone(),
            claims: code.claims.clone(),
            audience: code.audience.clone(),
            acr: code.acr.clone(),
            amr: code.amr.clone(),
            authenticated_at: code.authenticated_at,
            account_epoch: code.account_epoch,
            client_epoch: code.client_epoch,
            generation: i64::from(token.is_some()),
            refresh_secret,
            rotated_at: now.micros(),
            created_at: now.micros(),
            expires_at: now.plus(life).micros(),
            ended_at: None,
        };
        Ok((grant, token))
    }

    /// Records why, and does what follows from it: a wrong verifier uses the code up, since whoever holds
    /// a code without its verifier took it from someone, and must not try again; a second use ends what
    /// the first one gave. Source: RFC 6749 §4.1.2, RFC 9700 §4.5.
    async fn refuse_code(&self, origin: &Origin, code: Option<&Code>, refusal: Refusal) -> OAuthError {
        let answer = refuse(ErrorCode::InvalidGrant, "the code is not valid for this request");
        let what = What::TokenRefused { error: refusal.name().to_owned() };
        let written = match (code, refusal) {
            (None, _) => self.record_sometimes(origin, what, refusal.name()).await,
            (Some(code), Refusal::Replayed) => self.end_replayed(origin, code).await,
            (Some(code), Refusal::WrongVerifier) => {
                let mut unit = self.db().unit();
                code::spend(&mut unit, code, origin.now);
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

    /// Ends what the first use gave, and tells of it, both or neither. Once it is over there is nothing more to
    /// tell: a thief who repeats the code must not fill the log.
    async fn end_replayed(&self, origin: &Origin, code: &Code) -> Result<(), WriteError> {
        let mut unit = self.db().unit();
        grant::end(&mut unit, code.grant_id, origin.now);
        let event = event_of(What::CodeReplayed, code);
        match self.record_and_write(unit, &about(origin, code), event).await {
            Err(WriteError::Refused(GRANT_OPEN)) => Ok(()),
            written => written,
        }
    }

    /// Whether this refusal of this code was not recorded a minute ago.
    async fn is_news(&self, origin: &Origin, code: &Code, refusal: Refusal) -> bool {
        let key = format!("code-refusal {} {}", code.grant_id, refusal.name());
        self.parts().state.first_time(&key, RECORD_AGAIN, origin.now).await
    }
}

fn redemption(form: &Params) -> Result<Redemption, OAuthError> {
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
