//! What a run has seen, and how it is judged.

use serde_json::{Value, json};

use crate::argon::Cost;
use crate::load::Turn;
use crate::proofs::Proofs;
use crate::report::{Row, limit, median, median_of, percent, turns};
use crate::resting::Resting;
use crate::run::Case;

/// The turns of one case, of the service and of the bare server beside it.
#[derive(Default)]
pub struct Pairs {
    pub ours: Vec<Turn>,
    pub bare: Vec<Turn>,
}

#[derive(Default)]
pub struct Seen {
    pub lines_per_second: f64,
    pub commits_per_second: f64,
    pub resting: Option<Resting>,
    pub proofs: Option<Proofs>,
    pub sign_ins: Vec<Turn>,
    /// Processor seconds of one hash, measured beside each turn of sign-ins.
    pub hash_seconds: Vec<f64>,
    /// The most memory in any turn of sign-ins.
    pub loaded_mib: f64,
    /// Memory when everything was asked.
    pub left_mib: f64,
    pub discovery: Pairs,
    pub jwks: Pairs,
    pub credentials: Pairs,
    pub refresh: Pairs,
    pub syncs_beside_credentials: Vec<f64>,
    pub syncs_beside_refresh: Vec<f64>,
}

impl Pairs {
    /// Of each round the service's answers a processor second as a part of the bare server's.
    fn ratios(&self) -> Vec<f64> {
        self.compare(Turn::per_processor_second)
    }

    fn compare(&self, of: impl Fn(&Turn) -> f64) -> Vec<f64> {
        let part = |(ours, bare): (&Turn, &Turn)| of(ours) / of(bare).max(f64::MIN_POSITIVE);
        self.ours.iter().zip(&self.bare).map(part).collect()
    }

    fn row(&self, case: Case, least: f64) -> Row {
        let target = format!("at least {} of bare", percent(least));
        if self.ours.is_empty() {
            return Row::unmeasured(case, &target, "left out of this run".to_owned());
        }
        let ratio = median(&self.ratios());
        Row { met: Some(ratio >= least), ..self.compared(case, percent(ratio), target) }
    }

    fn compared(&self, case: Case, seen: String, target: String) -> Row {
        let figures = json!({
            "part_of_bare_by_processor_time": { "median": median(&self.ratios()), "rounds": self.ratios() },
            "part_of_bare_by_wall_time": median(&self.compare(Turn::per_second)),
            "ours": turns(&self.ours),
            "bare": turns(&self.bare),
        });
        let note = format!(
            "{:.0}/s (bare {:.0}), in a processor second {:.0} (bare {:.0}); {}",
            median_of(&self.ours, Turn::per_second),
            median_of(&self.bare, Turn::per_second),
            median_of(&self.ours, Turn::per_processor_second),
            median_of(&self.bare, Turn::per_processor_second),
            limit(&self.ours),
        );
        Row { case, seen, target, met: None, note, figures }
    }
}

impl Seen {
    /// All turns, of the service and of the bare server.
    fn all(&self) -> impl Iterator<Item = &Turn> {
        let pairs = [&self.discovery, &self.jwks, &self.credentials, &self.refresh];
        self.sign_ins.iter().chain(pairs.into_iter().flat_map(|pairs| pairs.ours.iter().chain(&pairs.bare)))
    }

    pub fn errors(&self) -> u64 {
        self.all().map(|turn| turn.errors).sum()
    }

    pub fn disk(&self) -> Value {
        json!({
            "synced_lines_per_second": self.lines_per_second,
            "sqlite_commits_per_second": self.commits_per_second,
            "synced_lines_per_second_beside_client_credentials": median(&self.syncs_beside_credentials),
            "synced_lines_per_second_beside_refresh": median(&self.syncs_beside_refresh),
        })
    }

    /// `why` tells for cases that are not offered.
    pub fn rows(&self, cost: &Cost, why: impl Fn(Case) -> Option<String>) -> Vec<Row> {
        let unless = |case, row: Row| match why(case) {
            Some(why) => Row::unmeasured(case, &row.target, why),
            None => row,
        };
        vec![
            self.sign_in_row(),
            unless(Case::Credentials, self.credentials.row(Case::Credentials, 0.6)),
            unless(Case::Refresh, self.refresh_row()),
            self.discovery.row(Case::Discovery, 0.8),
            self.jwks.row(Case::Jwks, 0.8),
            self.memory_row(),
            self.loaded_row(cost),
            self.start_row(),
            self.proofs_row(),
        ]
    }

