//! `/sign-in` and its steps: parse, call, render.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use tokio::time::Instant;

use super::enrol::Enrolment;
use super::own_routes;
use super::pages::password::{EndReason, Refusal};
use super::password::PasswordAttempt;
use super::service::{NotTaken, SignIn};
use super::show::{self, Offered, PasswordView};
use crate::infra::database::WriteError;
use crate::journey::model::{Journey, Target};
use crate::kernel::secret::Password;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::form::Form;
use crate::web::page::ErrorKind;
use crate::web::params::Params;
use crate::web::respond;
use crate::web::route::{RoutePolicy, Routes, Who};

pub fn routes(sign_in: &SignIn) -> Routes {
    let maybe = Who::AnyoneMaybeSignedIn;
    Routes::default()
        .add(RoutePolicy::page("/sign-in").for_who(maybe), show)
        .add(RoutePolicy::form("/sign-in", "authentication").for_who(maybe), password)
        .add(RoutePolicy::form("/sign-in/code", "authentication").for_who(maybe), code)
        .add(RoutePolicy::form("/sign-in/enrol", "account_change").for_who(maybe), enrol)
        .add(RoutePolicy::form("/sign-in/password", "account_change").for_who(maybe), new_password)
        .with_state(sign_in)
        .with(own_routes::routes(sign_in))
}

async fn show(
    State(sign_in): State<SignIn>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
) -> Response {
    let query = ctx.query();
    match named_journey(&sign_in, &ctx, query).await {
        Err(response) => response,
        Ok(Some(journey)) => show::step(&sign_in, &ctx, &journey).await,
        Ok(None) => {
            let target = target(query);
            if let Some(current) = current
                && query.get("again").is_none()
            {
                // Already in: no need to prove anything once more.
                tracing::debug!(session = %current.session.id, "signed in already");
                return respond::see_other(&show::arrival(sign_in_nowhere(&ctx), &target));
            }
            let view = PasswordView {
                ended: query.get("ended").map(ended),
                signed_out: query.get("out").is_some(),
                ..PasswordView::default()
            };
            show::password(&ctx, None, &target, view)
        }
    }
}

async fn password(
    State(sign_in): State<SignIn>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let start = Instant::now();
    let journey = match named_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey.filter(|journey| journey.finished_at.is_none()),
        Err(response) => return response,
    };
    let target = target(ctx.query());
    let username: String =
        form.get("username").unwrap_or_default().chars().take(USERNAME_CHARS_MAX).collect();
    let attempt = PasswordAttempt {
        journey: journey.clone(),
        target: target.clone(),
        username: username.clone(),
        password: form.get("password").and_then(Password::parse),
        current,
    };
    let origin = on_the_way(&ctx, journey.as_ref());
    let outcome = sign_in.take_password(&origin, ctx.browser(), attempt).await;
    let refusal = match outcome {
        Ok(taken) => return show::taken(&ctx, taken),
        Err(NotTaken::Refused(case)) => (Refusal::Refused { case: case.to_string() }, None),
        Err(NotTaken::Paused { until, case }) => {
            let minutes = show::minutes_until(until, ctx.now());
            let refusal = Refusal::TooMany { minutes, case: case.to_string() };
            (refusal, Some(show::retry_after(until, ctx.now())))
        }
        Err(NotTaken::Busy) => {
            let wait = Duration::from_secs(u64::from(show::BUSY_SECONDS));
            (Refusal::Busy { seconds: show::BUSY_SECONDS }, Some(wait))
        }
        Err(error) => return show::not_taken(&ctx, journey.as_ref(), &error),
    };
    let (refusal, wait) = refusal;
    let view = PasswordView { username, refusal: Some(refusal), ..PasswordView::default() };
    let response = show::password(&ctx, journey.as_ref(), &target, view);
    sign_in.wait_for_the_deadline(start).await;
    match wait {
        Some(wait) => respond::with_retry_after(response, wait),
        None => response,
    }
}

async fn code(
    State(sign_in): State<SignIn>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match demanded_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey,
        Err(response) => return response,
    };
    let origin = on_the_way(&ctx, Some(&journey));
    let raw = form.get("code").unwrap_or_default();
    match sign_in.take_code(&origin, ctx.browser(), &journey, raw, current).await {
        Ok(taken) => show::taken(&ctx, taken),
        Err(error) => {
            let refusal = show::code_refusal(&error, ctx.now());
            match (refusal, sign_in.standing(&journey, ctx.now()).await) {
                (Some(refusal), Ok((_, Some(account)))) => {
                    let response = show::code(&ctx, &journey, &account, Some(refusal));
                    with_pause(&ctx, &error, response)
                }
                _ => show::not_taken(&ctx, Some(&journey), &error),
            }
        }
    }
}

