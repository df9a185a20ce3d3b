//! Asking a person whether an application may know what it asks for. The question belongs to a journey of this
//! browser that this person finished; where a session was enough, one is begun that is finished at once. The
//! answer uses the journey up in the unit in which the code is made, so that nothing but that form, sent from
//! our own page for this very request, gives an application its first code.

use axum::http::StatusCode;
use axum::response::Response;

use super::answer::pending_origin;
use super::authorize::{Asked, Pending, in_language, on_the_way, single_claims, written};
use super::consent_page;
use super::error::{ErrorCode, refuse};
use super::pages::ConsentPage;
use super::provider::Oidc;
use super::request::Prompt;
use crate::event::{Event, What};
use crate::infra::database::WriteError;
use crate::journey::service::NewJourney;
use crate::journey::{Journey, Purpose};
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::page::ErrorKind;
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath, see_other};

impl Oidc {
    /// Asks, or tells the client that somebody would have to be asked.
    pub(super) async fn ask_for_consent(
        &self,
        asked: &Asked<'_>,
        current: &Current,
    ) -> Result<Response, WriteError> {
        if let Some(answer) = self.closed_to(asked, current).await? {
            return Ok(answer);
        }
        if asked.request.prompt == Prompt::None {
            let error = refuse(ErrorCode::ConsentRequired, "the person has to agree first");
            return self.refuse(asked.ctx, asked.to, error).await;
        }
        match asked.journey {
            Some(journey) => Ok(question(asked, current, journey)),
            None => self.begin_question(asked, current).await,
        }
    }

    /// Nothing is left to prove, so the journey is finished when it begins.
    async fn begin_question(&self, asked: &Asked<'_>, current: &Current) -> Result<Response, WriteError> {
        let Current { session, account } = current;
        let (ctx, target) = (asked.ctx, written(asked));
        if let Some(refused) = self.too_many_journeys(ctx).await {
            return Ok(refused);
        }
        let (purpose, required, login) = (Purpose::SignIn, session.acr, account.login.clone());
        let journeys = &self.parts().journeys;
        let journey = Journey {
            account: Some(account.id),
            epoch: Some(account.epoch),
            finished_at: Some(ctx.now()),
            ..journeys.plan(NewJourney { purpose, required, login, target }, ctx.now())
        };
        let mut unit = self.db().unit();
        journeys.begin(&mut unit, &journey, ctx.browser().id);
        // No event: a question changes nothing.
        self.db().write(unit).await?;
        let page = PortalPath::with("/oauth2/authorize/continue", "journey", journey.id);
        Ok(see_other(&in_language(page, asked.request)))
    }

    /// The person's answer.
    pub(super) async fn consent(&self, ctx: &Ctx, form: &Params, current: Option<&Current>) -> Response {
        let outcome = self.take_consent(ctx, form, current).await;
        outcome.unwrap_or_else(|error| respond::write_error(ctx, &error))
    }

    async fn take_consent(
        &self,
        ctx: &Ctx,
        form: &Params,
        current: Option<&Current>,
    ) -> Result<Response, WriteError> {
        let Pending { journey, to, request, current } =
            match self.pending(ctx, form.filled("journey"), current).await? {
                Ok(pending) => pending,
                Err(answer) => return Ok(answer),
            };
        let agreed = match form.get("decision") {
            Some("allow") => true,
            Some("refuse") => false,
            _ => return Ok(respond::error(ctx, ErrorKind::BadRequest, None)),
        };
        let asked = Asked { ctx, to: &to, request: &request, journey: Some(&journey), agreed };
        if agreed {
            self.go_on(&asked, Some(current)).await
        } else {
            self.decline(&asked, &journey, current).await
        }
    }

    /// Source: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.4.
    async fn decline(
        &self,
        asked: &Asked<'_>,
        journey: &Journey,
        current: &Current,
    ) -> Result<Response, WriteError> {
        let &Asked { ctx, to, request, .. } = asked;
        let mut unit = self.db().unit();
        self.parts().journeys.consume(&mut unit, journey, ctx.browser().id, ctx.now());
        let what = What::ConsentRefused { scope: request.scope.clone(), claims: single_claims(request) };
        let event = Event::of(what, current.account.id).named(&current.account.login);
        self.record_and_write(unit, &on_the_way(ctx, &request.client_id, Some(journey)), event).await?;
        Ok(self.back(ctx, to).error(refuse(ErrorCode::AccessDenied, "the person did not agree")))
    }
}

fn question(asked: &Asked<'_>, current: &Current, journey: &Journey) -> Response {
    let &Asked { ctx, to, request, .. } = asked;
    let page = ConsentPage {
        shell: ctx.shell_at(&format!("/oauth2/authorize/continue?journey={}", journey.id)),
        journey: journey.id.to_string(),
        application: to.client.client_name.get(ctx.text().language()).to_owned(),
        host: consent_page::host(&to.redirect_uri),
        username: current.account.login.clone(),
        parts: consent_page::parts(ctx.text(), &current.account, request),
    };
    respond::page(StatusCode::OK, &page, pending_origin(&journey.target).as_deref())
}
