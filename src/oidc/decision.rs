//! Whether a session is enough for a request, or what is missing.

use super::error::ErrorCode;
use super::request::{AuthorizationRequest, Prompt};
use crate::account::Account;
use crate::journey::Purpose;
use crate::kernel::acr::Acr;
use crate::kernel::time::Moment;
use crate::session::{Current, Session};

/// Where the ladder begins and ends for every client of this house.
#[derive(Clone, Copy, Debug)]
pub struct Rungs {
    /// Below this nobody is let through.
    pub least: Acr,
    /// Beyond this nobody can prove anything here.
    pub highest: Acr,
}

/// What happens with a request.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// A code for this session, at once.
    Issue(&'a Current),
    /// The person proves to be theirs, with this assurance at least.
    Journey { purpose: Purpose, required: Acr },
    /// The client is told.
    Refuse(ErrorCode),
}

/// The least assurance: the house's for every client, the person's own, and what was wished for.
pub fn required(request: &AuthorizationRequest, least: Acr, account: Option<&Account>) -> Acr {
    let own = account.map_or(Acr::Pwd, |account| account.required_acr);
    least.max(own).max(request.acr.unwrap_or(Acr::Pwd))
}

/// Decides. `proved_since` is the beginning of the journey that the person comes back from: a proof made
/// in it is fresh by definition, whatever `prompt` and `max_age` say.
pub fn decide<'a>(
    request: &AuthorizationRequest,
    current: Option<&'a Current>,
    rungs: Rungs,
    proved_since: Option<Moment>,
    now: Moment,
) -> Decision<'a> {
    let required = required(request, rungs.least, current.map(|current| &current.account));
    if required > rungs.highest {
        return Decision::Refuse(ErrorCode::UnmetAuthenticationRequirements);
    }
    let nobody = request.subjects.as_ref().is_some_and(Vec::is_empty);
    // Nobody can be all that was asked about, so asking somebody would lead nowhere.
    let silent = request.prompt == Prompt::None || nobody;
    let Some(current) = current else {
        return ask(silent, ErrorCode::LoginRequired, Purpose::SignIn, required);
    };
    let subjects = request.subjects.as_ref();
    let is_meant = subjects.is_none_or(|subjects| subjects.contains(&current.account.sub));
    if !is_meant {
        // Whoever came back is not the one that was asked about: no answer about somebody else.
        let silent = silent || proved_since.is_some();
        return ask(silent, ErrorCode::LoginRequired, Purpose::SignIn, required);
    }
    let came_back = proved_since.is_some_and(|since| current.session.authenticated_at >= since);
    if request.prompt == Prompt::Login && !came_back {
        // Possibly as someone else, so not a step up of this session.
        return ask(silent, ErrorCode::LoginRequired, Purpose::SignIn, required);
    }
    if !came_back && !is_young_enough(request, &current.session, now) {
        return ask(silent, ErrorCode::LoginRequired, Purpose::StepUp, required);
    }
    if current.session.acr < required {
        return ask(silent, ErrorCode::InteractionRequired, Purpose::StepUp, required);
    }
    Decision::Issue(current)
}

fn ask(silent: bool, code: ErrorCode, purpose: Purpose, required: Acr) -> Decision<'static> {
    if silent { Decision::Refuse(code) } else { Decision::Journey { purpose, required } }
}

/// Source: OIDC Core §3.1.2.1: an age of zero always asks for a new proof.
fn is_young_enough(request: &AuthorizationRequest, session: &Session, now: Moment) -> bool {
    match request.max_age_seconds {
        None => true,
        Some(0) => false,
        Some(seconds) => now.since(session.authenticated_at).as_secs() <= u64::from(seconds),
    }
}
