//! Routes of passkeys and security keys: a question as JSON for the page's script, and a form with the answer.

use axum::extract::State;
use axum::response::Response;

use super::at_step::{AtStep, named_journey, visit};
use super::bind_key::{KeyForm, kind_asked, sent};
use super::key::KeyAttempt;
use super::own_routes::FRESH_SECONDS;
use super::pages::password::Refusal;
use super::service::{NotTaken, SignIn, Wanted};
use super::show::{self, PasswordView};
use super::show_key::{self, BindAgain};
use crate::kernel::acr::Acr;
use crate::session::{MaybeSignedIn, SignedIn};
use crate::web::context::Ctx;
use crate::web::flash::Done;
use crate::web::form::Form;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{PAGES, RoutePolicy, Routes, Who};

pub fn routes(sign_in: &SignIn) -> Routes {
    let on_the_way = |path, event| RoutePolicy::form(path, event).for_who(Who::AnyoneMaybeSignedIn);
    // Every look at a page asks one.
    let question = |path| RoutePolicy { limit: PAGES, ..on_the_way(path, "authentication") };
    let own = |path| RoutePolicy::form(path, "account_change").signed_in(Acr::Mfa).fresh(FRESH_SECONDS);
    let new = RoutePolicy::page("/account/passkeys/new").signed_in(Acr::Mfa).fresh(FRESH_SECONDS);
    Routes::default()
        .add(question("/sign-in/passkey/options"), ask_passkey)
        .add(on_the_way("/sign-in/passkey", "authentication"), passkey)
        .add(question("/sign-in/key/options"), ask_key)
        .add(on_the_way("/sign-in/key", "authentication"), key)
        .add(question("/sign-in/enrol/key/options"), ask_new_key)
        .add(on_the_way("/sign-in/enrol/key", "account_change"), enrol_key)
        .add(new, new_own)
        .add(own("/account/passkeys/options"), ask_new_own)
        .add(own("/account/passkeys"), add_own)
        .with_state(sign_in)
}

async fn ask_passkey(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match named_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey.filter(|journey| journey.finished_at.is_none()),
        Err(response) => return response,
    };
    let visit = visit(&ctx, journey.as_ref(), current);
    match sign_in.ask_any_passkey(&visit, journey.as_ref()).await {
        Ok(asked) => show_key::question(&asked),
        Err(error) => show::not_taken(&ctx, journey.as_ref(), &error),
    }
}

async fn passkey(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match named_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey.filter(|journey| journey.finished_at.is_none()),
        Err(response) => return response,
    };
    let wanted = Wanted::of_link(ctx.query());
    let visit = visit(&ctx, journey.as_ref(), current);
    let attempt = KeyAttempt { journey: journey.clone(), wanted: wanted.clone(), sent: sent(&form) };
    let (refusal, wait) = match sign_in.take_passkey(&visit, attempt).await {
        Ok(taken) => return show::taken(&ctx, taken),
        Err(NotTaken::KeyRefused(case)) => (Refusal::Passkey { case: case.to_string() }, None),
        Err(NotTaken::Paused { until, case }) => {
            let minutes = show::minutes_until(until, ctx.now());
            let refusal = Refusal::TooMany { minutes, case: case.to_string() };
            (refusal, Some(show::retry_after(until, ctx.now())))
        }
        Err(error) => return show::not_taken(&ctx, journey.as_ref(), &error),
    };
    let view = PasswordView { refusal: Some(refusal), ..PasswordView::default() };
    let response = show::password(&sign_in, &ctx, journey.as_ref(), &wanted, view);
    match wait {
        Some(wait) => respond::with_retry_after(response, wait),
        None => response,
    }
}

async fn ask_key(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    match sign_in.ask_own_key(&at.visit, &at.journey).await {
        Ok(asked) => show_key::question(&asked),
        Err(error) => show::not_taken(&at.ctx, Some(&at.journey), &error),
    }
}

async fn key(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let taken = sign_in.take_key(visit, journey, sent(&at.form)).await;
    let taken = taken.map_err(|error| (show_key::refused(&error), error));
    at.answer(&sign_in, taken, async |account, case| {
        show_key::key(&sign_in, ctx, journey, &account, Some(case)).await
    })
    .await
}

async fn ask_new_key(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    match sign_in.offer_key(&at.visit, &at.journey, kind_asked(&at.form)).await {
        Ok(asked) => show_key::question(&asked),
        Err(error) => show::not_taken(&at.ctx, Some(&at.journey), &error),
    }
}

async fn enrol_key(State(sign_in): State<SignIn>, at: AtStep) -> Response {
    let AtStep { ctx, journey, visit, .. } = &at;
    let form = KeyForm::sent(&at.form);
    let taken = sign_in.take_key_enrolment(visit, journey, form).await;
    let taken = taken.map_err(|error| (show_key::refused(&error), error));
    at.answer(&sign_in, taken, async |_, case| {
        let again = BindAgain { name: form.name, refused: Some(case) };
        show_key::bind(&sign_in, ctx, Some(journey), again).await
    })
    .await
}

async fn new_own(State(sign_in): State<SignIn>, SignedIn(_): SignedIn, ctx: Ctx) -> Response {
    show_key::bind(&sign_in, &ctx, None, BindAgain::default()).await
}

async fn ask_new_own(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let kind = kind_asked(&form);
    match sign_in.offer_own_key(ctx.origin(), ctx.browser(), &current, kind).await {
        Ok(asked) => show_key::question(&asked),
        Err(error) => show::not_taken(&ctx, None, &error),
    }
}

async fn add_own(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let form = KeyForm::sent(&form);
    match sign_in.add_own_key(ctx.origin(), ctx.browser(), &current, form).await {
        Ok(()) => Done::KeyAdded.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => match show_key::refused(&error) {
            Some(case) => {
                let again = BindAgain { name: form.name, refused: Some(case) };
                show_key::bind(&sign_in, &ctx, None, again).await
            }
            None => show::not_taken(&ctx, None, &error),
        },
    }
}
