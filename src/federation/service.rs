//! Sending a browser to a provider, and what comes of its return.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::checks::{self, Expected};
use super::discovery::Known;
use super::exchange::{Proving, Tokens};
use super::keys::{Line, OwnKeys, UpstreamKeys, UpstreamKeysError};
use super::level::{self, Unproven};
use super::links::Links;
use super::model::{Freshness, Proved, UpstreamIdentity};
use super::provider::{Health, Provider};
use super::reason::{Outcome, Reason};
use super::request::{self, Question};
use super::store::state::{self as store, State};
use super::token::Signed;
use super::userinfo::{self, Answer};
use crate::config::clients::SigningAlg;
use crate::config::{Encryption, FederationConfig, Par, RequestObject, UpstreamsConfig, Userinfo};
use crate::event::{CaseCode, Event, EventLog, Origin, What};
use crate::infra::database::{Unit, WriteError};
use crate::infra::jose::jwe::{Sealed, is_sealed};
use crate::infra::outgoing::Outgoing;
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::acr::Acr;
use crate::kernel::digest::{hex, sha256};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{DeviceId, JourneyId};
use crate::kernel::language::Language;
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;
use crate::web::params::Params;
use crate::web::respond::UpstreamAddress;

/// Longest code of a provider, in bytes.
const CODE_BYTES_MAX: usize = 4096;

/// What the service is made from.
pub struct FederationParts {
    /// Our own address.
    pub issuer: String,
    pub rules: FederationConfig,
    pub upstream: UpstreamsConfig,
    pub outgoing: Outgoing,
    pub log: EventLog,
    pub ring: KeyRing,
    pub entropy: Entropy,
}

/// The relying party; cheap to clone.
#[derive(Clone)]
pub struct Federation(Arc<Parts>);

struct Parts {
    issuer: String,
    rules: FederationConfig,
    providers: BTreeMap<String, Provider>,
    keys: UpstreamKeys,
    links: Links,
    log: EventLog,
    ring: KeyRing,
    entropy: Entropy,
}

/// A provider that people may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub name: String,
    pub label: String,
    /// Whether it failed lately: then other ways stand before it.
    pub fails: bool,
}

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

/// A browser that comes back from a provider.
pub struct Return<'a> {
    /// The provider whose address the browser came to.
    pub provider: &'a str,
    pub origin: &'a Origin,
    pub browser: DeviceId,
    /// What it brought along.
    pub answer: &'a Params,
}

/// A refusal that is on record.
#[derive(Clone, Debug)]
pub struct Refused {
    pub provider: String,
    pub reason: Reason,
    /// Under which a person may ask about it.
    pub case: CaseCode,
    /// The journey to go on with in another way, where the browser is the one that began it.
    pub journey: Option<JourneyId>,
}

impl Refused {
    pub const fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    #[error("the upstream provider {} was not believed: {}", .0.provider, .0.reason.name())]
    Refused(Box<Refused>),
    /// The database does not answer; nothing was told to anyone.
    #[error(transparent)]
    Database(#[from] WriteError),
}

/// The same, before it is on record.
enum Stop {
    Reason(Reason),
    Database(WriteError),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        Self::Database(error)
    }
}

impl Federation {
    /// # Errors
    /// The pepper cannot be derived.
    pub fn new(parts: FederationParts) -> Result<Self, SealError> {
        let FederationParts { issuer, rules, upstream, outgoing, log, ring, entropy } = parts;
        let mut needed = vec![];
        for config in upstream.values().filter(|config| config.is_in_use()) {
            needed.extend(config.needs_signing_key().then_some(Line::Signs(config.signing_alg)));
            needed.extend((config.encryption == Encryption::Demanded).then_some(Line::Opens));
        }
        needed.sort_unstable();
        needed.dedup();
        let made = upstream.into_iter().filter_map(|(name, config)| {
            Some((name.clone(), Provider::new(&name, config, outgoing.clone())?))
        });
        let keys = UpstreamKeys::new(log.clone(), ring.clone(), entropy.clone(), rules, needed);
        Ok(Self(Arc::new(Parts {
            issuer,
            rules,
            providers: made.collect(),
            keys,
            links: Links::new(log.clone(), &ring)?,
            log,
            ring,
            entropy,
        })))
    }

    /// Who at a provider is which account.
    pub fn links(&self) -> &Links {
        &self.0.links
    }

    /// The providers that are in use, by their names.
    pub fn offers(&self) -> Vec<Offer> {
        let offer = |provider: &Provider| Offer {
            name: provider.name().to_owned(),
            label: provider.config().label.clone(),
            fails: matches!(provider.health(), Health::Failing(_)),
        };
        self.0.providers.values().map(offer).collect()
    }

    /// How each provider in use is.
    pub fn health(&self) -> Vec<(String, Health)> {
        self.0.providers.values().map(|provider| (provider.name().to_owned(), provider.health())).collect()
    }

    /// Scheme, host and port to which a browser is sent for a provider, as far as that is known: a form that
    /// leads there has to name it, since browsers hold the redirects after a form to `form-action` too.
    pub fn origin_of(&self, provider: &str, now: Moment) -> Option<String> {
        let known = self.0.providers.get(provider)?.known_so_far(now)?;
        Some(known.metadata.authorization_endpoint().url().origin().ascii_serialization())
    }

    /// Our keys as providers read them.
    pub async fn published_keys(&self, now: Moment) -> Arc<OwnKeys> {
        self.0.keys.current(now).await
    }

