//! The pages of the steps, and from a refusal to the page that tells of it.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;

use super::enrol::Enrolment;
use super::new_password::NotChosen;
use super::offers::{Offers, status_of};
use super::pages::change_password::{ChangePasswordPage, ChangeReason, ChangeRefusal};
use super::pages::code::CodePage;
use super::pages::code_field::CodeRefusal;
use super::pages::enrol::EnrolPage;
use super::pages::password::{EndReason, PasswordPage, Refusal};
use super::service::{Afterwards, NotTaken, SignIn, SignedIn, Taken, Wanted};
use super::ways::{self, Choice};
use crate::account::Account;
use crate::directory::{Whose, said};
use crate::journey::model::{Journey, Target};
use crate::kernel::acr::Acr;
use crate::kernel::time::Moment;
use crate::web::context::Ctx;
use crate::web::cookie::Cookie;
use crate::web::flash::Done;
use crate::web::new_password::{PasswordRefusal, Strength};
use crate::web::page::{ErrorKind, Shell};
use crate::web::respond::{self, PortalPath};

/// Seconds after which a full hashing queue is worth another try.
pub const BUSY_SECONDS: u32 = 5;

/// What the password page has to say.
#[derive(Default)]
pub struct PasswordView {
    pub username: String,
    pub refusal: Option<Refusal>,
    pub ended: Option<EndReason>,
    pub signed_out: bool,
}

impl PasswordView {
    pub fn asking(username: &str) -> Self {
        Self { username: username.to_owned(), ..Self::default() }
    }
}

