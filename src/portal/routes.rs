//! `/`, `/account`, `/sign-out`, `/privacy`: parse, call, render.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::pages::{ConfirmPage, PrivacyPage, RenamePage, SignOutPage};
use super::service::{NotDone, Portal};
use crate::authenticator::AuthenticatorKind;
use crate::infra::database::{DbErr, WriteError};
use crate::kernel::acr::Acr;
use crate::kernel::id::{AuthenticatorId, DeviceId, SessionId};
use crate::oidc::{AfterSignOut, signed_out};
use crate::policy::Action;
use crate::session::{Current, MaybeSignedIn, SignedIn};
use crate::web::context::Ctx;
use crate::web::flash::Done;
use crate::web::form::Form;
use crate::web::page::ErrorKind;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes, Who};

/// How old the last proof may be where a proof is taken away or data leaves.
const FRESH_SECONDS: u64 = 10 * 60;

pub fn routes(portal: &Portal) -> Routes {
    let page = |path| RoutePolicy::page(path).signed_in(Acr::Pwd);
    let form = |path, event| RoutePolicy::form(path, event).signed_in(Acr::Pwd);
    let strong = |policy: RoutePolicy| policy.signed_in(Acr::Mfa).fresh(FRESH_SECONDS);
    Routes::default()
        .add(page("/"), home)
        .add(page("/account"), account)
        .add(strong(page("/account/authenticators/{id}/remove")), ask_remove)
        .add(strong(form("/account/authenticators/{id}/remove", "account_change")), remove)
        .add(strong(page("/account/authenticators/{id}/name")), ask_name)
        .add(strong(form("/account/authenticators/{id}/name", "account_change")), rename)
        .add(form("/account/sessions/{id}/end", "authentication"), end_session)
        .add(form("/account/browsers/{id}/end", "account_change"), end_browser)
        .add(page("/account/sessions/end-others"), ask_end_others)
        .add(form("/account/sessions/end-others", "authentication"), end_others)
        .add(form("/account/applications/withdraw", "authorize_session"), withdraw_consent)
        .add(RoutePolicy::page("/sign-out").for_who(Who::AnyoneMaybeSignedIn), ask_sign_out)
        .add(RoutePolicy::form("/sign-out", "authentication").for_who(Who::AnyoneMaybeSignedIn), sign_out)
        .add(RoutePolicy::page("/privacy").for_who(Who::AnyoneMaybeSignedIn), privacy)
        .add(form("/privacy/export", "api_activity").fresh(FRESH_SECONDS), export)
        .with_state(portal)
}

async fn home(State(portal): State<Portal>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    match portal.home(&ctx, &current).await {
        Ok(page) => respond::page(StatusCode::OK, &page, None),
        Err(error) => unavailable(&ctx, error),
    }
}

async fn account(State(portal): State<Portal>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
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
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
) -> Response {
    show_remove(&portal, &ctx, &current, &id, None).await
}

async fn remove(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Ok(authenticator) = id.parse::<AuthenticatorId>() else { return not_found(&ctx) };
    match portal.remove_authenticator(ctx.origin(), &current, authenticator).await {
        Ok(()) => Done::MethodRemoved.on(respond::see_other(&PortalPath::fixed("/account"))),
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
    let (title, happens, verb) = match authenticator.kind {
        AuthenticatorKind::App => ("remove-title", "remove-happens-codes", "remove-do"),
        AuthenticatorKind::Key { .. } => ("remove-key-title", "remove-happens-key", "remove-key-do"),
    };
    let path = format!("/account/authenticators/{id}/remove");
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ConfirmPage {
        shell: ctx.shell_at(&path),
        title: text.say(title),
        lead: text.with("remove-lead", &[("name", authenticator.name.as_str().into())]),
        happens: vec![text.say(happens), text.say("remove-happens-mail")],
        stays: vec![text.say("remove-stays-others")],
        action: path,
        verb: text.say(verb),
        keep_href: "/account".to_owned(),
        keep_verb: text.say("remove-keep"),
        risk: true,
        refused,
    };
    respond::page(status, &page, None)
}

async fn ask_name(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
) -> Response {
    let bound = match portal.authenticators.of(current.account.id).await {
        Ok(bound) => bound,
        Err(error) => return unavailable(&ctx, error),
    };
    let Some(authenticator) = bound.into_iter().find(|bound| bound.id.to_string() == id) else {
        return not_found(&ctx);
    };
    let action = format!("/account/authenticators/{id}/name");
    let page = RenamePage { shell: ctx.shell_at(&action), action, name: authenticator.name };
    respond::page(StatusCode::OK, &page, None)
}

async fn rename(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let Ok(id) = id.parse::<AuthenticatorId>() else { return not_found(&ctx) };
    let name = form.get("name").unwrap_or_default();
    match portal.rename_authenticator(ctx.origin(), &current, id, name).await {
        Ok(true) => Done::Renamed.on(respond::see_other(&PortalPath::fixed("/account"))),
        Ok(false) => not_found(&ctx),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn end_session(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Ok(id) = id.parse::<SessionId>() else { return not_found(&ctx) };
    match portal.end_session(ctx.origin(), &current, id).await {
        Ok(()) if id == current.session.id => signed_out(None),
        Ok(()) => Done::SessionEnded.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn end_browser(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    Path(id): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let Ok(id) = id.parse::<DeviceId>() else { return not_found(&ctx) };
    match portal.distrust_browser(ctx.origin(), &current, id).await {
        Ok(()) => Done::BrowserEnded.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn ask_end_others(State(portal): State<Portal>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
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
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    match portal.end_sessions(ctx.origin(), &current, Some(current.session.id)).await {
        Ok(count) => Done::OthersEnded(count).on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn withdraw_consent(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let client_id = form.get("client_id").unwrap_or_default();
    match portal.withdraw_consent(ctx.origin(), &current, client_id).await {
        Ok(()) => Done::ConsentWithdrawn.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => not_done(&ctx, &error),
    }
}

/// An application may have sent the person here; where it asks to go on to is shown and checked again.
async fn ask_sign_out(State(portal): State<Portal>, ctx: Ctx) -> Response {
    let Ok(after) = portal.after_sign_out(ctx.query()) else {
        return respond::error(&ctx, ErrorKind::ClientNotTrusted, None);
    };
    let page = SignOutPage {
        shell: ctx.shell_at("/sign-out"),
        application: after.as_ref().map(|after| after.application(ctx.text().language()).to_owned()),
        hidden: after.as_ref().map(AfterSignOut::hidden).unwrap_or_default(),
    };
    respond::page(StatusCode::OK, &page, after.and_then(|after| after.form_origin()).as_deref())
}

async fn sign_out(
    State(portal): State<Portal>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let Ok(after) = portal.after_sign_out(&form) else {
        return respond::error(&ctx, ErrorKind::ClientNotTrusted, None);
    };
    let Some(current) = current else { return signed_out(after.as_ref()) };
    let everywhere = form.get("everywhere").is_some();
    let outcome = if everywhere {
        portal.end_sessions(ctx.origin(), &current, None).await.map(|_| ())
    } else {
        portal.end_session(ctx.origin(), &current, current.session.id).await
    };
    match outcome {
        Ok(()) => signed_out(after.as_ref()),
        Err(error) => not_done(&ctx, &error),
    }
}

async fn privacy(MaybeSignedIn(current): MaybeSignedIn, ctx: Ctx) -> Response {
    let page = PrivacyPage { shell: ctx.shell_at("/privacy"), signed_in: current.is_some() };
    respond::page(StatusCode::OK, &page, None)
}

async fn export(
    State(portal): State<Portal>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
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
