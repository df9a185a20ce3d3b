//! The doors of the provider: parse, call, answer.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::cors;
use super::logout;
use super::provider::Oidc;
use super::request::PARAMETERS;
use crate::kernel::time::Moment;
use crate::session::MaybeSignedIn;
use crate::web::context::Ctx;
use crate::web::document::Document;
use crate::web::form::{self, Form};
use crate::web::page::ErrorKind;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes, Verb, Who};

const AUTHORIZE: &str = "/oauth2/authorize";
const TOKEN: &str = "/oauth2/token";
const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";
const LOGOUT: &str = "/oauth2/logout";
const USERINFO: &str = "/oauth2/userinfo";
/// The event of codes and tokens, given and taken back.
const ISSUED: &str = "authorize_session";

pub fn routes(oidc: &Oidc) -> Routes {
    // Requests come from other sites by their nature. They issue to the person's own session and to
    // registered addresses alone, and a journey is its browser's.
    let authorization = |path| {
        let open = RoutePolicy::page(path).for_who(Who::AnyoneMaybeSignedIn).cross_site();
        RoutePolicy { event: ISSUED, ..open }
    };
    let posted = |path| RoutePolicy { method: Verb::Post, ..RoutePolicy::page(path).cross_site() };
    // Ends a session only on our own token about that very session; asks otherwise.
    let logout = RoutePolicy::page(LOGOUT).for_who(Who::AnyoneMaybeSignedIn).cross_site();
    let metadata = |oidc: Oidc, _| std::future::ready(oidc.metadata().clone());
    Routes::default()
        .add(authorization(AUTHORIZE), authorize)
        .add(posted(AUTHORIZE), authorize_by_post)
        .add(RoutePolicy { event: "authentication", ..logout }, log_out)
        .add(posted(LOGOUT), log_out_by_post)
        .add(authorization("/oauth2/authorize/continue"), resume)
        .add(
            RoutePolicy::form("/oauth2/authorize/consent", ISSUED).for_who(Who::AnyoneMaybeSignedIn),
            consent,
        )
        .add(RoutePolicy::call(Verb::Post, TOKEN, ISSUED), token)
        .add(RoutePolicy::call(Verb::Post, INTROSPECT, "none"), introspect)
        .add(RoutePolicy::call(Verb::Post, REVOKE, ISSUED), revoke)
        .add(RoutePolicy::call(Verb::Options, TOKEN, "none"), preflight)
        .add(RoutePolicy::call(Verb::Options, REVOKE, "none"), preflight)
        .add(RoutePolicy::call(Verb::Options, USERINFO, "none"), preflight)
        .add(RoutePolicy::call(Verb::Get, USERINFO, "none"), userinfo)
        .add(RoutePolicy::call(Verb::Post, USERINFO, "none"), userinfo)
        .document("/.well-known/openid-configuration", metadata)
        .document("/.well-known/oauth-authorization-server", metadata)
        .document("/oauth2/jwks", jwks)
        .with_state(oidc)
}

async fn authorize(State(oidc): State<Oidc>, MaybeSignedIn(current): MaybeSignedIn, ctx: Ctx) -> Response {
    oidc.authorize(&ctx, ctx.query(), current.as_ref()).await
}

async fn authorize_by_post(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    again_by_get(&ctx, &headers, &body, AUTHORIZE, &PARAMETERS)
}

async fn log_out(State(oidc): State<Oidc>, MaybeSignedIn(current): MaybeSignedIn, ctx: Ctx) -> Response {
    oidc.logout(&ctx, ctx.query(), current.as_ref()).await
}

async fn log_out_by_post(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    again_by_get(&ctx, &headers, &body, LOGOUT, &logout::PARAMETERS)
}

/// A form from another site comes without our cookies, so nothing is decided on it: the browser is sent on
/// by GET, which brings them. Source: OIDC Core §3.1.2.1, RFC 6265bis §5.8.3.
fn again_by_get(
    ctx: &Ctx,
    headers: &HeaderMap,
    body: &Bytes,
    path: &'static str,
    known: &[&'static str],
) -> Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Ok(params) = form::parse(content_type, body) else {
        return respond::error(ctx, ErrorKind::BadRequest, None);
    };
    let known = known.iter().filter_map(|name| Some((*name, params.get(name)?)));
    let again = known.fold(PortalPath::fixed(path), |path, (name, value)| path.and(name, value));
    respond::see_other(&again)
}

async fn resume(State(oidc): State<Oidc>, MaybeSignedIn(current): MaybeSignedIn, ctx: Ctx) -> Response {
    oidc.resume(&ctx, current.as_ref()).await
}

async fn consent(
    State(oidc): State<Oidc>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    oidc.consent(&ctx, &form, current.as_ref()).await
}

async fn token(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    let response = oidc.token(&ctx, &headers, &body).await;
    cors::allow(oidc.clients(), &headers, response)
}

async fn introspect(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    oidc.introspect(&ctx, &headers, &body).await
}

async fn revoke(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    let response = oidc.revoke(&ctx, &headers, &body).await;
    cors::allow(oidc.clients(), &headers, response)
}

async fn userinfo(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap) -> Response {
    let response = oidc.userinfo(&headers, ctx.now()).await;
    cors::allow(oidc.clients(), &headers, response)
}

/// May a script of that origin call?
async fn preflight(State(oidc): State<Oidc>, headers: HeaderMap) -> Response {
    cors::preflight(oidc.clients(), &headers)
}

async fn jwks(oidc: Oidc, now: Moment) -> Document {
    oidc.jwks(now).await
}
