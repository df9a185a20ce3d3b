//! Who could get back in alone, as an operator sees it.

use serde::{Deserialize, Serialize};

use crate::authenticator::{Holdings, Readiness};
use crate::kernel::proof::Way;

/// Everyone whose account is open, and how many are in each state.
#[derive(Serialize, Deserialize)]
pub struct ReadinessBoard {
    pub figures: ReadinessFigures,
    pub people: Vec<PersonReadiness>,
}

#[derive(Default, Serialize, Deserialize)]
pub struct ReadinessFigures {
    pub people: usize,
    pub ready: usize,
    pub almost: usize,
    pub not_ready: usize,
}

#[derive(Serialize, Deserialize)]
pub struct PersonReadiness {
    pub name: String,
    pub readiness: Readiness,
    pub password: bool,
    pub apps: usize,
    pub passkeys: usize,
    pub security_keys: usize,
    pub recovery_codes: usize,
}

impl ReadinessFigures {
    pub const fn count(&mut self, readiness: Readiness) {
        self.people += 1;
        match readiness {
            Readiness::Ready => self.ready += 1,
            Readiness::Almost => self.almost += 1,
            Readiness::NotReady => self.not_ready += 1,
        }
    }
}

impl PersonReadiness {
    pub fn of(name: &str, holdings: &Holdings) -> Self {
        let count = |fits: fn(&Way) -> bool| holdings.bound.iter().filter(|way| fits(way)).count();
        Self {
            name: name.to_owned(),
            readiness: holdings.readiness(),
            password: holdings.password,
            apps: count(|way| *way == Way::App),
            passkeys: count(|way| matches!(way, Way::Passkey(_))),
            security_keys: count(|way| *way == Way::SecurityKey),
            recovery_codes: holdings.codes_left,
        }
    }
}
