//! `/reset` and its steps, and `/not-me`: parse, call, render.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::Instant;

use super::model::{Flow, Problem};
use super::pages::{CodeKind, NotMeState, StartRefusal};
use super::service::{NotTaken, PasswordReset, Visit};
use super::show;
use super::write::{NotChosen, NotUnlocked};
use crate::authenticator::passkeys::Sent;
use crate::infra::database::WriteError;
use crate::kernel::acr::Acr;
use crate::session::SignedIn;
use crate::web::context::Ctx;
use crate::web::form::Form;
use crate::web::page::ErrorKind;
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{PAGES, RoutePolicy, Routes};

pub fn routes(reset: &PasswordReset) -> Routes {
    let proof = |path| RoutePolicy::form(path, "authentication");
    let change = |path| RoutePolicy::form(path, "account_change");
    Routes::default()
        .add(RoutePolicy::page("/reset"), page)
        .add(change("/reset"), begin)
        .add(proof("/reset/code"), code)
        .add(proof("/reset/recovery"), recovery)
        .add(change("/reset/mail/send"), send_mail)
        .add(proof("/reset/mail"), mail)
        // Every look at a page asks one.
        .add(RoutePolicy { limit: PAGES, ..proof("/reset/key/options") }, ask_key)
        .add(proof("/reset/key"), key)
        .add(proof("/reset/upstream"), upstream)
        .add(change("/reset/password"), choose)
        .add(change("/reset/unlock"), unlock)
        .add(RoutePolicy::page("/reset/receipt").signed_in(Acr::Pwd), receipt)
        .add(RoutePolicy::page("/not-me"), ask_not_me)
        .add(change("/not-me"), not_me)
        .with_state(reset)
}

/// A form of a step, with the reset under way that it belongs to.
struct AtFlow {
    ctx: Ctx,
    visit: Visit,
    flow: Flow,
    form: Params,
    came: Instant,
}

impl FromRequest<PasswordReset> for AtFlow {
    type Rejection = Response;

    async fn from_request(request: Request, reset: &PasswordReset) -> Result<Self, Response> {
        let came = Instant::now();
        let (mut parts, body) = request.into_parts();
        let Ok(ctx) = Ctx::from_request_parts(&mut parts, reset).await;
        let Form(form) = Form::from_request(Request::from_parts(parts, body), reset).await?;
        let visit = visit(&ctx);
        let Some(flow) = named_flow(reset, &ctx, &visit, &form).await? else {
            return Err(respond::error(&ctx, ErrorKind::Expired, None));
        };
        if flow.ended.is_some() {
            return Err(respond::see_other(&show::path(&flow)));
        }
        Ok(Self { ctx, visit, flow, form, came })
    }
}

