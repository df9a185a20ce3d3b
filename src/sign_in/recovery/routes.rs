//! Routes of recovery codes: parse, call, render.

use axum::extract::State;
use axum::response::Response;

use super::show::{self, SetUp};
use crate::kernel::acr::Acr;
use crate::kernel::time::Moment;
use crate::session::SignedIn;
use crate::sign_in::at_step::AtStep;
use crate::sign_in::own_routes::FRESH_SECONDS;
use crate::sign_in::service::{NotTaken, SignIn};
use crate::sign_in::show::{code_refusal, not_taken};
use crate::web::context::Ctx;
use crate::web::form::Form;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes, Who};

pub fn routes(sign_in: &SignIn) -> Routes {
    let step = RoutePolicy::form("/sign-in/recovery", "authentication").for_who(Who::AnyoneMaybeSignedIn);
    let ask = RoutePolicy::page("/account/recovery-codes");
    let make = RoutePolicy::form("/account/recovery-codes", "account_change");
    Routes::default()
        .add(step, take)
        .add(ask.signed_in(Acr::Mfa).fresh(FRESH_SECONDS), ask_codes)
        .add(make.signed_in(Acr::Mfa).fresh(FRESH_SECONDS), make_codes)
        .add(RoutePolicy::page("/account/set-up").signed_in(Acr::Pwd), set_up)
        .with_state(sign_in)
}

async fn take(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let taken = sign_in.take_recovery_code(visit, journey, at.field("recovery_code")).await;
    let taken = taken.map_err(|error| (code_refusal(&error, ctx.now()), error));
    at.answer(&sign_in, taken, async |account, refusal| {
        show::step(&sign_in, ctx, journey, &account, Some(refusal)).await
    })
    .await
}

async fn ask_codes(State(sign_in): State<SignIn>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    show::ask(&sign_in, &ctx, &current).await
}

async fn make_codes(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let seen = form.filled("replaces").and_then(|micros| micros.parse().ok()).map(Moment::from_micros);
    match sign_in.make_recovery_codes(ctx.origin(), &current, seen).await {
        Ok(codes) => show::made(&ctx, &current, &codes),
        Err(NotTaken::Moved) => respond::see_other(&PortalPath::fixed("/account/recovery-codes")),
        Err(error) => not_taken(&ctx, None, &error),
    }
}

async fn set_up(State(sign_in): State<SignIn>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    show::set_up(&sign_in, &ctx, &current, SetUp::asked(ctx.query())).await
}
