//! What people and programs send that is no name, no code and no password.

use reqwest::{Method, StatusCode};

use super::{NEW, chosen, mailed_code, opens};
use crate::support::app::TestApp;

const ODD: [&str; 16] = [
    " ",
    "\u{0}",
    "anna\u{0}",
    "\u{a0}",
    "\u{1f600}\u{1f600}",
    "ａｎｎａ",
    "\u{202e}anna",
    "\u{200f}",
    "*",
    "anna)(uid=*",
    "cn=anna,dc=example",
    "\\2a\\28",
    "anna' OR 1=1 --",
    "<script>alert(1)</script>",
    "anna\r\nBcc: all@example.org",
    "../../etc/passwd",
];

#[tokio::test]
async fn odd_names_are_nobodys_and_are_answered_like_any_other() {
    let app = TestApp::builder().with(|config| {
        config.sign_in.attempts_per_source = 10_000;
        // Some of them are one name.
        config.reset.mail_codes_per_hour = 100;
    });
    let Some(app) = app.start().await else { return };
    app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let form = browser.get("/reset").await.form("/reset");
    let long = "x".repeat(60_000);
    for name in ODD.into_iter().chain([long.as_str()]) {
        let answer = browser.submit(&form, &[("username", name)]).await;
        if name.trim().is_empty() {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}");
            continue;
        }
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name:?}: {}", answer.text());
        let page = browser.follow(answer).await;
        assert!(!page.body.contains("<script>alert"), "{name:?}");
        let page = browser.ask_mail(&page).await;
        let answer = browser.submit(&page.form("/reset/mail"), &[("mail_code", "00000000")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}");
    }
    // The full-width spelling is the same name: of her and of nobody else.
    let mails = app.delivered().await;
    assert!(mails.iter().all(|mail| mail.to.len() == 1 && mail.to[0].contains("anna@")), "{}", mails.len());
}

#[tokio::test]
async fn doubled_array_and_foreign_parameters_are_refused_or_mean_nothing() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let form = browser.get("/reset").await.form("/reset");
    let token = form.value("form_token").unwrap().to_owned();
    let begin = |extra: Vec<(&'static str, &'static str)>| {
        let fields: Vec<(String, String)> = [("form_token".to_owned(), token.clone())]
            .into_iter()
            .chain(extra.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect();
        let browser = &browser;
        async move { browser.post("/reset", &fields).await }
    };
    let doubled = begin(vec![("username", "anna"), ("username", "berta")]).await;
    assert_eq!(doubled.status, StatusCode::BAD_REQUEST);
    // An array is another name, and an address in the form goes nowhere.
    let array = begin(vec![("username[]", "anna")]).await;
    assert_eq!(array.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign =
        vec![("username", "anna"), ("email", "thief@example.org"), ("email[]", "thief@example.org")];
    let page = begin(foreign).await;
    let page = browser.follow(page).await;
    let asking = browser.way(&page, "mail").await;
    let send = asking.form("/reset/mail/send");
    let typed = [("email", "thief@example.org"), ("to", "thief@example.org"), ("account_id", "1")];
    browser.submit(&send, &typed).await;
    mailed_code(&app, &anna.email).await;
    assert!(app.mails().iter().all(|mail| mail.to.iter().all(|to| !to.contains("thief"))));
    let no_journey = [("form_token", token.as_str()), ("code", "123456")];
    for path in ["/reset/code", "/reset/password", "/reset/unlock", "/reset/mail/send", "/reset/key/options"]
    {
        let answer = browser.post(path, &no_journey).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        for journey in ["x", "00000000-0000-0000-0000-000000000000", "' OR 1=1"] {
            let fields = [("form_token", token.as_str()), ("journey", journey)];
            assert_eq!(browser.post(path, &fields).await.status, StatusCode::BAD_REQUEST, "{path} {journey}");
        }
    }
    assert_eq!(browser.get("/reset?journey=x&journey=y").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/reset?way=app&problem=none").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_foreign_host_or_origin_changes_no_link_and_no_password() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    let form = page.form("/reset/password");
    let fields = form.filled(&chosen(NEW));
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("x-forwarded-host", "evil.example"),
    ] {
        let request = browser.request(Method::POST, "/reset/password").form(&fields).header(header, value);
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header}: {}", answer.text());
    }
    assert!(!opens(&app, "anna", NEW).await);
    let request = browser.request(Method::GET, "/reset").header("x-forwarded-host", "evil.example");
    assert!(!browser.send(request).await.body.contains("evil.example"));
    let answer = browser.submit(&form, &chosen(NEW)).await;
    browser.proved(answer).await;
    assert!(app.delivered().await.iter().all(|mail| !mail.data.contains("evil.example")));
}

#[tokio::test]
async fn passwords_of_every_sort_are_taken_as_they_are_or_refused_with_a_reason() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    let form = page.form("/reset/password");
    for bad in ["\u{0}", " ", "x", &"y".repeat(5_000)] {
        let answer = browser.submit(&form, &chosen(bad)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{} characters", bad.len());
    }
    // A body beyond all measure, and bytes that are no text.
    let request = browser.request(Method::POST, "/reset/password").header("origin", &app.issuer);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let huge = request.body(format!("new_password={}", "z".repeat(10_000_000)));
    if let Ok(answer) = browser.try_send(huge).await {
        assert!(answer.status.is_client_error(), "{}", answer.status);
    }
    let request = browser.request(Method::POST, "/reset/password").header("origin", &app.issuer);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = browser.send(request.body("new_password=%ED%A0%80&new_password_again=%ED%A0%80")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "a lone surrogate is no text");
    let strange = "\u{202e}ça marche \u{1f600} 雨の日に傘を";
    let answer = browser.submit(&form, &chosen(strange)).await;
    browser.proved(answer).await;
    assert!(opens(&app, "anna", strange).await);
}
