//! The relying party as a whole: its providers, its keys, and how refusals come on record.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::keys::{Line, OwnKeys, UpstreamKeys, UpstreamKeysError};
use super::links::Links;
use super::model::UpstreamIdentity;
use super::provider::{Health, Provider};
use super::reason::Reason;
use super::refusal::{Refused, Stop, Unfinished};
use super::store::state as store;
use crate::config::{Encryption, FederationConfig, UpstreamsConfig};
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{DbErr, Unit};
use crate::infra::outgoing::Outgoing;
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::acr::Acr;
use crate::kernel::digest::sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, DeviceId, JourneyId};
use crate::kernel::proof::{UpstreamLevel, Way};
use crate::kernel::time::Moment;

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
pub struct Federation(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub issuer: String,
    pub rules: FederationConfig,
    pub providers: BTreeMap<String, Provider>,
    pub keys: UpstreamKeys,
    pub links: Links,
    pub log: EventLog,
    pub ring: KeyRing,
    pub entropy: Entropy,
}

/// A provider that people may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub name: String,
    pub label: String,
    /// Whether it failed lately: then other ways stand before it.
    pub fails: bool,
}

/// What a link of an account opens here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedWays {
    pub provider: String,
    /// Strongest first.
    pub ways: Vec<Way>,
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

    /// What people call a provider.
    pub fn label(&self, provider: &str) -> String {
        let known = self.0.providers.get(provider);
        known.map_or_else(|| provider.to_owned(), |provider| provider.config().label.clone())
    }

    /// The ways that a link to a provider gives, strongest first.
    pub fn ways_of(&self, provider: &str) -> Vec<Way> {
        let Some(provider) = self.0.providers.get(provider) else { return vec![] };
        let card = (!provider.config().asks_phrh.is_empty()).then_some(UpstreamLevel::Card);
        card.into_iter().chain([UpstreamLevel::Multifactor]).map(Way::Upstream).collect()
    }

    /// The links of an account that open something here: a provider that is not in use any more opens nothing.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ways_by_links(&self, account: AccountId) -> Result<Vec<LinkedWays>, DbErr> {
        // Most installations have no provider: then nothing is asked.
        if self.0.providers.is_empty() {
            return Ok(vec![]);
        }
        let links = self.0.links.of(account).await?.into_iter();
        let opens =
            links.map(|link| LinkedWays { ways: self.ways_of(&link.provider), provider: link.provider });
        Ok(opens.filter(|link| !link.ways.is_empty()).collect())
    }

    /// The most that a provider can be asked for towards a rung: what it lacks is proved in another way.
    pub fn towards(&self, provider: &str, wanted: Acr) -> Acr {
        let card = Way::Upstream(UpstreamLevel::Card);
        if wanted > Acr::Mfa && self.ways_of(provider).contains(&card) { Acr::Phrh } else { Acr::Mfa }
    }

    /// Records that an identity that was proved leads nowhere here.
    pub async fn refuse_identity(
        &self,
        origin: &Origin,
        identity: &UpstreamIdentity,
        reason: Reason,
    ) -> Unfinished {
        self.refuse(identity.provider(), origin, reason.into(), Some(identity.journey())).await
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

    /// Our address to which a provider sends browsers back; it is registered there.
    pub fn redirect_uri(&self, provider: &str) -> String {
        format!("{}/sign-in/upstream/{provider}/callback", self.0.issuer)
    }

    pub(super) async fn refuse(
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

    pub(super) fn provider(&self, name: &str) -> Result<&Provider, Reason> {
        self.0.providers.get(name).ok_or(Reason::NotOffered)
    }
}

/// What ties a question to its browser.
pub fn mark(browser: DeviceId) -> Vec<u8> {
    sha256(browser.uuid().as_bytes()).to_vec()
}

/// Where the verifier of a question is sealed.
pub const fn place(row: &str) -> Place<'_> {
    Place { table: "upstream_state", column: "verifier", row }
}
