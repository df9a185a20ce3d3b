//! `/activate`: parse, call, render.

use axum::extract::State;
use axum::response::Response;

use super::show;
use crate::session::MaybeSignedIn;
use crate::sign_in::at_step::visit;
use crate::sign_in::service::SignIn;
use crate::sign_in::show::journey_path;
use crate::web::context::Ctx;
use crate::web::form::Form;
use crate::web::respond;
use crate::web::route::{FORMS, RoutePolicy, Routes, Who};

pub fn routes(sign_in: &SignIn) -> Routes {
    // A dead link is told under a case code, and that is recorded.
    let look = RoutePolicy { event: "account_change", limit: FORMS, ..RoutePolicy::page("/activate") };
    let activate = RoutePolicy::form("/activate", "account_change");
    Routes::default()
        .add(look, show_invitation)
        .add(activate.for_who(Who::AnyoneMaybeSignedIn), use_invitation)
        .with_state(sign_in)
}

async fn show_invitation(State(sign_in): State<SignIn>, ctx: Ctx) -> Response {
    let token = ctx.query().get("token").unwrap_or_default();
    match sign_in.look_at_invitation(ctx.origin(), token).await {
        Ok(invited) => show::open(&ctx, token, invited.invitation, None),
        Err(error) => show::not_activated(&ctx, token, &error),
    }
}

async fn use_invitation(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let text = |name| form.get(name).unwrap_or_default();
    let visit = visit(&ctx, None, current);
    match sign_in.activate(&visit, text("token"), text("username")).await {
        Ok(journey) => respond::see_other(&journey_path(&journey)),
        Err(error) => show::not_activated(&ctx, text("token"), &error),
    }
}