    /// Whether our keys open under this ring; makes none.
    ///
    /// # Errors
    /// Which one does not open, or that the database does not answer.
    pub async fn keys_fit(&self, now: Moment) -> Result<(), UpstreamKeysError> {
        self.0.keys.fit(now).await
    }

    /// Makes keys of ours that are missing or due, and retires what is over.
    ///
    /// # Errors
    /// The database does not answer, or a key does not open under this ring.
    pub async fn keep_keys(&self, origin: &Origin) -> Result<(), UpstreamKeysError> {
        self.0.keys.keep_to_schedule(origin).await
    }

    /// Reads anew what the providers say of themselves, beside all requests.
    pub async fn refresh(&self, now: Moment) {
        for provider in self.0.providers.values() {
            if let Err(reason) = provider.refresh(self.0.rules.read_again_after, now).await
                && reason != Reason::Resting
            {
                let (provider, reason) = (provider.name(), reason.name());
                tracing::warn!(provider, reason, "an upstream provider could not be read");
            }
        }
    }

    /// Asks each provider now, and gives those that say nothing that can be used.
    pub async fn unreachable(&self, now: Moment) -> Vec<(String, Reason)> {
        let mut found = vec![];
        for provider in self.0.providers.values() {
            if let Err(reason) = provider.refresh(Duration::ZERO, now).await {
                found.push((provider.name().to_owned(), reason));
            }
        }
        found
    }

    /// Takes away sign-ins whose time was over before a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        store::forget_before(unit, before);
    }

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

    /// Our address to which a provider sends browsers back; it is registered there.
    pub fn redirect_uri(&self, provider: &str) -> String {
        format!("{}/sign-in/upstream/{provider}/callback", self.0.issuer)
    }

    async fn refuse(
        &self,
        provider: &str,
        origin: &Origin,
        stop: Stop,
        journey: Option<JourneyId>,
    ) -> Unfinished {
        let reason = match stop {
            Stop::Reason(reason) => reason,
            Stop::Database(error) => return error.into(),
        };
        // What is no name of ours may be anything.
        let provider = self.0.providers.get(provider).map_or("unknown", Provider::name).to_owned();
        let origin = journey.map_or_else(|| origin.clone(), |journey| origin.with_journey(journey));
        let what = What::UpstreamRefused { provider: provider.clone(), reason: reason.name() };
        match self.0.log.record_refusal(&origin, Event::new(what)).await {
            Ok(case) => Unfinished::Refused(Box::new(Refused { provider, reason, case, journey })),
            Err(error) => error.into(),
        }
    }

    fn provider(&self, name: &str) -> Result<&Provider, Reason> {
        self.0.providers.get(name).ok_or(Reason::NotOffered)
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

    async fn try_finish(
        &self,
        back: &Return<'_>,
        journey: &mut Option<JourneyId>,
    ) -> Result<UpstreamIdentity, Stop> {
        let (parts, now) = (&*self.0, back.origin.now);
        let provider = self.provider(back.provider)?;
        let state = self.returned(provider, back, journey).await?;
        let id = JourneyId::from_uuid(state.journey_id);
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
        Ok(self.identity(provider, &known, &state, &tokens, id, now).await?)
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

    async fn identity(
        &self,
        provider: &Provider,
        known: &Known,
        state: &State,
        tokens: &Tokens,
        journey: JourneyId,
        now: Moment,
    ) -> Result<UpstreamIdentity, Reason> {
        let config = provider.config();
        let (all, alg) = self.believed(provider, known, &tokens.id_token, now).await?;
        let claims = super::claims::IdClaims::read(all).ok_or(Reason::TokenForm)?;
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
        let more = self.more(provider, known, tokens, &claims.subject, now).await?;
        let authenticated_at = checks::authenticated_at(&claims, config.keeps_session);
        Ok(UpstreamIdentity::of(Proved {
            provider: provider.name(),
            journey,
            claims,
            more,
            level,
            authenticated_at,
            national_number: config.national_number.as_deref(),
        }))
    }

    /// What the userinfo endpoint says, where it is asked.
    async fn more(
        &self,
        provider: &Provider,
        known: &Known,
        tokens: &Tokens,
        subject: &str,
        now: Moment,
    ) -> Result<Map<String, Value>, Reason> {
        let config = provider.config();
        if config.userinfo == Userinfo::Never {
            return Ok(Map::new());
        }
        let endpoint = known.metadata.userinfo_endpoint().ok_or(Reason::DiscoveryIncomplete)?;
        let answer = userinfo::ask(provider, endpoint.as_str(), tokens.access_token.expose()).await;
        let claims = match provider.note(answer, now)? {
            Answer::Json(_) if config.userinfo == Userinfo::Signed => return Err(Reason::UserinfoUnsigned),
            Answer::Json(claims) => claims,
            Answer::Token(token) => self.believed(provider, known, &token, now).await?.0,
        };
        userinfo::judge(&claims, subject, &config.issuer, provider.client_id())?;
        Ok(claims)
    }

    /// The claims of a token, opened and verified. Keys are asked for again where one is unknown: the provider
    /// may have begun with a new one.
    async fn believed(
        &self,
        provider: &Provider,
        known: &Known,
        token: &str,
        now: Moment,
    ) -> Result<(Map<String, Value>, SigningAlg), Reason> {
        let config = provider.config();
        let opened = match (config.encryption, is_sealed(token)) {
            (Encryption::Demanded, true) => Some(opened(token, &*self.0.keys.current(now).await)?),
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

/// What ties a question to its browser.
fn mark(browser: DeviceId) -> Vec<u8> {
    sha256(browser.uuid().as_bytes()).to_vec()
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "upstream_state", column: "verifier", row }
}
