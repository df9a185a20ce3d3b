//! The second step for someone who has no second authenticator yet: binding the first one.

use super::service::{NotTaken, SignIn, Taken, Visit};
use crate::account::Account;
use crate::authenticator::Offer;
use crate::authenticator::model::{CodeVerdict, clean_name, parse_code};
use crate::event::model::Refusal;
use crate::event::{Event, Origin, What};
use crate::journey::model::{Journey, Step};
use crate::kernel::acr::{Acr, Amr};
use crate::kernel::proof::Binding;
use crate::policy::Action;
use crate::web::params::Params;

/// What the form brought.
#[derive(Clone, Copy)]
pub struct Enrolment<'a> {
    /// The sealed offer of the page.
    pub offer: &'a str,
    pub code: &'a str,
    pub name: &'a str,
}

impl<'a> Enrolment<'a> {
    pub fn sent(form: &'a Params) -> Self {
        let text = |name| form.get(name).unwrap_or_default();
        Self { offer: text("enrolment"), code: text("code"), name: text("name") }
    }
}

impl SignIn {
    /// Binds the account's first authenticator inside a sign-in. While it is under way, nobody else can
    /// bind a first one: the unit demands that it is the only one.
    ///
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_enrolment(
        &self,
        visit: &Visit,
        journey: &Journey,
        form: Enrolment<'_>,
    ) -> Result<Taken, NotTaken> {
        let visit = &visit.on(journey.id);
        let Visit { origin, browser, .. } = visit;
        let account = self.at_step(journey, may_be_app, origin.now).await?;
        let _permit = self.permit_own(&account, Action::BindOwnAuthenticator, origin.now)?;
        let offer = self.authenticators.open_offer(form.offer, account.id, browser.id, origin.now);
        let offer = offer.ok_or(NotTaken::Moved)?;
        let code = parse_code(form.code).ok_or(NotTaken::CodeMalformed)?;
        let step = self.confirm(origin, &account, &offer, &code).await?;

        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        self.authenticators.bind(&mut unit, account.id, &offer, form.name, step, 1, origin.now)?;
        let binding = Binding { journey: journey.id, account: account.id };
        let proof = self.authenticators.bound(&offer, binding, origin.now);
        let next = self.journeys.add_proof(&mut unit, journey, browser.id, &account, proof, origin.now);
        let what = What::AuthenticatorBound { authenticator: offer.id, kind: "totp".to_owned() };
        let event = Event::of(what, account.id).named(&account.login).by(Amr::Otp);
        self.log.record(&mut unit, origin, event).await?;
        self.notices.authenticator_added(&mut unit, &account, &clean_name(form.name), origin.now)?;
        self.go_on(unit, visit, next, &account).await
    }

    /// The step by which a code confirms an offer; a wrong code is recorded.
    pub(super) async fn confirm(
        &self,
        origin: &Origin,
        account: &Account,
        offer: &Offer,
        code: &str,
    ) -> Result<i64, NotTaken> {
        let (reason, minutes_off) = match self.authenticators.check_offer(offer, code, origin.now) {
            CodeVerdict::OfStep(step) => return Ok(step),
            CodeVerdict::ClockOff { minutes } => (Refusal::ClockOff, Some(minutes)),
            CodeVerdict::Wrong => (Refusal::Wrong, None),
        };
        let event = Event::of(What::TotpRefused { reason, minutes_off }, account.id).named(&account.login);
        let case = self.refuse(origin, event.by(Amr::Otp)).await?;
        // The secret is on the person's own screen: there is nothing to guess and so nothing to count.
        Err(match minutes_off {
            Some(minutes) => NotTaken::ClockOff { minutes: minutes.unsigned_abs(), case },
            None => NotTaken::CodeWrong { left: OFFER_TRIES_TOLD, case },
        })
    }
}

/// What the page says of tries left where none are counted.
const OFFER_TRIES_TOLD: u32 = 5;

/// Whether an app is enough for what is to be bound.
pub(super) fn may_be_app(step: &Step) -> bool {
    matches!(step, Step::Enrol { least } if *least <= Acr::Mfa)
}
