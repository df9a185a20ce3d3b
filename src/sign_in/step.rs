//! From a journey to the page of its next step.

use axum::response::Response;

use super::recovery;
use super::service::{SignIn, Wanted};
use super::show::{self, PasswordView};
use super::show_key::{self, BindAgain};
use super::show_upstream;
use super::ways::{self, Choice};
use crate::infra::database::WriteError;
use crate::journey::model::{Journey, Step};
use crate::web::context::Ctx;
use crate::web::respond;

/// The page of the next step of a journey.
pub async fn page(sign_in: &SignIn, ctx: &Ctx, journey: &Journey, asked: Option<Choice>) -> Response {
    if journey.finished_at.is_some() {
        return respond::see_other(&show::arrival(journey.id, &journey.target));
    }
    match sign_in.standing(journey, ctx.now()).await {
        Err(error) => respond::write_error(ctx, &WriteError::Unavailable(error)),
        Ok((step @ Step::Prove { .. }, Some(account))) => match ways::chosen(&step, asked) {
            Some(Choice::Key) => show_key::key(sign_in, ctx, journey, &account, None).await,
            Some(Choice::Upstream) => show_upstream::prove(sign_in, ctx, journey, &account, None).await,
            Some(Choice::RecoveryCode) => recovery::show::step(sign_in, ctx, journey, &account, None).await,
            Some(Choice::App) | None => show::code(sign_in, ctx, journey, &account, None).await,
        },
        Ok((step @ Step::Enrol { .. }, Some(account))) => match ways::chosen(&step, asked) {
            Some(Choice::Key) => show_key::bind(sign_in, ctx, Some(journey), BindAgain::default()).await,
            Some(Choice::App | Choice::Upstream | Choice::RecoveryCode) | None => {
                show::offer(sign_in, ctx, Some(journey), &account).await
            }
        },
        Ok((Step::NewPassword, Some(account))) => {
            let reason = show::change_reason(sign_in, &account, ctx.now()).await;
            show::change_password(sign_in, ctx, Some(journey), &account, reason, None).await
        }
        Ok((Step::Identify | Step::Done { .. }, _) | (_, None)) => show::password(
            sign_in,
            ctx,
            Some(journey),
            &Wanted::of(journey),
            PasswordView::asking(&journey.login),
        ),
    }
}
