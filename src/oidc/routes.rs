//! The doors of the provider.

use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::discovery;
use super::document::Document;
use super::provider::Oidc;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::form::{self, FORM_BYTES_MAX};
use crate::web::page::ErrorKind;
use crate::web::respond;
use crate::web::route::{CALLS, RoutePolicy, Routes, Verb, Who};

const AUTHORIZE: &str = "/oauth2/authorize";
/// A changed document is seen within five minutes; a key is published long before it signs.
const MAX_AGE: &str = "public, max-age=300";

pub fn routes(oidc: &Oidc) -> Routes {
    authorization(oidc).with(calls(oidc)).with(documents(oidc))
}

/// Comes from other sites by its nature. It issues to the person's own session and to registered addresses
/// alone, and a journey is its browser's.
fn authorization(oidc: &Oidc) -> Routes {
    let policy = |method, path| {
        let open = RoutePolicy::page(path).for_who(Who::AnyoneMaybeSignedIn).cross_site();
        RoutePolicy { method, event: "code_issued", ..open }
    };
    let (get, post, resume) = (oidc.clone(), oidc.clone(), oidc.clone());
    Routes::default()
        .add(policy(Verb::Get, AUTHORIZE), move |ctx: Ctx, Extension(current): Extension<Option<Current>>| {
            let oidc = get.clone();
            async move { oidc.authorize(&ctx, ctx.query(), current.as_ref()).await }
        })
        .add(
            policy(Verb::Post, AUTHORIZE),
            move |ctx: Ctx,
                  Extension(current): Extension<Option<Current>>,
                  headers: HeaderMap,
                  body: Bytes| {
                let oidc = post.clone();
                async move { authorize_by_post(&oidc, &ctx, current.as_ref(), &headers, &body).await }
            },
        )
        .add(
            policy(Verb::Get, "/oauth2/authorize/continue"),
            move |ctx: Ctx, Extension(current): Extension<Option<Current>>| {
                let oidc = resume.clone();
                async move { oidc.resume(&ctx, current.as_ref()).await }
            },
        )
}

/// Source: OIDC Core §3.1.2.1: by POST the parameters are a form.
async fn authorize_by_post(
    oidc: &Oidc,
    ctx: &Ctx,
    current: Option<&Current>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match form::parse(content_type, body) {
        Ok(params) if body.len() <= FORM_BYTES_MAX => oidc.authorize(ctx, &params, current).await,
        _ => respond::error(ctx, ErrorKind::BadRequest, None),
    }
}

fn calls(oidc: &Oidc) -> Routes {
    let token = oidc.clone();
    let routes = Routes::default().add(
        RoutePolicy::call(Verb::Post, "/oauth2/token", "tokens_issued"),
        move |ctx: Ctx, headers: HeaderMap, body: Bytes| {
            let oidc = token.clone();
            async move { oidc.token(&ctx, &headers, &body).await }
        },
    );
    [Verb::Get, Verb::Post].into_iter().fold(routes, |routes, verb| {
        let userinfo = oidc.clone();
        routes.add(
            RoutePolicy::call(verb, "/oauth2/userinfo", "none"),
            move |ctx: Ctx, headers: HeaderMap| {
                let oidc = userinfo.clone();
                async move { oidc.userinfo(&headers, ctx.now()).await }
            },
        )
    })
}

/// Public documents, for anyone and from any origin.
fn documents(oidc: &Oidc) -> Routes {
    let policy = |path| RoutePolicy { limit: CALLS, ..RoutePolicy::page(path) };
    let metadata = discovery::document(oidc.issuer(), oidc.clients());
    let discovery = |document: Document| {
        move |headers: HeaderMap| {
            let answer = document.answer(&headers, MAX_AGE);
            async move { answer }
        }
    };
    let keys = oidc.clone();
    Routes::default()
        .add(policy("/.well-known/openid-configuration"), discovery(metadata.clone()))
        .add(policy("/.well-known/oauth-authorization-server"), discovery(metadata))
        .add(policy("/oauth2/jwks"), move |ctx: Ctx, headers: HeaderMap| {
            let oidc = keys.clone();
            async move { oidc.jwks(ctx.now()).await.answer(&headers, MAX_AGE) }
        })
}
