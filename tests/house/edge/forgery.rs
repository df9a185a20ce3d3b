//! A form counts only from our own page, in the browser that was shown it.

use reqwest::{Method, StatusCode};

use super::assert_hardened;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_form_must_come_from_our_own_page() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let form = browser.get("/sign-in").await.form("/sign-in");
    let fields = form.filled(&[("username", "zzzz"), ("password", "x")]);
    let own = app.issuer.as_str();
    let slash = format!("{own}/");
    let longer = format!("{own}.evil.example");
    let secure = own.replace("http:", "https:");
    let table = [
        (None, None, false),
        (Some(own), None, true),
        (None, Some("same-origin"), true),
        (Some(own), Some("same-origin"), true),
        (Some("https://evil.example"), None, false),
        (Some("https://evil.example"), Some("same-origin"), false),
        (Some("null"), None, false),
        (Some("null"), Some("same-origin"), false),
        (Some(""), None, false),
        (Some(slash.as_str()), None, false),
        (Some(longer.as_str()), None, false),
        (Some(secure.as_str()), None, false),
        (Some("http://localhost"), None, false),
        (Some(own), Some("cross-site"), false),
        (Some(own), Some("same-site"), false),
        (Some(own), Some("none"), false),
        (None, Some("none"), false),
        (None, Some("same-site"), false),
        (None, Some("cross-site"), false),
        (None, Some("Same-Origin"), false),
    ];
    for (origin, site, passes) in table {
        let mut request = browser.request(Method::POST, "/sign-in").form(&fields);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let page = browser.send(request).await;
        let expected = if passes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::FORBIDDEN };
        assert_eq!(page.status, expected, "{origin:?} {site:?}");
        assert_hardened(&page, "a form");
    }
    // Two of them are none: one was added on the way.
    let request = browser.request(Method::POST, "/sign-in").form(&fields);
    let page = browser.send(request.header("origin", own).header("origin", "https://evil.example")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "two origins");
    let count =
        app.records().await.iter().filter(|record| record.text("what") == Some("password_refused")).count();
    assert_eq!(count, table.iter().filter(|(.., passes)| *passes).count());
}

#[tokio::test]
async fn a_form_without_the_pages_own_token_is_expired() {
    let Some(app) = TestApp::start().await else { return };
    let (browser, other) = (app.browser(), app.browser());
    let form = browser.get("/sign-in").await.form("/sign-in");
    let foreign = other.get("/sign-in").await.form("/sign-in").value("form_token").unwrap().to_owned();
    let own = form.value("form_token").unwrap();
    for token in ["", "x", &foreign, &own[1..], &format!("{own}A"), &own.to_lowercase()] {
        let page =
            browser.submit(&form, &[("form_token", token), ("username", "a"), ("password", "b")]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{token}");
        assert_eq!(page.h1(), "This step took too long");
        assert_hardened(&page, "an expired form");
    }
    let page = browser.post("/sign-in", &[("username", "a"), ("password", "b")]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    // Nor does a browser that lost its cookie, or planted another's, get through.
    let lost = app.browser();
    assert_eq!(lost.post("/sign-in", &form.filled(&[])).await.status, StatusCode::BAD_REQUEST);
    let cookie = browser.cookie("__Host-device").unwrap();
    lost.plant("__Host-device", &format!("{}x", &cookie[..cookie.len() - 1]));
    assert_eq!(lost.post("/sign-in", &form.filled(&[])).await.status, StatusCode::BAD_REQUEST);
    assert!(app.records_of("password_refused").await.is_empty());
}
