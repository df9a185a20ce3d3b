//! After each step: go on, or start the session in the very unit of the last proof.

use super::service::{NotTaken, SignIn, SignedIn, Taken, Visit};
use crate::account::Account;
use crate::event::model::EndReason;
use crate::event::{Event, What};
use crate::infra::database::{Unit, WriteError};
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::Acr;
use crate::session::service::NewSession;

impl SignIn {
    pub(super) async fn go_on(
        &self,
        unit: Unit,
        visit: &Visit,
        journey: Journey,
        account: &Account,
    ) -> Result<Taken, NotTaken> {
        Ok(self.go_on_or(unit, visit, journey, account).await?)
    }

    /// Writes the unit of a step; when nothing is missing any more, the session begins in it.
    pub(super) async fn go_on_or(
        &self,
        mut unit: Unit,
        visit: &Visit,
        journey: Journey,
        account: &Account,
    ) -> Result<Taken, WriteError> {
        let mut facts = self.facts(account, visit.origin.now).await.map_err(WriteError::Unavailable)?;
        // What this very unit brings is not to be read yet.
        facts.ways.extend(journey.proved());
        let Step::Done { acr } = journey.next(&facts) else {
            // No event: the step has put its own into the unit.
            self.log.db().write(unit).await?;
            return Ok(Taken::Next(Box::new(journey)));
        };
        let signed_in = self.start_session(&mut unit, visit, &journey, account, acr).await?;
        self.log.db().write(unit).await?;
        Ok(Taken::Done(signed_in))
    }

    async fn start_session(
        &self,
        unit: &mut Unit,
        visit: &Visit,
        journey: &Journey,
        account: &Account,
        acr: Acr,
    ) -> Result<SignedIn, WriteError> {
        let Visit { origin, browser, current, .. } = visit;
        let known = self.devices.is_known(browser.id, account.id).await.map_err(WriteError::Unavailable)?;
        self.journeys.finish(unit, journey, browser.id, origin.now);
        let new = NewSession {
            account,
            device: browser.id,
            acr,
            amr: journey.amr(),
            authenticated_at: journey.authenticated_at().unwrap_or(origin.now),
        };
        let (id, token) = self.sessions.start(unit, origin, &new);
        // The id of a session never outlives its level: the one before ends here.
        if let Some(current) = current {
            self.sessions.replace(unit, origin, current, EndReason::Replaced).await?;
        }
        let afterwards = self.afterwards(journey, account, acr).await.map_err(WriteError::Unavailable)?;
        let clock_off = self.clock_off(journey, account).await.map_err(WriteError::Unavailable)?;
        let strong = acr > Acr::Pwd;
        let next = if strong {
            let next = self.devices.next(*browser).await.map_err(WriteError::Unavailable)?;
            self.devices.prove(unit, next, account.id, &origin.user_agent, origin.now);
            self.trust_wished(unit, visit, journey, account, next.id).await?;
            next
        } else {
            *browser
        };
        let what = What::SignedIn { acr, amr: journey.amr(), new_device: !known };
        let event = Event::of(what, account.id).named(&account.login);
        self.log.record(unit, &origin.with_session(id), event).await?;
        if strong && !known {
            self.notices.new_sign_in(unit, account, origin)?;
        }
        let target = journey.target.clone();
        Ok(SignedIn { token, browser: next, journey: journey.id, target, afterwards, clock_off })
    }
}
