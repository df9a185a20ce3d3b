//! Addresses that other programs know by heart. Source: RFC 9116, W3C "A Well-Known URL for Changing
//! Passwords".

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::web::context::Ctx;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes};

/// How long a reader may rely on the contact. Source: RFC 9116 §2.5.5 (less than a year).
const EXPIRES: Duration = Duration::from_hours(180 * 24);

/// Where weaknesses are reported, and our own address.
#[derive(Clone)]
pub struct Contact {
    pub security: String,
    pub issuer: String,
}

pub fn routes(contact: &Contact) -> Routes {
    Routes::default()
        .add(RoutePolicy::page("/.well-known/security.txt"), security)
        .add(RoutePolicy::page("/.well-known/change-password"), change_password)
        .with_state(contact)
}

async fn security(State(contact): State<Contact>, ctx: Ctx) -> Response {
    let Contact { security, issuer } = contact;
    let expires = ctx.now().plus(EXPIRES).iso();
    let text = format!(
        "Contact: {security}\nExpires: {expires}\nPreferred-Languages: nl, fr, de, en\n\
         Canonical: {issuer}/.well-known/security.txt\n"
    );
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response()
}

async fn change_password() -> Response {
    respond::see_other(&PortalPath::fixed("/account/password"))
}
