//! What the endpoints that clients call themselves have in common: one form, one client that proved itself.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

use super::assertion;
use super::client_auth::{Authenticated, By, Presented, claimed, presented};
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::provider::{Oidc, called_by};
use super::store::single_use::{self, Kind, UNSEEN};
use crate::config::clients::AuthMethod;
use crate::event::{Origin, What};
use crate::infra::database::WriteError;
use crate::web::context::Ctx;
use crate::web::form;
use crate::web::params::Params;

/// A call of a client that proved itself.
pub struct Call {
    pub client: Authenticated,
    pub form: Params,
    /// With the client as the actor.
    pub origin: Origin,
}

impl Oidc {
    /// Reads the form and has the client prove itself.
    ///
    /// # Errors
    /// The body is no form, or the client did not prove itself, which is recorded.
    pub(super) async fn call(
        &self,
        ctx: &Ctx,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Call, OAuthError> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let form = form::parse(content_type, body).map_err(|_| {
            refuse(ErrorCode::InvalidRequest, "the body is not a form with each parameter once")
        })?;
        // What is no text is no credential either.
        let authorization =
            headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        match self.prove(authorization, &form, ctx).await {
            Ok(client) => {
                let origin = called_by(ctx.origin(), &client.client_id);
                Ok(Call { client, form, origin })
            }
            Err(error) => Err(self.stranger(ctx, claimed(authorization, &form), error).await),
        }
    }

    async fn prove(
        &self,
        authorization: Option<&str>,
        form: &Params,
        ctx: &Ctx,
    ) -> Result<Authenticated, OAuthError> {
        let Presented { client_id, by } = presented(authorization, form)?;
        let client = self.parts().clients.get(&client_id).ok_or(OAuthError::INVALID_CLIENT)?;
        let (method, proved, assertion) = match by {
            By::Secret { method, secret } => (method, client.secret_matches(&secret, ctx.now()), None),
            By::Assertion(assertion) => {
                let checked = assertion::check(&assertion, &client, self.issuer(), ctx.now());
                (AuthMethod::PrivateKeyJwt, checked.is_some(), checked)
            }
            // A public client: the verifier of its code is its proof.
            By::Nothing => (AuthMethod::None, true, None),
        };
        let client = Authenticated::by(client, method, proved).ok_or(OAuthError::INVALID_CLIENT)?;
        if let Some(assertion) = assertion {
            self.spend(&assertion).await?;
        }
        Ok(client)
    }

    /// An assertion counts once, on all nodes and over restarts. Source: RFC 7523 §3 (7), OIDC Core §9 (`jti`).
    async fn spend(&self, assertion: &assertion::Checked) -> Result<(), OAuthError> {
        let mut unit = self.db().unit();
        single_use::take(&mut unit, Kind::Assertion, &assertion.id, assertion.remembered_until);
        // No event: what the client asks for by it has its own.
        match self.db().write(unit).await {
            Ok(_) => Ok(()),
            Err(WriteError::Refused(UNSEEN)) => Err(OAuthError::INVALID_CLIENT),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Records a client that did not prove itself.
    async fn stranger(&self, ctx: &Ctx, claimed: Option<String>, error: OAuthError) -> OAuthError {
        if error.code != ErrorCode::InvalidClient {
            return error;
        }
        let known = claimed.filter(|id| self.parts().clients.get(id).is_some());
        let origin = known.map_or_else(|| ctx.origin().clone(), |id| ctx.origin().with_application(&id));
        let what = What::TokenRefused { error: error.code.name().to_owned() };
        match self.record_sometimes(&origin, what, error.code.name()).await {
            Ok(()) => error,
            Err(failed) => unavailable(&failed),
        }
    }
}
