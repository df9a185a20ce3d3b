//! Where an answer leads: never away, and nowhere that is not there.

use reqwest::StatusCode;

use super::assert_hardened;
use crate::support::app::TestApp;

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
