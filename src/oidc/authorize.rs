//! The authorization endpoint: from a request to a code, at once or after the person has signed in and, where
//! the application is not the house's own, agreed.

use axum::response::Response;

use super::addressee::{Addressee, Untrusted, addressee};
use super::answer::Return;
use super::consent::{self, one_by_one};
use super::decision::{Decision, decide};
use super::error::{ErrorCode, OAuthError, refuse};
use super::provider::Oidc;
use super::request::{self, AuthorizationRequest};
use super::store::code::{self, Code};
use super::store::consent::{self as consents, Consent};
use super::untrusted::Sent;
use crate::config::clients::GrantType;
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::infra::state::Admission;
use crate::journey::service::NewJourney;
use crate::journey::{Journey, Purpose, Target};
use crate::kernel::id::JourneyId;
use crate::kernel::secret::BearerToken;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::page::ErrorKind;
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath, see_other};

/// A checked request on its way.
pub(super) struct Asked<'a> {
    pub ctx: &'a Ctx,
    pub to: &'a Addressee,
    pub request: &'a AuthorizationRequest,
    /// What the person comes back from; used up with the answer.
    pub journey: Option<&'a Journey>,
    /// The person has agreed just now.
    pub agreed: bool,
}

/// What a person comes back to: a journey that ended, and the request that it was begun for.
pub(super) struct Pending<'a> {
    pub journey: Journey,
    pub to: Addressee,
    pub request: AuthorizationRequest,
    pub current: &'a Current,
}

impl Oidc {
    /// Source: OIDC Core §3.1.2.1 to §3.1.2.6.
    pub(super) async fn authorize(&self, ctx: &Ctx, params: &Params, current: Option<&Current>) -> Response {
        let outcome = match addressee(params, &self.parts().clients) {
            Ok(to) => self.hear(ctx, params, &to, current).await,
            Err(untrusted) => {
                let (client_id, address) = (params.filled("client_id"), params.filled("redirect_uri"));
                let sent = Sent { client_id, address };
                self.not_trusted(ctx, untrusted, sent, current).await
            }
        };
        outcome.unwrap_or_else(|error| respond::write_error(ctx, &error))
    }

    async fn hear(
        &self,
        ctx: &Ctx,
        params: &Params,
        to: &Addressee,
        current: Option<&Current>,
    ) -> Result<Response, WriteError> {
        let request = match request::check(params, to, self.parts().rungs.highest) {
            Ok(request) => request.about(self.hinted(params, to, ctx.now()).await),
            Err(error) => return self.refuse(ctx, to, error).await,
        };
        let asked = Asked { ctx, to, request: &request, journey: None, agreed: false };
        self.go_on(&asked, current).await
    }

    /// The person comes back from a journey that ended: what it was for is handed out, once.
    pub(super) async fn resume(&self, ctx: &Ctx, current: Option<&Current>) -> Response {
        let outcome = self.finish(ctx, current).await;
        outcome.unwrap_or_else(|error| respond::write_error(ctx, &error))
    }

    async fn finish(&self, ctx: &Ctx, current: Option<&Current>) -> Result<Response, WriteError> {
        let Pending { journey, to, request, current } =
            match self.pending(ctx, ctx.query().filled("journey"), current).await? {
                Ok(pending) => pending,
                Err(answer) => return Ok(answer),
            };
        let asked = Asked { ctx, to: &to, request: &request, journey: Some(&journey), agreed: false };
        self.go_on(&asked, Some(current)).await
    }

