//! The production start, on the real binary: from nothing to service by the commands of the manual, what it
//! refuses, TLS, a proxy in front, its end, and what it says of itself.

mod broken;
mod check;
mod ending;
mod methods;
mod powers;
mod proxy;
mod register;
pub mod site;
mod slow;
mod tls;
mod visitor;

use std::fs::Permissions;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;

use cardea::kernel::time::Clock;
use reqwest::StatusCode;
use site::{FIRST_PASSWORD, Site};
use visitor::NEW_PASSWORD;

use crate::support::children::{PATIENCE, within};

/// The commands of the README, in its order, without `--config FILE`.
fn commands_of_the_manual() -> Vec<Vec<&'static str>> {
    let manual = include_str!("../../../README.md");
    let (_, production) = manual.split_once("## In production").unwrap();
    let block = production.split("```").nth(1).unwrap();
    let lines = block.lines().filter_map(|line| line.strip_prefix("cardea "));
    lines.map(|line| line.split_once("--config").unwrap().0.split_whitespace().collect()).collect()
}

#[tokio::test]
async fn from_nothing_to_service_by_the_commands_of_the_manual() {
    let mut site = Site::new();
    let commands = commands_of_the_manual();
    let (last, before) = commands.split_last().unwrap();
    assert_eq!(last, &["serve"]);
    assert!(before.len() >= 3, "{before:?}");
    for command in before {
        let told = site.run(command).ok();
        assert!(!told.is_empty(), "{command:?} says nothing");
        if command == &["check"] {
            assert_eq!(told, "everything is in order\n");
        }
    }
    site.add("before.the.start");
    site.serve();
    site.add("while.it.runs");
    for (number, name) in [(1, "before.the.start"), (2, "while.it.runs")] {
        let visitor = site.visitor(Ipv4Addr::new(127, 90, 0, number));
        let totp = visitor.arrive(name).await;
        // Nothing was lost on the way: the same person comes again from elsewhere.
        let elsewhere = site.visitor(Ipv4Addr::new(127, 90, 1, number));
        let page = elsewhere.password(name, NEW_PASSWORD).await;
        let page = elsewhere.follow(page).await;
        assert!(page.has_form("/sign-in/code"), "{}", page.text());
        let used = totp.at(Clock::System.now());
        let page = elsewhere.submit(&page.form("/sign-in/code"), &[("code", &used)]).await;
        assert!(matches!(page.status.as_u16(), 303 | 422), "{}", page.text());
    }
    assert_eq!(site.visitor(Ipv4Addr::LOCALHOST).get("/readyz").await.status, StatusCode::OK);
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n", "while the node runs");
    site.stop();
    assert!(site.verified() > 6);
    // The folder can be set up by nobody else again, nor by mistake.
    assert!(site.run(&["keys", "init"]).refused(2).contains("is there already"));
    assert_eq!(site.run(&["migrate"]).ok(), "the database is at this version\n");
}

#[test]
fn the_database_changes_its_version_while_nobody_works_on_the_data_folder() {
    let mut site = Site::new();
    site.run(&["keys", "init"]).ok();
    std::fs::create_dir(site.file("data")).unwrap();
    let refused = |site: &Site| {
        let told = site.run(&["migrate"]).refused(1);
        let place = format!("{}: a node or another command works", site.file("data").display());
        assert!(told.starts_with(&place) && told.contains("stop the node"), "{told}");
    };
    let lock = std::fs::File::create(site.file("data/cardea.lock")).unwrap();
    lock.lock().unwrap();
    refused(&site);
    assert!(!site.file("data/cardea.db").exists(), "a refused migration made a database");
    drop(lock);
    site.run(&["migrate"]).ok();
    site.serve();
    refused(&site);
    site.add("while.it.runs");
    site.stop();
    assert_eq!(site.run(&["migrate"]).ok(), "the database is at this version\n");
}

