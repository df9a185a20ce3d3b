//! What a step is given of its request: the journey that it belongs to, of this very browser and not over
//! yet; and how it is answered.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;

use super::service::{NotTaken, SignIn, Taken, Visit};
use super::show;
use crate::account::Account;
use crate::infra::database::WriteError;
use crate::journey::model::{Journey, Purpose, Target};
use crate::session::{Current, MaybeSignedIn};
use crate::web::context::Ctx;
use crate::web::form::Form;
use crate::web::page::ErrorKind;
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath};

/// A form of a step, with the journey under way that it belongs to. Handlers of steps after the first take
/// this: without a journey there is nothing that they could go on with.
pub struct AtStep {
    pub ctx: Ctx,
    pub journey: Journey,
    pub visit: Visit,
    pub form: Params,
}

impl FromRequest<SignIn> for AtStep {
    type Rejection = Response;

    async fn from_request(request: Request, sign_in: &SignIn) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(ctx) = Ctx::from_request_parts(&mut parts, sign_in).await;
        let Ok(MaybeSignedIn(current)) = MaybeSignedIn::from_request_parts(&mut parts, sign_in).await;
        let Form(form) = Form::from_request(Request::from_parts(parts, body), sign_in).await?;
        let Some(journey) = named_journey(sign_in, &ctx, &form).await? else {
            return Err(respond::error(&ctx, ErrorKind::Expired, None));
        };
        if journey.finished_at.is_some() {
            return Err(respond::see_other(&show::arrival(journey.id, &journey.target)));
        }
        let trust = form.get("trust").is_some();
        let visit = Visit { trust, ..visit(&ctx, Some(&journey), current) };
        Ok(Self { ctx, journey, visit, form })
    }
}

impl AtStep {
    /// A field's value; empty where it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// Answers a step: on to the next one; or its own page again, where that can tell why it was not taken;
    /// or else to wherever the journey stands.
    pub async fn answer<R>(
        &self,
        sign_in: &SignIn,
        outcome: Result<Taken, (Option<R>, NotTaken)>,
        page_again: impl AsyncFnOnce(Account, R) -> Response,
    ) -> Response {
        let (refusal, error) = match outcome {
            Ok(taken) => return show::taken(&self.ctx, taken),
            Err(refused) => refused,
        };
        match (refusal, sign_in.standing(&self.journey, self.ctx.now()).await) {
            (Some(refusal), Ok((_, Some(account)))) => {
                let page = page_again(account, refusal).await;
                with_pause(&self.ctx, &error, page)
            }
            _ => show::not_taken(&self.ctx, Some(&self.journey), &error),
        }
    }
}

/// The journey that a request names.
///
/// # Errors
/// An error page, when it is none of this browser's, or too old.
pub async fn named_journey(
    sign_in: &SignIn,
    ctx: &Ctx,
    params: &Params,
) -> Result<Option<Journey>, Response> {
    let Some(id) = params.filled("journey") else { return Ok(None) };
    let Ok(id) = id.parse() else { return Err(respond::error(ctx, ErrorKind::Expired, None)) };
    match sign_in.journeys.find(id, ctx.browser().id, ctx.now()).await {
        // A reset has pages of its own, and nobody is signed in by it.
        Ok(Some(journey)) if journey.purpose == Purpose::Reset => {
            Err(respond::see_other(&PortalPath::with("/reset", "journey", journey.id)))
        }
        Ok(Some(journey)) => Ok(Some(journey)),
        Ok(None) => Err(respond::error(ctx, ErrorKind::Expired, None)),
        Err(error) => Err(respond::write_error(ctx, &WriteError::Unavailable(error))),
    }
}

/// The request as its events tell it, with the application that the person is on the way to.
pub fn visit(ctx: &Ctx, journey: Option<&Journey>, current: Option<Current>) -> Visit {
    let origin = match journey.map(|journey| &journey.target) {
        Some(Target::Authorization { client_id, .. }) => ctx.origin().with_application(client_id),
        Some(
            Target::Home
            | Target::Account
            | Target::Password
            | Target::NewAuthenticator
            | Target::NewPasskey
            | Target::RecoveryCodes,
        )
        | None => ctx.origin().clone(),
    };
    Visit { origin, browser: ctx.browser(), current, trust: false }
}

fn with_pause(ctx: &Ctx, error: &NotTaken, response: Response) -> Response {
    if let NotTaken::Paused { until, .. } = error {
        respond::with_retry_after(response, show::retry_after(*until, ctx.now()))
    } else {
        response
    }
}
