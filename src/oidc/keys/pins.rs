//! Which clients pinned which of our keys, because they cannot read the key set.

use super::schedule::{KeyTimes, Line};
use crate::kernel::id::SigningKeyId;
use crate::kernel::time::Moment;
use crate::oidc::client::Clients;

/// The pins of every client that has some.
#[derive(Clone, Debug, Default)]
pub struct Pins(Vec<(String, Vec<String>)>);

impl Pins {
    pub fn of(clients: &Clients) -> Self {
        let pinning = clients.all().filter(|client| !client.pinned_keys.is_empty());
        Self(pinning.map(|client| (client.client_id.clone(), client.pinned_keys.clone())).collect())
    }

    /// The clients that pinned a key.
    pub fn clients_of(&self, key: SigningKeyId) -> Vec<String> {
        let kid = key.to_string();
        let pinning = self.0.iter().filter(|(_, pins)| pins.contains(&kid));
        pinning.map(|(client, _)| client.clone()).collect()
    }

    /// The clients that are bound to a key: they pinned it and no newer one that signs already.
    pub fn bound_to(&self, key: &KeyTimes, line: &Line, now: Moment) -> Vec<String> {
        let newer: Vec<String> = line.after(key, now).map(|key| key.id.to_string()).collect();
        let kid = key.id.to_string();
        let bound = self
            .0
            .iter()
            .filter(|(_, pins)| pins.contains(&kid) && !pins.iter().any(|pin| newer.contains(pin)));
        bound.map(|(client, _)| client.clone()).collect()
    }
}
