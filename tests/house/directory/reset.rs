//! A forgotten password of a person whom a directory of others keeps: from the browser into the controller.

use std::time::Duration;

use reqwest::StatusCode;

use super::{account, enrol, world};
use crate::password_reset::{chosen, mailed_code};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Totp;
use crate::support::samba::SambaAd;

const OLD: &str = "Right.Passw0rd1";
const NEW: &str = "Brave-Otters-12";

/// A reset of `right` up to the page of the new password, by mail and app.
async fn proved(app: &TestApp, browser: &Browser, totp: &Totp) -> Page {
    let person = account(app, "right").await.unwrap();
    let page = browser.reset("right", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let code = mailed_code(app, &person.email).await;
    let answer = browser.submit(&page.form("/reset/mail"), &[("mail_code", &code)]).await;
    let page = browser.proved(answer).await;
    // Each step of the app counts once.
    app.advance(Duration::from_secs(30));
    let answer = browser.prove(&page, "app", &totp.at(app.now())).await;
    browser.proved(answer).await
}

#[tokio::test]
async fn a_forgotten_password_is_set_in_the_directory_and_opens_there() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let elsewhere = app.browser();
    let (totp, _) = enrol(&app, &elsewhere, "right", OLD).await;
    assert!(elsewhere.is_in().await);

    let browser = app.browser();
    let page = proved(&app, &browser, &totp).await;
    assert!(page.text().contains("of these four kinds"), "the directory's own rules: {}", page.text());
    let short = browser.submit(&page.form("/reset/password"), &chosen("Too-sh0rt")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("too short for your organisation"), "{}", short.text());
    assert_eq!(controller.bind("right", OLD), Ok(()), "nothing was written");
    let done = browser.submit(&short.form("/reset/password"), &chosen(NEW)).await;
    let receipt = browser.proved(done).await;
    assert!(!browser.is_in().await, "a reset signs nobody in: {}", receipt.text());
    assert!(!elsewhere.is_in().await, "sessions with the old one are over");
    assert_eq!(controller.bind("right", NEW), Ok(()));
    assert!(controller.bind("right", OLD).is_err());
    assert_eq!(app.records_of("password_write_sent").await.len(), 2);
    assert_eq!(app.records_of("password_reset").await.len(), 1);
}

#[tokio::test]
async fn a_controller_that_is_gone_leaves_the_old_password_and_a_way_forward() {
    let Some(mut controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let (totp, _) = enrol(&app, &app.browser(), "right", OLD).await;
    let browser = app.browser();
    let page = proved(&app, &browser, &totp).await;
    controller.kill();
    let gone = browser.submit(&page.form("/reset/password"), &chosen(NEW)).await;
    assert_eq!(gone.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(gone.text().contains("your old password has not changed"), "{}", gone.text());
    assert!(!gone.case_code().is_empty());
    assert!(gone.has_form("/reset/password"), "the same reset goes on");
    assert!(app.records_of("password_reset").await.is_empty());
}
