//! The production start, on the real binary: from nothing to service by the commands of the manual, what it
//! refuses, TLS, a proxy in front, its end, and what it says of itself.

mod broken;
mod check;
mod children;
mod ending;
mod proxy;
mod site;
mod slow;
mod tls;
mod visitor;

use std::net::Ipv4Addr;

use cardea::kernel::time::Clock;
use reqwest::StatusCode;
use site::Site;
use visitor::new_password;

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
        let page = elsewhere.password(name, &new_password(name)).await;
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
