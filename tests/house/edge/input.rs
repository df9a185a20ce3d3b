//! What is sent: how much, in which form, and how odd it may be.

use reqwest::{Method, StatusCode};

use super::{assert_hardened, host};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page, raw};

const FORM: &str = "application/x-www-form-urlencoded";

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
