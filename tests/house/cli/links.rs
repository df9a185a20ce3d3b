//! `cardea people links`: who a person is at other providers, and taking one away.

use serde_json::json;

use super::demo::Demo;
use super::tamper;
use crate::support::children::wait_for;

/// A link as it is made by a person's own way through the provider.
const LINK: &str = "INSERT INTO upstream_link (account_id, provider, issuer, subject, ground, linked_at) \
    SELECT id, 'fas', 'https://idp.example.be/fas', 'the-subject-there', 'signed_in', 1800000000000000 \
    FROM account WHERE login = 'staff.totp'";

#[test]
fn a_link_is_listed_and_taken_away_and_its_owner_is_told() {
    let mut demo = Demo::start();
    demo.stop();
    tamper::write(&demo.path(), LINK);
    // While a node runs, and while none does.
    for running in [true, false] {
        if running {
            demo.resume();
        }
        let list = || demo.run(&["people", "links", "list", "staff.totp", "--json"]).json();
        let expected = json!([{ "provider": "fas", "label": "fas", "ground": "signed_in",
            "linked_at": "2027-01-15T08:00:00.000000Z", "last_used_at": null, "in_use": false }]);
        assert_eq!(list(), expected);
        let text = demo.run(&["people", "links", "list", "staff.totp"]).ok();
        assert!(
            text.contains("fas") && text.contains("not in use") && !text.contains("the-subject"),
            "{text}"
        );
        let dry = demo.run(&["people", "links", "remove", "staff.totp", "fas", "--dry-run"]).ok();
        assert!(
            dry.starts_with("dry run, nothing was changed; otherwise: staff.totp is not linked"),
            "{dry}"
        );
        assert_eq!(list(), expected, "a dry run changes nothing");
        let gone = demo.run(&["people", "links", "remove", "staff.totp", "fas", "--json"]).json();
        assert_eq!((&gone["changed"], &gone["dry_run"]), (&json!(true), &json!(false)));
        assert_eq!(list(), json!([]));
        if running {
            wait_for("its owner to be told", || std::fs::read_dir(demo.file("mail")).unwrap().count() == 1);
            demo.stop();
            tamper::write(&demo.path(), LINK);
        }
    }
    let wrong = |arguments: &[&str]| demo.run(&[&["people", "links"][..], arguments].concat()).refused(2);
    assert!(wrong(&["remove", "staff.totp", "fas"]).contains("staff.totp has no link to `fas`"));
    assert!(wrong(&["list", "nobody"]).contains("no account has the name `nobody`"));
    let log = demo.run(&["log", "export"]).ok();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("upstream_unlinked")).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|line| line.contains("operator:")), "{told:?}");
}
