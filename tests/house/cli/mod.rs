//! The command line, on the real binary: administration while a node runs and while none does, what it
//! refuses, and that a change acts at once.

mod clients;
mod demo;
mod erase;
mod forecast;
mod heads;
mod invitation;
mod links;
mod readiness;
mod signing;
mod soak;
mod tamper;

use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;

use demo::Demo;
use serde_json::json;

use crate::support::children::{cardea, wait_for};

/// Everything that can be done to a person, one after the other.
fn administer(demo: &Demo, name: &str) {
    assert!(demo.add(name).ok().contains(&format!("{name} was added")));
    let person = demo.person(name);
    assert_eq!(person["state"], "active");
    assert_eq!(person["roles"], json!(["staff"]));
    assert_eq!(person["password"]["must_change"], true);

    demo.run(&["people", "disable", name]).ok();
    assert_eq!(demo.person(name)["state"], "disabled");
    assert!(demo.run(&["people", "disable", name]).ok().contains("already"));
    demo.run(&["people", "enable", name]).ok();
    demo.run(&["people", "grant", name, "desk"]).ok();
    assert_eq!(demo.person(name)["roles"], json!(["staff", "desk"]));
    let revoked = demo.run(&["people", "revoke", name, "desk", "--json"]).json();
    assert_eq!(revoked["changed"], true);
    assert_eq!(demo.person(name)["roles"], json!(["staff"]));

    let changed = demo.person(name)["password"]["changed_at"].clone();
    demo.run_with(&["people", "password", name], "another horse battery staple").ok();
    let password = demo.person(name)["password"].clone();
    assert_eq!(password["must_change"], false);
    assert_ne!(password["changed_at"], changed);

    demo.run(&["people", "end", name, "--on", "2099-12-31"]).ok();
    let person = demo.person(name);
    assert_eq!(
        (&person["state"], &person["ends_at"]),
        (&json!("active"), &json!("2099-12-30T23:00:00.000000Z"))
    );
    demo.run(&["people", "end", name, "--on", "2020-07-01"]).ok();
    assert_eq!(demo.person(name)["state"], "ended");
    demo.run(&["people", "end", name, "--on", "never"]).ok();
    assert_eq!(demo.person(name)["state"], "active");

    demo.run(&["people", "sign-out", name]).ok();
    let generated = demo.run(&["people", "password", name, "--generate", "--must-change", "--json"]).json();
    assert_eq!(generated["password"].as_str().unwrap().len(), 23);
    demo.run(&["people", "erase", name]).ok();
    assert!(demo.run(&["people", "show", name]).refused(2).contains("no account has the name"));
    let all = demo.run(&["people", "list", "--json"]).json();
    assert!(all.as_array().unwrap().iter().all(|person| person["name"] != name));
}

