//! The pages on which a passkey or a security key is asked for or bound.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::pages::bind_key::BindKeyPage;
use super::pages::key::KeyPage;
use super::service::{NotTaken, SignIn};
use super::show;
use super::ways::{self, Choice};
use crate::account::Account;
use crate::authenticator::passkeys::Asked;
use crate::event::CaseCode;
use crate::journey::model::Journey;
use crate::web::context::Ctx;
use crate::web::respond;

/// A question, for the script that asks the authenticator.
pub fn question(asked: &Asked) -> Response {
    Json(json!({ "challenge": asked.challenge, "options": asked.options })).into_response()
}

/// The case code of an answer that was not accepted; `None` when it is no matter of the answer.
pub fn refused(error: &NotTaken) -> Option<CaseCode> {
    if let NotTaken::KeyRefused(case) = error { Some(case.clone()) } else { None }
}

/// The page of a further proof by a key.
pub async fn key(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: &Journey,
    account: &Account,
    refused: Option<CaseCode>,
) -> Response {
    let page = KeyPage {
        shell: show::shell_on(ctx, Some(journey), Choice::Key, "/sign-in"),
        journey: journey.id.to_string(),
        username: account.login.clone(),
        application: show::application(journey),
        others: ways::others(sign_in, ctx, journey, Choice::Key).await,
        case: refused.map(|case| case.to_string()),
    };
    respond::page(status(page.case.as_ref()), &page, show::form_action(Some(journey)).as_deref())
}

/// What was typed on the page that binds a key, and what was wrong with it.
#[derive(Default)]
pub struct BindAgain<'a> {
    pub name: &'a str,
    pub refused: Option<CaseCode>,
}

/// The page that binds a key: inside a sign-in, or from the account.
pub async fn bind(sign_in: &SignIn, ctx: &Ctx, journey: Option<&Journey>, again: BindAgain<'_>) -> Response {
    let (action, options) = match journey {
        Some(_) => ("/sign-in/enrol/key", "/sign-in/enrol/key/options"),
        None => ("/account/passkeys", "/account/passkeys/options"),
    };
    let (others, why) = match journey {
        Some(journey) => {
            let others = ways::others(sign_in, ctx, journey, Choice::Key).await;
            // Where an app is not among them, it would not be enough.
            let why = if others.is_empty() { "bind-forced" } else { "enrol-forced" };
            (others, Some(why))
        }
        None => (vec![], None),
    };
    let name =
        if again.name.is_empty() { ctx.text().say("bind-name-suggested") } else { again.name.to_owned() };
    let page = BindKeyPage {
        shell: show::shell_on(ctx, journey, Choice::Key, "/account/passkeys/new"),
        action: action.to_owned(),
        options: options.to_owned(),
        journey: journey.map(|journey| journey.id.to_string()),
        why,
        name,
        others,
        case: again.refused.map(|case| case.to_string()),
    };
    respond::page(status(page.case.as_ref()), &page, show::form_action(journey).as_deref())
}

const fn status(case: Option<&String>) -> StatusCode {
    if case.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}
