//! The pages of an invitation.

use axum::http::StatusCode;
use axum::response::Response;

use super::redeem::NotActivated;
use crate::authenticator::invitation::{Invitation, Purpose};
use crate::event::CaseCode;
use crate::event::model::InvitationRefusal;
use crate::kernel::secret::BearerToken;
use crate::sign_in::pages::invitation::{DeadInvitationPage, InvitationPage, OtherName};
use crate::sign_in::show::not_taken;
use crate::web::context::Ctx;
use crate::web::respond;

/// What an invitation leads to, and the way in.
pub fn open(ctx: &Ctx, token: &str, invitation: Invitation, other_name: Option<(u32, CaseCode)>) -> Response {
    let page = InvitationPage {
        shell: ctx.shell_at(&here(token)),
        token: token.to_owned(),
        rescue: invitation.purpose == Purpose::Rescue,
        until: invitation.expires_at,
        now: ctx.now(),
        other_name: other_name.map(|(left, case)| OtherName { left: left.max(1), case: case.to_string() }),
    };
    let status = if page.other_name.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    respond::page(status, &page, None)
}

pub fn not_activated(ctx: &Ctx, token: &str, error: &NotActivated) -> Response {
    match error {
        NotActivated::Dead { reason, case } => dead(ctx, token, *reason, case),
        NotActivated::OtherName { invitation, left, case } => {
            open(ctx, token, *invitation, Some((*left, case.clone())))
        }
        NotActivated::NotTaken(error) => not_taken(ctx, None, error),
    }
}

fn dead(ctx: &Ctx, token: &str, reason: InvitationRefusal, case: &CaseCode) -> Response {
    let status = match reason {
        InvitationRefusal::Unknown => StatusCode::NOT_FOUND,
        InvitationRefusal::Used
        | InvitationRefusal::Expired
        | InvitationRefusal::Closed
        | InvitationRefusal::OtherName => StatusCode::GONE,
    };
    // Only what has the form of a token of ours is written into a link.
    let here = match BearerToken::parse(token) {
        Some(token) => here(token.expose()),
        None => "/activate".to_owned(),
    };
    let page = DeadInvitationPage { shell: ctx.shell_at(&here), reason, case: case.to_string() };
    respond::page(status, &page, None)
}

/// This page in another language is that of the same invitation.
fn here(token: &str) -> String {
    format!("/activate?token={token}")
}
