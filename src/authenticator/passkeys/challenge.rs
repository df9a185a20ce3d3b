//! A challenge between its question and its answer: a row that one browser can use once, for what it was asked for.

use std::time::Duration;

use uuid::Uuid;

use super::ceremony::State;
use super::store::challenge;
use crate::kernel::digest::sha256;
use crate::kernel::id::{AccountId, DeviceId, JourneyId};
use crate::kernel::time::Moment;

/// How long an answer may take.
const LASTS: Duration = Duration::from_mins(5);

/// What a challenge is for, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    Bind,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Bind => "bind",
        }
    }
}

/// Where a question is asked and its answer must come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub browser: DeviceId,
    /// None before the first proof, and where somebody is signed in.
    pub journey: Option<JourneyId>,
    /// Who is meant, where that is known.
    pub account: Option<AccountId>,
}

/// What ties a challenge to its browser.
pub fn mark(browser: DeviceId) -> Vec<u8> {
    sha256(browser.uuid().as_bytes()).to_vec()
}

/// A row for a new question; none where the state cannot be written down.
pub fn row(id: Uuid, purpose: Purpose, place: Place, state: &State, now: Moment) -> Option<challenge::Model> {
    Some(challenge::Model {
        id,
        browser: mark(place.browser),
        purpose: purpose.name().to_owned(),
        journey_id: place.journey.map(JourneyId::uuid),
        account_id: place.account.map(AccountId::uuid),
        state: serde_json::to_string(state).ok()?,
        created_at: now.micros(),
        expires_at: now.plus(LASTS).micros(),
    })
}

/// The state, where the row was made for this very purpose and place.
pub fn state(row: &challenge::Model, purpose: Purpose, place: Place) -> Option<State> {
    let is_meant = row.browser == mark(place.browser)
        && row.purpose == purpose.name()
        && row.journey_id == place.journey.map(JourneyId::uuid)
        && row.account_id == place.account.map(AccountId::uuid);
    if is_meant { serde_json::from_str(&row.state).ok() } else { None }
}