#[test]
fn people_are_administered_through_the_socket_and_under_the_lock() {
    let mut demo = Demo::start();
    let mode = |name| std::fs::metadata(demo.file(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("admin.sock"), mode("cardea.lock")), (0o600, 0o600));
    administer(&demo, "through.the.socket");
    demo.stop();
    assert!(!demo.file("admin.sock").exists());
    administer(&demo, "under.the.lock");
    let export = demo.run(&["log", "export"]).ok();
    let of = |what: &str| export.lines().filter(|line| line.contains(&format!(r#""what":"{what}""#))).count();
    assert_eq!((of("account_erased"), of("password_set")), (2, 4));
    let actor = format!(r#""actor":"operator:{}""#, whoami());
    for line in export.lines().filter(|line| line.contains("account_erased")) {
        assert!(line.contains(&actor), "{line}");
    }
    // The service finds everything as it was left.
    demo.resume();
    demo.records();
    // What a node leaves behind that ended badly is in nobody's way.
    demo.kill();
    assert!(demo.file("admin.sock").exists());
    demo.add("after.the.crash").ok();
    demo.resume();
    demo.person("after.the.crash");
}

fn whoami() -> String {
    let output = std::process::Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_disabled_person_is_out_at_the_next_request() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    demo.sign_in(&browser, "staff.totp").await;
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(demo.person("staff.totp")["sessions"].as_array().unwrap().len(), 1);
    demo.run(&["people", "disable", "staff.totp"]).ok();
    assert_eq!(browser.get("/account").await.status, 303);
    demo.run(&["people", "enable", "staff.totp"]).ok();
    assert_eq!(browser.get("/account").await.status, 303, "what was issued before stays ended");
    assert_eq!(demo.person("staff.totp")["sessions"], json!([]));
}

#[tokio::test]
async fn a_password_that_the_operator_sets_ends_all_pauses() {
    let demo = Demo::start();
    let (name, person) = ("staff.totp", demo.in_sheet("staff.totp"));
    let (email, old) = (person["email"].as_str().unwrap(), person["password"].as_str().unwrap());
    // The account, and both names as strangers typed them.
    for (number, typed) in (1..).zip([[name; 5], [email; 5]].concat()) {
        demo.browser(Ipv4Addr::new(127, 77, 90, number)).password(typed, "a wrong password").await;
    }
    let stranger = |number| demo.browser(Ipv4Addr::new(127, 77, 91, number));
    for (number, typed) in [(1, name), (2, email)] {
        assert_eq!(stranger(number).password(typed, old).await.status, 429, "{typed}");
    }
    let new = "another horse battery staple";
    demo.run_with(&["people", "password", name], new).ok();
    for (number, typed) in [(3, name), (4, email)] {
        let page = stranger(number).password(typed, new).await;
        assert_eq!(page.status, 303, "{typed}: {}", page.text());
    }
}

#[test]
fn a_second_start_on_the_same_data_is_refused() {
    let demo = Demo::start();
    let folder = demo.path();
    let start = ["demo", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()];
    let sentence = "another cardea process works on this data folder";
    assert!(cardea(&start, "").refused(2).contains(sentence));
    assert!(cardea(&[&start[..], &["--fresh"]].concat(), "").refused(2).contains(sentence));
    demo.records();
}

#[test]
fn whom_the_demo_may_call_is_a_host_with_its_port_and_a_file_of_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let start = |more: &[&str]| {
        let plain = ["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        cardea(&[&plain[..], more].concat(), "").refused(2)
    };
    for wrong in ["idp", "idp:", "idp:0", "http://idp:1", "*:1"] {
        let told = start(&["--outgoing-allow", wrong]);
        assert!(told.contains("it is a host with its port, as 127.0.0.1:8443"), "{told}");
    }
    assert!(start(&["--outgoing-ca", "/nowhere/ca.pem"]).contains("/nowhere/ca.pem"));
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let told = start(&["--outgoing-ca", empty.to_str().unwrap(), "--outgoing-allow", "127.0.0.1:8443"]);
    assert!(told.contains("outgoing.ca") && told.contains("no certificate is in it"), "{told}");
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut demo = Demo::start();
    demo.add("someone").ok();
    for _ in 0..2 {
        let before = demo.settled_records();
        let ring = std::fs::read(demo.file("keys.json")).unwrap();
        for command in [
            &["people", "disable", "someone"][..],
            &["people", "end", "someone", "--on", "2020-01-01"],
            &["people", "grant", "someone", "admin"],
            &["people", "revoke", "someone", "staff"],
            &["people", "sign-out", "someone"],
            &["people", "password", "someone", "--generate"],
            &["people", "erase", "someone"],
            &[
                "people",
                "add",
                "--name=new",
                "--display-name=N",
                "--email=n@x.be",
                "--language=nl",
                "--generate",
            ],
            &["keys", "rotate"],
        ] {
            let told = demo.run(&[command, &["--dry-run"]].concat()).ok();
            assert!(told.starts_with("dry run, nothing was changed; otherwise: "), "{told}");
            assert!(!told.contains("password:"), "{told}");
        }
        assert_eq!(demo.settled_records(), before);
        assert_eq!(std::fs::read(demo.file("keys.json")).unwrap(), ring);
        assert_eq!(demo.person("someone")["roles"], json!(["staff"]));
        demo.run(&["people", "show", "new"]).refused(2);
        if demo.file("admin.sock").exists() {
            demo.stop();
        }
    }
}

#[test]
fn a_new_sealing_key_is_taken_up_by_the_node_and_by_the_next_one() {
    let mut demo = Demo::start();
    demo.run(&["keys", "rotate"]).ok();
    let keys = demo.run(&["keys", "list", "--json"]).json();
    let current = |keys: &serde_json::Value| {
        let keys = keys["sealing_keys"].as_array().unwrap().clone();
        keys.iter().find(|key| key["current"] == true).unwrap()["id"].as_u64().unwrap()
    };
    assert_eq!(current(&keys), 2);
    assert_eq!(keys["signing_keys"][0]["algorithm"], "ES256");
    assert!(keys["head_key"].is_string() && keys["sealing_keys"][0].get("key").is_none());
    demo.add("under.the.second").ok();
    demo.stop();
    demo.run(&["keys", "rotate"]).ok();
    demo.add("under.the.third").ok();
    demo.resume();
    // A key that another node of the installation added to the file.
    let other = demo.path().join("other.json");
    let ring = cardea::infra::sealing::KeyRing::load(&demo.file("keys.json")).unwrap();
    let clock = cardea::kernel::time::Clock::System;
    let entropy = cardea::kernel::entropy::Entropy::System;
    ring.with_new_key(clock.now(), &entropy).unwrap().save(&other).unwrap();
    std::fs::rename(&other, demo.file("keys.json")).unwrap();
    let sealed_by_four = || {
        let name = format!("try.{}", clock.now().micros());
        demo.add(&name).ok();
        tamper::number(&demo.path(), "SELECT COUNT(*) FROM personal_key WHERE hex(substr(key, 2, 1)) = '04'")
            > 0
    };
    wait_for("the node to take up the key", sealed_by_four);
    let by = |id: u32| {
        let sql = format!("SELECT COUNT(*) FROM personal_key WHERE hex(substr(key, 2, 1)) = '{id:02}'");
        tamper::number(&demo.path(), &sql)
    };
    assert!(by(1) > 0 && by(2) > 0 && by(3) > 0);
    let names = demo.run(&["log", "export"]).ok();
    assert!(names.contains("under.the.second") && names.contains("under.the.third"), "old keys open");
    demo.records();
}

#[tokio::test]
async fn the_log_is_written_out_in_both_forms_and_by_case() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    demo.sign_in(&browser, "staff.totp").await;
    let refused = demo.browser(Ipv4Addr::LOCALHOST).password("staff.totp", "wrong").await;
    let case = refused.case_code();
    let stream = || demo.run(&["log", "export", "--as", "replay"]).ok();
    wait_for("the refusal to be sealed", || stream().contains("password_bad"));
    let fields = "app asn asn_org attempt browser city country device_cookie device_type index ip lang lat lon \
                  mfa_method on_threat_list os region rtt_ms session ts type user user_agent";
    for line in stream().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            names.into_iter().collect::<std::collections::BTreeSet<_>>(),
            fields.split(' ').filter(|name| !name.is_empty()).collect()
        );
    }
    let told = demo.run(&["log", "case", &case.to_lowercase()]).ok();
    assert!(
        told.contains("password_refused staff.totp 127.0.0.1") && told.contains("reason=wrong"),
        "{told}"
    );
    let tail = demo.run(&["log", "tail", "-n", "3"]).ok();
    assert_eq!(tail.lines().count(), 3);
    for line in demo.run(&["log", "export", "--from", "5"]).ok().lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(record["metadata"]["sequence"].as_i64().unwrap() >= 5);
    }
    demo.run(&["log", "case", "KIWI"]).refused(2);
}

