//! What every request passes before its handler, and what no request gets past.

use std::collections::BTreeMap;
use std::path::Path;

use cardea::web::route::{Csrf, RoutePolicy, Verb, Who};
use reqwest::{Method, StatusCode};

use crate::support::app::TestApp;
use crate::support::client::{Browser, Page, raw};

const FORM: &str = "application/x-www-form-urlencoded";

/// Headers of every answer. Source: OWASP ASVS 5.0 §3.4.
fn assert_hardened(page: &Page, what: &str) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(page.header(name), value, "{what}: {name}");
        assert_eq!(page.headers.get_all(name).iter().count(), 1, "{what}: {name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{what}");
    assert_eq!(page.header("x-request-id").len(), 36, "{what}");
    assert!(!page.header("cache-control").is_empty(), "{what}");
    assert_eq!(page.header("server"), "", "{what}");
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    for lax in ["unsafe", "*", "data:", "http:", "https:"] {
        assert!(!policy.contains(lax), "{what}: {policy}");
    }
    if page.header("content-type").starts_with("text/html") {
        assert_eq!(page.header("cache-control"), "no-store", "{what}");
        for part in [
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "script-src 'self'",
        ] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{what}");
        assert!(!page.body.contains('⟦'), "{what}: {}", page.text());
    }
    for cookie in page.cookies_set() {
        assert!(cookie.starts_with("__Host-"), "{what}: {cookie}");
        for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{what}: {cookie}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{what}: {cookie}");
    }
}