    /// A journey of this browser that this very person finished, with its request as the client may still make
    /// it; or what is answered instead.
    pub(super) async fn pending<'a>(
        &self,
        ctx: &Ctx,
        journey: Option<&str>,
        current: Option<&'a Current>,
    ) -> Result<Result<Pending<'a>, Response>, WriteError> {
        let expired = || Ok(Err(respond::error(ctx, ErrorKind::Expired, None)));
        let id: Option<JourneyId> = journey.and_then(|id| id.parse().ok());
        let Some(id) = id else { return expired() };
        let journey = self.parts().journeys.find(id, ctx.browser().id, ctx.now()).await;
        let Some(journey) = journey.map_err(WriteError::Unavailable)? else { return expired() };
        if journey.finished_at.is_none() {
            return Ok(Err(see_other(&PortalPath::with("/sign-in", "journey", journey.id))));
        }
        let Some(request) = written_down(&journey.target) else { return expired() };
        let Some(current) = current.filter(|current| journey.account == Some(current.account.id)) else {
            return expired();
        };
        let to = match self.still_registered(&request) {
            Ok(to) => to,
            Err(untrusted) => {
                let (client_id, address) = (Some(&*request.client_id), Some(&*request.redirect_uri));
                let sent = Sent { client_id, address };
                return self.not_trusted(ctx, untrusted, sent, Some(current)).await.map(Err);
            }
        };
        let Some(request) = request.within(&to.client) else {
            let error = refuse(ErrorCode::InvalidScope, "the client is not registered for openid any more");
            return self.refuse(ctx, &to, error).await.map(Err);
        };
        Ok(Ok(Pending { journey, to, request, current }))
    }

    /// The registration may have changed while the person signed in.
    fn still_registered(&self, request: &AuthorizationRequest) -> Result<Addressee, Untrusted> {
        let client = self.parts().clients.get(&request.client_id);
        let client = client.filter(|client| client.may_use(GrantType::AuthorizationCode));
        let client = client.ok_or(Untrusted::Client)?;
        if !super::client::is_registered(&client, &request.redirect_uri) {
            return Err(Untrusted::RedirectUri);
        }
        Ok(Addressee {
            client,
            redirect_uri: request.redirect_uri.clone(),
            state: request.state.clone(),
            mode: request.response_mode,
        })
    }

    pub(super) async fn go_on(
        &self,
        asked: &Asked<'_>,
        current: Option<&Current>,
    ) -> Result<Response, WriteError> {
        let &Asked { ctx, to, request, journey, .. } = asked;
        let proved_since = journey.map(|journey| journey.created_at);
        match decide(request, current, self.parts().rungs, proved_since, ctx.now()) {
            Decision::Issue(current) => self.hand_out(asked, current).await,
            Decision::Journey { purpose, required } => {
                let login = match current.filter(|_| purpose == Purpose::StepUp) {
                    Some(current) => current.account.login.clone(),
                    None => request.login_hint.clone(),
                };
                let target = written(asked);
                self.begin(asked, NewJourney { purpose, required, login, target }).await
            }
            Decision::Refuse(code) => self.refuse(ctx, to, not_possible(code)).await,
        }
    }

    /// A code for a session that is enough, unless the person has first to agree.
    async fn hand_out(&self, asked: &Asked<'_>, current: &Current) -> Result<Response, WriteError> {
        let request = asked.request;
        if asked.to.client.trusted {
            return self.issue(asked, current, None).await;
        }
        let (account, epoch) = (current.account.id, asked.to.client.epoch());
        let before = consents::find(self.db(), account.uuid(), &request.client_id, epoch).await?;
        if asked.agreed {
            let given = consent::joined(before.as_ref(), request, account, epoch, asked.ctx.now());
            return self.issue(asked, current, Some(given)).await;
        }
        let is_covered =
            before.is_some_and(|before| consent::covers(&before, &request.scope, &request.claims));
        if is_covered && !request.asks_consent {
            return self.issue(asked, current, None).await;
        }
        self.ask_for_consent(asked, current).await
    }

    /// Sends the person to sign in, with the checked request written down.
    async fn begin(&self, asked: &Asked<'_>, new: NewJourney) -> Result<Response, WriteError> {
        let ctx = asked.ctx;
        if let Some(refused) = self.too_many_journeys(ctx).await {
            return Ok(refused);
        }
        let journeys = &self.parts().journeys;
        let journey = journeys.plan(new, ctx.now());
        let mut unit = self.db().unit();
        journeys.begin(&mut unit, &journey, ctx.browser().id);
        // No event: nobody has proved anything yet.
        self.db().write(unit).await?;
        Ok(see_other(&in_language(PortalPath::with("/sign-in", "journey", journey.id), asked.request)))
    }

    /// A journey is a row that anyone can cause: one source may cause so many.
    pub(super) async fn too_many_journeys(&self, ctx: &Ctx) -> Option<Response> {
        let (source, limit) = (ctx.origin().source(), self.parts().journeys_per_source);
        match self.parts().state.admit_source("journeys", &source, limit, ctx.now()).await {
            Admission::Admitted => None,
            Admission::Refused { retry_after } => {
                let minutes = u32::try_from(retry_after.as_secs().div_ceil(60).max(1)).unwrap_or(1);
                let page = respond::error(ctx, ErrorKind::TooMany { minutes }, None);
                Some(respond::with_retry_after(page, retry_after))
            }
        }
    }

    /// What is answered when nothing may be issued to this session for this client.
    pub(super) async fn closed_to(
        &self,
        asked: &Asked<'_>,
        current: &Current,
    ) -> Result<Option<Response>, WriteError> {
        let &Asked { ctx, to, request, .. } = asked;
        if current.session.check(&current.account, ctx.now()).is_err() {
            return Ok(Some(respond::error(ctx, ErrorKind::Expired, None)));
        }
        if !self.may_enter(&current.account, &request.client_id, ctx.now()) {
            let error = refuse(ErrorCode::AccessDenied, "the person may not use this application");
            return self.refuse(ctx, to, error).await.map(Some);
        }
        Ok(None)
    }

    /// Issues a code for a session that was just checked. The journey is used up, and what the person agreed
    /// to is kept, in the same unit.
    async fn issue(
        &self,
        asked: &Asked<'_>,
        current: &Current,
        consent: Option<Consent>,
    ) -> Result<Response, WriteError> {
        if let Some(answer) = self.closed_to(asked, current).await? {
            return Ok(answer);
        }
        let &Asked { ctx, to, request, journey, .. } = asked;
        let (Current { session, account }, now, parts) = (current, ctx.now(), self.parts());
        let client_epoch = to.client.epoch();
        let code = BearerToken::new(&parts.entropy);
        let origin = on_the_way(ctx, &request.client_id, journey).with_session(session.id);
        let mut unit = self.db().unit();
        if let Some(journey) = journey {
            parts.journeys.consume(&mut unit, journey, ctx.browser().id, now);
        }
        if let Some(consent) = consent {
            consents::keep(&mut unit, consent);
            let what = What::ConsentGiven { scope: request.scope.clone(), claims: single_claims(request) };
            let event = Event::of(what, account.id).named(&account.login);
            parts.log.record(&mut unit, &origin, event).await?;
        }
        let row = Code {
            code: code.digest(),
            grant_id: self.new_grant_id(),
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            account_id: account.id.uuid(),
            session_id: session.id.uuid(),
            scope: request.scope.clone(),
            claims: request.claims.stored(),
            audience: request.audience.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            acr: request.acr_told(session.acr).name().to_owned(),
            amr: session.amr.iter().map(|amr| amr.name()).collect::<Vec<_>>().join(" "),
            authenticated_at: session.authenticated_at.micros(),
            account_epoch: account.epoch,
            client_epoch,
            created_at: now.micros(),
            expires_at: now.plus(parts.lives.code).micros(),
            used_at: None,
        };
        code::insert(&mut unit, row);
        parts.sessions.reached(&mut unit, session.id, &request.client_id, now);
        let what = What::CodeIssued { scope: request.scope.clone() };
        let event = Event::of(what, account.id).named(&account.login);
        parts.log.record(&mut unit, &origin, event).await?;
        self.db().write(unit).await?;
        Ok(self.back(ctx, to).code(code.expose()))
    }

    pub(super) fn back<'a>(&'a self, ctx: &'a Ctx, to: &'a Addressee) -> Return<'a> {
        Return { ctx, issuer: self.issuer(), to }
    }

    /// Tells the client, by the way that it asked for.
    pub(super) async fn refuse(
        &self,
        ctx: &Ctx,
        to: &Addressee,
        error: OAuthError,
    ) -> Result<Response, WriteError> {
        if !error.code.is_ordinary() {
            let what = What::AuthorizationRefused { error: error.code.name().to_owned() };
            let origin = on_the_way(ctx, &to.client.client_id, None);
            self.record_sometimes(&origin, what, error.code.name()).await?;
        }
        Ok(self.back(ctx, to).error(error))
    }
}

