//! The authorization endpoint: from a request to a code, at once or after the person has signed in.

use axum::response::Response;

use super::addressee::{Addressee, Untrusted, addressee};
use super::answer::Return;
use super::decision::{Decision, decide};
use super::error::{ErrorCode, OAuthError, refuse};
use super::provider::Oidc;
use super::request::{self, AuthorizationRequest};
use super::store::{self, Code};
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

/// Refusals of one source and cause share a case code for this long.
const CASE_CODE_WINDOW_SECONDS: i64 = 60;

impl Oidc {
    /// Source: OIDC Core §3.1.2.1 to §3.1.2.6.
    pub(super) async fn authorize(&self, ctx: &Ctx, params: &Params, current: Option<&Current>) -> Response {
        let outcome = match addressee(params, &self.parts().clients) {
            Ok(to) => self.answer(ctx, params, &to, current).await,
            Err(untrusted) => self.not_trusted(ctx, params.filled("client_id"), untrusted).await,
        };
        outcome.unwrap_or_else(|error| respond::write_error(ctx, &error))
    }

    async fn answer(
        &self,
        ctx: &Ctx,
        params: &Params,
        to: &Addressee,
        current: Option<&Current>,
    ) -> Result<Response, WriteError> {
        let request = match request::check(params, to) {
            Ok(request) => {
                AuthorizationRequest { subject: self.hinted(params, to, ctx.now()).await, ..request }
            }
            Err(error) => return self.refuse(ctx, to, error).await,
        };
        match decide(&request, current, self.parts().least, None, ctx.now()) {
            Decision::Issue(current) => self.issue(ctx, to, &request, current, None).await,
            Decision::Journey { purpose, required } => {
                let login = match current.filter(|_| purpose == Purpose::StepUp) {
                    Some(current) => current.account.login.clone(),
                    None => request.login_hint.clone(),
                };
                self.begin(ctx, to, &request, NewJourney { purpose, required, login, target: Target::Home })
                    .await
            }
            Decision::Refuse(code) => self.refuse(ctx, to, not_possible(code)).await,
        }
    }

    /// The person comes back from a journey that ended: what it was for is handed out, once.
    pub(super) async fn resume(&self, ctx: &Ctx, current: Option<&Current>) -> Response {
        let outcome = self.finish(ctx, current).await;
        outcome.unwrap_or_else(|error| respond::write_error(ctx, &error))
    }

    async fn finish(&self, ctx: &Ctx, current: Option<&Current>) -> Result<Response, WriteError> {
        let expired = || respond::error(ctx, ErrorKind::Expired, None);
        let Some(journey) = self.journey(ctx).await? else { return Ok(expired()) };
        if journey.finished_at.is_none() {
            return Ok(see_other(&PortalPath::with("/sign-in", "journey", journey.id)));
        }
        let Some(request) = pending(&journey.target) else { return Ok(expired()) };
        // The session of this very person, or none.
        let Some(current) = current.filter(|current| journey.account == Some(current.account.id)) else {
            return Ok(expired());
        };
        let to = match self.still_registered(&request) {
            Ok(to) => to,
            Err(untrusted) => return self.not_trusted(ctx, Some(&request.client_id), untrusted).await,
        };
        match decide(&request, Some(current), self.parts().least, Some(journey.created_at), ctx.now()) {
            Decision::Issue(current) => self.issue(ctx, &to, &request, current, Some(&journey)).await,
            Decision::Journey { purpose, required } => {
                let login = current.account.login.clone();
                self.begin(ctx, &to, &request, NewJourney { purpose, required, login, target: Target::Home })
                    .await
            }
            Decision::Refuse(code) => self.refuse(ctx, &to, not_possible(code)).await,
        }
    }

    async fn journey(&self, ctx: &Ctx) -> Result<Option<Journey>, WriteError> {
        let id: Option<JourneyId> = ctx.query().filled("journey").and_then(|id| id.parse().ok());
        let Some(id) = id else { return Ok(None) };
        let journey = self.parts().journeys.find(id, ctx.browser().id, ctx.now()).await;
        journey.map_err(WriteError::Unavailable)
    }

