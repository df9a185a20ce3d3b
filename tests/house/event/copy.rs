//! The copy of the log as those see it who read along: whole lines in order, nothing of a person whose keys
//! were destroyed, and a file that is replaced in one step.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cardea::app::open::{Opened, Surroundings};
use cardea::event::copy::LogCopy;
use cardea::event::verify;
use cardea::event::{Event, What, sealer};
use cardea::jobs::Job;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::children::wait_for;
use crate::support::people::Person;

const DAY: Duration = Duration::from_hours(24);

fn copy_of(app: &TestApp) -> PathBuf {
    app.folder.file("events.jsonl")
}

/// The records of a copy; it must have all of them, each once and in order.
fn whole(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "the last line is cut short");
    let records: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for (number, record) in (1_i64..).zip(&records) {
        assert_eq!(record["metadata"]["sequence"], number, "{record}");
    }
    records
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).unwrap_or_default().contains(text)
}

async fn round(app: &TestApp) {
    for job in [Job::Tidy, Job::Seal, Job::Copy] {
        app.run(job).await;
    }
}

/// Lets the person set a password so many times, as the log sees it.
async fn record(app: &TestApp, person: &Person, times: usize) {
    let mut unit = app.opened.db.unit();
    for _ in 0..times {
        let event = Event::of(What::PasswordSet, person.id).named(&person.username);
        app.opened.log.record(&mut unit, &app.origin(), event).await.unwrap();
    }
    app.opened.db.write(unit).await.unwrap();
}

async fn erase(app: &TestApp, person: &Person) {
    let account = person.account(app).await;
    app.opened.accounts.erase(&app.origin(), &account, |_| {}).await.unwrap();
    sealer::seal_committed(&app.opened.db, app.now()).await.unwrap();
}

/// Another node on the same data.
async fn second(app: &TestApp) -> Opened {
    let (clock, entropy) = (app.clock.clone(), app.opened.entropy.clone());
    let around = Surroundings { clients: vec![], clock, entropy };
    Opened::open(app.opened.config.clone(), around).await.unwrap()
}

#[tokio::test]
async fn after_fourteen_months_nobody_is_in_the_copy_and_the_chain_still_proves_itself() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &person).await;
    let address = browser.source.to_string();
    app.browser().password("noor.peeters", "wrong").await;
    round(&app).await;
    let copy = copy_of(&app);
    assert!(holds(&copy, "noor.peeters") && holds(&copy, &address), "the search finds what is there");
    let months = app.opened.config.log.personal_months;
    assert_eq!(months, 13, "what the privacy page promises");

    app.advance(DAY * 365);
    round(&app).await;
    assert!(holds(&copy, "noor.peeters") && holds(&copy, &address), "that is twelve months only");
    let before = whole(&copy);

    app.advance(DAY * 61);
    record(&app, &person, 1).await;
    round(&app).await;
    let after = whole(&copy);
    assert!(after.len() > before.len(), "the records themselves stay");
    let text = fs::read_to_string(&copy).unwrap();
    let named = text.lines().filter(|line| line.contains("noor.peeters")).count();
    assert_eq!(named, 1, "of the old months nothing, of this one all");
    assert!(after.last().unwrap().to_string().contains("personal_keys_destroyed"), "it is told");
    for gone in [&address, "Firefox"] {
        assert!(!text.contains(gone), "the copy still holds {gone}");
    }
    let report = verify::verify(&app.opened.db, None, app.now()).await.unwrap();
    assert_eq!((report.faults, report.records), (vec![], i64::try_from(after.len()).unwrap()));

    // Nothing more to destroy: nothing more to tell.
    round(&app).await;
    assert_eq!(whole(&copy).len(), after.len());
}