/// The request as a journey carries it.
pub(super) fn written(asked: &Asked<'_>) -> Target {
    let Asked { ctx, to, request, .. } = asked;
    let language = request.language.unwrap_or_else(|| ctx.text().language());
    Target::Authorization {
        client_id: request.client_id.clone(),
        client_name: to.client.client_name.get(language).to_owned(),
        // Cannot fail: texts, numbers and names.
        request: serde_json::to_string(request).unwrap_or_default(),
    }
}

fn written_down(target: &Target) -> Option<AuthorizationRequest> {
    let Target::Authorization { request, .. } = target else { return None };
    serde_json::from_str(request).ok()
}

/// A page in the language that the client asked for, where it did.
pub(super) fn in_language(page: PortalPath, request: &AuthorizationRequest) -> PortalPath {
    match request.language {
        Some(language) => page.and("lang", language.code()),
        None => page,
    }
}

pub(super) fn on_the_way(ctx: &Ctx, client_id: &str, journey: Option<&Journey>) -> Origin {
    let origin = ctx.origin().with_application(client_id);
    journey.map_or_else(|| origin.clone(), |journey| origin.with_journey(journey.id))
}

/// The claims that were asked for beyond the scope, for a record.
pub(super) fn single_claims(request: &AuthorizationRequest) -> String {
    one_by_one(request).collect::<Vec<_>>().join(" ")
}

fn not_possible(code: ErrorCode) -> OAuthError {
    let why = if code == ErrorCode::UnmetAuthenticationRequirements {
        "the required assurance cannot be reached"
    } else {
        "the person has to sign in or to prove more"
    };
    refuse(code, why)
}
