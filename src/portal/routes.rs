//! `/`, `/account`, `/sign-out`, `/privacy`: parse, call, render.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::pages::{ConfirmPage, PrivacyPage, SignOutPage};
use super::service::{NotDone, Portal};
use crate::infra::database::{DbErr, WriteError};
use crate::kernel::acr::Acr;
use crate::kernel::id::{AuthenticatorId, SessionId};
use crate::policy::Action;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::cookie::Cookie;
use crate::web::flash::Done;
use crate::web::form::Form;
use crate::web::page::ErrorKind;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes, Who};

/// How old the last proof may be where a proof is taken away or data leaves.
const FRESH_SECONDS: u64 = 15 * 60;

/// The person who is signed in; the edge lets nobody else through to these routes.
type SignedIn = Extension<Option<Current>>;

pub fn routes(portal: &Portal) -> Routes {
    let page = |path| RoutePolicy::page(path).signed_in(Acr::Pwd);
    let form = |path, event| RoutePolicy::form(path, event).signed_in(Acr::Pwd);
    Routes::default()
        .add(page("/"), home)
        .add(page("/account"), account)
        .add(page("/account/authenticators/{id}/remove").fresh(FRESH_SECONDS), ask_remove)
        .add(form("/account/authenticators/{id}/remove", "account_change").fresh(FRESH_SECONDS), remove)
        .add(form("/account/sessions/{id}/end", "authentication"), end_session)
        .add(page("/account/sessions/end-others"), ask_end_others)
        .add(form("/account/sessions/end-others", "authentication"), end_others)
        .add(RoutePolicy::page("/sign-out").for_who(Who::AnyoneMaybeSignedIn), ask_sign_out)
        .add(RoutePolicy::form("/sign-out", "authentication").for_who(Who::AnyoneMaybeSignedIn), sign_out)
        .add(RoutePolicy::page("/privacy").for_who(Who::AnyoneMaybeSignedIn), privacy)
        .add(form("/privacy/export", "api_activity").fresh(FRESH_SECONDS), export)
        .with_state(portal)
}

async fn home(State(portal): State<Portal>, Extension(current): SignedIn, ctx: Ctx) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    match portal.home(&ctx, &current).await {
        Ok(page) => respond::page(StatusCode::OK, &page, None),
        Err(error) => unavailable(&ctx, error),
    }
}

async fn account(State(portal): State<Portal>, Extension(current): SignedIn, ctx: Ctx) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    if portal.permit(&current, Action::ViewOwnAccount, ctx.now()).is_err() {
        return forbidden(&ctx);
    }
    match portal.account(&ctx, &current).await {
        Ok(page) => respond::page(StatusCode::OK, &page, None),
        Err(error) => unavailable(&ctx, error),
    }
}

async fn ask_remove(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    show_remove(&portal, &ctx, &current, &id, None).await
}

async fn remove(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    let Ok(authenticator) = id.parse::<AuthenticatorId>() else { return not_found(&ctx) };
    match portal.remove_authenticator(ctx.origin(), &current, authenticator).await {
        Ok(()) => Done::AppRemoved.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(NotDone::Last) => {
            let refused = ctx.text().say("remove-refused-only");
            show_remove(&portal, &ctx, &current, &id, Some(refused)).await
        }
        Err(error) => not_done(&ctx, &error),
    }
}

async fn show_remove(
    portal: &Portal,
    ctx: &Ctx,
    current: &Current,
    id: &str,
    refused: Option<String>,
) -> Response {
    let bound = match portal.authenticators.of(current.account.id).await {
        Ok(bound) => bound,
        Err(error) => return unavailable(ctx, error),
    };
    let Some(authenticator) = bound.iter().find(|bound| bound.id.to_string() == id) else {
        return not_found(ctx);
    };
    let text = ctx.text();
    let path = format!("/account/authenticators/{id}/remove");
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ConfirmPage {
        shell: ctx.shell_at(&path),
        title: text.say("remove-title"),
        lead: text.with("remove-lead", &[("name", authenticator.name.as_str().into())]),
        happens: vec![text.say("remove-happens-codes"), text.say("remove-happens-mail")],
        stays: vec![text.say("remove-stays-others")],
        action: path,
        verb: text.say("remove-do"),
        keep_href: "/account".to_owned(),
        keep_verb: text.say("remove-keep"),
        risk: true,
        refused,
    };
    respond::page(status, &page, None)
}

