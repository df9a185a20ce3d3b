//! Somebody at an upstream provider, and how lately they must have proved to be that.

use std::time::Duration;

use serde_json::{Map, Value};

use super::claims::{IdClaims, Phone, of_the_person};
use super::level::Proven;
use super::national_number::NationalNumber;
use crate::event::{Event, What};
use crate::kernel::acr::Acr;
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::proof::{Binding, Proof, ProofKind, UpstreamLevel};
use crate::kernel::time::Moment;

/// How lately the provider must have asked the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// A session of the provider's own will do.
    Any,
    /// Within this span.
    Within(Duration),
    /// In this very sign-in.
    Now,
}

impl Freshness {
    /// The form in which it is kept while the person is away.
    pub fn text(self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::Now => "now".to_owned(),
            Self::Within(span) => span.as_secs().to_string(),
        }
    }

    /// What cannot be read is taken for the strictest.
    pub fn from_text(text: &str) -> Self {
        match text {
            "any" => Self::Any,
            seconds => {
                seconds.parse().map_or(Self::Now, |seconds| Self::Within(Duration::from_secs(seconds)))
            }
        }
    }

    /// `max_age` in whole seconds. Source: OIDC Core §3.1.2.1.
    pub fn max_age(self) -> Option<Duration> {
        match self {
            Self::Any => None,
            Self::Now => Some(Duration::ZERO),
            Self::Within(span) => Some(Duration::from_secs(span.as_secs())),
        }
    }
}

/// Who somebody is at an upstream provider, proved in one journey from one browser. Only an answer that
/// passed every check becomes one.
#[derive(Clone)]
pub struct UpstreamIdentity {
    provider: String,
    issuer: String,
    subject: String,
    journey: JourneyId,
    proven: Proven,
    amr: Vec<String>,
    authenticated_at: Option<Moment>,
    claims: Map<String, Value>,
    phone: Phone,
    national_number: Option<NationalNumber>,
}

/// What an identity is made from, when all of it is proved.
pub struct Proved<'a> {
    pub provider: &'a str,
    pub journey: JourneyId,
    pub claims: IdClaims,
    /// What the userinfo endpoint added.
    pub more: Map<String, Value>,
    pub level: Proven,
    pub authenticated_at: Option<Moment>,
    /// The claim with the national register number.
    pub national_number: Option<&'a str>,
}

impl UpstreamIdentity {
    pub(super) fn of(proved: Proved<'_>) -> Self {
        let Proved { provider, journey, claims, more, level, authenticated_at, national_number } = proved;
        // What the ID token says counts more than what came beside it.
        let mut all = more;
        all.extend(claims.all);
        let number = national_number.and_then(|name| all.get(name)).and_then(Value::as_str);
        Self {
            provider: provider.to_owned(),
            issuer: claims.issuer,
            subject: claims.subject,
            journey,
            proven: level,
            amr: claims.amr,
            authenticated_at,
            national_number: number.and_then(NationalNumber::parse),
            claims: of_the_person(&all, national_number),
            phone: Phone::read(&all),
        }
    }

    /// The provider by its name in the configuration.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom the provider means, in its own words: the same at each sign-in, and nobody else's.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The journey in which it was proved; it counts in no other.
    pub const fn journey(&self) -> JourneyId {
        self.journey
    }

    /// What it gives on our own ladder.
    pub const fn acr(&self) -> Acr {
        self.proven.acr
    }

    /// The provider's own figure, where it has figures.
    pub const fn level(&self) -> Option<u16> {
        self.proven.level
    }

    /// The provider's own words for the methods.
    pub fn amr(&self) -> &[String] {
        &self.amr
    }

    /// When the person was last asked; `None` where that is not told, and then no freshness may rest on it.
    pub const fn authenticated_at(&self) -> Option<Moment> {
        self.authenticated_at
    }

    /// What is said of the person. Nothing of it finds an account: names and addresses are shared and change.
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    pub const fn phone(&self) -> &Phone {
        &self.phone
    }

    pub const fn national_number(&self) -> Option<&NationalNumber> {
        self.national_number.as_ref()
    }

    /// What it proves of an account that it belongs to, in its own journey. Where the provider keeps no session, it
    /// asked the person just now.
    pub fn proof(&self, account: AccountId, now: Moment) -> Proof {
        let level = if self.acr() >= Acr::Phrh { UpstreamLevel::Card } else { UpstreamLevel::Multifactor };
        let binding = Binding { journey: self.journey, account };
        Proof::attest(ProofKind::Upstream(level), binding, self.authenticated_at.unwrap_or(now).min(now))
    }

    /// The event that tells of it, for the unit of whatever follows from it.
    pub fn accepted(&self, account: AccountId) -> Event {
        let what = What::UpstreamAccepted {
            provider: self.provider.clone(),
            acr: self.proven.acr,
            level: self.proven.level,
            call_in_progress: self.phone.call_in_progress,
        };
        Event::of(what, account).approved_on(self.phone.record())
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Freshness};

    #[test]
    fn freshness_is_kept_and_what_is_unreadable_is_the_strictest() {
        for freshness in [Freshness::Any, Freshness::Now, Freshness::Within(Duration::from_mins(10))] {
            assert_eq!(Freshness::from_text(&freshness.text()), freshness);
        }
        for odd in ["", "-1", "1.5", "ANY"] {
            assert_eq!(Freshness::from_text(odd), Freshness::Now, "{odd}");
        }
    }
}
