//! A browser that comes back from a provider: whose answer it brings, and the code for tokens.

use super::belief::Belief;
use super::discovery::Known;
use super::exchange::{Proving, Tokens};
use super::model::UpstreamIdentity;
use super::provider::Provider;
use super::reason::Reason;
use super::refusal::{Stop, Unfinished};
use super::request;
use super::service::{Federation, mark, place};
use super::store::state::{self as store, State};
use crate::event::Origin;
use crate::infra::database::WriteError;
use crate::kernel::digest::hex;
use crate::kernel::id::{DeviceId, JourneyId};
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;
use crate::web::params::Params;

/// Longest code of a provider, in bytes.
const CODE_BYTES_MAX: usize = 4096;

/// A browser that comes back from a provider.
pub struct Return<'a> {
    /// The provider whose address the browser came to.
    pub provider: &'a str,
    pub origin: &'a Origin,
    pub browser: DeviceId,
    /// What it brought along.
    pub answer: &'a Params,
}

impl Federation {
    /// Judges what a browser brought back. Each answer counts once, for the journey and the browser that it was
    /// asked for. The identity becomes durable by what the caller makes of it, with
    /// [`UpstreamIdentity::accepted`] in the same unit.
    ///
    /// # Errors
    /// The answer is not believed, which is on record then; or the database does not answer.
    pub async fn finish(&self, back: &Return<'_>) -> Result<UpstreamIdentity, Unfinished> {
        let mut journey = None;
        match self.try_finish(back, &mut journey).await {
            Ok(identity) => Ok(identity),
            Err(stop) => Err(self.refuse(back.provider, back.origin, stop, journey).await),
        }
    }

    async fn try_finish(
        &self,
        back: &Return<'_>,
        journey: &mut Option<JourneyId>,
    ) -> Result<UpstreamIdentity, Stop> {
        let (parts, now) = (&*self.0, back.origin.now);
        let provider = self.provider(back.provider)?;
        let state = self.returned(provider, back, journey).await?;
        let mut unit = parts.log.db().unit();
        store::spend(&mut unit, &state, now);
        // No event: what comes of the answer is told of when it is known.
        match parts.log.db().write(unit).await {
            Err(WriteError::Refused(_)) => return Err(Reason::StateReplayed.into()),
            outcome => outcome?,
        };
        let known = provider.known(now).await?;
        answer_is_of(&known, &state.issuer, back.answer)?;
        if let Some(error) = back.answer.filled("error") {
            return Err(Reason::of_answer(error).into());
        }
        let code = back.answer.filled("code").filter(|code| code.len() <= CODE_BYTES_MAX);
        let code = code.ok_or(Reason::CodeMissing)?;
        let tokens = self.redeemed(provider, &known, &state, code, now).await?;
        let belief = Belief { provider, known: &known, own_keys: &parts.keys, now };
        Ok(belief.identity(&state, &tokens).await?)
    }

    /// The question that this is the answer to: asked by this browser, of this provider, in time, once.
    async fn returned(
        &self,
        provider: &Provider,
        back: &Return<'_>,
        journey: &mut Option<JourneyId>,
    ) -> Result<State, Stop> {
        let state = back.answer.filled("state").ok_or(Reason::StateMissing)?;
        let digest = BearerToken::parse(state).ok_or(Reason::StateUnknown)?.digest();
        let found = store::find(self.0.log.db(), &digest).await?.ok_or(Reason::StateUnknown)?;
        // Another browser is told nothing of whose question it was.
        if found.browser != mark(back.browser) {
            return Err(Reason::OtherBrowser.into());
        }
        *journey = Some(JourneyId::from_uuid(found.journey_id));
        if found.provider != provider.name() || found.issuer != provider.config().issuer {
            return Err(Reason::OtherProvider.into());
        }
        if found.used_at.is_some() {
            return Err(Reason::StateReplayed.into());
        }
        if found.expires_at <= back.origin.now.micros() {
            return Err(Reason::TooLate.into());
        }
        Ok(found)
    }

    async fn redeemed(
        &self,
        provider: &Provider,
        known: &Known,
        state: &State,
        code: &str,
        now: Moment,
    ) -> Result<Tokens, Reason> {
        let verifier = self.0.ring.open(place(&hex(&state.state)), &state.verifier);
        let verifier = verifier.ok().and_then(|bytes| String::from_utf8(bytes.expose().clone()).ok());
        // A row that does not open is not the one that was written.
        let verifier = verifier.ok_or(Reason::StateUnknown)?;
        let redirect_uri = self.redirect_uri(provider.name());
        let client = request::client(provider, &known.metadata, &redirect_uri)?;
        let keys = self.0.keys.current(now).await;
        let proving = Proving { provider, keys: &keys, entropy: &self.0.entropy, now };
        provider.note(proving.redeem(&client, &known.metadata, code, &verifier).await, now)
    }
}

/// The provider says whose answer it is, where it says so at all. Source: RFC 9207 §2.4.
fn answer_is_of(known: &Known, issuer: &str, answer: &Params) -> Result<(), Reason> {
    let always = known.metadata.additional_metadata().authorization_response_iss_parameter_supported;
    match answer.get("iss") {
        Some(iss) if iss == issuer => Ok(()),
        Some(_) => Err(Reason::AnswerIssuer),
        None if always => Err(Reason::AnswerIssuerMissing),
        None => Ok(()),
    }
}
