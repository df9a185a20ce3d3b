//! From where a reset stands to its page.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;

use super::model::{Choice, Ended, Flow, Outcome, Problem, Stage};
use super::pages::unlock::UnlockRefusal;
use super::pages::upstream::UpstreamRefusal;
use super::pages::{
    ChoosePage, CodeKind, CodePage, CodeRefusal, KeyPage, NotMePage, NotMeState, ProvePage, ReceiptPage,
    StartPage, StartRefusal, UnlockPage, UpstreamPage,
};
use super::service::{NotTaken, PasswordReset, Visit, needs};
use super::write::{NotChosen, NotUnlocked, NotUnlockedReason};
use crate::account::Account;
use crate::directory::said;
use crate::event::CaseCode;
use crate::federation::{Outcome as UpstreamOutcome, Refused};
use crate::journey::Journey;
use crate::journey::model::Purpose;
use crate::kernel::ladder::ResetNeeds;
use crate::kernel::proof::ProofKind;
use crate::kernel::time::Moment;
use crate::web::context::Ctx;
use crate::web::new_password::{PasswordRefusal, Strength};
use crate::web::page::{ErrorKind, Shell};
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath};

/// A form that comes back.
const AGAIN: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The page of a reset as it stands; of several ways, the one that is asked for.
pub async fn page(reset: &PasswordReset, ctx: &Ctx, visit: &Visit, flow: &Flow) -> Response {
    if let Some(ended) = &flow.ended {
        return receipt(reset, ctx, flow, ended).await;
    }
    let (stage, owner) = match reset.standing(flow, ctx.now()).await {
        Ok(standing) => standing,
        Err(error) => return not_taken(ctx, None, &error),
    };
    match (&stage, owner) {
        (Stage::First { choices } | Stage::More { choices }, owner) => {
            let asked = ctx.query().get("way").and_then(Choice::from_name);
            match asked.filter(|choice| choices.contains(choice)) {
                Some(choice) => way(reset, ctx, visit, flow, choice).await,
                None => prove(ctx, flow, choices.clone(), owner.as_ref()),
            }
        }
        (Stage::NewPassword, Some(account)) => choose(reset, ctx, flow, &account, None).await,
        (Stage::Unlock, Some(_)) => unlock(ctx, flow, None),
        (Stage::NewPassword | Stage::Unlock, None) => not_taken(ctx, None, &NotTaken::Moved),
    }
}

