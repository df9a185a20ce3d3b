//! The other providers that a page can lead to, and what is answered when one of them led nowhere.

use axum::http::StatusCode;

use super::pages::offer::UpstreamOffer;
use super::service::SignIn;
use crate::federation::Outcome;
use crate::web::context::Ctx;

/// The providers that a page can lead to now: a form names where it leads, so that has to be known.
pub struct Offers {
    pub offers: Vec<UpstreamOffer>,
    origins: Vec<String>,
}

impl Offers {
    pub fn of(sign_in: &SignIn, ctx: &Ctx) -> Self {
        let federation = &sign_in.federation;
        let mut known: Vec<_> = federation
            .offers()
            .into_iter()
            .filter_map(|offer| Some((federation.origin_of(&offer.name, ctx.now())?, offer)))
            .collect();
        // One that failed lately stands behind the others.
        known.sort_by_key(|(_, offer)| offer.fails);
        let (origins, offers) = known
            .into_iter()
            .map(|(origin, offer)| (origin, UpstreamOffer { name: offer.name, label: offer.label }))
            .unzip();
        Self { offers, origins }
    }

    /// What a page with these offers may send its forms to, beside what it may anyway.
    pub fn form_action(&self, also: Option<String>) -> Option<String> {
        let origins: Vec<String> = self.origins.iter().cloned().chain(also).collect();
        (!origins.is_empty()).then(|| origins.join(" "))
    }
}

/// What an outcome is as a status.
pub const fn status_of(outcome: Outcome) -> StatusCode {
    match outcome {
        Outcome::Down => StatusCode::SERVICE_UNAVAILABLE,
        Outcome::StartAgain
        | Outcome::Declined
        | Outcome::AskAgain
        | Outcome::TooWeak
        | Outcome::NotUnderstood
        | Outcome::NotTrusted
        | Outcome::NotLinked
        | Outcome::Taken => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
