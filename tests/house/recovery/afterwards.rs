//! What a person is led to after a first enrolment or a recovery, and how ready the account page says they are.

use reqwest::StatusCode;

use super::{link, with_codes};
use crate::support::app::{SPA_CALLBACK, TestApp};

#[tokio::test]
async fn a_first_enrolment_ends_at_the_way_back_and_then_goes_on() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.get("/sign-in?to=password").await;
    let typed = [("username", "staff"), ("password", staff.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    let (totp, answer) = browser.enrol(&app, &page).await;
    assert!(answer.location().starts_with("/account/set-up?after=enrolment"), "{}", answer.location());
    let page = browser.follow(answer).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(link(&page, "/account/authenticators/app/new").is_some(), "a second device is offered");
    assert!(link(&page, "/account/recovery-codes").is_some(), "codes are offered");
    assert_eq!(link(&page, "/account/password").as_deref(), Some("/account/password"), "and the way on");
    // The proof is fresh: the codes are one step away.
    browser.make_codes().await;
    // The next sign-in is led nowhere else.
    let page = app.browser();
    let code = page.password("staff", &staff.password).await;
    let code = page.follow(code).await;
    assert_eq!(page.code(&code, &totp.next(&app)).await.location(), "/");
}

#[tokio::test]
async fn an_application_is_not_kept_waiting_but_a_recovery_is_told_on_the_way_to_it() {
    let Some(app) = TestApp::start().await else { return };
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let wish = format!(
        "/oauth2/authorize?client_id=spa&response_type=code&scope=openid&state=s&code_challenge={challenge}\
         &code_challenge_method=S256&redirect_uri={SPA_CALLBACK}"
    );
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.open(&wish).await;
    let typed = [("username", "staff"), ("password", staff.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    let (_, answer) = browser.enrol(&app, &page).await;
    assert!(answer.location().starts_with("/oauth2/authorize/continue"), "{}", answer.location());

    let (anna, codes) = with_codes(&app, "anna").await;
    let browser = app.browser();
    let page = browser.open(&wish).await;
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    let page = browser.get(&link(&page, "way=recovery").unwrap()).await;
    let answer = browser.recover(&page, &codes[0]).await;
    let page = browser.follow(answer).await;
    assert!(page.text().contains("Continue to Single-page application"), "{}", page.text());
    let on = browser.get(&link(&page, "/oauth2/authorize/continue").unwrap()).await;
    assert!(on.location().starts_with(SPA_CALLBACK) && on.location().contains("code="), "{}", on.location());
    // Used once, the page leads home.
    let page = browser.get(&page.path).await;
    assert!(link(&page, "/oauth2/").is_none(), "{}", page.text());
}

#[tokio::test]
async fn who_recovered_binds_a_new_app_and_then_takes_the_lost_one_away() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let browser = app.browser();
    let page = browser.recovery_page(&anna).await;
    let answer = browser.recover(&page, &codes[0]).await;
    let set_up = browser.follow(answer).await;
    let page = browser.get(&link(&set_up, "/account/authenticators/app/new").unwrap()).await;
    let (new, answer) = browser.enrol(&app, &page).await;
    assert_eq!(answer.location(), "/account");
    let set_up = browser.get(&set_up.path).await;
    let remove = link(&set_up, "/remove").expect("the lost one can go now");
    let page = browser.get(&remove).await;
    let answer = browser.submit(&page.form(&remove), &[]).await;
    assert_eq!(answer.location(), "/account");
    let other = app.browser();
    let page = other.code_page(&anna).await;
    assert_eq!(other.code(&page, &anna.code(&app)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(&page, &new.next(&app)).await.location(), "/");
}

#[tokio::test]
async fn the_account_page_says_whether_the_canal_would_matter() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let page = browser.get("/account").await;
    assert!(
        page.text().contains("Almost ready") && page.text().contains("into the canal"),
        "{}",
        page.text()
    );
    browser.make_codes().await;
    let page = browser.get("/account").await;
    assert!(page.text().contains("Yes. Whatever one thing you lose"), "{}", page.text());
    let export = browser.submit(&browser.get("/privacy").await.form("/privacy/export"), &[]).await;
    assert!(
        export.body.contains("\"recovery_codes\"") && export.body.contains("\"left\": 10"),
        "{}",
        export.body
    );
}
