//! The session as a handler takes it. The edge has checked it and laid it beside the request; what a handler
//! names in its arguments is what it gets, so that none has to ask whether somebody is there.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use super::model::Current;
use crate::web::context::Ctx;
use crate::web::page::ErrorKind;
use crate::web::respond;

/// Whoever is signed in; nobody else reaches a handler that takes this.
pub struct SignedIn(pub Current);

/// Whoever is signed in, where somebody is.
pub struct MaybeSignedIn(pub Option<Current>);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if let Some(current) = current(parts) {
            return Ok(Self(current));
        }
        // The route table lets nobody come here without a session; a mistake there must not open a door.
        let Ok(ctx) = Ctx::from_request_parts(parts, state).await;
        Err(respond::error(&ctx, ErrorKind::Forbidden, None))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(current(parts)))
    }
}

fn current(parts: &Parts) -> Option<Current> {
    parts.extensions.get::<Option<Current>>().cloned().flatten()
}
