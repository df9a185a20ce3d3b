//! What every handler is given of its request, read once at the edge.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::browser::{BrowserKey, DeviceCookie};
use super::page::{Flash, House, Shell};
use super::params::Params;
use super::text::Text;
use crate::event::Origin;
use crate::kernel::time::Moment;

/// The request as the edge understood it; cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<Seen>);

/// What the edge fills in.
pub struct Seen {
    pub origin: Origin,
    pub browser: DeviceCookie,
    pub key: BrowserKey,
    pub text: Text,
    /// Path and query without `lang`.
    pub path: String,
    pub query: Params,
    pub signed_in: Option<String>,
    pub flash: Option<Flash>,
    pub house: House,
}

impl Ctx {
    pub fn new(seen: Seen) -> Self {
        Self(Arc::new(seen))
    }

    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    pub fn now(&self) -> Moment {
        self.0.origin.now
    }

    pub fn text(&self) -> Text {
        self.0.text
    }

    pub fn browser(&self) -> DeviceCookie {
        self.0.browser
    }

    pub fn query(&self) -> &Params {
        &self.0.query
    }

    pub fn key(&self) -> &BrowserKey {
        &self.0.key
    }

    pub fn house(&self) -> &House {
        &self.0.house
    }

    pub fn is_form_token(&self, token: &str) -> bool {
        self.0.key.is_form_token(token, self.0.browser.id)
    }

    /// What stands around a page that this request is answered with.
    pub fn shell(&self) -> Shell {
        Shell {
            text: self.0.text,
            path: self.0.path.clone(),
            form_token: self.0.key.form_token(self.0.browser.id),
            signed_in: self.0.signed_in.clone(),
            flash: self.0.flash.clone(),
            house: self.0.house.clone(),
        }
    }

    /// As [`Ctx::shell`] for a page that is shown in answer to a POST: its language links lead to a
    /// page that a GET can show.
    pub fn shell_at(&self, path: &str) -> Shell {
        Shell { path: path.to_owned(), ..self.shell() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        match parts.extensions.get::<Self>() {
            Some(ctx) => Ok(ctx.clone()),
            // The edge stands before every route, so this cannot be reached; waiting is safer than
            // answering without knowing who asks, and the request's deadline ends it.
            None => std::future::pending().await,
        }
    }
}
