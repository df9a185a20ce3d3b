//! The pages of recovery codes.

use axum::http::StatusCode;
use axum::response::Response;

use crate::account::Account;
use crate::authenticator::{AuthenticatorKind, RecoveryCode};
use crate::infra::database::{DbErr, WriteError};
use crate::journey::model::Journey;
use crate::kernel::acr::Acr;
use crate::kernel::id::JourneyId;
use crate::session::Current;
use crate::sign_in::pages::CodeRefusal;
use crate::sign_in::pages::recovery::{BoundRow, CodesAskPage, CodesMadePage, RecoveryPage, SetUpPage};
use crate::sign_in::service::{Afterwards, SignIn};
use crate::sign_in::show::{self, arrival, code_status};
use crate::sign_in::ways::{self, Choice};
use crate::web::context::Ctx;
use crate::web::page::Link;
use crate::web::params::Params;
use crate::web::respond;

/// The page that asks for a code.
pub async fn step(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: &Journey,
    account: &Account,
    refusal: Option<CodeRefusal>,
) -> Response {
    let page = RecoveryPage {
        shell: show::shell_on(ctx, Some(journey), Choice::RecoveryCode, "/sign-in"),
        journey: journey.id.to_string(),
        username: account.login.clone(),
        application: show::application(journey),
        others: ways::others(sign_in, ctx, journey, Choice::RecoveryCode).await,
        refusal,
    };
    let form_action = show::form_action(Some(journey));
    respond::page(code_status(page.refusal.as_ref()), &page, form_action.as_deref())
}

/// What making a new set means, before it is made.
pub async fn ask(sign_in: &SignIn, ctx: &Ctx, current: &Current) -> Response {
    match sign_in.authenticators.recovery().of(current.account.id).await {
        Ok(set) => {
            let page = CodesAskPage { shell: ctx.shell_at("/account/recovery-codes"), set, now: ctx.now() };
            respond::page(StatusCode::OK, &page, None)
        }
        Err(error) => unavailable(ctx, error),
    }
}

/// The one page that shows the codes.
pub fn made(ctx: &Ctx, current: &Current, codes: &[RecoveryCode]) -> Response {
    let page = CodesMadePage {
        shell: ctx.shell_at("/account/recovery-codes"),
        username: current.account.login.clone(),
        codes: codes.iter().map(RecoveryCode::shown).collect(),
        made: ctx.now(),
    };
    respond::page(StatusCode::OK, &page, None)
}

/// Where a person comes from, and is going.
pub struct SetUp {
    after: Afterwards,
    journey: Option<JourneyId>,
}

impl SetUp {
    pub fn asked(query: &Params) -> Self {
        Self {
            after: query.get("after").and_then(Afterwards::from_name).unwrap_or(Afterwards::Enrolment),
            journey: query.get("journey").and_then(|id| id.parse().ok()),
        }
    }
}

/// What should be seen to now, and the way on.
pub async fn set_up(sign_in: &SignIn, ctx: &Ctx, current: &Current, from: SetUp) -> Response {
    match set_up_page(sign_in, ctx, current, from).await {
        Ok(page) => respond::page(StatusCode::OK, &page, None),
        Err(error) => unavailable(ctx, error),
    }
}

async fn set_up_page(
    sign_in: &SignIn,
    ctx: &Ctx,
    current: &Current,
    from: SetUp,
) -> Result<SetUpPage, DbErr> {
    let account = &current.account;
    let bound = sign_in.authenticators.of(account.id).await?;
    let several = bound.len() > 1;
    let row = |bound: crate::authenticator::Authenticator| BoundRow {
        icon: match bound.kind {
            AuthenticatorKind::App => "code",
            AuthenticatorKind::Key { .. } => "passkey",
        },
        remove: several.then(|| format!("/account/authenticators/{}/remove", bound.id)),
        name: bound.name,
    };
    Ok(SetUpPage {
        shell: ctx.shell_at("/account/set-up"),
        after: from.after,
        bound: bound.into_iter().map(row).collect(),
        set: sign_in.authenticators.recovery().of(account.id).await?,
        // Who needs more than codes can give is not shown a false way back.
        codes_help: account.required_acr <= Acr::Mfa,
        onward: onward(sign_in, ctx, from.journey).await?,
    })
}

/// Where the journey was going that led here; home where it is over.
async fn onward(sign_in: &SignIn, ctx: &Ctx, journey: Option<JourneyId>) -> Result<Link, DbErr> {
    let found = match journey {
        Some(id) => sign_in.journeys.find(id, ctx.browser().id, ctx.now()).await?,
        None => None,
    };
    let text = ctx.text();
    Ok(match found.filter(|journey| journey.finished_at.is_some()) {
        Some(journey) => Link {
            href: arrival(journey.id, &journey.target).as_str().to_owned(),
            say: match show::application(&journey) {
                Some(name) => text.with("set-up-on-to", &[("app", name.into())]),
                None => text.say("set-up-on"),
            },
        },
        None => Link { href: "/".to_owned(), say: text.say("set-up-on") },
    })
}

fn unavailable(ctx: &Ctx, error: DbErr) -> Response {
    respond::write_error(ctx, &WriteError::Unavailable(error))
}