    fn sign_in_row(&self) -> Row {
        let (case, target) = (Case::SignIns, "at least 90 %".to_owned());
        if self.sign_ins.is_empty() {
            return Row::unmeasured(case, &target, "left out of this run".to_owned());
        }
        let each = |(turn, hash): (&Turn, &f64)| turn.per_processor_second() * hash;
        let parts: Vec<f64> = self.sign_ins.iter().zip(&self.hash_seconds).map(each).collect();
        let hash = median(&self.hash_seconds);
        let whole =
            median(&self.sign_ins.iter().map(|turn| 1.0 / turn.per_processor_second()).collect::<Vec<_>>());
        let note = format!(
            "{:.1}/s; {:.2} ms of processor time each, Argon2 {:.2} ms; {}",
            median_of(&self.sign_ins, Turn::per_second),
            whole * 1000.0,
            hash * 1000.0,
            limit(&self.sign_ins),
        );
        let figures = json!({
            "argon2_part": { "median": median(&parts), "rounds": parts },
            "argon2_processor_seconds": self.hash_seconds,
            "ours": turns(&self.sign_ins),
        });
        let part = median(&parts);
        Row { case, seen: percent(part), target, met: Some(part >= 0.9), note, figures }
    }

    fn refresh_row(&self) -> Row {
        let target = "at least 20 a disk sync, or 50 % of bare signing".to_owned();
        if self.refresh.ours.is_empty() {
            return Row::unmeasured(Case::Refresh, &target, "left out of this run".to_owned());
        }
        let syncs = median(&self.syncs_beside_refresh).max(f64::MIN_POSITIVE);
        let of_sync = median_of(&self.refresh.ours, Turn::per_second) / syncs;
        let part = median(&self.refresh.ratios());
        let seen = format!("{of_sync:.1}, {}", percent(part));
        Row {
            met: Some(of_sync >= 20.0 || part >= 0.5),
            ..self.refresh.compared(Case::Refresh, seen, target)
        }
    }

    fn memory_row(&self) -> Row {
        let Some(resting) = &self.resting else {
            return Row::unmeasured(Case::Memory, "at most 25 MiB", "left out of this run".to_owned());
        };
        Row::at_most(Case::Memory, "MiB", resting.resident_mib, 25.0)
    }

    fn loaded_row(&self, cost: &Cost) -> Row {
        // With more processors there are more hash workers, each with a memory of its own.
        let beyond = u16::try_from(cost.workers().saturating_sub(2)).unwrap_or(u16::MAX);
        let limit = f64::from(beyond).mul_add(cost.arena_mib(), 90.0);
        if self.sign_ins.is_empty() {
            let target = format!("at most {limit:.0} MiB");
            return Row::unmeasured(Case::Loaded, &target, "left out of this run".to_owned());
        }
        let left = self.left_mib;
        let note = format!("{} hash workers; {left:.1} MiB at the end of the whole run", cost.workers());
        Row { note, ..Row::at_most(Case::Loaded, "MiB", self.loaded_mib, limit) }
    }

    fn start_row(&self) -> Row {
        let Some(resting) = &self.resting else {
            return Row::unmeasured(Case::Start, "at most 200 ms", "left out of this run".to_owned());
        };
        let starts = &resting.starts_ms;
        let figures = json!({ "starts_ms": starts });
        Row { figures, ..Row::at_most(Case::Start, "ms", median(starts), 200.0) }
    }

    fn proofs_row(&self) -> Row {
        let (case, target) = (Case::Proofs, "under 1 ms of processor time together");
        let Some(Proofs { assertion, code, wrong_code }) = &self.proofs else {
            return Row::unmeasured(case, target, "left out of this run".to_owned());
        };
        let both = assertion + code;
        Row {
            case,
            seen: format!("{both:.3} ms"),
            target: target.to_owned(),
            met: Some(both < 1.0),
            note: format!("assertion {assertion:.3} ms, code {code:.3} ms, a wrong code {wrong_code:.3} ms"),
            figures: json!({ "assertion_ms": assertion, "code_ms": code, "wrong_code_ms": wrong_code }),
        }
    }
}