    /// The registration may have changed while the person signed in.
    fn still_registered(&self, request: &AuthorizationRequest) -> Result<Addressee, Untrusted> {
        let client = self.parts().clients.get(&request.client_id).ok_or(Untrusted::Client)?;
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(Untrusted::Client);
        }
        if !super::client::is_registered(&client, &request.redirect_uri) {
            return Err(Untrusted::RedirectUri);
        }
        Ok(Addressee { client, redirect_uri: request.redirect_uri.clone(), state: request.state.clone() })
    }

    /// Sends the person to sign in, with the checked request written down.
    async fn begin(
        &self,
        ctx: &Ctx,
        to: &Addressee,
        request: &AuthorizationRequest,
        new: NewJourney,
    ) -> Result<Response, WriteError> {
        let language = request.language.unwrap_or_else(|| ctx.text().language());
        let target = Target::Authorization {
            client_id: request.client_id.clone(),
            client_name: to.client.client_name.get(language).to_owned(),
            // Cannot fail: texts, numbers and names.
            request: serde_json::to_string(request).unwrap_or_default(),
        };
        if let Some(refused) = self.too_many_journeys(ctx).await {
            return Ok(refused);
        }
        let journeys = &self.parts().journeys;
        let journey = journeys.plan(NewJourney { target, ..new }, ctx.now());
        let mut unit = self.db().unit();
        journeys.begin(&mut unit, &journey, ctx.browser().id);
        // No event: nobody has proved anything yet.
        self.db().write(unit).await?;
        let page = PortalPath::with("/sign-in", "journey", journey.id);
        Ok(see_other(&match request.language {
            Some(language) => page.and("lang", language.code()),
            None => page,
        }))
    }

    /// A journey is a row that anyone can cause: one source may cause so many.
    async fn too_many_journeys(&self, ctx: &Ctx) -> Option<Response> {
        let key = format!("journeys:{}", ctx.origin().source());
        match self.parts().state.admit(&key, self.parts().journeys_per_source, ctx.now()).await {
            Admission::Admitted => None,
            Admission::Refused { retry_after } => {
                let minutes = u32::try_from(retry_after.as_secs().div_ceil(60).max(1)).unwrap_or(1);
                let page = respond::error(ctx, ErrorKind::TooMany { minutes }, None);
                Some(respond::with_retry_after(page, retry_after))
            }
        }
    }

    /// Issues a code for a session that was just checked; a journey is used up in the same unit.
    async fn issue(
        &self,
        ctx: &Ctx,
        to: &Addressee,
        request: &AuthorizationRequest,
        current: &Current,
        journey: Option<&Journey>,
    ) -> Result<Response, WriteError> {
        let Current { session, account } = current;
        let now = ctx.now();
        if session.check(account, now).is_err() {
            return Ok(respond::error(ctx, ErrorKind::Expired, None));
        }
        if !self.may_enter(account, &request.client_id, now) {
            let error = refuse(ErrorCode::AccessDenied, "the person may not use this application");
            return self.refuse(ctx, to, error).await;
        }
        let parts = self.parts();
        let client_epoch = store::client_epoch(self.db(), &request.client_id).await?;
        let code = BearerToken::new(&parts.entropy);
        let mut unit = self.db().unit();
        if let Some(journey) = journey {
            parts.journeys.consume(&mut unit, journey, ctx.browser().id, now);
        }
        let row = Code {
            code: code.digest(),
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            account_id: account.id.uuid(),
            session_id: session.id.uuid(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            acr: session.acr.name().to_owned(),
            amr: session.amr.iter().map(|amr| amr.name()).collect::<Vec<_>>().join(" "),
            authenticated_at: session.authenticated_at.micros(),
            account_epoch: account.epoch,
            client_epoch,
            created_at: now.micros(),
            expires_at: now.plus(parts.lives.code).micros(),
            used_at: None,
        };
        store::insert_code(&mut unit, row);
        parts.sessions.reached(&mut unit, session.id, &request.client_id, now);
        let what = What::CodeIssued { scope: request.scope.clone() };
        let origin = on_the_way(ctx, &request.client_id, journey).with_session(session.id);
        let event = Event::of(what, account.id).named(&account.login);
        parts.log.record(&mut unit, &origin, event).await?;
        self.db().write(unit).await?;
        Ok(self.back(&request.redirect_uri, request.state.as_deref()).code(code.expose()))
    }

    fn back<'a>(&'a self, redirect_uri: &'a str, state: Option<&'a str>) -> Return<'a> {
        Return { issuer: self.issuer(), redirect_uri, state }
    }

    /// Tells the client by redirect.
    async fn refuse(&self, ctx: &Ctx, to: &Addressee, error: OAuthError) -> Result<Response, WriteError> {
        if !error.code.is_ordinary() {
            let what = What::AuthorizationRefused { error: error.code.name().to_owned() };
            let origin = on_the_way(ctx, &to.client.client_id, None);
            self.record_sometimes(&origin, what, error.code.name()).await?;
        }
        Ok(self.back(&to.redirect_uri, to.state.as_deref()).error(error))
    }

    /// Tells the person, on a page of our own: whoever made this request is not to be trusted.
    async fn not_trusted(
        &self,
        ctx: &Ctx,
        client_id: Option<&str>,
        untrusted: Untrusted,
    ) -> Result<Response, WriteError> {
        let known = client_id.filter(|id| self.parts().clients.get(id).is_some());
        let origin = known.map_or_else(|| ctx.origin().clone(), |id| ctx.origin().with_application(id));
        let window = ctx.now().unix_seconds().div_euclid(CASE_CODE_WINDOW_SECONDS);
        let window = format!("authorize {} {} {window}", untrusted.name(), origin.source());
        let event = Event::new(What::AuthorizationRefused { error: untrusted.name().to_owned() });
        let case = self.parts().log.case_code_of_window(&origin, &window, &event).await?;
        Ok(respond::error(ctx, ErrorKind::ClientNotTrusted, Some(&case)))
    }
}

/// The request that a journey was begun for.
fn pending(target: &Target) -> Option<AuthorizationRequest> {
    let Target::Authorization { request, .. } = target else { return None };
    serde_json::from_str(request).ok()
}

fn on_the_way(ctx: &Ctx, client_id: &str, journey: Option<&Journey>) -> Origin {
    let origin = ctx.origin().with_application(client_id);
    journey.map_or_else(|| origin.clone(), |journey| origin.with_journey(journey.id))
}

fn not_possible(code: ErrorCode) -> OAuthError {
    let why = if code == ErrorCode::UnmetAuthenticationRequirements {
        "the required assurance cannot be reached"
    } else {
        "the person has to sign in or to prove more"
    };
    refuse(code, why)
}
