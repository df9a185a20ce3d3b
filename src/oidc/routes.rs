//! The doors of the provider: parse, call, answer.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::provider::Oidc;
use super::request::PARAMETERS;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::form;
use crate::web::page::ErrorKind;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{CALLS, RoutePolicy, Routes, Verb, Who};

const AUTHORIZE: &str = "/oauth2/authorize";
const USERINFO: &str = "/oauth2/userinfo";
/// The event of codes and tokens.
const ISSUED: &str = "authorize_session";
/// A changed document is seen within five minutes; a key is published long before it signs.
const MAX_AGE: &str = "public, max-age=300";

pub fn routes(oidc: &Oidc) -> Routes {
    // Requests come from other sites by their nature. They issue to the person's own session and to
    // registered addresses alone, and a journey is its browser's.
    let authorization = |path| {
        let open = RoutePolicy::page(path).for_who(Who::AnyoneMaybeSignedIn).cross_site();
        RoutePolicy { event: ISSUED, ..open }
    };
    let posted = RoutePolicy { method: Verb::Post, ..RoutePolicy::page(AUTHORIZE).cross_site() };
    let document = |path| RoutePolicy { limit: CALLS, ..RoutePolicy::page(path) };
    Routes::default()
        .add(authorization(AUTHORIZE), authorize)
        .add(posted, authorize_by_post)
        .add(authorization("/oauth2/authorize/continue"), resume)
        .add(RoutePolicy::call(Verb::Post, "/oauth2/token", ISSUED), token)
        .add(RoutePolicy::call(Verb::Get, USERINFO, "none"), userinfo)
        .add(RoutePolicy::call(Verb::Post, USERINFO, "none"), userinfo)
        .add(document("/.well-known/openid-configuration"), metadata)
        .add(document("/.well-known/oauth-authorization-server"), metadata)
        .add(document("/oauth2/jwks"), jwks)
        .with_state(oidc)
}

async fn authorize(
    State(oidc): State<Oidc>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
) -> Response {
    oidc.authorize(&ctx, ctx.query(), current.as_ref()).await
}

/// A form from another site comes without our cookies, so nothing is decided on it: the browser is sent on
/// by GET, which brings them. Source: OIDC Core §3.1.2.1, RFC 6265bis §5.8.3.
async fn authorize_by_post(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Ok(params) = form::parse(content_type, &body) else {
        return respond::error(&ctx, ErrorKind::BadRequest, None);
    };
    let known = PARAMETERS.iter().filter_map(|name| Some((*name, params.get(name)?)));
    let again = known.fold(PortalPath::fixed(AUTHORIZE), |path, (name, value)| path.and(name, value));
    respond::see_other(&again)
}

async fn resume(
    State(oidc): State<Oidc>,
    Extension(current): Extension<Option<Current>>,
    ctx: Ctx,
) -> Response {
    oidc.resume(&ctx, current.as_ref()).await
}

async fn token(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    oidc.token(&ctx, &headers, &body).await
}

async fn userinfo(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap) -> Response {
    oidc.userinfo(&headers, ctx.now()).await
}

async fn metadata(State(oidc): State<Oidc>, headers: HeaderMap) -> Response {
    oidc.metadata().answer(&headers, MAX_AGE)
}

async fn jwks(State(oidc): State<Oidc>, ctx: Ctx, headers: HeaderMap) -> Response {
    oidc.jwks(ctx.now()).await.answer(&headers, MAX_AGE)
}