/// A request as a program of one's own sends it: nothing is added.
fn plain(method: &str, path: &str, host: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

fn status_of(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("no answer")
}

fn host(app: &TestApp) -> String {
    format!("localhost:{}", app.address.port())
}

// ------------------------------------------------------------------------------------------ name and address

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

// ----------------------------------------------------------------------------------------------- forgery

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

// --------------------------------------------------------------------------------------------- what is sent

async fn post_raw(app: &TestApp, browser: &Browser, kind: Option<&str>, body: Vec<u8>) -> Page {
    let mut request = browser.request(Method::POST, "/sign-in").header("origin", &app.issuer).body(body);
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    browser.send(request).await
}

#[tokio::test]
async fn what_no_form_sends_is_a_bad_request() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let token = browser.get("/sign-in").await.form("/sign-in").value("form_token").unwrap().to_owned();
    let form = |rest: &str| format!("form_token={token}&{rest}").into_bytes();
    let sound = "username=zzzz&password=x";
    let huge = format!("{sound}&filling={}", "x".repeat(70 * 1024));
    let many = (0..70).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let table: Vec<(Option<&str>, Vec<u8>)> = vec![
        (None, form(sound)),
        (Some("application/json"), form(sound)),
        (Some("text/plain"), form(sound)),
        (Some("multipart/form-data; boundary=x"), form(sound)),
        (Some("application/x-www-form-urlencodedx"), form(sound)),
        (Some(FORM), form(&huge)),
        (Some(FORM), form(&many)),
        (Some(FORM), form("username=zzzz&username=anna&password=x")),
        (Some(FORM), form("username=zzzz&%75sername=anna&password=x")),
        (Some(FORM), form("username=%FF&password=x")),
        (Some(FORM), form("username=zzzz&password=%C3%28")),
        (Some(FORM), form("user%FFname=zzzz&password=x")),
        (Some(FORM), [form("username=zz"), vec![0xff], b"&password=x".to_vec()].concat()),
    ];
    for (kind, body) in table {
        let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
        let page = post_raw(&app, &browser, kind, body).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{kind:?} {shown}");
        assert_eq!(page.h1(), "We did not understand this request", "{kind:?} {shown}");
        assert_hardened(&page, &shown);
    }
    assert!(app.records_of("password_refused").await.is_empty());
    // A list is another name, and never a value of the first.
    let page = post_raw(&app, &browser, Some(FORM), form("username[]=anna&password[]=x")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.form("/sign-in").value("username"), Some(""));
    let page =
        post_raw(&app, &browser, Some("Application/X-WWW-Form-Urlencoded; charset=utf-8"), form(sound)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn very_long_and_very_odd_values_are_refused_like_any_other() {
    // Limits have tests of their own.
    let builder = TestApp::builder().with(|config| {
        config.sign_in.attempts_before_pause = 1000;
        config.sign_in.failures_max = 2000;
    });
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let long = "x".repeat(30_000);
    let odd = [
        long.as_str(),
        "\0",
        "a\0b",
        "zzzz\0",
        "\u{202e}zzzz",
        "'; DROP TABLE account; --",
        "*)(uid=*",
        "%s%n",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "\"><img src=x>",
        "{{7*7}}",
        "\r\nSet-Cookie: a=b",
        "😀",
        "e\u{301}\u{301}\u{301}",
    ];
    for value in odd {
        for (username, password) in [(value, "x"), ("zzzz", value)] {
            let page = app.browser().password(username, password).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{value:.40}");
            assert!(!page.body.contains("<script>alert") && !page.body.contains("<img"), "{value:.40}");
            assert_hardened(&page, value);
        }
    }
    let page = browser.code_page(&anna).await;
    for value in odd {
        let answer = browser.code(&page, value).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value:.40}");
        let answer = browser.submit(&page.form("/sign-in/code"), &[("journey", value)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{value:.40}");
    }
    // A name that is right behind an odd domain is a spelling like any other, on every database.
    let answer = browser.password("DOM\0AIN\\anna", &anna.password).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    // An odd name of an app is kept plain.
    browser.sign_in(&app, &anna).await;
    let offer = browser.get("/account/authenticators/app/new").await;
    let totp = offer.offered();
    let form = offer.form("/account/authenticators/app");
    let answer =
        browser.submit(&form, &[("code", &totp.next(&app)), ("name", "a\0b<script>alert(1)</script>")]).await;
    assert_eq!(answer.location(), "/account");
    let account = browser.get("/account").await;
    assert!(account.text().contains("ab<script>alert(1)</script>"), "{}", account.text());
    assert!(!account.body.contains("<script>"));
}

#[tokio::test]
async fn an_address_has_its_bounds() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let long = "x".repeat(20 * 1024);
    for (path, status) in [
        (format!("/sign-in?to={long}"), StatusCode::URI_TOO_LONG),
        ("/sign-in?to=home&to=account".to_owned(), StatusCode::BAD_REQUEST),
        ("/sign-in?to=%FF".to_owned(), StatusCode::BAD_REQUEST),
        ("/sign-in?lang=nl&lang=fr".to_owned(), StatusCode::BAD_REQUEST),
        ("/sign-in?to[]=account".to_owned(), StatusCode::OK),
        ("/sign-in?journey=".to_owned(), StatusCode::OK),
        ("/sign-in?journey=x".to_owned(), StatusCode::BAD_REQUEST),
        ("/sign-in?journey=//evil.example".to_owned(), StatusCode::BAD_REQUEST),
        ("/sign-in?ended=%3Cscript%3E".to_owned(), StatusCode::OK),
        ("/sign-in?%00=%00".to_owned(), StatusCode::OK),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, status, "{path:.60}");
        assert!(!page.body.contains("<script>") && !page.body.contains("href=\"//evil"));
        assert_hardened(&page, &path);
    }
    // Heads beyond any browser's, and heads that are none.
    for bytes in [
        format!("GET /sign-in HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", host(&app), "x".repeat(200_000)).into_bytes(),
        format!("GET /sign-in HTTP/1.1\r\nHost: {}\r\n{}\r\n", host(&app), "X: y\r\n".repeat(500)).into_bytes(),
        b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
        b"GET /sign-in\r\n\r\n".to_vec(),
        format!("POST /sign-in HTTP/1.1\r\nHost: {}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /account HTTP/1.1\r\n\r\n", host(&app)).into_bytes(),
        format!("POST /sign-in HTTP/1.1\r\nHost: {}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", host(&app)).into_bytes(),
        format!("GET /sign\x00in HTTP/1.1\r\nHost: {}\r\n\r\n", host(&app)).into_bytes(),
    ] {
        let answer = tokio::time::timeout(std::time::Duration::from_secs(20), raw(app.address, &bytes)).await.unwrap();
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"), "{:.80}: {answer:.200}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "it goes on answering");
}

// ------------------------------------------------------------------------------------------------ redirects

#[tokio::test]
async fn no_parameter_leads_away() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    for value in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "@evil.example",
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for name in [
            "to",
            "lang",
            "journey",
            "next",
            "return",
            "redirect",
            "redirect_uri",
            "post_logout_redirect_uri",
            "ended",
            "out",
            "again",
        ] {
            for path in ["/sign-in", "/", "/sign-out", "/account", "/nowhere"] {
                let page = browser.get(&format!("{path}?{name}={encoded}")).await;
                let to = page.location();
                assert!(
                    to.is_empty()
                        || (to.starts_with('/') && !to.contains("evil") && !to.contains("javascript")),
                    "{path}?{name}={value}: {to}"
                );
                for start in [
                    "href=\"https://evil",
                    "href=\"//evil",
                    "href=\"javascript",
                    "action=\"http",
                    "action=\"//",
                ] {
                    assert!(!page.body.contains(start), "{path}?{name}={value}");
                }
            }
        }
    }
}

#[tokio::test]
async fn after_a_form_the_browser_goes_on_by_get() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let answer = browser.code(&page, &anna.code(&app)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.get("/account").await;
    assert_eq!(browser.submit(&page.form("/sign-out"), &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unknown_address_is_told_in_the_readers_language() {
    let Some(app) = TestApp::start().await else { return };
    for (language, title) in [("nl", None), ("fr", None), ("de", None), ("en", Some("There is no door here"))]
    {
        let browser = app.browser();
        browser.speak(language);
        for path in [
            "/nowhere",
            "/account/",
            "/account/nowhere",
            "//",
            "/sign-in/",
            "/%2e%2e/etc/passwd",
            "/.git/config",
            "/ACCOUNT",
        ] {
            let page = browser.get(path).await;
            assert_eq!((page.status, page.language().as_str()), (StatusCode::NOT_FOUND, language), "{path}");
            if let Some(title) = title {
                assert_eq!(page.h1(), title);
            }
            assert_hardened(&page, path);
        }
    }
}

// --------------------------------------------------------------------------------------------- every route

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
            policy.method == Verb::Get || policy.csrf != Csrf::Safe,
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
        let mut others = vec![Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE];
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
