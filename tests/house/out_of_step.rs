//! A form of one step is worth nothing at another one.

use reqwest::StatusCode;

use crate::support::app::TestApp;

const NEW: &str = "seven quiet lighthouses";

#[tokio::test]
async fn a_new_password_is_not_taken_in_the_place_of_the_second_proof() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let thief = app.browser();
    let page = thief.code_page(&anna).await;
    let fields = page.form("/sign-in/code").filled(&[("new_password", NEW), ("new_password_again", NEW)]);
    let answer = thief.post("/sign-in/password", &fields).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{} {}", answer.status, answer.text());
    assert!(app.records_of("password_set").await.is_empty());
    let owner = app.browser();
    let page = owner.code_page(&anna).await;
    assert_eq!(owner.code(&page, &anna.code(&app)).await.location(), "/", "the password is as it was");
}

#[tokio::test]
async fn an_app_that_was_offered_elsewhere_is_not_bound_where_a_key_is_demanded() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let offered = browser.enrol_page(&staff).await;
    // The same browser, on the way to where an app is not enough.
    let page = browser.get("/sign-in?to=account&again=1&level=phr").await;
    let typed = [("username", "staff"), ("password", staff.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    let journey = page.form("/sign-in/enrol/key").value("journey").unwrap().to_owned();
    let form = offered.form("/sign-in/enrol");
    let code = offered.offered().next(&app);
    let typed = [("journey", journey.as_str()), ("code", code.as_str()), ("name", "Phone")];
    let answer = browser.submit(&form, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    assert!(app.opened.authenticators.of(staff.id).await.unwrap().is_empty(), "nothing is bound");
}
