//! The route table, walked: every route is held to what it declares.

use std::collections::BTreeMap;
use std::path::Path;

use cardea::web::route::{Csrf, RoutePolicy, Verb, Who};
use reqwest::{Method, StatusCode};

use super::assert_hardened;
use crate::support::app::TestApp;

/// The route's address with something in its places.
fn address(policy: &RoutePolicy) -> String {
    policy.path.replace("{id}", "01890000-0000-7000-8000-000000000000").replace("{name}", "cardea.css")
}

#[tokio::test]
async fn nobody_gets_into_any_route_that_is_for_those_who_are_signed_in() {
    let Some(app) = TestApp::start().await else { return };
    let mut seen = 0;
    for policy in &app.table {
        let browser = app.browser();
        let (path, what) = (address(policy), format!("{:?} {}", policy.method, policy.path));
        let page = match policy.method {
            Verb::Get => browser.get(&path).await,
            Verb::Options => browser.send(browser.request(Method::OPTIONS, &path)).await,
            Verb::Post => {
                let fields = browser.get("/sign-in").await.form("/sign-in").filled(&[]);
                browser.post(&path, &fields).await
            }
        };
        assert_hardened(&page, &what);
        assert!(!page.status.is_server_error(), "{what}: {}", page.status);
        assert!(browser.cookie("__Host-session").is_none(), "{what} gave a session");
        if policy.who == Who::SignedIn {
            seen += 1;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{what}");
            assert!(page.location().starts_with("/sign-in?to="), "{what}: {}", page.location());
            assert!(policy.assurance.is_some(), "{what} declares no assurance");
        }
        if policy.csrf == Csrf::Cookieless {
            assert_eq!(page.cookies_set(), Vec::<String>::new(), "{what}");
        }
    }
    assert!(seen > 10, "only {seen} routes are for those who are signed in");
}

#[tokio::test]
async fn no_form_works_without_its_token_or_from_another_site_not_even_signed_in() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (browser, other) = (app.browser(), app.browser());
    browser.sign_in(&app, &anna).await;
    let foreign = other.get("/sign-in").await.form("/sign-in").value("form_token").unwrap().to_owned();
    let own = browser.get("/account").await.form("/sign-out").value("form_token").unwrap().to_owned();
    let before = app.records().await.len();
    let mut seen = 0;
    for policy in &app.table {
        let (path, what) = (address(policy), format!("{:?} {}", policy.method, policy.path));
        assert!(
            policy.method != Verb::Post || policy.csrf != Csrf::Safe,
            "{what} changes something and is not protected"
        );
        assert!(policy.limit.times > 0 && policy.limit.seconds > 0, "{what} has no limit");
        if policy.csrf != Csrf::FormToken {
            continue;
        }
        assert!(policy.event != "none", "{what} tells of no event");
        seen += 1;
        for token in [None, Some(""), Some(foreign.as_str())] {
            let fields: Vec<(&str, &str)> = token.map(|token| ("form_token", token)).into_iter().collect();
            let page = browser.post(&path, &fields).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what} with {token:?}");
            assert_hardened(&page, &what);
        }
        for origin in [None, Some("https://evil.example"), Some("null")] {
            let mut request = browser.request(Method::POST, &path).form(&[("form_token", own.as_str())]);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let page = browser.send(request).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{what} from {origin:?}");
            assert_hardened(&page, &what);
        }
    }
    assert!(seen > 8, "only {seen} forms");
    assert_eq!(app.records().await.len(), before, "something happened");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_route_knows_its_own_methods_only() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let mut methods: BTreeMap<&str, Vec<Verb>> = BTreeMap::new();
    for policy in &app.table {
        methods.entry(policy.path).or_default().push(policy.method);
    }
    for (path, known) in methods {
        let policy = app.table.iter().find(|policy| policy.path == path).unwrap();
        let mut others = vec![Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE];
        if !known.contains(&Verb::Options) {
            others.push(Method::OPTIONS);
        }
        if !known.contains(&Verb::Post) {
            others.push(Method::POST);
        }
        if !known.contains(&Verb::Get) {
            others.extend([Method::GET, Method::HEAD]);
        }
        for method in others {
            let request = browser.request(method.clone(), &address(policy)).header("origin", &app.issuer);
            let page = browser.send(request).await;
            let what = format!("{method} {path}");
            assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{what}");
            for verb in &known {
                assert!(
                    page.header("allow").contains(verb.method().as_str()),
                    "{what}: {}",
                    page.header("allow")
                );
            }
            assert_hardened(&page, &what);
        }
        // HEAD is GET without a body, as every server has to answer it. Source: RFC 9110 §9.3.2.
        if known.contains(&Verb::Get) {
            let page = browser.send(browser.request(Method::HEAD, &address(policy))).await;
            assert!(
                page.status != StatusCode::METHOD_NOT_ALLOWED && page.body.is_empty(),
                "HEAD {path}: {}",
                page.status
            );
            assert_hardened(&page, &format!("HEAD {path}"));
        }
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "a HEAD or DELETE changed something");
}

#[tokio::test]
async fn the_route_table_is_the_one_that_was_agreed_on() {
    let Some(app) = TestApp::start().await else { return };
    let mut table: Vec<&RoutePolicy> = app.table.iter().collect();
    table.sort_by_key(|policy| (policy.path, policy.method.method().to_string()));
    let lines: Vec<String> = table.iter().map(|policy| serde_json::to_string(policy).unwrap()).collect();
    let now = format!("[\n{}\n]\n", lines.join(",\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/routes.json");
    if option_env!("CARDEA_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    let gone: Vec<&str> = agreed.lines().filter(|line| !now.lines().any(|now| now == *line)).collect();
    let new: Vec<&str> = now.lines().filter(|line| !agreed.lines().any(|known| known == *line)).collect();
    assert!(agreed == now, "CARDEA_BLESS=1 writes the table as it is now; no more: {gone:#?}; new: {new:#?}");
}

#[tokio::test]
async fn a_page_may_be_asked_for_so_often_and_no_more() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let form = browser.get("/sign-out").await.form("/sign-out");
    for _ in 0..120 {
        assert_eq!(browser.submit(&form, &[]).await.status, StatusCode::SEE_OTHER);
    }
    let page = browser.submit(&form, &[]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_hardened(&page, "too many");
    assert_eq!(app.browser().get("/sign-out").await.status, StatusCode::OK, "others are not held up");
}