#[test]
fn a_wrong_input_ends_with_two_and_a_sentence() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let config = file("cardea.toml", "[server]\ntiemout = 3\n");
    let client = file("client.toml", "client_id = 'a'\ngrant_types = ['password']\n");
    let sound = file("sound.toml", "[keys]\nring = 'keys.json'\n");
    let table = [
        (vec!["people", "list", "--config", &config], "cardea.toml:2: unknown key `tiemout`"),
        (vec!["client", "check", &client], "client.toml:2: grant_types: unknown variant"),
        (vec!["people", "list", "--config", &sound], "sound.toml:2: keys.ring: "),
        (vec!["people", "list", "--config", "/nowhere"], "/nowhere"),
        (vec!["people", "list", "--data", "/tmp"], "here is no demo"),
        (vec!["people", "list"], "name the installation: --config FILE"),
        (vec!["keys", "rotate", "--config", &sound], "sound.toml:2: keys.ring: "),
    ];
    for (arguments, sentence) in table {
        let told = cardea(&arguments, "").refused(2);
        assert!(told.contains(sentence) && told.lines().count() == 1, "{arguments:?}: {told}");
    }
    let new = ["people", "add", "--name", "new", "--display-name", "New", "--language", "nl", "--email"];
    let table = [
        (vec!["people", "disable", "nobody"], "", "no account has the name `nobody`"),
        (vec!["people", "grant", "staff", "king"], "", "no such role"),
        (vec!["people", "end", "staff", "--on", "tomorrow"], "", "2026-12-31"),
        (vec!["people", "password", "staff"], "", "no password on standard input"),
        (vec!["people", "password", "staff"], "two\nlines", "more than one line"),
        (vec!["people", "password", "staff"], "short", "too short by 3 characters"),
        ([&new[..], &["no address"]].concat(), "correct horse battery", "--email: `no address`"),
        ([&new[..], &["staff@chancellery.example"]].concat(), "correct horse battery", "is taken"),
        (vec!["keys", "init"], "", "a key ring is there already"),
        (vec!["client", "show", "nobody"], "", "no application has the id"),
        (vec!["policy", "decide", "staff", "fly", "portal"], "", "`fly` is no action"),
        (vec!["log", "verify", "--heads", "/nowhere"], "", "/nowhere"),
    ];
    for (arguments, input, sentence) in table {
        let told = demo.run_with(&arguments, input).refused(2);
        assert!(told.contains(sentence), "{arguments:?}: {told}");
    }
    let made = cardea(&["keys", "init", "--config", &sound], "").ok();
    assert!(made.contains("keys.json was made"));
    cardea(&["keys", "init", "--config", &sound], "").refused(2);
    let told = cardea(&["people", "list", "--config", &sound], "").refused(2);
    assert!(told.contains("database.url: ") && told.lines().count() == 1, "{told}");
    assert!(!folder.path().join("var/cardea/cardea.db").exists(), "a command makes no database");
}