async fn end_session(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    let Ok(id) = id.parse::<SessionId>() else { return not_found(&ctx) };
    match portal.end_session(ctx.origin(), &current, id).await {
        Ok(()) if id == current.session.id => signed_out(),
        Ok(()) => Done::SessionEnded.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn ask_end_others(State(portal): State<Portal>, Extension(current): SignedIn, ctx: Ctx) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    let open = match portal.sessions.open_of(&current.account, ctx.now()).await {
        Ok(open) => open,
        Err(error) => return unavailable(&ctx, error),
    };
    let count = open.iter().filter(|open| open.id != current.session.id).count();
    let text = ctx.text();
    let page = ConfirmPage {
        shell: ctx.shell_at("/account/sessions/end-others"),
        title: text.say("end-others-title"),
        lead: text.say("end-others-lead"),
        happens: vec![text.with("end-others-happens", &[("count", count.into())])],
        stays: vec![text.say("end-others-stays")],
        action: "/account/sessions/end-others".to_owned(),
        verb: text.with("end-others-do", &[("count", count.into())]),
        keep_href: "/account".to_owned(),
        keep_verb: text.say("end-others-keep"),
        risk: true,
        refused: None,
    };
    respond::page(StatusCode::OK, &page, None)
}

async fn end_others(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    match portal.end_sessions(ctx.origin(), &current, Some(current.session.id)).await {
        Ok(count) => Done::OthersEnded(count).on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn ask_sign_out(ctx: Ctx) -> Response {
    let page = SignOutPage { shell: ctx.shell_at("/sign-out"), application: None, hidden: vec![] };
    respond::page(StatusCode::OK, &page, None)
}

async fn sign_out(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let Some(current) = current else { return signed_out() };
    let everywhere = form.get("everywhere").is_some();
    let outcome = if everywhere {
        portal.end_sessions(ctx.origin(), &current, None).await.map(|_| ())
    } else {
        portal.end_session(ctx.origin(), &current, current.session.id).await
    };
    match outcome {
        Ok(()) => signed_out(),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn privacy(Extension(current): SignedIn, ctx: Ctx) -> Response {
    let page = PrivacyPage { shell: ctx.shell_at("/privacy"), signed_in: current.is_some() };
    respond::page(StatusCode::OK, &page, None)
}

async fn export(
    State(portal): State<Portal>,
    Extension(current): SignedIn,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Some(current) = current else { return forbidden(&ctx) };
    match portal.export(ctx.origin(), &current).await {
        Ok(value) => {
            let name = HeaderValue::from_static("attachment; filename=\"cardea-my-data.json\"");
            let kind = HeaderValue::from_static("application/json");
            let no_store = HeaderValue::from_static("no-store");
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, no_store),
            ];
            (headers, format!("{value:#}")).into_response()
        }
        Err(error) => not_done(&ctx, &error),
    }
}

fn signed_out() -> Response {
    let mut response = respond::see_other(&PortalPath::with("/sign-in", "out", 1));
    Cookie::Session.clear(response.headers_mut());
    response
}

fn forbidden(ctx: &Ctx) -> Response {
    respond::error(ctx, ErrorKind::Forbidden, None)
}

fn not_found(ctx: &Ctx) -> Response {
    respond::error(ctx, ErrorKind::NotFound, None)
}

fn unavailable(ctx: &Ctx, error: DbErr) -> Response {
    respond::write_error(ctx, &WriteError::Unavailable(error))
}

fn not_done(ctx: &Ctx, error: &NotDone) -> Response {
    match error {
        NotDone::Forbidden | NotDone::Last => forbidden(ctx),
        NotDone::Write(error) => respond::write_error(ctx, error),
    }
}
