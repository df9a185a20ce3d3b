//! Signing keys by the command line, while a node runs and while none does.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::demo::Demo;
use super::tamper;
use crate::support::key_set::KeySetCopy;

fn rotate(demo: &Demo, flags: &[&str]) -> Value {
    demo.run(&[&["keys", "rotate", "--signing", "--json"], flags].concat()).json()
}

fn made(turned: &Value) -> String {
    turned["turned"]["made"][0]["id"].as_str().unwrap().to_owned()
}

fn signing_keys(demo: &Demo) -> Vec<(String, String)> {
    let listed = demo.run(&["keys", "list", "--json"]).json();
    let keys = listed["signing_keys"].as_array().unwrap().clone();
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    let keys = keys.iter().filter(|key| key["algorithm"] == "ES256");
    keys.map(|key| (text(key, "id"), text(key, "state"))).collect()
}

#[tokio::test]
async fn the_next_signing_key_is_published_at_once_and_a_leaked_one_is_gone_at_once() {
    let mut demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    let published = async || KeySetCopy::read(&browser.get("/oauth2/jwks").await.body);
    let first = signing_keys(&demo)[0].0.clone();
    let before = demo.settled_records();
    let told = demo.run(&["keys", "rotate", "--signing", "--alg", "ES256", "--dry-run"]).ok();
    assert!(
        told.starts_with("dry run, nothing was changed; otherwise: ES256: the new key is published"),
        "{told}"
    );
    let told = demo.run(&["keys", "rotate", "--signing", "--retire-old", "--dry-run"]).ok();
    assert!(told.contains(&format!("otherwise: RETIRED AT ONCE: {first}: every token")), "{told}");
    assert_eq!((demo.settled_records(), signing_keys(&demo).len()), (before, 1));

    let next = made(&rotate(&demo, &["--alg", "ES256"]));
    assert!(published().await.has(&next), "the node took it up before the command ended");
    let soon = rotate(&demo, &["--alg", "ES256", "--now"]);
    assert_eq!((&soon["changed"], &soon["dry_run"]), (&json!(true), &json!(false)));
    let expected = [(&first, "active"), (&made(&soon), "next"), (&next, "next")];
    let expected = expected.map(|(id, state)| (id.clone(), state.to_owned()));
    assert_eq!(signing_keys(&demo), expected, "in the order in which they sign");
    let table = demo.run(&["keys", "list"]).ok();
    assert!(table.contains(&first) && table.contains("  next  ") && table.contains("signs from"), "{table}");

    let instead = rotate(&demo, &["--alg", "ES256", "--retire-old"]);
    assert_eq!(instead["turned"]["retired"].as_array().unwrap().len(), 3);
    let kids = published().await.kids();
    assert!(kids.contains(&made(&instead)) && !kids.contains(&first) && !kids.contains(&next), "{kids:?}");
    demo.stop();
    let alone = made(&rotate(&demo, &["--alg", "ES256"]));
    demo.resume();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    assert!(KeySetCopy::read(&browser.get("/oauth2/jwks").await.body).has(&alone));
    demo.records();
}

#[test]
fn a_leaked_key_that_an_application_pinned_is_retired_by_force_alone() {
    let mut demo = Demo::start();
    demo.stop();
    let key = signing_keys(&demo)[0].0.clone();
    let pin = format!(
        "UPDATE client SET registration = json_set(registration, '$.pinned_keys', json_array('{key}')) \
         WHERE client_id = 'spa' RETURNING 1"
    );
    assert_eq!(tamper::number(&demo.path(), &pin), 1);
    let told = demo.run(&["keys", "rotate", "--signing", "--alg", "ES256"]).ok();
    assert!(told.contains(&format!("spa pinned {key} and will get tokens of that key until")), "{told}");
    assert!(
        demo.run(&["keys", "list"]).ok().lines().any(|line| line.contains(&key) && line.ends_with("spa"))
    );
    let leaked = ["keys", "rotate", "--signing", "--alg", "ES256", "--retire-old"];
    let told = demo.run(&leaked).refused(2);
    assert!(told.contains(&format!("{key} is pinned by spa")) && told.contains("--force"), "{told}");
    assert_eq!(signing_keys(&demo)[0], (key.clone(), "active".to_owned()));
    let told = demo.run(&[&leaked[..], &["--force"]].concat()).ok();
    assert!(
        told.contains(&format!("RETIRED AT ONCE: {key}")) && told.contains("TOKENS FAIL at spa"),
        "{told}"
    );
    let states: Vec<String> = signing_keys(&demo).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states.iter().filter(|state| *state == "retired").count(), 2, "{states:?}");
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let demo = Demo::start();
    for (flags, sentence) in [
        (vec!["--now"], "--signing"),
        (vec!["--alg", "ES256"], "--signing"),
        (vec!["--signing", "--force"], "--retire-old"),
        (vec!["--signing", "--alg", "ES512"], "known algorithms: ES256, EdDSA, PS256, RS256"),
        (vec!["--signing", "--alg", "EdDSA"], "no application needs a key for this algorithm"),
    ] {
        let told = demo.run(&[&["keys", "rotate"], &flags[..]].concat()).refused(2);
        assert!(told.contains(sentence), "{flags:?}: {told}");
    }
}
