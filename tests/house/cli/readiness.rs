//! `cardea people readiness`: its figures are those of a count by hand.

use serde_json::json;

use super::demo::Demo;

#[test]
fn the_figures_for_the_demo_people_match_a_count_by_hand() {
    let demo = Demo::start();
    let board = demo.run(&["people", "readiness", "--json"]).json();
    // By hand: `staff` has a password alone; three have an app and codes; the other six have one app or one
    // passkey. `staff.disabled` is not open to anybody.
    assert_eq!(board["figures"], json!({ "people": 10, "ready": 3, "almost": 6, "not_ready": 1 }));
    let row = |name: &str| {
        let people = board["people"].as_array().unwrap();
        people.iter().find(|person| person["name"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let line = |name: &str, readiness: &str, apps: u8, passkeys: u8, codes: u8| {
        let expected = json!({ "name": name, "readiness": readiness, "password": true, "apps": apps,
            "passkeys": passkeys, "security_keys": 0, "recovery_codes": codes });
        assert_eq!(row(name), expected);
    };
    line("staff", "not_ready", 0, 0, 0);
    line("staff.totp", "ready", 1, 0, 10);
    line("staff.passkey", "almost", 0, 1, 0);
    line("desk", "ready", 1, 0, 10);
    line("admin", "ready", 1, 0, 10);
    for name in ["staff.expired", "vip", "desk.second", "analyst", "auditor"] {
        line(name, "almost", 1, 0, 0);
    }
    // And the sheet has what is counted.
    for name in ["staff.totp", "desk", "admin"] {
        assert_eq!(demo.in_sheet(name)["recovery_codes"].as_array().unwrap().len(), 10, "{name}");
    }
    // What a stricter rule would strand, before it is made: all but the one with a passkey.
    let strict = demo.run(&["people", "readiness", "--level", "phr", "--json"]).json();
    assert_eq!(strict["figures"], json!({ "people": 10, "ready": 0, "almost": 1, "not_ready": 9 }));
    let text = demo.run(&["people", "readiness"]).ok();
    assert!(text.ends_with("10 people: 3 ready, 6 almost ready, 1 not ready\n"), "{text}");
}
