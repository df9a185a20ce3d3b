//! Under which name the service answers, and whose address counts.

use reqwest::{Method, StatusCode};

use super::{assert_hardened, host};
use crate::support::app::TestApp;
use crate::support::client::raw;

/// A request as a program of one's own sends it: nothing is added.
fn plain(method: &str, path: &str, host: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

fn status_of(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("no answer")
}

#[tokio::test]
async fn it_answers_under_its_own_name_only() {
    let Some(app) = TestApp::start().await else { return };
    let own = host(&app);
    let port = app.address.port();
    for (named, status) in [
        (own.clone(), "200"),
        (own.to_uppercase(), "200"),
        (format!("127.0.0.1:{port}"), "421"),
        ("localhost".to_owned(), "421"),
        ("evil.example".to_owned(), "421"),
        (format!("{own}.evil.example"), "421"),
        (format!("evil@{own}"), "421"),
        (format!("{own}\r\nHost: evil.example"), "421"),
        (format!("{own}\r\nHost: {own}"), "421"),
        (String::new(), "421"),
    ] {
        let answer = raw(app.address, &plain("GET", "/sign-in", &named, "", "")).await;
        assert!(
            [status, "400"].contains(&status_of(&answer)) && (status != "200" || status_of(&answer) == "200"),
            "{named:?}: {answer}"
        );
        assert!(!answer.contains("evil"), "{named:?} is repeated: {answer}");
    }
    let without = raw(app.address, b"GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(["421", "400"].contains(&status_of(&without)), "{without}");
    // A name in another header is no name.
    let more =
        "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-URL: /account\r\n";
    let answer = raw(app.address, &plain("GET", "/sign-in", &own, more, "")).await;
    assert!(status_of(&answer) == "200" && !answer.contains("evil"), "{answer}");
    // Who watches the service asks by whatever address.
    let answer = raw(app.address, &plain("GET", "/healthz", "10.0.0.1", "", "")).await;
    assert_eq!(status_of(&answer), "200");
}

#[tokio::test]
async fn a_stranger_cannot_forge_the_address_that_counts() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let form = browser.get("/sign-in").await.form("/sign-in");
    let fields = form.filled(&[("username", "zzzz"), ("password", "x")]);
    for (name, value) in [
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "rubbish"),
        ("x-real-ip", "6.6.6.6"),
        ("forwarded", "for=6.6.6.6"),
    ] {
        let request = browser.request(Method::POST, "/sign-in").form(&fields).header(name, value);
        let page = browser.send(request.header("origin", &app.issuer)).await;
        let record = app.record_of_case(&page.case_code()).await;
        assert_eq!(record.personal.unwrap().ip, Some(browser.source.to_string()), "{name}: {value}");
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_right_most_stranger_counts() {
    let builder = TestApp::builder().with(|config| {
        config.server.trusted_proxies =
            ["127.80.0.0/16".parse().unwrap(), "10.0.0.9/32".parse().unwrap()].into();
    });
    let Some(app) = builder.start().await else { return };
    let browser = app.browser_from([127, 80, 0, 1].into());
    let form = browser.get("/sign-in").await.form("/sign-in");
    let fields = form.filled(&[("username", "zzzz"), ("password", "x")]);
    for (lines, counts) in [
        (vec!["198.51.100.7"], Some("198.51.100.7")),
        (vec!["6.6.6.6, 198.51.100.7"], Some("198.51.100.7")),
        (vec!["6.6.6.6", "198.51.100.7"], Some("198.51.100.7")),
        (vec!["rubbish, 198.51.100.7"], Some("198.51.100.7")),
        (vec!["198.51.100.7, 10.0.0.9"], Some("198.51.100.7")),
        (vec!["2001:db8::7"], Some("2001:db8::7")),
        (vec!["::ffff:198.51.100.7"], Some("198.51.100.7")),
        (vec![], Some("127.80.0.1")),
        (vec!["rubbish"], None),
        (vec![""], None),
        (vec!["198.51.100.7,"], None),
        (vec!["198.51.100.7:1234"], None),
        (vec!["198.51.100.7, rubbish, 10.0.0.9"], None),
        (vec!["é"], None),
        (vec![&"10.0.0.9,".repeat(40)], None),
    ] {
        let mut request =
            browser.request(Method::POST, "/sign-in").form(&fields).header("origin", &app.issuer);
        for line in &lines {
            request = request.header("x-forwarded-for", line.as_bytes());
        }
        let page = browser.send(request).await;
        if let Some(ip) = counts {
            let record = app.record_of_case(&page.case_code()).await;
            assert_eq!(record.personal.unwrap().ip.as_deref(), Some(ip), "{lines:?}");
        } else {
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{lines:?}");
            assert_hardened(&page, &format!("{lines:?}"));
        }
    }
}
