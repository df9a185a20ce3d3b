//! The pages of other providers: the buttons that lead there, and what is said when nothing came of it.

use axum::http::StatusCode;
use axum::response::Response;

use super::offers::{Offers, status_of};
use super::pages::links::{LinkRow, LinksPage};
use super::pages::offer::UpstreamOffer;
use super::pages::password::Refusal;
use super::pages::upstream::UpstreamPage;
use super::service::{NotTaken, SignIn, Wanted};
use super::show::{self, PasswordView};
use super::upstream::asks_provider;
use super::ways::{self, Choice};
use crate::account::Account;
use crate::federation::Refused;
use crate::infra::database::{DbErr, WriteError};
use crate::journey::model::{Journey, Purpose};
use crate::web::context::Ctx;
use crate::web::respond;

/// Where a person links other providers to the own account.
pub const LINKS: &str = "/account/upstream";

/// The page of a further proof by a provider.
pub async fn prove(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: &Journey,
    account: &Account,
    refused: Option<&Refused>,
) -> Response {
    let links = match sign_in.federation.links().of(account.id).await {
        Ok(links) => links,
        Err(error) => return unavailable(ctx, error),
    };
    let all = Offers::of(sign_in, ctx);
    let form_action = all.form_action(show::form_action(Some(journey)));
    let linked = |offer: &UpstreamOffer| links.iter().any(|link| link.provider == offer.name);
    let page = UpstreamPage {
        shell: show::shell_on(ctx, Some(journey), Choice::Upstream, "/sign-in"),
        journey: journey.id.to_string(),
        username: account.login.clone(),
        application: show::application(journey),
        offers: all.offers.into_iter().filter(linked).collect(),
        others: ways::others(sign_in, ctx, journey, Choice::Upstream).await,
        refusal: refused.map(|refused| refusal(sign_in, refused)),
    };
    let status = refused.map_or(StatusCode::OK, status);
    respond::page(status, &page, form_action.as_deref())
}

/// What is shown when nothing came of a way by a provider: the page of the journey's step, which leads on.
pub async fn refused(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: Option<&Journey>,
    wanted: &Wanted,
    error: &NotTaken,
) -> Response {
    let NotTaken::Upstream(refused) = error else { return show::not_taken(ctx, journey, error) };
    if let Some(journey) = journey {
        match sign_in.standing(journey, ctx.now()).await {
            Ok((_, Some(account))) if journey.purpose == Purpose::Link => {
                return links(sign_in, ctx, &account, Some(error)).await;
            }
            Ok((step, Some(account))) if asks_provider(&step) => {
                return prove(sign_in, ctx, journey, &account, Some(refused)).await;
            }
            Ok((_, Some(_))) => return show::not_taken(ctx, Some(journey), &NotTaken::Moved),
            Ok((_, None)) => {}
            Err(error) => return unavailable(ctx, error),
        }
    }
    let refusal = refusal(sign_in, refused);
    let view = PasswordView { refusal: Some(refusal), ..PasswordView::default() };
    show::password(sign_in, ctx, journey, wanted, view)
}

/// The page where providers are linked to the own account and links are taken away.
pub async fn links(sign_in: &SignIn, ctx: &Ctx, account: &Account, refused: Option<&NotTaken>) -> Response {
    let refused = match refused {
        Some(NotTaken::Upstream(refused)) => Some(refused.as_ref()),
        Some(_) | None => None,
    };
    let status = refused.map_or(StatusCode::OK, status);
    let refusal = refused.map(|refused| refusal(sign_in, refused));
    links_page(sign_in, ctx, account, status, refusal, false).await
}

/// The same page: the link is needed and stays.
pub async fn last(sign_in: &SignIn, ctx: &Ctx, account: &Account) -> Response {
    links_page(sign_in, ctx, account, StatusCode::UNPROCESSABLE_ENTITY, None, true).await
}

async fn links_page(
    sign_in: &SignIn,
    ctx: &Ctx,
    account: &Account,
    status: StatusCode,
    refusal: Option<Refusal>,
    last: bool,
) -> Response {
    let links = match sign_in.federation.links().of(account.id).await {
        Ok(links) => links,
        Err(error) => return unavailable(ctx, error),
    };
    let all = Offers::of(sign_in, ctx);
    let form_action = all.form_action(None);
    let is_linked = |offer: &UpstreamOffer| links.iter().any(|link| link.provider == offer.name);
    let page = LinksPage {
        shell: ctx.shell_at(LINKS),
        offers: all.offers.into_iter().filter(|offer| !is_linked(offer)).collect(),
        linked: links
            .iter()
            .map(|link| LinkRow {
                provider: link.provider.clone(),
                label: sign_in.federation.label(&link.provider),
                linked_at: link.linked_at,
                used_at: link.used_at,
            })
            .collect(),
        refusal,
        last,
        now: ctx.now(),
    };
    respond::page(status, &page, form_action.as_deref())
}

fn unavailable(ctx: &Ctx, error: DbErr) -> Response {
    respond::write_error(ctx, &WriteError::Unavailable(error))
}

fn refusal(sign_in: &SignIn, refused: &Refused) -> Refusal {
    Refusal::Upstream {
        outcome: refused.outcome(),
        service: sign_in.federation.label(&refused.provider),
        case: refused.case.to_string(),
    }
}

fn status(refused: &Refused) -> StatusCode {
    status_of(refused.outcome())
}