#[test]
fn the_commands_work_from_the_folder_of_the_configuration() {
    let site = Site::new();
    for command in [&["keys", "init"][..], &["migrate"], &["check"], &["keys", "rotate"], &["log", "verify"]]
    {
        site.run_here(command).ok();
    }
    assert!(site.file("data/cardea.db").is_file());
}

/// Also in a folder that the operator made, into which everyone may look.
#[tokio::test]
async fn all_that_is_made_is_for_its_owner_alone() {
    let mut site = Site::new();
    std::fs::create_dir(site.file("data")).unwrap();
    std::fs::set_permissions(site.file("data"), Permissions::from_mode(0o755)).unwrap();
    site.run(&["keys", "init"]).ok();
    site.run(&["migrate"]).ok();
    site.add("anna");
    site.serve();
    site.visitor(Ipv4Addr::new(127, 91, 1, 1)).arrive("anna").await;
    let is_there = |name: &str| site.file(name).exists();
    assert!(within(PATIENCE, || is_there("data/events.jsonl") && is_there("data/heads.jsonl")));
    let mut looked_at = 0;
    let entries = std::fs::read_dir(site.file("data")).unwrap().map(|entry| entry.unwrap().path());
    for path in entries.chain([site.file("keys.json")]) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
        looked_at += 1;
    }
    assert!(looked_at >= 6, "only {looked_at} files");
    site.stop();
}

#[tokio::test]
async fn what_it_tells_of_itself_is_plain_text_in_a_file_and_holds_no_secret() {
    let mut site = Site::ready();
    site.add("anna");
    site.serve();
    let visitor = site.visitor(Ipv4Addr::new(127, 91, 2, 1));
    visitor.arrive("anna").await;
    visitor.password("anna", "a wrong password").await;
    let session = visitor.cookie("__Host-session").unwrap();
    site.stop();
    let told = std::fs::read_to_string(site.file("errors")).unwrap();
    assert!(told.contains("told to end"), "{told}");
    for secret in [NEW_PASSWORD, FIRST_PASSWORD, "a wrong password", &session, "anna"] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
    assert!(!told.contains('\u{1b}'), "colours for a file: {told}");
}

#[tokio::test]
async fn a_restart_keeps_sessions() {
    let mut site = Site::ready();
    site.add("anna");
    site.serve();
    let visitor = site.visitor(Ipv4Addr::new(127, 91, 0, 1));
    visitor.arrive("anna").await;
    let session = visitor.cookie("__Host-session").unwrap();
    site.stop();
    site.serve();
    assert!(visitor.is_in().await);
    assert_eq!(visitor.cookie("__Host-session").unwrap(), session);
    let page = visitor.get("/account").await;
    assert!(page.text().contains("The one called anna"), "{}", page.text());
    // A form of before is good after.
    let form = page.form("/sign-out");
    site.stop();
    site.serve();
    assert_eq!(visitor.submit(&form, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!visitor.is_in().await);
}

#[tokio::test]
async fn figures_are_on_the_internal_listener_alone() {
    let mut site = Site::ready();
    site.serve();
    let visitor = site.visitor(Ipv4Addr::new(127, 92, 0, 1));
    for path in ["/metrics", "/metrics/", "//metrics", "/metrics?x=1", "/Metrics"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.body.contains("cardea_write"), "{path}");
    }
    let units = site.figure("cardea_write_units_total").await;
    let commits = site.figure("cardea_write_commits_total").await;
    assert!(commits <= units, "{commits} commits for {units} units");
    let refused = visitor.password("nobody", "a wrong password").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.figure("cardea_write_units_total").await > units);
    assert!(site.figure("cardea_write_commits_total").await > commits);
    // Nothing else is to be had there.
    let inside = visitor::Visitor::new(site.internal_port, &site.issuer, Ipv4Addr::LOCALHOST);
    for path in ["/", "/sign-in", "/account", "/.well-known/openid-configuration"] {
        assert_eq!(inside.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    site.stop();
}