impl AtFlow {
    /// A field's value; empty where it was not sent.
    fn field(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// The answer to a typed code: on to the next page, or its own again. Before the first proof it leaves no earlier
    /// than its time, whatever was found out.
    async fn answer(
        &self,
        reset: &PasswordReset,
        taken: Result<(), NotTaken>,
        kind: Option<CodeKind>,
    ) -> Response {
        let Err(error) = taken else { return respond::see_other(&show::path(&self.flow)) };
        let now = self.ctx.now();
        let response = match (show::code_refusal(&error, now), kind) {
            (Some(refusal), Some(kind)) => show::code(&self.ctx, &self.flow, kind, Some(refusal)),
            (Some(refusal), None) => {
                show::mail(reset, &self.ctx, &self.visit, &self.flow, Some(refusal)).await
            }
            (None, _) => show::not_taken(&self.ctx, Some(&self.flow), &error),
        };
        self.in_time(reset, show::with_pause(&error, now, response)).await
    }

    async fn in_time(&self, reset: &PasswordReset, response: Response) -> Response {
        if !self.flow.has_proof() {
            reset.wait_for_the_deadline(self.came).await;
        }
        response
    }
}

async fn page(State(reset): State<PasswordReset>, ctx: Ctx) -> Response {
    let visit = visit(&ctx);
    match named_flow(&reset, &ctx, &visit, ctx.query()).await {
        Err(response) => response,
        Ok(Some(flow)) => show::page(&reset, &ctx, &visit, &flow).await,
        Ok(None) => {
            let asked = |name: &str| ctx.query().get(name);
            let problem = asked("problem").and_then(Problem::from_name).unwrap_or_default();
            show::start(&ctx, "", problem, None)
        }
    }
}

async fn begin(State(reset): State<PasswordReset>, ctx: Ctx, Form(form): Form) -> Response {
    let came = Instant::now();
    let username: String =
        form.get("username").unwrap_or_default().chars().take(USERNAME_CHARS_MAX).collect();
    let problem = form.get("problem").and_then(Problem::from_name).unwrap_or_default();
    if username.trim().is_empty() {
        return show::start(&ctx, "", problem, Some(StartRefusal::NoName));
    }
    let response = match reset.begin(&visit(&ctx), &username, problem).await {
        Ok(journey) => respond::see_other(&PortalPath::with("/reset", "journey", journey)),
        Err(error @ NotTaken::Paused { .. }) => {
            let refusal = show::start_refusal(&error, ctx.now());
            show::with_pause(&error, ctx.now(), show::start(&ctx, &username, problem, refusal))
        }
        Err(error) => show::not_taken(&ctx, None, &error),
    };
    reset.wait_for_the_deadline(came).await;
    response
}

async fn code(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let taken = reset.take_code(&at.visit, &at.flow, at.field("code")).await;
    at.answer(&reset, taken, Some(CodeKind::App)).await
}

async fn recovery(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let taken = reset.take_recovery_code(&at.visit, &at.flow, at.field("recovery_code")).await;
    at.answer(&reset, taken, Some(CodeKind::Paper)).await
}

async fn send_mail(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    match reset.send_mail_code(&at.visit, &at.flow).await {
        Ok(()) => {
            let page = respond::see_other(&show::path(&at.flow).and("way", "mail"));
            at.in_time(&reset, page).await
        }
        Err(error) => at.answer(&reset, Err(error), None).await,
    }
}

async fn mail(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let taken = reset.take_mail_code(&at.visit, &at.flow, at.field("mail_code")).await;
    at.answer(&reset, taken, None).await
}

async fn ask_key(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    match reset.ask_key(&at.visit, &at.flow).await {
        Ok(asked) => Json(json!({ "challenge": asked.challenge, "options": asked.options })).into_response(),
        Err(error) => show::not_taken(&at.ctx, Some(&at.flow), &error),
    }
}

async fn key(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let sent = Sent { challenge: at.field("challenge"), credential: at.field("credential") };
    let response = match reset.take_key(&at.visit, &at.flow, sent).await {
        Ok(()) => return respond::see_other(&show::path(&at.flow)),
        Err(error @ (NotTaken::KeyRefused(_) | NotTaken::Paused { .. })) => {
            show::with_pause(&error, at.ctx.now(), show::key(&at.ctx, &at.flow, Some(&error)))
        }
        Err(error) => show::not_taken(&at.ctx, Some(&at.flow), &error),
    };
    at.in_time(&reset, response).await
}

async fn upstream(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let language = at.ctx.text().language();
    match reset.leave(&at.visit, &at.flow, at.field("provider"), language).await {
        Ok(address) => respond::see_upstream(&address),
        Err(error) => {
            let response = show::not_left(&reset, &at.ctx, &at.flow, &error);
            show::with_pause(&error, at.ctx.now(), response)
        }
    }
}

async fn choose(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    let new = [at.field("new_password"), at.field("new_password_again")];
    let error = match reset.choose(&at.visit, &at.flow, new).await {
        Ok(()) => return respond::see_other(&show::path(&at.flow)),
        Err(error) => error,
    };
    if let Some(refusal) = show::password_refusal(&error) {
        return match reset.standing(&at.flow, at.ctx.now()).await {
            Ok((_, Some(account))) => show::choose(&reset, &at.ctx, &at.flow, &account, Some(refusal)).await,
            _ => respond::see_other(&show::path(&at.flow)),
        };
    }
    match error {
        NotChosen::NotTaken(error) => show::not_taken(&at.ctx, Some(&at.flow), &error),
        // The other one's page tells how it ended.
        NotChosen::Claimed
        | NotChosen::Different
        | NotChosen::Same
        | NotChosen::Weak { .. }
        | NotChosen::NotWritten { .. } => respond::see_other(&show::path(&at.flow)),
    }
}

async fn unlock(State(reset): State<PasswordReset>, at: AtFlow) -> Response {
    match reset.unlock(&at.visit, &at.flow).await {
        Ok(()) => respond::see_other(&show::path(&at.flow)),
        Err(NotUnlocked::NotTaken(error)) => show::not_taken(&at.ctx, Some(&at.flow), &error),
        Err(error @ NotUnlocked::Directory { .. }) => show::unlock(&at.ctx, &at.flow, Some(&error)),
    }
}

async fn receipt(State(reset): State<PasswordReset>, SignedIn(current): SignedIn, ctx: Ctx) -> Response {
    let named = ctx.query().filled("journey").and_then(|id| id.parse().ok());
    let Some(id) = named else { return respond::see_other(&PortalPath::fixed("/")) };
    match reset.journeys.find(id, ctx.browser().id, ctx.now()).await {
        Ok(Some(journey)) if journey.finished_at.is_some() && journey.account == Some(current.account.id) => {
            show::receipt_of_sign_in(&reset, &ctx, &current.account.login, &journey)
        }
        Ok(_) => respond::see_other(&PortalPath::fixed("/")),
        Err(error) => respond::write_error(&ctx, &WriteError::Unavailable(error)),
    }
}

async fn ask_not_me(ctx: Ctx) -> Response {
    show::not_me(&ctx, NotMeState::Ask)
}

async fn not_me(State(reset): State<PasswordReset>, ctx: Ctx, Form(form): Form) -> Response {
    let typed = form.get("not_me_code").unwrap_or_default();
    match reset.report(&visit(&ctx), typed).await {
        Ok(case) => show::not_me(&ctx, NotMeState::Contained { case: case.to_string() }),
        Err(NotTaken::CodeMalformed) => show::not_me(&ctx, NotMeState::Malformed),
        Err(NotTaken::CodeGone(case)) => show::not_me(&ctx, NotMeState::Refused { case: case.to_string() }),
        Err(NotTaken::Paused { until, case }) => {
            let minutes = show::minutes_until(until, ctx.now());
            let page = show::not_me(&ctx, NotMeState::TooMany { minutes, case: case.to_string() });
            show::with_pause(&NotTaken::Paused { until, case }, ctx.now(), page)
        }
        Err(error) => show::not_taken(&ctx, None, &error),
    }
}

/// Longest name that is kept in the field, in characters.
const USERNAME_CHARS_MAX: usize = 254;

fn visit(ctx: &Ctx) -> Visit {
    Visit { origin: ctx.origin().clone(), browser: ctx.browser() }
}

/// The reset that a request names.
async fn named_flow(
    reset: &PasswordReset,
    ctx: &Ctx,
    visit: &Visit,
    params: &Params,
) -> Result<Option<Flow>, Response> {
    let Some(id) = params.filled("journey") else { return Ok(None) };
    let Ok(id) = id.parse() else { return Err(respond::error(ctx, ErrorKind::Expired, None)) };
    match reset.find(visit, id).await {
        Ok(Some(flow)) => Ok(Some(flow)),
        Ok(None) => Err(respond::error(ctx, ErrorKind::Expired, None)),
        Err(error) => Err(respond::write_error(ctx, &WriteError::Unavailable(error))),
    }
}

impl PasswordReset {
    /// What is said before a first proof leaves no earlier than its time, so that what was found out does not show.
    async fn wait_for_the_deadline(&self, came: Instant) {
        let jitter_ms = u32::try_from(self.options.answer_jitter.as_millis()).unwrap_or(0);
        let jitter = Duration::from_millis(u64::from(self.entropy.below(jitter_ms)));
        tokio::time::sleep_until(came + self.options.answer_time + jitter).await;
    }
}
