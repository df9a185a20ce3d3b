//! Promises that a reader of the source can check: who may attest, and no state change without its event.

use super::source::{NOTHING, Source, source};

/// What is attested, and the places that may: those where something was verified.
const ATTESTERS: &[(&str, &[&str])] = &[
    ("Proof::attest(", &["src/directory/", "src/authenticator/", "src/federation/", "src/kernel/proof.rs"]),
    ("RegisteredAddress::attest(", &["src/oidc/", "src/web/respond.rs"]),
    ("UpstreamAddress::attest(", &["src/federation/", "src/web/respond.rs"]),
];

/// The text without what is compiled for tests alone.
fn at_work(file: &Source) -> &str {
    file.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
}

pub fn only_verifiers_attest(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for file in sources.iter().filter(|file| file.ends_in(&["rs"])) {
        for (what, places) in ATTESTERS {
            let allowed =
                places.iter().any(|place| file.path.contains(place)) || file.path.ends_with("_check.rs");
            if !allowed && at_work(file).contains(what) {
                broken.push(format!("{}: `{what}…)` is for {places:?} alone", file.path));
            }
        }
    }
    broken
}

/// A function that writes a unit records an event in it, or says why there is none.
pub fn every_write_has_its_event(sources: &[Source]) -> Vec<String> {
    const TOLD: [&str; 5] = ["record", "end_all(", ".refuse(", "Event::", "No event:"];
    let mut broken = Vec::new();
    for file in sources.iter().filter(|file| file.ends_in(&["rs"]) && !file.path.contains("src/infra/")) {
        let text = at_work(file);
        for (at, _) in text.match_indices(".write(unit)") {
            let before = &text[..at];
            let start = before.rfind("fn ").unwrap_or(0);
            if !TOLD.iter().any(|word| before[start..].contains(word)) {
                let line = before.lines().count();
                broken.push(format!("{}:{line}: a unit is written without an event", file.path));
            }
        }
    }
    broken
}

#[test]
fn the_rules_of_promises_catch() {
    let forged = source("src/portal/service.rs", "fn f() { Proof::attest(kind, binding, now) }");
    assert_eq!(only_verifiers_attest(&[forged]).len(), 1);
    let verified = source("src/directory/local.rs", "fn f() { Proof::attest(kind, binding, now) }");
    assert_eq!(only_verifiers_attest(&[verified]), NOTHING);
    let silent = source("src/portal/service.rs", "fn f() { self.db.write(unit).await?; }");
    assert_eq!(every_write_has_its_event(&[silent]).len(), 1);
    let told =
        source("src/portal/service.rs", "fn f() { log.record(&mut unit, e); self.db.write(unit).await?; }");
    assert_eq!(every_write_has_its_event(&[told]), NOTHING);
}