pub fn start(ctx: &Ctx, username: &str, problem: Problem, refusal: Option<StartRefusal>) -> Response {
    let status = match &refusal {
        None => StatusCode::OK,
        Some(StartRefusal::NoName) => AGAIN,
        Some(StartRefusal::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
    };
    let page = StartPage { shell: anonymous(ctx, "/reset"), username: username.to_owned(), problem, refusal };
    respond::page(status, &page, None)
}

/// A pause as the first page tells of it.
pub fn start_refusal(error: &NotTaken, now: Moment) -> Option<StartRefusal> {
    if let NotTaken::Paused { until, case } = error {
        Some(StartRefusal::TooMany { minutes: minutes_until(*until, now), case: case.to_string() })
    } else {
        None
    }
}

fn prove(ctx: &Ctx, flow: &Flow, choices: Vec<Choice>, owner: Option<&Account>) -> Response {
    let page = ProvePage {
        shell: anonymous(ctx, &href(flow, None)),
        journey: flow.journey.id.to_string(),
        problem: flow.problem,
        case: flow.case.clone(),
        choices,
        proved: PasswordReset::proved(flow),
        strong: owner.is_some_and(|account| needs(account) == ResetNeeds::TwoStrong),
    };
    respond::page(StatusCode::OK, &page, None)
}

/// The page of one way.
async fn way(reset: &PasswordReset, ctx: &Ctx, visit: &Visit, flow: &Flow, choice: Choice) -> Response {
    match choice {
        Choice::Key => key(ctx, flow, None),
        Choice::App => code(ctx, flow, CodeKind::App, None),
        Choice::Upstream => upstream(reset, ctx, flow, came_back(reset, ctx.query())),
        Choice::Paper => code(ctx, flow, CodeKind::Paper, None),
        Choice::Mail => mail(reset, ctx, visit, flow, None).await,
    }
}

pub fn code(ctx: &Ctx, flow: &Flow, kind: CodeKind, refusal: Option<CodeRefusal>) -> Response {
    let status = match &refusal {
        None => StatusCode::OK,
        Some(CodeRefusal::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => AGAIN,
    };
    let choice = match kind {
        CodeKind::App => Choice::App,
        CodeKind::Paper => Choice::Paper,
        CodeKind::Mail { .. } => Choice::Mail,
    };
    let page = CodePage {
        shell: anonymous(ctx, &href(flow, Some(choice))),
        journey: flow.journey.id.to_string(),
        problem: flow.problem,
        kind,
        refusal,
    };
    respond::page(status, &page, None)
}

/// The page of the code by mail: asking for one, or typing it.
pub async fn mail(
    reset: &PasswordReset,
    ctx: &Ctx,
    visit: &Visit,
    flow: &Flow,
    refusal: Option<CodeRefusal>,
) -> Response {
    match reset.is_mail_code_sent(visit, flow).await {
        Ok(sent) => {
            let minutes = reset.mail_codes.rules().lasts.as_secs().div_ceil(60);
            code(ctx, flow, CodeKind::Mail { sent, minutes }, refusal)
        }
        Err(error) => not_taken(ctx, Some(flow), &error),
    }
}

/// `refused`: why an answer was not accepted.
pub fn key(ctx: &Ctx, flow: &Flow, refused: Option<&NotTaken>) -> Response {
    let mut page = KeyPage {
        shell: anonymous(ctx, &href(flow, Some(Choice::Key))),
        journey: flow.journey.id.to_string(),
        problem: flow.problem,
        refused: None,
        paused: None,
    };
    let status = match refused {
        Some(NotTaken::KeyRefused(case)) => {
            page.refused = Some(case.to_string());
            AGAIN
        }
        Some(NotTaken::Paused { until, case }) => {
            page.paused = Some((minutes_until(*until, ctx.now()), case.to_string()));
            StatusCode::TOO_MANY_REQUESTS
        }
        _ => StatusCode::OK,
    };
    respond::page(status, &page, None)
}

pub fn upstream(reset: &PasswordReset, ctx: &Ctx, flow: &Flow, refusal: Option<UpstreamRefusal>) -> Response {
    let status = match refusal.as_ref().map(|refusal| refusal.outcome) {
        None => StatusCode::OK,
        Some(UpstreamOutcome::Down) => StatusCode::SERVICE_UNAVAILABLE,
        Some(_) => AGAIN,
    };
    upstream_page(reset, ctx, flow, refusal, None, status)
}

/// The same after a way there that was not gone.
pub fn not_left(reset: &PasswordReset, ctx: &Ctx, flow: &Flow, error: &NotTaken) -> Response {
    if let NotTaken::Upstream(refused) = error {
        let Refused { provider, case, .. } = refused.as_ref();
        let service = reset.federation.label(provider);
        let refusal = UpstreamRefusal { outcome: refused.outcome(), service, case: case.to_string() };
        return upstream(reset, ctx, flow, Some(refusal));
    }
    if let NotTaken::Paused { until, case } = error {
        let paused = Some((minutes_until(*until, ctx.now()), case.to_string()));
        return upstream_page(reset, ctx, flow, None, paused, StatusCode::TOO_MANY_REQUESTS);
    }
    not_taken(ctx, Some(flow), error)
}

fn upstream_page(
    reset: &PasswordReset,
    ctx: &Ctx,
    flow: &Flow,
    refusal: Option<UpstreamRefusal>,
    paused: Option<(u32, String)>,
    status: StatusCode,
) -> Response {
    let federation = &reset.federation;
    // A form names where it leads, so that has to be known.
    let known: Vec<_> = federation
        .offers()
        .into_iter()
        .filter_map(|offer| Some((federation.origin_of(&offer.name, ctx.now())?, offer)))
        .collect();
    let origins: Vec<String> = known.iter().map(|(origin, _)| origin.clone()).collect();
    let page = UpstreamPage {
        shell: anonymous(ctx, &href(flow, Some(Choice::Upstream))),
        journey: flow.journey.id.to_string(),
        problem: flow.problem,
        offers: known.into_iter().map(|(_, offer)| (offer.name, offer.label)).collect(),
        refusal,
        paused,
    };
    let form_action = (!origins.is_empty()).then(|| origins.join(" "));
    respond::page(status, &page, form_action.as_deref())
}

/// What the return from a provider says in the address: names of closed lists, and a case code.
fn came_back(reset: &PasswordReset, query: &Params) -> Option<UpstreamRefusal> {
    let case: CaseCode = query.get("case")?.parse().ok()?;
    Some(UpstreamRefusal {
        outcome: UpstreamOutcome::from_name(query.get("outcome")?)?,
        service: known_label(reset, query.get("service")?)?,
        case: case.to_string(),
    })
}

fn known_label(reset: &PasswordReset, name: &str) -> Option<String> {
    reset.federation.offers().into_iter().find(|offer| offer.name == name).map(|offer| offer.label)
}

pub async fn choose(
    reset: &PasswordReset,
    ctx: &Ctx,
    flow: &Flow,
    account: &Account,
    refusal: Option<(PasswordRefusal, Option<Strength>)>,
) -> Response {
    let rules = match reset.rules(account, ctx.now()).await {
        Ok(rules) => said::rules(rules),
        Err(error) => return not_taken(ctx, Some(flow), &error),
    };
    let (refusal, strength) = refusal.map_or((None, None), |(refusal, strength)| (Some(refusal), strength));
    let status = match &refusal {
        None => StatusCode::OK,
        Some(PasswordRefusal::Unreachable { .. } | PasswordRefusal::Doubtful { .. }) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Some(_) => AGAIN,
    };
    let page = ChoosePage {
        shell: anonymous(ctx, &href(flow, None)),
        journey: flow.journey.id.to_string(),
        username: account.login.clone(),
        rules,
        refusal,
        strength,
    };
    respond::page(status, &page, None)
}

/// What a refused password is to its page; `None` when it is no matter of the password.
pub fn password_refusal(error: &NotChosen) -> Option<(PasswordRefusal, Option<Strength>)> {
    let refusal = match error {
        NotChosen::Different => PasswordRefusal::Different,
        NotChosen::Same => PasswordRefusal::Same,
        NotChosen::Weak { weakness, strength } => {
            let refusal = said::weakness(*weakness);
            let strength = (refusal == PasswordRefusal::Weak).then(|| Strength::from_score(*strength));
            return Some((refusal, strength));
        }
        NotChosen::NotWritten { written, case } => said::not_written(*written, case.as_str())?,
        NotChosen::Claimed | NotChosen::NotTaken(_) => return None,
    };
    Some((refusal, None))
}

pub fn unlock(ctx: &Ctx, flow: &Flow, refused: Option<&NotUnlocked>) -> Response {
    let (status, refusal) = match refused {
        Some(NotUnlocked::Directory { reason: NotUnlockedReason::NotHere, case }) => {
            (AGAIN, Some(UnlockRefusal::NotHere { case: case.to_string() }))
        }
        Some(NotUnlocked::Directory { reason: NotUnlockedReason::Unreachable, case }) => {
            (StatusCode::SERVICE_UNAVAILABLE, Some(UnlockRefusal::Unreachable { case: case.to_string() }))
        }
        Some(NotUnlocked::NotTaken(_)) | None => (StatusCode::OK, None),
    };
    let shell = anonymous(ctx, &href(flow, None));
    let page = UnlockPage { shell, journey: flow.journey.id.to_string(), refusal };
    respond::page(status, &page, None)
}

async fn receipt(reset: &PasswordReset, ctx: &Ctx, flow: &Flow, ended: &Ended) -> Response {
    let username = match reset.accounts.by_id(flow.account).await {
        Ok(account) => account.map(|account| account.login).unwrap_or_default(),
        Err(error) => return not_taken(ctx, None, &error.into()),
    };
    let page = ReceiptPage {
        shell: anonymous(ctx, &href(flow, None)),
        outcome: ended.outcome,
        at: ended.at,
        username,
        sessions: u64::try_from(ended.sessions).unwrap_or(0),
        applications: ended.applications.lines().map(str::to_owned).collect(),
        wifi_network: reset.options.wifi_network.clone(),
        case: Some(flow.case.clone()),
        onward: "/sign-in".to_owned(),
        sign_in: true,
    };
    respond::page(StatusCode::OK, &page, None)
}

/// The receipt of a password that was chosen on the way in, where the old one had run out.
pub fn receipt_of_sign_in(reset: &PasswordReset, ctx: &Ctx, username: &str, journey: &Journey) -> Response {
    let chosen = journey.proofs.iter().find(|proof| proof.kind() == ProofKind::NewPassword);
    let (Some(chosen), Purpose::SignIn | Purpose::StepUp) = (chosen, journey.purpose) else {
        return respond::see_other(&PortalPath::fixed("/"));
    };
    let onward = PortalPath::with("/sign-in", "journey", journey.id);
    let page = ReceiptPage {
        shell: ctx.shell(),
        outcome: Outcome::Done,
        at: chosen.at(),
        username: username.to_owned(),
        sessions: 0,
        applications: vec![],
        wifi_network: reset.options.wifi_network.clone(),
        case: None,
        onward: onward.as_str().to_owned(),
        sign_in: false,
    };
    respond::page(StatusCode::OK, &page, None)
}

pub fn not_me(ctx: &Ctx, state: NotMeState) -> Response {
    let status = match &state {
        NotMeState::Ask | NotMeState::Contained { .. } => StatusCode::OK,
        NotMeState::Malformed | NotMeState::Refused { .. } => AGAIN,
        NotMeState::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
    };
    respond::page(status, &NotMePage { shell: anonymous(ctx, "/not-me"), state }, None)
}

/// What a refused code is to its page; `None` when it is no matter of the code.
pub fn code_refusal(error: &NotTaken, now: Moment) -> Option<CodeRefusal> {
    match error {
        NotTaken::CodeWrong { left, case } => {
            Some(CodeRefusal::Wrong { left: (*left).max(1), case: case.to_string() })
        }
        NotTaken::CodeUsed(case) => Some(CodeRefusal::Used { case: case.to_string() }),
        NotTaken::CodeGone(case) => Some(CodeRefusal::Gone { case: case.to_string() }),
        NotTaken::CodeMalformed => Some(CodeRefusal::Malformed),
        NotTaken::Paused { until, case } => {
            Some(CodeRefusal::TooMany { minutes: minutes_until(*until, now), case: case.to_string() })
        }
        NotTaken::KeyRefused(_)
        | NotTaken::Upstream(_)
        | NotTaken::Busy
        | NotTaken::Moved
        | NotTaken::Write(_) => None,
    }
}

/// A step that was not taken and whose page cannot say why: look where the reset is, or begin again.
pub fn not_taken(ctx: &Ctx, flow: Option<&Flow>, error: &NotTaken) -> Response {
    match error {
        NotTaken::Busy => respond::error(ctx, ErrorKind::Busy, None),
        NotTaken::Write(error) => respond::write_error(ctx, error),
        NotTaken::Paused { until, case } => {
            let minutes = minutes_until(*until, ctx.now());
            respond::error(ctx, ErrorKind::TooMany { minutes }, Some(case))
        }
        NotTaken::Moved
        | NotTaken::CodeWrong { .. }
        | NotTaken::CodeUsed(_)
        | NotTaken::CodeGone(_)
        | NotTaken::CodeMalformed
        | NotTaken::KeyRefused(_)
        | NotTaken::Upstream(_) => match flow {
            Some(flow) => respond::see_other(&path(flow)),
            None => respond::error(ctx, ErrorKind::Expired, None),
        },
    }
}

pub fn minutes_until(until: Moment, now: Moment) -> u32 {
    let minutes = until.since(now).as_secs().div_ceil(60).max(1);
    u32::try_from(minutes).unwrap_or(u32::MAX).min(24 * 60)
}

/// An answer that tells of a pause also says when to come back.
pub fn with_pause(error: &NotTaken, now: Moment, response: Response) -> Response {
    if let NotTaken::Paused { until, .. } = error {
        respond::with_retry_after(response, until.since(now).min(Duration::from_hours(24)))
    } else {
        response
    }
}

pub fn path(flow: &Flow) -> PortalPath {
    PortalPath::with("/reset", "journey", flow.journey.id)
}

/// The page again by GET, for its language links.
fn href(flow: &Flow, choice: Option<Choice>) -> String {
    match choice {
        Some(choice) => format!("/reset?journey={}&way={}", flow.journey.id, choice.name()),
        None => format!("/reset?journey={}", flow.journey.id),
    }
}

/// During a reset nobody is shown as signed in.
fn anonymous(ctx: &Ctx, path: &str) -> Shell {
    Shell { signed_in: None, ..ctx.shell_at(path) }
}
