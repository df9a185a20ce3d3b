//! Another provider's word as a proof. The browser leaves from here; what it brings back is counted by the room that
//! owns the address of the return, in this very journey.

use super::model::{Choice, Flow};
use super::service::{NotTaken, PasswordReset, Visit, needs, told};
use crate::event::What;
use crate::federation::{Departure, Freshness};
use crate::kernel::acr::Acr;
use crate::kernel::ladder::ResetNeeds;
use crate::kernel::language::Language;
use crate::web::respond::UpstreamAddress;

impl PasswordReset {
    /// Where the browser goes to prove who somebody is.
    ///
    /// # Errors
    /// Why it stays here.
    pub async fn leave(
        &self,
        visit: &Visit,
        flow: &Flow,
        provider: &str,
        language: Language,
    ) -> Result<UpstreamAddress, NotTaken> {
        let visit = &visit.on(flow);
        let at = self.at_choice(flow, Choice::Upstream, visit.origin.now).await?;
        self.admit_source(&visit.origin, |seconds| told(&at.subject, flow, What::SignInPaused { seconds }))
            .await?;
        // Before the first proof everybody is asked for the same.
        let strong = flow.has_proof()
            && at.subject.account().is_some_and(|account| needs(account) == ResetNeeds::TwoStrong);
        let wanted = if strong { Acr::Phr } else { Acr::Mfa };
        let departure = Departure {
            provider,
            origin: &visit.origin,
            browser: visit.browser.id,
            journey: flow.journey.id,
            required: self.federation.towards(provider, wanted),
            freshness: Freshness::Now,
            language,
        };
        Ok(self.federation.begin(&departure).await?)
    }
}