pub fn password(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: Option<&Journey>,
    wanted: &Wanted,
    view: PasswordView,
) -> Response {
    let offers = Offers::of(sign_in, ctx);
    let form_action = offers.form_action(form_action(journey));
    let status = match &view.refusal {
        None => StatusCode::OK,
        Some(Refusal::Refused { .. } | Refusal::Passkey { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Refusal::Upstream { outcome, .. }) => status_of(*outcome),
        Some(Refusal::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(Refusal::Busy { .. } | Refusal::DirectoryUnreachable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let page = PasswordPage {
        shell: anonymous(ctx, &here(journey, wanted)),
        action: action("/sign-in", journey, wanted),
        passkey_action: action("/sign-in/passkey", journey, wanted),
        upstream_action: action("/sign-in/upstream", journey, wanted),
        offers: offers.offers,
        journey: journey.map(|journey| journey.id.to_string()),
        username: view.username,
        application: journey.and_then(application),
        needs_key: journey.map_or(wanted.least, |journey| journey.required) >= Acr::Phr,
        refusal: view.refusal,
        ended: view.ended,
        signed_out: view.signed_out,
    };
    respond::page(status, &page, form_action.as_deref())
}

pub async fn code(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: &Journey,
    account: &Account,
    refusal: Option<CodeRefusal>,
) -> Response {
    let page = CodePage {
        shell: shell_on(ctx, Some(journey), Choice::App, "/sign-in"),
        action: "/sign-in/code".to_owned(),
        journey: journey.id.to_string(),
        username: account.login.clone(),
        application: application(journey),
        others: ways::others(sign_in, ctx, journey, Choice::App).await,
        trust_days: sign_in.trust_days(account),
        refusal,
    };
    respond::page(code_status(page.refusal.as_ref()), &page, form_action(Some(journey)).as_deref())
}

/// A secret that is offered, with what was typed beside it.
pub struct Offered<'a> {
    field: &'a str,
    name: &'a str,
    refusal: Option<CodeRefusal>,
}

impl<'a> Offered<'a> {
    /// The offer that was sent back, with what was wrong about its code.
    pub const fn again(sent: Enrolment<'a>, refusal: CodeRefusal) -> Self {
        Self { field: sent.offer, name: sent.name, refusal: Some(refusal) }
    }
}

/// The page that offers a new secret.
pub async fn offer(sign_in: &SignIn, ctx: &Ctx, journey: Option<&Journey>, account: &Account) -> Response {
    let offer = sign_in.authenticators.offer(ctx.now());
    match sign_in.authenticators.seal_offer(&offer, account.id, ctx.browser().id) {
        Ok(field) => {
            let name = ctx.text().say("enrol-name-suggested");
            let offered = Offered { field: &field, name: &name, refusal: None };
            enrol(sign_in, ctx, journey, account, offered).await
        }
        Err(error) => respond::write_error(ctx, &error.into()),
    }
}

/// The page that binds an app: inside a sign-in, or from the account.
pub async fn enrol(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: Option<&Journey>,
    account: &Account,
    offered: Offered<'_>,
) -> Response {
    let (now, browser) = (ctx.now(), ctx.browser().id);
    let opened = sign_in.authenticators.open_offer(offered.field, account.id, browser, now);
    let Some((offer, (qr_svg_path, qr_size))) = opened.and_then(|offer| {
        let qr = offer.qr(&account.login)?;
        Some((offer, qr))
    }) else {
        return respond::error(ctx, ErrorKind::Expired, None);
    };
    let others = match journey {
        Some(journey) => ways::others(sign_in, ctx, journey, Choice::App).await,
        None => vec![],
    };
    let page = EnrolPage {
        others,
        shell: shell_on(ctx, journey, Choice::App, "/account/authenticators/app/new"),
        action: if journey.is_some() { "/sign-in/enrol" } else { "/account/authenticators/app" }.to_owned(),
        cancel: journey.is_none().then(|| "/account".to_owned()),
        journey: journey.map(|journey| journey.id.to_string()),
        enrolment: offered.field.to_owned(),
        qr_svg_path,
        qr_size,
        secret_groups: offer.groups(),
        account: account.login.clone(),
        name: offered.name.to_owned(),
        forced: journey.is_some(),
        refusal: offered.refusal,
    };
    respond::page(code_status(page.refusal.as_ref()), &page, form_action(journey).as_deref())
}

pub async fn change_reason(sign_in: &SignIn, account: &Account, now: Moment) -> ChangeReason {
    let whose = Whose::kept_by(account.id, &account.directory);
    match sign_in.directory.standing(whose, now).await {
        Ok(Some(dates)) if dates.must_change => ChangeReason::MustChange,
        Ok(Some(dates)) if dates.is_expired(now) => ChangeReason::Expired { date: dates.expires_at },
        Ok(None) => ChangeReason::First,
        Ok(Some(_)) | Err(_) => ChangeReason::Wish,
    }
}

pub async fn change_password(
    sign_in: &SignIn,
    ctx: &Ctx,
    journey: Option<&Journey>,
    account: &Account,
    reason: ChangeReason,
    refusal: Option<(ChangeRefusal, Option<Strength>)>,
) -> Response {
    let (refusal, strength) = refusal.map_or((None, None), |(refusal, strength)| (Some(refusal), strength));
    let rules = said::rules(sign_in.rules_for(account, ctx.now()).await);
    let page = ChangePasswordPage {
        shell: shell(ctx, journey, "/account/password"),
        action: if journey.is_some() { "/sign-in/password" } else { "/account/password" }.to_owned(),
        journey: journey.map(|journey| journey.id.to_string()),
        username: account.login.clone(),
        reason,
        rules,
        refusal,
        strength,
    };
    let status = match &page.refusal {
        None => StatusCode::OK,
        Some(ChangeRefusal::New(PasswordRefusal::Unreachable { .. } | PasswordRefusal::Doubtful { .. })) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    respond::page(status, &page, form_action(journey).as_deref())
}

/// What a refused password is to its page; `None` when it is no matter of the password.
pub fn password_refusal(error: &NotChosen) -> Option<(ChangeRefusal, Option<Strength>)> {
    let refusal = match error {
        NotChosen::Different => PasswordRefusal::Different,
        NotChosen::Same => PasswordRefusal::Same,
        NotChosen::Weak { weakness, strength } => {
            let refusal = said::weakness(*weakness);
            let strength = (refusal == PasswordRefusal::Weak).then(|| Strength::from_score(*strength));
            return Some((ChangeRefusal::New(refusal), strength));
        }
        NotChosen::NotWritten { written, case } => said::not_written(*written, case.as_str())?,
        NotChosen::NotTaken(NotTaken::Refused(case)) => {
            return Some((ChangeRefusal::CurrentWrong { case: case.to_string() }, None));
        }
        NotChosen::NotTaken(_) => return None,
    };
    Some((ChangeRefusal::New(refusal), None))
}

/// What a refused code is to its page; `None` when it is no matter of the code.
pub fn code_refusal(error: &NotTaken, now: Moment) -> Option<CodeRefusal> {
    match error {
        NotTaken::CodeWrong { left, case } => {
            Some(CodeRefusal::Wrong { left: (*left).max(1), case: case.to_string() })
        }
        NotTaken::ClockOff { minutes, case } => {
            Some(CodeRefusal::ClockOff { minutes: *minutes, case: case.to_string() })
        }
        NotTaken::CodeUsed(case) => Some(CodeRefusal::Used { case: case.to_string() }),
        NotTaken::CodeMalformed => Some(CodeRefusal::Malformed),
        NotTaken::Paused { until, case } => {
            Some(CodeRefusal::TooMany { minutes: minutes_until(*until, now), case: case.to_string() })
        }
        NotTaken::Refused(_)
        | NotTaken::KeyRefused(_)
        | NotTaken::Upstream(_)
        | NotTaken::Busy
        | NotTaken::Forbidden
        | NotTaken::Moved
        | NotTaken::Write(_) => None,
    }
}

/// A step that was not taken and whose page cannot say why: look where the journey is, or come back.
pub fn not_taken(ctx: &Ctx, journey: Option<&Journey>, error: &NotTaken) -> Response {
    match error {
        NotTaken::Busy => respond::error(ctx, ErrorKind::Busy, None),
        NotTaken::Forbidden => respond::error(ctx, ErrorKind::Forbidden, None),
        NotTaken::Write(error) => respond::write_error(ctx, error),
        NotTaken::Paused { until, case } => {
            let minutes = minutes_until(*until, ctx.now());
            respond::error(ctx, ErrorKind::TooMany { minutes }, Some(case))
        }
        NotTaken::Moved
        | NotTaken::Refused(_)
        | NotTaken::CodeWrong { .. }
        | NotTaken::ClockOff { .. }
        | NotTaken::CodeUsed(_)
        | NotTaken::KeyRefused(_)
        | NotTaken::Upstream(_)
        | NotTaken::CodeMalformed => match journey {
            Some(journey) => respond::see_other(&journey_path(journey)),
            None => respond::error(ctx, ErrorKind::Expired, None),
        },
    }
}

/// The answer to a step that was taken: the next page, or the place where the person was going.
pub fn taken(ctx: &Ctx, taken: Taken) -> Response {
    match taken {
        Taken::Next(journey) => respond::see_other(&journey_path(&journey)),
        Taken::Done(SignedIn { token, browser, journey, target, afterwards, clock_off }) => {
            let to = match afterwards {
                Some(Afterwards::NewPassword) => PortalPath::with("/reset/receipt", "journey", journey),
                Some(after) => {
                    let path = PortalPath::with("/account/set-up", "after", after.name());
                    path.and("journey", &journey.to_string())
                }
                None => arrival(journey, &target),
            };
            let mut response = respond::see_other(&to);
            Cookie::Session.set(response.headers_mut(), token.expose());
            Cookie::Device.set(response.headers_mut(), &ctx.key().write(browser));
            match clock_off {
                Some(minutes) => Done::ClockOff(minutes).on(response),
                None => response,
            }
        }
    }
}

/// Where a person was going, by a typed path. The journey goes along where it is still needed.
pub fn arrival(journey: crate::kernel::id::JourneyId, target: &Target) -> PortalPath {
    match target {
        Target::Home => PortalPath::fixed("/"),
        Target::Account => PortalPath::fixed("/account"),
        Target::Password => PortalPath::fixed("/account/password"),
        Target::NewAuthenticator => PortalPath::fixed("/account/authenticators/app/new"),
        Target::NewPasskey => PortalPath::fixed("/account/passkeys/new"),
        Target::RecoveryCodes => PortalPath::fixed("/account/recovery-codes"),
        Target::Authorization { .. } => PortalPath::with("/oauth2/authorize/continue", "journey", journey),
    }
}

pub fn minutes_until(until: Moment, now: Moment) -> u32 {
    let minutes = until.since(now).as_secs().div_ceil(60).max(1);
    // A pause without end reads as one of a day: what helps then is the service desk.
    u32::try_from(minutes).unwrap_or(u32::MAX).min(24 * 60)
}

pub fn retry_after(until: Moment, now: Moment) -> Duration {
    until.since(now).min(Duration::from_hours(24))
}

pub(super) fn journey_path(journey: &Journey) -> PortalPath {
    PortalPath::with("/sign-in", "journey", journey.id)
}

pub(super) fn code_status(refusal: Option<&CodeRefusal>) -> StatusCode {
    match refusal {
        None => StatusCode::OK,
        Some(CodeRefusal::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(
            CodeRefusal::Wrong { .. }
            | CodeRefusal::ClockOff { .. }
            | CodeRefusal::Used { .. }
            | CodeRefusal::Malformed,
        ) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(super) fn application(journey: &Journey) -> Option<String> {
    match &journey.target {
        Target::Authorization { client_name, .. } => Some(client_name.clone()),
        Target::Home
        | Target::Account
        | Target::Password
        | Target::NewAuthenticator
        | Target::NewPasskey
        | Target::RecoveryCodes => None,
    }
}

/// The origin that the browser will be sent to in the end, which its form rules must allow.
pub(super) fn form_action(journey: Option<&Journey>) -> Option<String> {
    crate::oidc::pending_origin(&journey?.target)
}

/// The page again by GET, for its language links.
fn here(journey: Option<&Journey>, wanted: &Wanted) -> String {
    match journey {
        Some(journey) if journey.version > 0 => here_in(journey),
        _ => action("/sign-in", None, wanted),
    }
}

fn here_in(journey: &Journey) -> String {
    format!("/sign-in?journey={}", journey.id)
}

/// What the link brought stays in the form's address until a journey carries it.
fn action(path: &str, journey: Option<&Journey>, wanted: &Wanted) -> String {
    let Wanted { target, least } = wanted;
    match (journey, target, least) {
        (Some(_), ..) | (None, Target::Home, Acr::Pwd) => path.to_owned(),
        (None, target, Acr::Pwd) => format!("{path}?to={}", target.name()),
        (None, target, least) => format!("{path}?to={}&level={}", target.name(), least.name()),
    }
}

/// Around a page of one of several ways: in another language it is still this one.
pub(super) fn shell_on(ctx: &Ctx, journey: Option<&Journey>, choice: Choice, own: &str) -> Shell {
    match journey {
        Some(journey) => anonymous(ctx, &ways::href(journey, choice)),
        None => ctx.shell_at(own),
    }
}

/// Around a page that stands inside a sign-in and in the account, there under an address of its own.
pub(super) fn shell(ctx: &Ctx, journey: Option<&Journey>, own: &str) -> Shell {
    match journey {
        Some(journey) => anonymous(ctx, &here_in(journey)),
        None => ctx.shell_at(own),
    }
}

/// During a sign-in nobody is shown as signed in.
fn anonymous(ctx: &Ctx, path: &str) -> Shell {
    Shell { signed_in: None, ..ctx.shell_at(path) }
}
