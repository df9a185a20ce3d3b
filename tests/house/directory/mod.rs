//! Directories of others, each test on a real controller of its own.

mod lockout;
mod openldap;
mod people;
mod reset;
mod sign_in;
mod writing;

use cardea::config::Config;
use cardea::jobs::Job;
use cardea::kernel::login_name::LoginName;
use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Totp;
use crate::support::samba::SambaAd;

/// A service that reads a controller, and has read it once.
async fn world(controller: &SambaAd) -> Option<TestApp> {
    world_with(controller, |_| {}).await
}

async fn world_with(
    controller: &SambaAd,
    change: impl FnOnce(&mut Config) + Send + 'static,
) -> Option<TestApp> {
    let app = Box::pin(unread(controller, change)).await?;
    Box::pin(app.run(Job::Directories)).await;
    Some(app)
}

/// A service that has not read its controller yet.
async fn unread(controller: &SambaAd, change: impl FnOnce(&mut Config) + Send + 'static) -> Option<TestApp> {
    let mut described = Config::defaults(std::path::Path::new("/")).unwrap_or_else(|error| panic!("{error}"));
    controller.directory(&mut described);
    let directory = described.directory.remove("ad").unwrap();
    let builder = TestApp::builder().with(move |config| {
        config.directory.insert("ad".to_owned(), directory);
        config.passwords.strength_min = 0;
        change(config);
    });
    Box::pin(builder.start()).await
}

async fn account(app: &TestApp, name: &str) -> Option<cardea::account::Account> {
    app.opened.accounts.by_name(&LoginName::parse(name).unwrap()).await.unwrap()
}

/// Why the last attempt was refused, as the log tells.
async fn reason(app: &TestApp, page: &Page) -> String {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    app.record_of_case(&page.case_code()).await.text("reason").unwrap().to_owned()
}

/// Signs in for the first time, with an app that is bound on the way; the page after it.
async fn enrol(app: &TestApp, browser: &Browser, name: &str, password: &str) -> (Totp, Page) {
    let answer = browser.password(name, password).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text());
    let page = browser.follow(answer).await;
    let (totp, answer) = browser.enrol(app, &page).await;
    (totp, browser.follow(answer).await)
}
