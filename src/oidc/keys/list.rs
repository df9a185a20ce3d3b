//! The signing keys as an operator sees them: never their private part.

use serde::Serialize;

use super::error::KeysError;
use super::pins::Pins;
use super::schedule::{KeyState, KeyTimes, Line};
use crate::infra::database::Database;
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;
use crate::oidc::client::Clients;
use crate::oidc::store::key::{self as store, StoredKey};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SigningKeySummary {
    pub id: SigningKeyId,
    pub algorithm: String,
    pub state: KeyState,
    /// When it was made, which is when it was published.
    pub created_at: String,
    pub active_from: String,
    /// From when it does not count any more, as far as that is known.
    pub retired_at: Option<String>,
    /// Clients that pinned it.
    pub pinned_by: Vec<String>,
    /// Those of them for which it is not retired, as they pinned no newer one that signs.
    pub held_by: Vec<String>,
}

/// Every key that there ever was, in the order in which they sign.
///
/// # Errors
/// The database does not answer.
pub async fn signing_keys(
    db: &Database,
    pins: &Pins,
    now: Moment,
) -> Result<Vec<SigningKeySummary>, KeysError> {
    let rows = store::all(db).await?;
    rows.iter().map(|row| summary(row, &rows, pins, now)).collect()
}

fn summary(
    row: &StoredKey,
    rows: &[StoredKey],
    pins: &Pins,
    now: Moment,
) -> Result<SigningKeySummary, KeysError> {
    let id = SigningKeyId::from_uuid(row.id);
    let times = KeyTimes::of(row).ok_or(KeysError::Unreadable { id })?;
    let line = line_of(&times, rows);
    let is_past = line.past(now).any(|key| key.id == id);
    Ok(SigningKeySummary {
        id,
        algorithm: row.algorithm.clone(),
        state: state(row, &times, &line, now),
        created_at: Moment::from_micros(row.created_at).iso(),
        active_from: times.active_from.iso(),
        retired_at: times.retired_at.map(Moment::iso),
        pinned_by: pins.clients_of(id),
        held_by: if is_past { pins.bound_to(&times, &line, now) } else { vec![] },
    })
}

/// The keys of its algorithm that are not retired.
fn line_of(key: &KeyTimes, rows: &[StoredKey]) -> Line {
    let whole = rows.iter().filter(|row| !row.private.is_empty());
    Line::of(key.algorithm, whole.filter_map(KeyTimes::of))
}

fn state(row: &StoredKey, times: &KeyTimes, line: &Line, now: Moment) -> KeyState {
    if row.private.is_empty() { KeyState::Retired } else { line.state(times, now) }
}

/// A pin that is wrong.
pub struct PinFinding {
    pub client: String,
    pub pin: String,
    pub text: String,
}

/// What is wrong with the pins of the registered clients.
///
/// # Errors
/// The database does not answer.
pub async fn pin_findings(
    db: &Database,
    clients: &Clients,
    now: Moment,
) -> Result<Vec<PinFinding>, KeysError> {
    let keys = signing_keys(db, &Pins::of(clients), now).await?;
    let mut findings = vec![];
    for client in clients.all() {
        for pin in &client.pinned_keys {
            let key = keys.iter().find(|key| key.id.to_string() == *pin);
            if let Some(text) = wrong_with(pin, key, &client.client_id) {
                findings.push(PinFinding { client: client.client_id.clone(), pin: pin.clone(), text });
            }
        }
    }
    Ok(findings)
}

fn wrong_with(pin: &str, key: Option<&SigningKeySummary>, client: &String) -> Option<String> {
    match key {
        None => Some(format!("no signing key of ours has the id {pin}")),
        Some(key) if key.state == KeyState::Retired => Some(format!("the signing key {pin} is retired")),
        Some(key) if key.held_by.contains(client) => Some(format!(
            "a newer key signs in the place of {pin}, which is not retired while it alone is pinned: pin the newer one"
        )),
        Some(_) => None,
    }
}
