//! Could a person get back in by themselves on the day that a device is gone? What is bound is counted, and the
//! ladder says what the rest is worth.

use serde::{Deserialize, Serialize};

use crate::kernel::acr::Acr;
use crate::kernel::ladder;
use crate::kernel::proof::Way;

/// What a person has to get in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    pub password: bool,
    /// One for each app, passkey and key: each may be lost alone.
    pub bound: Vec<Way>,
    pub codes_left: usize,
    /// The level that the person's sign-ins need.
    pub needed: Acr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// What there is does not suffice today.
    NotReady,
    /// It does, and would not any more if one device, or the paper with the codes, were lost.
    Almost,
    /// Any one of them may be lost.
    Ready,
}

impl Readiness {
    pub const ALL: [Self; 3] = [Self::NotReady, Self::Almost, Self::Ready];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NotReady => "not_ready",
            Self::Almost => "almost",
            Self::Ready => "ready",
        }
    }
}

/// The one thing to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// To bind a first app or key.
    Bind,
    /// To print recovery codes.
    PrintCodes,
    /// To bind one more, on another device.
    BindAnother,
}

impl Holdings {
    pub fn readiness(&self) -> Readiness {
        let things = self.things();
        let needed = Some(self.level());
        if self.reached(things.iter().copied()) < needed {
            return Readiness::NotReady;
        }
        let without = |lost: usize| {
            things.iter().copied().enumerate().filter(move |(at, _)| *at != lost).map(|(_, way)| way)
        };
        let any_may_go = (0..things.len()).all(|lost| self.reached(without(lost)) >= needed);
        if any_may_go { Readiness::Ready } else { Readiness::Almost }
    }

    /// `None` where nothing is missing.
    pub fn next_step(&self) -> Option<NextStep> {
        let with_codes = Self { codes_left: self.codes_left.max(1), ..self.clone() };
        match self.readiness() {
            Readiness::Ready => None,
            Readiness::NotReady => Some(NextStep::Bind),
            Readiness::Almost if with_codes.readiness() == Readiness::Ready => Some(NextStep::PrintCodes),
            Readiness::Almost => Some(NextStep::BindAnother),
        }
    }

    /// Each thing that can be lost; all codes are on one paper.
    fn things(&self) -> Vec<Way> {
        let paper = (self.codes_left > 0).then_some(Way::RecoveryCode);
        self.bound.iter().copied().chain(paper).collect()
    }

    /// A second proof is asked for wherever there is one.
    fn level(&self) -> Acr {
        if self.things().is_empty() { self.needed } else { self.needed.max(Acr::Mfa) }
    }

    fn reached(&self, things: impl Iterator<Item = Way>) -> Option<Acr> {
        ladder::reached(self.password.then_some(Way::Password).into_iter().chain(things))
    }
}

#[cfg(test)]
mod tests {
    use super::{Acr, Holdings, NextStep, Readiness, Way};
    use crate::kernel::proof::KeyStorage;

    const PASSKEY: Way = Way::Passkey(KeyStorage::Synced);

    #[test]
    fn whoever_may_lose_any_one_thing_is_ready() {
        use NextStep::{Bind, BindAnother, PrintCodes};
        use Readiness::{Almost, NotReady, Ready};
        type Row = (bool, &'static [Way], usize, Acr, Readiness, Option<NextStep>);
        let table: [Row; 14] = [
            (true, &[], 0, Acr::Mfa, NotReady, Some(Bind)),
            (true, &[Way::App], 0, Acr::Mfa, Almost, Some(PrintCodes)),
            (true, &[], 10, Acr::Mfa, Almost, Some(BindAnother)),
            (true, &[Way::App], 1, Acr::Mfa, Ready, None),
            (true, &[Way::App, Way::App], 0, Acr::Mfa, Ready, None),
            (true, &[PASSKEY], 0, Acr::Mfa, Almost, Some(PrintCodes)),
            (true, &[PASSKEY, Way::App], 0, Acr::Mfa, Ready, None),
            // Codes know nobody: without a password they open nothing.
            (false, &[PASSKEY], 10, Acr::Mfa, Almost, Some(BindAnother)),
            (false, &[PASSKEY, PASSKEY], 0, Acr::Mfa, Ready, None),
            // What cannot be phished is not replaced by what can.
            (true, &[PASSKEY, Way::App], 10, Acr::Phr, Almost, Some(BindAnother)),
            (true, &[PASSKEY, Way::SecurityKey], 0, Acr::Phr, Ready, None),
            (true, &[Way::App, Way::App], 10, Acr::Phr, NotReady, Some(Bind)),
            (true, &[], 0, Acr::Pwd, Ready, None),
            (true, &[Way::App], 0, Acr::Pwd, Almost, Some(PrintCodes)),
        ];
        for (password, bound, codes_left, needed, readiness, next) in table {
            let holdings = Holdings { password, bound: bound.to_vec(), codes_left, needed };
            assert_eq!(holdings.readiness(), readiness, "{holdings:?}");
            assert_eq!(holdings.next_step(), next, "{holdings:?}");
        }
    }
}
