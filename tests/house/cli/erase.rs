//! A person who is erased is nowhere any more: not in the database's files, not in the copy of the log,
//! not among the mails; and the log is still whole.

use std::net::Ipv4Addr;

use serde_json::json;

use super::demo::{Demo, files_below};
use crate::support::children::wait_for;

const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 77, 88, 99);

/// Files that hold one of the texts, whatever the case of its letters.
fn holding(demo: &Demo, texts: &[&str]) -> Vec<String> {
    let mut found = vec![];
    for file in files_below(&demo.path()) {
        // The sheet names the demo's own accounts, so that tools can drive them.
        if file.ends_with("demo.json") || file.ends_with("admin.sock") {
            continue;
        }
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let bytes = bytes.to_ascii_lowercase();
        for text in texts {
            let text = text.to_ascii_lowercase();
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(format!("{} holds `{text}`", file.display()));
            }
        }
    }
    found
}

/// Enough people that pages of the database are split around the two who go.
fn people(folder: &std::path::Path) -> String {
    let person = |name: String, shown: String| {
        json!({ "username": name, "password": "one door for the erased", "display_name": shown,
                "email": format!("{name}@chancellery.example"), "roles": ["staff"],
                "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" })
    };
    let mut all: Vec<_> =
        (0..40).map(|number| person(format!("crowd.{number}"), format!("Crowd {number}"))).collect();
    all.insert(17, person("zenobia.quill".to_owned(), "Zenobia Quillfeather".to_owned()));
    all.insert(29, person("ottokar.vex".to_owned(), "Ottokar Vexelius".to_owned()));
    let path = folder.join("people.json");
    std::fs::write(&path, serde_json::to_vec(&all).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_erased_person_is_nowhere_and_the_log_is_whole() {
    let outside = tempfile::tempdir().unwrap();
    let mut demo = Demo::start_with(&["--people", &people(outside.path())]);
    let first = ["zenobia", "quill", &ADDRESS.to_string()];
    let second = ["ottokar", "vexel"];
    let first: Vec<&str> = first.iter().map(|text| &**text).collect();

    let browser = demo.browser(ADDRESS);
    demo.sign_in(&browser, "zenobia.quill").await;
    browser.get("/account").await;
    // A wrong password with its case code, and so many that the account pauses.
    for _ in 0..8 {
        demo.browser(ADDRESS).password("Zenobia.Quill@chancellery.example", "wrong").await;
    }
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    demo.sign_in(&browser, "ottokar.vex").await;
    demo.person("zenobia.quill");
    demo.run(&["people", "grant", "zenobia.quill", "desk"]).ok();
    let mailed = |name: &str| holding(&demo, &[name]).iter().any(|found| found.contains(".eml"));
    wait_for("the mails about new sign-ins", || mailed("zenobia.quill") && mailed("ottokar.vex"));
    wait_for("the copy of the log", || {
        holding(&demo, &["zenobia.quill"]).iter().any(|found| found.contains("events.jsonl"))
    });
    let before = demo.settled_records();

    demo.run(&["people", "erase", "zenobia.quill"]).ok();
    wait_for("the copy of the log to be written anew", || {
        !holding(&demo, &["zenobia"]).iter().any(|found| found.contains("events.jsonl"))
    });
    assert_eq!(holding(&demo, &first), Vec::<String>::new());
    assert!(demo.settled_records() > before);

    demo.stop();
    assert_eq!(holding(&demo, &first), Vec::<String>::new());
    assert!(!holding(&demo, &second).is_empty());
    demo.run(&["people", "erase", "ottokar.vex"]).ok();
    assert_eq!(holding(&demo, &second), Vec::<String>::new());
    demo.records();
    let names = demo.run(&["log", "export"]).ok();
    assert!(names.contains("crowd.3") && !names.contains("zenobia") && !names.contains("ottokar"));
}
