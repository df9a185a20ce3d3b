//! `/sign-in` and its steps: parse, call, render.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use tokio::time::Instant;

use super::at_step::{AtStep, named_journey, visit};
use super::enrol::Enrolment;
use super::invitation;
use super::key_routes;
use super::own_routes;
use super::pages::password::{EndReason, Refusal};
use super::password::PasswordAttempt;
use super::recovery;
use super::service::{NotTaken, SignIn, Wanted};
use super::show::{self, Offered, PasswordView};
use super::step;
use super::upstream_routes;
use super::ways::Choice;
use crate::kernel::secret::Password;
use crate::session::MaybeSignedIn;
use crate::web::context::Ctx;
use crate::web::form::Form;
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
        .with(key_routes::routes(sign_in))
        .with(upstream_routes::routes(sign_in))
        .with(own_routes::routes(sign_in))
        .with(recovery::routes::routes(sign_in))
        .with(invitation::routes::routes(sign_in))
}

async fn show(State(sign_in): State<SignIn>, MaybeSignedIn(current): MaybeSignedIn, ctx: Ctx) -> Response {
    let query = ctx.query();
    match named_journey(&sign_in, &ctx, query).await {
        Err(response) => response,
        Ok(Some(journey)) => {
            let asked = query.get("way").and_then(Choice::from_name);
            step::page(&sign_in, &ctx, &journey, asked).await
        }
        Ok(None) => {
            if let Some(current) = current
                && query.get("again").is_none()
            {
                // Already in: no need to prove anything once more.
                tracing::debug!(session = %current.session.id, "signed in already");
                return respond::see_other(&show::arrival(
                    sign_in_nowhere(&ctx),
                    &Wanted::of_link(query).target,
                ));
            }
            let view = PasswordView {
                ended: query.get("ended").map(ended),
                signed_out: query.get("out").is_some(),
                ..PasswordView::default()
            };
            show::password(&sign_in, &ctx, None, &Wanted::of_link(query), view)
        }
    }
}

async fn password(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let start = Instant::now();
    let journey = match named_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey.filter(|journey| journey.finished_at.is_none()),
        Err(response) => return response,
    };
    let wanted = Wanted::of_link(ctx.query());
    let username: String =
        form.get("username").unwrap_or_default().chars().take(USERNAME_CHARS_MAX).collect();
    let attempt = PasswordAttempt {
        journey: journey.clone(),
        wanted: wanted.clone(),
        username: username.clone(),
        password: form.get("password").and_then(Password::parse),
    };
    let visit = visit(&ctx, journey.as_ref(), current);
    let outcome = sign_in.take_password(&visit, attempt).await;
    let (refusal, wait) = match outcome {
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
    let view = PasswordView { username, refusal: Some(refusal), ..PasswordView::default() };
    let response = show::password(&sign_in, &ctx, journey.as_ref(), &wanted, view);
    sign_in.wait_for_the_deadline(start).await;
    match wait {
        Some(wait) => respond::with_retry_after(response, wait),
        None => response,
    }
}

async fn code(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let taken = sign_in.take_code(visit, journey, at.field("code")).await;
    let taken = taken.map_err(|error| (show::code_refusal(&error, ctx.now()), error));
    at.answer(&sign_in, taken, async |account, refusal| {
        show::code(&sign_in, ctx, journey, &account, Some(refusal)).await
    })
    .await
}

async fn enrol(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let sent = Enrolment::sent(&at.form);
    let taken = sign_in.take_enrolment(visit, journey, sent).await;
    let taken = taken.map_err(|error| (show::code_refusal(&error, ctx.now()), error));
    at.answer(&sign_in, taken, async |account, refusal| {
        show::enrol(&sign_in, ctx, Some(journey), &account, Offered::again(sent, refusal)).await
    })
    .await
}

async fn new_password(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let new = [at.field("new_password"), at.field("new_password_again")];
    let taken = sign_in.take_new_password(visit, journey, new).await;
    let taken = taken.map_err(|error| (show::password_refusal(&error), error.cause()));
    at.answer(&sign_in, taken, async |account, refusal| {
        let reason = show::change_reason(&sign_in, &account, ctx.now()).await;
        show::change_password(&sign_in, ctx, Some(journey), &account, reason, Some(refusal)).await
    })
    .await
}

/// Longest name that is kept in the field, in characters.
const USERNAME_CHARS_MAX: usize = 254;

fn ended(reason: &str) -> EndReason {
    match reason {
        "idle" => EndReason::Idle,
        "limit" => EndReason::Limit,
        "remote" => EndReason::Remote,
        "security" => EndReason::Security,
        _ => EndReason::Other,
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
