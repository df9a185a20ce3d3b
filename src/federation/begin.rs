//! Sending a browser to a provider with a question of its own.

use super::discovery::Known;
use super::exchange::Proving;
use super::level;
use super::model::Freshness;
use super::provider::Provider;
use super::reason::Reason;
use super::refusal::{Stop, Unfinished};
use super::request::{self, Question};
use super::service::{Federation, mark, place};
use super::store::state::{self as store, State};
use crate::config::{Par, RequestObject};
use crate::event::Origin;
use crate::infra::database::WriteError;
use crate::kernel::acr::Acr;
use crate::kernel::digest::hex;
use crate::kernel::id::{DeviceId, JourneyId};
use crate::kernel::language::Language;
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;
use crate::web::respond::UpstreamAddress;

/// A sign-in that goes on at a provider.
pub struct Departure<'a> {
    /// The provider by its name in the configuration.
    pub provider: &'a str,
    pub origin: &'a Origin,
    pub browser: DeviceId,
    /// The journey that the answer will count in, and no other.
    pub journey: JourneyId,
    /// The least that the answer must prove.
    pub required: Acr,
    pub freshness: Freshness,
    pub language: Language,
}

impl Federation {
    /// Prepares a sign-in at a provider and gives the address to which the browser goes for it.
    ///
    /// # Errors
    /// The provider cannot be asked, or not for this; or the database does not answer.
    pub async fn begin(&self, departure: &Departure<'_>) -> Result<UpstreamAddress, Unfinished> {
        match self.try_begin(departure).await {
            Ok(address) => Ok(address),
            Err(stop) => {
                Err(self.refuse(departure.provider, departure.origin, stop, Some(departure.journey)).await)
            }
        }
    }

    async fn try_begin(&self, departure: &Departure<'_>) -> Result<UpstreamAddress, Stop> {
        let (parts, now) = (&*self.0, departure.origin.now);
        let provider = self.provider(departure.provider)?;
        let acr_values = level::asked(provider.config(), departure.required).ok_or(Reason::LevelNotGiven)?;
        provider.admit(now)?;
        let known = provider.known(now).await?;
        let [state, nonce, verifier] = [(); 3].map(|()| BearerToken::new(&parts.entropy));
        let redirect_uri = self.redirect_uri(provider.name());
        let client = request::client(provider, &known.metadata, &redirect_uri)?;
        let question = Question {
            state: state.expose(),
            nonce: nonce.expose(),
            verifier: verifier.expose(),
            acr_values,
            freshness: departure.freshness,
            language: departure.language,
        };
        let whole = request::address(&client, provider, &question);
        let address = self.sent_as_configured(provider, &known, whole, now).await?;
        let digest = state.digest();
        let sealed = parts.ring.seal(place(&hex(&digest)), verifier.expose().as_bytes(), &parts.entropy);
        let mut unit = parts.log.db().unit();
        store::insert(
            &mut unit,
            State {
                state: digest,
                provider: provider.name().to_owned(),
                issuer: provider.config().issuer.clone(),
                journey_id: departure.journey.uuid(),
                browser: mark(departure.browser),
                nonce: nonce.digest(),
                verifier: sealed.map_err(WriteError::Unsealed)?,
                required_acr: departure.required.name().to_owned(),
                freshness: departure.freshness.text(),
                created_at: now.micros(),
                expires_at: now.plus(parts.rules.sign_in_time).micros(),
                used_at: None,
            },
        );
        // No event: nothing is proved or refused yet; the answer is told of.
        parts.log.db().write(unit).await?;
        Ok(UpstreamAddress::attest(address.into()))
    }

    /// The question itself, or the short form of one that is signed, pushed, or both.
    async fn sent_as_configured(
        &self,
        provider: &Provider,
        known: &Known,
        whole: url::Url,
        now: Moment,
    ) -> Result<url::Url, Reason> {
        let config = provider.config();
        let pushed_to = known.metadata.additional_metadata().pushed_authorization_request_endpoint.as_deref();
        let endpoint = match (config.par, pushed_to) {
            (Par::Demanded, None) => return Err(Reason::DiscoveryIncomplete),
            (Par::Never, _) | (Par::Offered, None) => None,
            (Par::Offered | Par::Demanded, Some(endpoint)) => Some(endpoint),
        };
        if endpoint.is_none() && config.request_object == RequestObject::Never {
            return Ok(whole);
        }
        let keys = self.0.keys.current(now).await;
        let proving = Proving { provider, keys: &keys, entropy: &self.0.entropy, now };
        let asked = match config.request_object {
            RequestObject::Signed => {
                let object = proving.request_object(request::as_claims(&whole))?;
                request::short(&whole, provider.client_id(), "request", &object)
            }
            RequestObject::Never => whole,
        };
        let Some(endpoint) = endpoint else { return Ok(asked) };
        let form = asked.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let uri = provider.note(proving.push(&known.metadata, endpoint, form).await, now)?;
        Ok(request::short(&asked, provider.client_id(), "request_uri", &uri))
    }
}
