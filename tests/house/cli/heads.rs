//! Heads that are missing, or do not reach far enough: the log may be whole and is not proved.

use std::fs;

use serde_json::Value;

use super::demo::{Demo, run_in};
use super::tamper::tamper;
use crate::support::children::Ran;

/// An installation at rest, with all that was sealed an hour older than it is.
fn hour_old() -> Demo {
    let mut demo = Demo::start();
    demo.stop();
    demo.add("someone").ok();
    seal_again(&demo, "sealed_at - 3600000000");
    demo
}

fn seal_again(demo: &Demo, at: &str) {
    tamper(&demo.path(), &format!("UPDATE event_seal SET sealed_at = {at};"));
}

fn verify(demo: &Demo, more: &[&str]) -> Ran {
    run_in(&demo.path(), &[&["log", "verify"], more].concat(), "")
}

/// What the command says of a log whose end is not covered, in words and as JSON; `file` is what it blames.
fn unproved(demo: &Demo, file: &str) -> String {
    let told = verify(demo, &[]).refused(1);
    for part in [file, "a removal at the end of the log would not show", "--heads FILE", "--without-heads"] {
        assert!(told.contains(part), "`{part}` is not in: {told}");
    }
    let ran = verify(demo, &["--json"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["whole"], false);
    assert_eq!(report["report"]["faults"], serde_json::json!([]));
    assert!(report["report"]["uncovered"].is_string(), "{report}");
    told
}

#[test]
fn a_log_whose_heads_are_missing_or_empty_is_not_proved() {
    let demo = hour_old();
    let heads = demo.file("heads.jsonl");
    let kept = fs::read(&heads).unwrap();
    assert!(verify(&demo, &[]).ok().contains("a removal would show up to"));
    fs::remove_file(&heads).unwrap();
    let told = unproved(&demo, heads.to_str().unwrap());
    assert!(told.contains("the file of the heads is missing"), "{told}");
    fs::write(&heads, "").unwrap();
    let told = unproved(&demo, heads.to_str().unwrap());
    assert!(told.contains("there is no head"), "{told}");
    let copy = demo.file("kept.jsonl");
    fs::write(&copy, kept).unwrap();
    verify(&demo, &["--heads", copy.to_str().unwrap()]).ok();
    // Also where the log itself is gone, and where it is young.
    for at in ["sealed_at + 3600000000", "sealed_at"] {
        seal_again(&demo, at);
        unproved(&demo, heads.to_str().unwrap());
    }
}

#[test]
fn heads_that_end_long_before_the_log_do_not_prove_it() {
    let demo = hour_old();
    let heads = demo.file("heads.jsonl");
    let all = fs::read_to_string(&heads).unwrap();
    let first: Value = serde_json::from_str(all.lines().next().unwrap()).unwrap();
    let reach = first["sequence"].as_i64().unwrap();
    assert!(reach < demo.records(), "the first head covers all of it");
    fs::write(&heads, format!("{first}\n")).unwrap();
    let told = unproved(&demo, heads.to_str().unwrap());
    assert!(told.contains(&format!("no head covers what follows record {reach}")), "{told}");
    // What was sealed a moment ago has no head yet; what was sealed tomorrow has not been sealed by us.
    seal_again(&demo, "sealed_at + 3600000000");
    verify(&demo, &[]).ok();
    seal_again(&demo, "sealed_at + 86400000000");
    unproved(&demo, heads.to_str().unwrap());
    // A head that somebody else signed reaches nowhere.
    let forged = all.replace(r#""record_hash":""#, r#""record_hash":"00"#);
    fs::write(&heads, format!("{first}\n{forged}")).unwrap();
    let told = verify(&demo, &[]).refused(1);
    assert!(told.contains("no head covers") && told.contains("the log is not whole"), "{told}");
}

#[test]
fn the_chain_alone_is_looked_at_on_purpose_only() {
    let demo = hour_old();
    fs::remove_file(demo.file("heads.jsonl")).unwrap();
    let told = verify(&demo, &["--without-heads"]).ok();
    assert!(told.contains("the heads were left out: a removal at the end would not show"), "{told}");
    let report = verify(&demo, &["--without-heads", "--json"]).json();
    assert_eq!((&report["whole"], &report["heads_compared"]), (&true.into(), &false.into()));
    for more in [["--heads", "x"], ["--head-key", "x"]] {
        verify(&demo, &[&["--without-heads"], &more[..]].concat()).refused(2);
    }
    tamper(
        &demo.path(),
        "UPDATE event SET plain = '{}' WHERE id = (SELECT event_id FROM event_seal WHERE sequence = 2);",
    );
    verify(&demo, &["--without-heads"]).refused(1);
}

#[test]
fn a_node_gives_a_head_when_it_starts_and_when_it_has_ended() {
    let mut demo = Demo::start();
    // Long before the first minute is over.
    verify(&demo, &[]).ok();
    demo.add("someone").ok();
    demo.stop();
    seal_again(&demo, "sealed_at - 3600000000");
    verify(&demo, &[]).ok();
}
