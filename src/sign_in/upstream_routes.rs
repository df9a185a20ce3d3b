//! Routes of signing in at another provider: away, and back; and the page where one is linked to an account.

use axum::extract::{Path, State};
use axum::response::Response;

use super::at_step::{named_journey, visit};
use super::own_routes::FRESH_SECONDS;
use super::service::{NotTaken, SignIn, Wanted};
use super::show;
use super::show_upstream::{self, LINKS};
use super::upstream::{Back, Leaving, NotUnlinked};
use crate::journey::Purpose;
use crate::kernel::acr::Acr;
use crate::session::{MaybeSignedIn, SignedIn};
use crate::web::context::Ctx;
use crate::web::flash::Done;
use crate::web::form::Form;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{FORMS, RoutePolicy, Routes, Who};

pub fn routes(sign_in: &SignIn) -> Routes {
    let maybe = Who::AnyoneMaybeSignedIn;
    let own = |policy: RoutePolicy| policy.signed_in(Acr::Mfa).fresh(FRESH_SECONDS);
    // Comes from the provider by its nature; acts on what was asked from this very browser alone.
    let back = RoutePolicy {
        limit: FORMS,
        event: "authentication",
        ..RoutePolicy::page("/sign-in/upstream/{provider}/callback").for_who(maybe).cross_site()
    };
    Routes::default()
        .add(RoutePolicy::form("/sign-in/upstream", "authentication").for_who(maybe), leave)
        .add(back, come_back)
        .add(own(RoutePolicy::page(LINKS)), show_links)
        .add(own(RoutePolicy::form(LINKS, "account_change")), link)
        .add(own(RoutePolicy::form("/account/upstream/{provider}/remove", "account_change")), unlink)
        .with_state(sign_in)
}

async fn leave(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let journey = match named_journey(&sign_in, &ctx, &form).await {
        Ok(journey) => journey.filter(|journey| journey.finished_at.is_none()),
        Err(response) => return response,
    };
    let wanted = Wanted::of_link(ctx.query());
    let leaving = Leaving {
        provider: form.get("provider").unwrap_or_default(),
        journey: journey.clone(),
        wanted: wanted.clone(),
        language: ctx.text().language(),
    };
    let visit = visit(&ctx, journey.as_ref(), current);
    match sign_in.leave(&visit, leaving).await {
        Ok(address) => respond::see_upstream(&address),
        Err(error) => show_upstream::refused(&sign_in, &ctx, journey.as_ref(), &wanted, &error).await,
    }
}

async fn come_back(
    State(sign_in): State<SignIn>,
    MaybeSignedIn(current): MaybeSignedIn,
    Path(provider): Path<String>,
    ctx: Ctx,
) -> Response {
    let visit = visit(&ctx, None, current);
    match sign_in.come_back(&visit, &provider, ctx.query()).await {
        Ok(Back::Taken(taken)) => show::taken(&ctx, taken),
        Ok(Back::Linked) => Done::Linked.on(respond::see_other(&PortalPath::fixed("/account"))),
        Ok(Back::Reset(journey)) => respond::see_other(&PortalPath::with("/reset", "journey", journey)),
        Err((Some(journey), NotTaken::Upstream(refused))) if journey.purpose == Purpose::Reset => {
            let page = PortalPath::with("/reset", "journey", journey.id).and("way", "upstream");
            let page = page.and("service", &refused.provider).and("outcome", refused.outcome().name());
            respond::see_other(&page.and("case", refused.case.as_str()))
        }
        Err((journey, error)) => {
            let journey = journey.as_deref();
            let wanted = journey.map_or_else(Wanted::home, Wanted::of);
            show_upstream::refused(&sign_in, &ctx, journey, &wanted, &error).await
        }
    }
}

async fn show_links(State(sign_in): State<SignIn>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    show_upstream::links(&sign_in, &ctx, &current.account, None).await
}

async fn link(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    ctx: Ctx,
    Form(form): Form,
) -> Response {
    let provider = form.get("provider").unwrap_or_default();
    let visit = visit(&ctx, None, Some(current.clone()));
    match sign_in.leave_to_link(&visit, &current, provider, ctx.text().language()).await {
        Ok(address) => respond::see_upstream(&address),
        Err(error @ NotTaken::Upstream(_)) => {
            show_upstream::links(&sign_in, &ctx, &current.account, Some(&error)).await
        }
        Err(error) => show::not_taken(&ctx, None, &error),
    }
}

async fn unlink(
    State(sign_in): State<SignIn>,
    SignedIn(current): SignedIn,
    Path(provider): Path<String>,
    ctx: Ctx,
    Form(_): Form,
) -> Response {
    let label = sign_in.federation.label(&provider);
    match sign_in.unlink(ctx.origin(), &current, &provider, &label).await {
        Ok(()) => Done::MethodRemoved.on(respond::see_other(&PortalPath::fixed("/account"))),
        Err(NotUnlinked::Last) => show_upstream::last(&sign_in, &ctx, &current.account).await,
        Err(NotUnlinked::NotTaken(error)) => show::not_taken(&ctx, None, &error),
    }
}
