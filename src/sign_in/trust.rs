//! Trusted browsers at sign-in: when one may stand for the second proof, when one becomes trusted, and what is done
//! when somebody shows a copy.

use std::time::Duration;

use super::service::{SignIn, Visit};
use crate::account::Account;
use crate::authenticator::trusted;
use crate::event::model::EndReason;
use crate::event::{Event, What};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::journey::model::{Journey, Purpose};
use crate::kernel::acr::Acr;
use crate::kernel::id::DeviceId;
use crate::kernel::proof::{Binding, Way};
use crate::session::Trust;

impl SignIn {
    /// How long a browser of this person may stand for a second proof; never for consoles, nor where more than two
    /// factors are needed.
    pub(super) fn may_trust(&self, account: &Account) -> Option<Duration> {
        let console = account.grants.iter().any(|grant| grant.role.has_console());
        self.options.trust_for.filter(|_| !console && account.required_acr <= Acr::Mfa)
    }

    /// The days that the page of the second proof offers.
    pub(super) fn trust_days(&self, account: &Account) -> Option<u64> {
        self.may_trust(account).map(|span| span.as_secs() / 86_400)
    }

    /// What the browser of a right password is worth.
    pub(super) async fn trust_shown(&self, visit: &Visit, account: &Account) -> Result<Trust, DbErr> {
        if self.may_trust(account).is_none() {
            return Ok(Trust::None);
        }
        self.devices.trust_of(visit.browser, account, visit.origin.now).await
    }

    /// Adds what a trusted browser proves to a journey that has just had a right password, or ends everything where
    /// it is a copy. Whoever is signed in already is asked for more by this journey: then it proves nothing.
    pub(super) async fn weigh_trust(
        &self,
        unit: &mut Unit,
        visit: &Visit,
        journey: Journey,
        account: &Account,
        trust: Trust,
    ) -> Result<Journey, WriteError> {
        let Visit { origin, browser, current, .. } = visit;
        match trust {
            Trust::None | Trust::JustReplaced => Ok(journey),
            Trust::Copied => {
                self.sessions.end_all(unit, origin, account, None, EndReason::BrowserCopied).await?;
                let event = Event::of(What::TrustedBrowserCopied, account.id).named(&account.login);
                self.log.record(unit, origin, event).await?;
                self.notices.browser_copied(unit, account, origin)?;
                Ok(journey)
            }
            Trust::Present => {
                let facts = self.facts(account, origin.now).await.map_err(WriteError::Unavailable)?;
                let enough = journey.purpose == Purpose::SignIn
                    && journey.required <= Acr::Mfa
                    && current.is_none()
                    && !facts.must_choose_password;
                if !enough {
                    return Ok(journey);
                }
                let binding = Binding { journey: journey.id, account: account.id };
                let proof = trusted::prove(&self.devices, unit, *browser, account, binding, origin.now);
                Ok(self.journeys.add_proof(unit, &journey, browser.id, account, proof, origin.now))
            }
        }
    }

    /// Trusts the browser, where that was wished for beside a second proof that was given on it.
    pub(super) async fn trust_wished(
        &self,
        unit: &mut Unit,
        visit: &Visit,
        journey: &Journey,
        account: &Account,
        device: DeviceId,
    ) -> Result<(), WriteError> {
        let Some(span) = self.may_trust(account).filter(|_| visit.trust) else { return Ok(()) };
        // A code from paper says that something is lost: no day to trust a browser.
        if journey.proved().any(|way| matches!(way, Way::RecoveryCode | Way::TrustedBrowser)) {
            return Ok(());
        }
        let until = visit.origin.now.plus(span);
        self.devices.trust(unit, device, account, visit.origin.now, until);
        let event = Event::of(What::BrowserTrusted { until: until.iso() }, account.id).named(&account.login);
        self.log.record(unit, &visit.origin, event).await.map(|_| ())
    }
}
