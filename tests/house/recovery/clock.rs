//! A phone whose clock is off: in the log at once, told to the person after another second proof. That a guesser learns
//! nothing of it is in `attempts.rs`.

use std::time::Duration;

use reqwest::StatusCode;

use super::{link, with_codes};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_clock_that_is_off_is_told_once_another_second_proof_succeeded() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let totp = anna.totp.as_ref().unwrap();
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let answer = browser.code(&page, &totp.at(app.now().minus(Duration::from_mins(4)))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("That code is not right"), "{}", answer.text());
    assert_eq!(app.record_of_case(&answer.case_code()).await.plain["minutes_off"], -4);

    let page = browser.get(&link(&answer, "way=recovery").unwrap()).await;
    assert!(!page.text().contains("minutes off"));
    let answer = browser.recover(&page, &codes[0]).await;
    let page = browser.follow(answer).await;
    assert!(page.text().contains("The clock of your phone is off"), "{}", page.text());
    assert!(page.text().contains("about 4 minutes off"), "{}", page.text());
    // Of an earlier sign-in nothing is told.
    let page = browser.recovery_page(&anna).await;
    let answer = browser.recover(&page, &codes[1]).await;
    assert!(!browser.follow(answer).await.text().contains("minutes off"));
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_at_once_where_an_app_is_bound() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.enrol_page(&staff).await;
    let early = page.offered().at(app.now().plus(Duration::from_mins(7)));
    let answer = browser.submit(&page.form("/sign-in/enrol"), &[("code", &early)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("about 7 minutes off"), "{}", answer.text());
    assert!(!browser.is_in().await);
}