async fn enrol(
    State(sign_in): State<SignIn>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match demanded_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey,
        Err(response) => return response,
    };
    let origin = on_the_way(&ctx, Some(&journey));
    let text = |name| form.get(name).unwrap_or_default();
    let enrolment = Enrolment { offer: text("enrolment"), code: text("code"), name: text("name") };
    match sign_in.take_enrolment(&origin, ctx.browser(), &journey, enrolment, current).await {
        Ok(taken) => show::taken(&ctx, taken),
        Err(error) => {
            let refusal = show::code_refusal(&error, ctx.now());
            match (refusal, sign_in.standing(&journey, ctx.now()).await) {
                (refusal @ Some(_), Ok((_, Some(account)))) => {
                    let offered = Offered { field: text("enrolment"), name: text("name"), refusal };
                    show::enrol(&sign_in, &ctx, Some(&journey), &account, offered)
                }
                _ => show::not_taken(&ctx, Some(&journey), &error),
            }
        }
    }
}

async fn new_password(
    State(sign_in): State<SignIn>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match demanded_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey,
        Err(response) => return response,
    };
    let origin = on_the_way(&ctx, Some(&journey));
    let new =
        [form.get("new_password").unwrap_or_default(), form.get("new_password_again").unwrap_or_default()];
    match sign_in.take_new_password(&origin, ctx.browser(), &journey, new, current).await {
        Ok(taken) => show::taken(&ctx, taken),
        Err(error) => match (show::password_refusal(&error), sign_in.standing(&journey, ctx.now()).await) {
            (refusal @ Some(_), Ok((_, Some(account)))) => {
                let reason = show::change_reason(&sign_in, &account, ctx.now()).await;
                show::change_password(&sign_in, &ctx, Some(&journey), &account, reason, refusal)
            }
            _ => show::not_taken(&ctx, Some(&journey), &own_routes::cause(error)),
        },
    }
}

/// Longest name that is kept in the field, in characters.
const USERNAME_CHARS_MAX: usize = 254;

/// The journey that a request names; an error page when it is none of this browser's, or too old.
async fn named_journey(sign_in: &SignIn, ctx: &Ctx, params: &Params) -> Result<Option<Journey>, Response> {
    let Some(id) = params.filled("journey") else { return Ok(None) };
    let Ok(id) = id.parse() else { return Err(respond::error(ctx, ErrorKind::Expired, None)) };
    match sign_in.journeys.find(id, ctx.browser().id, ctx.now()).await {
        Ok(Some(journey)) => Ok(Some(journey)),
        Ok(None) => Err(respond::error(ctx, ErrorKind::Expired, None)),
        Err(error) => Err(respond::write_error(ctx, &WriteError::Unavailable(error))),
    }
}

async fn demanded_journey(sign_in: &SignIn, ctx: &Ctx, form: &Params) -> Result<Journey, Response> {
    match named_journey(sign_in, ctx, form).await? {
        Some(journey) if journey.finished_at.is_some() => {
            Err(respond::see_other(&show::arrival(journey.id, &journey.target)))
        }
        Some(journey) => Ok(journey),
        None => Err(respond::error(ctx, ErrorKind::Expired, None)),
    }
}

/// The request as an event tells it, with the application that the person is on the way to.
fn on_the_way(ctx: &Ctx, journey: Option<&Journey>) -> crate::event::Origin {
    match journey.map(|journey| &journey.target) {
        Some(Target::Authorization { client_id, .. }) => ctx.origin().with_application(client_id),
        Some(Target::Home | Target::Account | Target::Password | Target::NewAuthenticator) | None => {
            ctx.origin().clone()
        }
    }
}

fn target(query: &Params) -> Target {
    query.get("to").and_then(Target::from_name).unwrap_or_default()
}

fn ended(reason: &str) -> EndReason {
    match reason {
        "idle" => EndReason::Idle,
        "limit" => EndReason::Limit,
        "remote" => EndReason::Remote,
        "security" => EndReason::Security,
        _ => EndReason::Other,
    }
}

fn with_pause(ctx: &Ctx, error: &NotTaken, response: Response) -> Response {
    if let NotTaken::Paused { until, .. } = error {
        respond::with_retry_after(response, show::retry_after(*until, ctx.now()))
    } else {
        response
    }
}

/// Places inside the portal need no journey to be reached.
fn sign_in_nowhere(ctx: &Ctx) -> crate::kernel::id::JourneyId {
    crate::kernel::id::JourneyId::from_uuid(ctx.origin().request.uuid())
}

impl SignIn {
    /// A refusal leaves no earlier than its time, so that what was found out does not show in it.
    async fn wait_for_the_deadline(&self, start: Instant) {
        let jitter_ms = u32::try_from(self.options.refusal_jitter.as_millis()).unwrap_or(0);
        let jitter = Duration::from_millis(u64::from(self.entropy.below(jitter_ms)));
        tokio::time::sleep_until(start + self.options.refusal_time + jitter).await;
    }
}
