//! Adding an app and changing a known password. They stand here because their pages are those of
//! signing in; the account page itself is the portal's.

use axum::extract::State;
use axum::response::Response;

use super::enrol::Enrolment;
use super::pages::change_password::ChangeReason;
use super::service::SignIn;
use super::show::{self, Offered};
use crate::kernel::acr::Acr;
use crate::session::SignedIn;
use crate::web::context::Ctx;
use crate::web::flash::Done;
use crate::web::form::Form;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{RoutePolicy, Routes};

/// How old the last proof may be where a proof is added: whoever finds an open screen cannot stay.
pub const FRESH_SECONDS: u64 = 10 * 60;

pub fn routes(sign_in: &SignIn) -> Routes {
    let new_app = RoutePolicy::page("/account/authenticators/app/new");
    let add_app = RoutePolicy::form("/account/authenticators/app", "account_change");
    let change = RoutePolicy::form("/account/password", "account_change");
    Routes::default()
        .add(new_app.signed_in(Acr::Mfa).fresh(FRESH_SECONDS), offer_app)
        .add(add_app.signed_in(Acr::Mfa).fresh(FRESH_SECONDS), add_app_sent)
        .add(RoutePolicy::page("/account/password").signed_in(Acr::Pwd), ask_password)
        .add(change.signed_in(Acr::Pwd), change_password)
        .with_state(sign_in)
}

async fn offer_app(State(sign_in): State<SignIn>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    show::offer(&sign_in, &ctx, None, &current.account).await
}

async fn add_app_sent(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let sent = Enrolment::sent(&form);
    match sign_in.add_own(ctx.origin(), ctx.browser(), &current, sent).await {
        Ok(()) => Done::AppAdded.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => match show::code_refusal(&error, ctx.now()) {
            Some(refusal) => {
                show::enrol(&sign_in, &ctx, None, &current.account, Offered::again(sent, refusal)).await
            }
            None => show::not_taken(&ctx, None, &error),
        },
    }
}

async fn ask_password(State(sign_in): State<SignIn>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    show::change_password(&sign_in, &ctx, None, &current.account, ChangeReason::Wish, None).await
}

async fn change_password(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let text = |name| form.get(name).unwrap_or_default();
    let new = [text("new_password"), text("new_password_again")];
    let present = text("current_password");
    let browser = ctx.browser();
    match sign_in.change_own_password(ctx.origin(), browser, &current, present, new).await {
        Ok(()) => Done::PasswordChanged.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(error) => match show::password_refusal(&error) {
            refusal @ Some(_) => {
                let account = &current.account;
                show::change_password(&sign_in, &ctx, None, account, ChangeReason::Wish, refusal).await
            }
            None => show::not_taken(&ctx, None, &error.cause()),
        },
    }
}
