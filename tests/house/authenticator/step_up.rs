//! One application asks for more than the session has: the person proves it, and the tokens say so.

use reqwest::Method;
use serde_json::Value;

use super::with_passkey;
use crate::support::app::{TestApp, WEB_CALLBACK, WEB_SECRET};
use crate::support::client::{Browser, Page};
use crate::support::soft_key::{Lie, SoftKey, claims};
use crate::support::visitor::VERIFIER;

fn authorize(more: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("client_id", "web"),
        ("redirect_uri", WEB_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]);
    query.extend_pairs(more);
    format!("/oauth2/authorize?{}", query.finish())
}

/// Follows redirects inside the service, and gives the page or the answer to the client.
async fn led_on(browser: &Browser, mut page: Page) -> Page {
    while page.location().starts_with('/') {
        page = browser.get(&page.location()).await;
    }
    page
}

/// What the client is told under a name.
fn sent(answer: &Page, name: &str) -> String {
    let location = url::Url::parse(&answer.location());
    let location = location.unwrap_or_else(|_| panic!("no answer: {}", answer.text()));
    let found = location.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    found.unwrap_or_else(|| panic!("no {name} in {location}"))
}

/// The claims of the ID token that an answer to the client is good for.
async fn id_token(app: &TestApp, browser: &Browser, answer: &Page) -> Value {
    let code = sent(answer, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", WEB_CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let request = app.browser().request(Method::POST, "/oauth2/token").basic_auth("web", Some(WEB_SECRET));
    let answer = browser.send(request.form(&form)).await;
    let tokens: Value = serde_json::from_str(&answer.body).unwrap();
    claims(tokens["id_token"].as_str().unwrap_or_else(|| panic!("{tokens}")))
}

#[tokio::test]
async fn an_application_that_demands_what_cannot_be_phished_gets_it_or_the_person_is_asked() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    // The session of the code is enough for one that demands nothing.
    let answer = browser.get(&authorize(&[])).await;
    let told = id_token(&app, &browser, &answer).await;
    assert_eq!((&told["acr"], &told["amr"]), (&"mfa".into(), &serde_json::json!(["pwd", "otp", "mfa"])));
    let essential = r#"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#;
    for demand in [("acr_values", "phr"), ("claims", essential)] {
        let silent = browser.get(&authorize(&[demand, ("prompt", "none")])).await;
        assert_eq!(sent(&silent, "error"), "interaction_required");
    }
    let page = led_on(&browser, browser.get(&authorize(&[("acr_values", "phr")])).await).await;
    assert!(page.text().contains("A password and a code are not enough here"), "{}", page.text());
    let question = browser.question(&page, "/sign-in/passkey", "").await;
    let signed = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    let answer = browser.answer(&page, "/sign-in/passkey", &question, &signed).await;
    let told = id_token(&app, &browser, &led_on(&browser, answer).await).await;
    assert_eq!((&told["acr"], &told["amr"]), (&"phr".into(), &serde_json::json!(["pop", "user", "mfa"])));
    assert_eq!(told["auth_time"], app.now().unix_seconds());
    // From now on the session is enough, also without a page.
    let silent = browser.get(&authorize(&[("claims", essential), ("prompt", "none")])).await;
    assert_eq!(id_token(&app, &browser, &silent).await["acr"], "phr");
    // By password and app there is no way to it.
    let other = app.browser();
    let page = led_on(&other, other.get(&authorize(&[("acr_values", "phr")])).await).await;
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let answer = other.submit(&page.form("/sign-in"), &typed).await;
    let page = other.follow(answer).await;
    assert!(page.has_form("/sign-in/key") && !page.body.contains("way=app"), "{}", page.text());
    // What nobody reaches here is told to the client.
    let beyond = r#"{"id_token":{"acr":{"essential":true,"value":"phrh"}}}"#;
    let answer = browser.get(&authorize(&[("claims", beyond)])).await;
    assert_eq!(sent(&answer, "error"), "unmet_authentication_requirements");
}

#[tokio::test]
async fn a_fresh_proof_may_be_a_passkey() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (_, browser) = with_passkey(&app, "anna", &mut key).await;
    for demand in [("prompt", "login"), ("max_age", "0")] {
        app.advance(std::time::Duration::from_mins(1));
        let page = led_on(&browser, browser.get(&authorize(&[demand])).await).await;
        let question = browser.question(&page, "/sign-in/passkey", "").await;
        let signed = key.sign(&question.options, &app.issuer, &Lie::Nothing);
        let answer = browser.answer(&page, "/sign-in/passkey", &question, &signed).await;
        let told = id_token(&app, &browser, &led_on(&browser, answer).await).await;
        assert_eq!(told["auth_time"], app.now().unix_seconds(), "{demand:?}");
    }
}