#[tokio::test]
async fn every_node_notices_by_itself_that_keys_were_destroyed() {
    let Some(app) = TestApp::start().await else { return };
    let (gone, stays) = (app.person("noor.peeters").build().await, app.person("emma.claes").build().await);
    app.run(Job::Seal).await;
    let other = second(&app).await;
    let paths = ["first", "second", "third"].map(|name| app.folder.file(name));
    let copies = paths.clone().map(LogCopy::new);
    for copy in &copies {
        copy.catch_up(&other.log).await.unwrap();
    }
    assert!(paths.iter().all(|path| holds(path, "noor.peeters")));

    erase(&app, &gone).await;
    record(&app, &stays, 1).await;
    app.run(Job::Seal).await;
    // The third node was down meanwhile and finds the file of its earlier run.
    let [first, second, _] = copies;
    for copy in [first, second, LogCopy::new(paths[2].clone())] {
        copy.catch_up(&other.log).await.unwrap();
    }
    for path in &paths {
        assert!(!holds(path, "noor.peeters") && holds(path, "emma.claes"), "{}", path.display());
        assert_eq!(whole(path).len(), whole(&paths[0]).len());
    }
}

/// The erasure falls between two reads: who goes was read already, and the log does not tell of it yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_erasure_while_the_copy_is_being_written_is_not_missed() {
    let Some(app) = TestApp::start().await else { return };
    let (gone, stays) = (app.person("noor.peeters").build().await, app.person("emma.claes").build().await);
    record(&app, &stays, 2500).await;
    app.run(Job::Seal).await;
    let path = app.folder.file("copy.jsonl");
    let copy = Arc::new(LogCopy::new(path.clone()));
    let (writer, log) = (Arc::clone(&copy), app.opened.log.clone());
    let writing = tokio::spawn(async move { writer.catch_up(&log).await });
    let half = path.with_extension("new");
    wait_for("the first records in the new copy", || half.exists() && holds(&half, "noor.peeters"));
    erase(&app, &gone).await;
    writing.await.unwrap().unwrap();
    copy.catch_up(&app.opened.log).await.unwrap();
    assert!(!holds(&path, "noor.peeters") && holds(&path, "emma.claes"));
    assert_eq!(whole(&path).len(), app.records().await.len());
}

#[tokio::test]
async fn who_reads_along_has_whole_lines_before_and_after_and_keeps_the_right_to_read() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").build().await;
    round(&app).await;
    let copy = copy_of(&app);
    assert_eq!(fs::metadata(&copy).unwrap().mode() & 0o777, 0o600);
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o640)).unwrap();
    let mut reader = File::open(&copy).unwrap();
    let inode = fs::metadata(&copy).unwrap().ino();

    record(&app, &person, 1).await;
    round(&app).await;
    assert_eq!(fs::metadata(&copy).unwrap().ino(), inode, "what is new is appended");
    let appended = whole(&copy);

    erase(&app, &person).await;
    round(&app).await;
    let replaced = fs::metadata(&copy).unwrap();
    assert_ne!(replaced.ino(), inode, "a file that is being read is not emptied under the reader's eyes");
    assert_eq!(replaced.mode() & 0o777, 0o640);
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(read.lines().count(), appended.len());
    // By the number it is known what was read before.
    assert_eq!(whole(&copy)[appended.len()]["metadata"]["sequence"], appended.len() + 1);
}

#[tokio::test]
async fn what_a_crash_left_is_mended_at_the_next_start() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").build().await;
    round(&app).await;
    let copy = copy_of(&app);
    let mut file = File::options().append(true).open(&copy).unwrap();
    file.write_all(br#"{"metadata":{"sequence":9"#).unwrap();
    // A copy that was on its way, with someone in it.
    let unfinished = app.folder.file("events.new");
    fs::write(&unfinished, "noor.peeters").unwrap();
    record(&app, &person, 2).await;
    app.run(Job::Seal).await;
    LogCopy::new(copy.clone()).catch_up(&app.opened.log).await.unwrap();
    assert_eq!(whole(&copy).len(), app.records().await.len());
    assert!(!unfinished.exists(), "a half-written copy stays for ever");
}
