//! From tokens to somebody: opened, verified, judged, and completed.

use serde_json::{Map, Value};

use super::checks::{self, Expected};
use super::claims::IdClaims;
use super::discovery::Known;
use super::exchange::Tokens;
use super::keys::{OwnKeys, UpstreamKeys};
use super::level::{self, Unproven};
use super::model::{Freshness, Proved, UpstreamIdentity};
use super::provider::Provider;
use super::reason::Reason;
use super::store::state::State;
use super::token::Signed;
use super::userinfo::{self, Answer};
use crate::config::clients::SigningAlg;
use crate::config::{Encryption, Userinfo};
use crate::infra::jose::jwe::{Sealed, is_sealed};
use crate::kernel::acr::Acr;
use crate::kernel::id::JourneyId;
use crate::kernel::time::Moment;

/// Tokens of a provider, at the moment when they came.
#[derive(Clone, Copy)]
pub struct Belief<'a> {
    pub provider: &'a Provider,
    pub known: &'a Known,
    /// Ours, to open what was encrypted to us.
    pub own_keys: &'a UpstreamKeys,
    pub now: Moment,
}

impl Belief<'_> {
    /// Whom the tokens speak of, when every check holds.
    ///
    /// # Errors
    /// The first check that fails.
    pub async fn identity(&self, state: &State, tokens: &Tokens) -> Result<UpstreamIdentity, Reason> {
        let (provider, now) = (self.provider, self.now);
        let config = provider.config();
        let (all, alg) = self.believed(&tokens.id_token).await?;
        let claims = IdClaims::read(all).ok_or(Reason::TokenForm)?;
        let expected = Expected {
            issuer: &state.issuer,
            client_id: provider.client_id(),
            nonce: &state.nonce,
            asked_at: Moment::from_micros(state.created_at),
            freshness: Freshness::from_text(&state.freshness),
            keeps_session: config.keeps_session,
            now,
        };
        checks::judge(&claims, &expected)?;
        checks::access_token(&claims, tokens.access_token.expose(), alg)?;
        let level = level::proven(config, claims.acr.as_deref(), &claims.amr).map_err(|why| match why {
            Unproven::Unknown => Reason::LevelUnproven,
            Unproven::TooLow => Reason::LevelTooLow,
        })?;
        // What was asked for and cannot be read is taken for the most.
        if level.acr < Acr::from_name(&state.required_acr).unwrap_or(Acr::Phrh) {
            return Err(Reason::LevelTooLow);
        }
        let more = self.more(tokens, &claims.subject).await?;
        let authenticated_at = checks::authenticated_at(&claims, config.keeps_session);
        Ok(UpstreamIdentity::of(Proved {
            provider: provider.name(),
            journey: JourneyId::from_uuid(state.journey_id),
            claims,
            more,
            level,
            authenticated_at,
            national_number: config.national_number.as_deref(),
        }))
    }

    /// What the userinfo endpoint says, where it is asked.
    async fn more(&self, tokens: &Tokens, subject: &str) -> Result<Map<String, Value>, Reason> {
        let provider = self.provider;
        let config = provider.config();
        if config.userinfo == Userinfo::Never {
            return Ok(Map::new());
        }
        let endpoint = self.known.metadata.userinfo_endpoint().ok_or(Reason::DiscoveryIncomplete)?;
        let answer = userinfo::ask(provider, endpoint.as_str(), tokens.access_token.expose()).await;
        let claims = match provider.note(answer, self.now)? {
            Answer::Json(_) if config.userinfo == Userinfo::Signed => return Err(Reason::UserinfoUnsigned),
            Answer::Json(claims) => claims,
            Answer::Token(token) => self.believed(&token).await?.0,
        };
        userinfo::judge(&claims, subject, &config.issuer, provider.client_id())?;
        Ok(claims)
    }

    /// The claims of a token, opened and verified. Keys are asked for again where one is unknown: the provider
    /// may have begun with a new one.
    async fn believed(&self, token: &str) -> Result<(Map<String, Value>, SigningAlg), Reason> {
        let Self { provider, known, own_keys, now } = *self;
        let config = provider.config();
        let opened = match (config.encryption, is_sealed(token)) {
            (Encryption::Demanded, true) => Some(opened(token, &*own_keys.current(now).await)?),
            (Encryption::Demanded, false) => return Err(Reason::NotEncrypted),
            (Encryption::Never, true) => return Err(Reason::EncryptedUnasked),
            (Encryption::Never, false) => None,
        };
        let signed = Signed::parse(opened.as_deref().unwrap_or(token), config.algorithms)?;
        let mut newer = None;
        let claims = match signed.verify(provider.keys(known, &mut newer)) {
            Err(Reason::UnknownKey) => signed.verify(&*provider.keys_again(known, now).await?)?,
            outcome => outcome?,
        };
        Ok((claims, signed.alg()))
    }
}

/// Opens what was encrypted to us. That proves nothing: whoever sent it has to have signed it inside.
fn opened(token: &str, keys: &OwnKeys) -> Result<String, Reason> {
    let sealed = Sealed::parse(token)?;
    let mut openers = keys.openers(sealed.kid()).peekable();
    if openers.peek().is_none() {
        return Err(Reason::OtherRecipient);
    }
    let inside = openers.find_map(|opener| sealed.open(opener).ok()).ok_or(Reason::DoesNotOpen)?;
    let inside = String::from_utf8(inside).map_err(|_| Reason::NotSignedInside)?;
    let is_signed = inside.bytes().filter(|byte| *byte == b'.').count() == 2;
    if is_signed { Ok(inside) } else { Err(Reason::NotSignedInside) }
}
