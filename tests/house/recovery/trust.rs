//! Browsers that stand for the second proof: when they may, what they are worth, how that ends, and what a copy does.

use std::time::Duration;

use cardea::account::State;
use cardea::kernel::role::Role;
use reqwest::StatusCode;

use super::with_codes;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

/// A service that lets browsers be trusted for thirty days.
async fn trusting() -> Option<TestApp> {
    TestApp::builder().with(|config| config.sign_in.trusted_browser = Some(DAY * 30)).start().await
}

async fn give_code_and_trust(app: &TestApp, browser: &Browser, page: &Page, person: &Person) {
    let form = page.form("/sign-in/code");
    let answer = browser.submit(&form, &[("code", &person.code(app)), ("trust", "yes")]).await;
    assert_eq!(answer.location(), "/", "{}", answer.text());
}

/// A person, and a browser that stands for their second proof; signed out again.
async fn trusted(app: &TestApp, name: &str) -> (Person, Browser) {
    let person = app.person(name).with_totp().build().await;
    let browser = app.browser();
    let page = browser.code_page(&person).await;
    give_code_and_trust(app, &browser, &page, &person).await;
    browser.forget("__Host-session");
    (person, browser)
}

/// Whether a right password is enough in this browser.
async fn password_suffices(browser: &Browser, person: &Person) -> bool {
    browser.forget("__Host-session");
    let answer = browser.password(&person.username, &person.password).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location() == "/"
}

#[tokio::test]
async fn nobody_is_offered_it_where_the_operator_does_not_want_it() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    assert!(!page.body.contains("name=\"trust\""));
    give_code_and_trust(&app, &browser, &page, &anna).await;
    assert!(!password_suffices(&browser, &anna).await, "a tick that was not offered counts for nothing");
}

#[tokio::test]
async fn a_trusted_browser_is_let_in_by_the_password_and_its_value_changes_each_time() {
    let Some(app) = trusting().await else { return };
    let (anna, browser) = trusted(&app, "anna").await;
    assert_eq!(app.records_of("browser_trusted").await.len(), 1);
    for _ in 0..3 {
        let before = browser.cookie("__Host-device").unwrap();
        assert!(password_suffices(&browser, &anna).await);
        assert_ne!(browser.cookie("__Host-device").unwrap(), before, "the value is used up");
        // Tokens must not say that two factors were proved now.
        let signed_in = app.records_of("signed_in").await.pop().unwrap();
        assert_eq!((signed_in.text("acr"), signed_in.list("amr")), (Some("mfa"), vec!["pwd"]));
    }
    assert!(!password_suffices(&app.browser(), &anna).await, "another browser");
    let berta = app.person("berta").with_totp().build().await;
    assert!(!password_suffices(&browser, &berta).await, "another person in this browser");
    assert!(browser.get("/account").await.status.is_redirection());
    // Berta proved herself here in between: Anna's browser has a newer value, and is trusted as before.
    browser.sign_in(&app, &berta).await;
    assert!(password_suffices(&browser, &anna).await);
    app.advance(DAY * 31);
    assert!(!password_suffices(&browser, &anna).await, "its time is over");
    assert!(app.records_of("trusted_browser_copied").await.is_empty());
}

#[tokio::test]
async fn it_changes_nothing_about_the_account_without_a_second_proof() {
    let Some(app) = trusting().await else { return };
    let (anna, browser) = trusted(&app, "anna").await;
    assert!(password_suffices(&browser, &anna).await);
    let bound = app.opened.authenticators.of(anna.id).await.unwrap()[0].id;
    let remove = format!("/account/authenticators/{bound}/remove");
    let paths =
        ["/account/authenticators/app/new", "/account/passkeys/new", "/account/recovery-codes", &remove];
    for path in paths {
        let answer = browser.get(path).await;
        assert!(answer.location().contains("again=1"), "{path}: {}", answer.location());
        let page = browser.follow(answer).await;
        let typed = [("username", "anna"), ("password", anna.password.as_str())];
        let answer = browser.submit(&page.form("/sign-in"), &typed).await;
        let page = browser.follow(answer).await;
        assert!(page.has_form("/sign-in/code"), "{path} took the browser for a proof: {}", page.text());
    }
    // And with one, it does.
    let page = browser.open("/account/recovery-codes").await;
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    assert_eq!(browser.code(&page, &anna.code(&app)).await.location(), "/account/recovery-codes");
    browser.make_codes().await;
}

#[tokio::test]
async fn consoles_and_recovery_codes_make_no_browser_trusted() {
    let Some(app) = trusting().await else { return };
    for role in [Role::Desk, Role::Analyst, Role::Auditor, Role::Admin] {
        let person = app.person(role.name()).roles(&[Role::Staff, role]).with_totp().build().await;
        let browser = app.browser();
        let page = browser.code_page(&person).await;
        assert!(!page.body.contains("name=\"trust\""), "{}", role.name());
        give_code_and_trust(&app, &browser, &page, &person).await;
        assert!(!password_suffices(&browser, &person).await, "{}", role.name());
    }
    let (anna, codes) = with_codes(&app, "anna").await;
    let browser = app.browser();
    let page = browser.recovery_page(&anna).await;
    let form = page.form("/sign-in/recovery");
    browser.submit(&form, &[("recovery_code", &codes[0]), ("trust", "yes")]).await;
    assert!(browser.is_in().await);
    assert!(!password_suffices(&browser, &anna).await);
    // A role that comes later ends it, too.
    let (berta, browser) = trusted(&app, "berta").await;
    let account = berta.account(&app).await;
    app.opened.accounts.grant(&app.origin(), &account, Role::Desk).await.unwrap();
    assert!(!password_suffices(&browser, &berta).await);
}

#[tokio::test]
async fn it_ends_with_the_password_the_sessions_the_account_and_by_its_owner() {
    let Some(app) = trusting().await else { return };
    let (anna, browser) = trusted(&app, "anna").await;
    assert!(password_suffices(&browser, &anna).await);
    let account = browser.get("/account").await;
    assert!(account.text().contains("Trusted browsers"), "{}", account.text());
    let form =
        account.forms().into_iter().find(|form| form.action.starts_with("/account/browsers/")).unwrap();
    assert_eq!(browser.submit(&form, &[]).await.location(), "/account");
    assert!(!browser.get("/account").await.text().contains("Trusted browsers"));
    assert!(!password_suffices(&browser, &anna).await, "ended by its owner");

    let (berta, browser) = trusted(&app, "berta").await;
    assert!(password_suffices(&browser, &berta).await);
    let page = browser.get("/sign-out").await;
    browser.submit(&page.form("/sign-out"), &[("everywhere", "yes")]).await;
    assert!(!password_suffices(&browser, &berta).await, "signed out everywhere");

    let (mut carla, browser) = trusted(&app, "carla").await;
    assert!(password_suffices(&browser, &carla).await);
    let new = "seven quiet lighthouses";
    let form = browser.get("/account/password").await.form("/account/password");
    let typed =
        [("current_password", carla.password.as_str()), ("new_password", new), ("new_password_again", new)];
    assert_eq!(browser.submit(&form, &typed).await.location(), "/account");
    carla.password = new.to_owned();
    assert!(!password_suffices(&browser, &carla).await, "another password");

    let (dora, browser) = trusted(&app, "dora").await;
    for state in [State::Disabled, State::Active] {
        let account = dora.account(&app).await;
        app.opened.accounts.set_state(&app.origin(), &account, state).await.unwrap();
    }
    assert!(!password_suffices(&browser, &dora).await, "disabled in between");
}

#[tokio::test]
async fn an_old_value_is_a_theft_that_ends_trust_and_sessions() {
    let Some(app) = trusting().await else { return };
    let (anna, owner) = trusted(&app, "anna").await;
    let copied = owner.cookie("__Host-device").unwrap();
    assert!(password_suffices(&owner, &anna).await);
    app.advance(MINUTE * 10);

    let thief = app.browser();
    thief.get("/sign-in").await;
    thief.plant("__Host-device", &copied);
    // Who does not know the password sets nothing off.
    assert_eq!(
        thief.password("anna", "not her password at all").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(owner.is_in().await);
    assert!(app.records_of("trusted_browser_copied").await.is_empty());

    assert!(!password_suffices(&thief, &anna).await, "an old value proves nothing");
    assert!(!owner.is_in().await, "her sessions are ended");
    let found = app.records_of("trusted_browser_copied").await;
    assert_eq!((found.len(), found[0].subject), (1, Some(anna.id)));
    let ended = app.records_of("signed_out").await.pop().unwrap();
    assert_eq!(ended.text("reason"), Some("browser_copied"));
    let mails = app.delivered().await;
    assert!(mails.iter().any(|mail| mail.header("Subject").unwrap().contains("may have been copied")));
    assert!(!password_suffices(&owner, &anna).await, "no browser of hers is trusted any more");
}

#[tokio::test]
async fn whichever_of_two_copies_comes_second_is_found_out() {
    let Some(app) = trusting().await else { return };
    let (anna, owner) = trusted(&app, "anna").await;
    let thief = app.browser();
    thief.get("/sign-in").await;
    thief.plant("__Host-device", &owner.cookie("__Host-device").unwrap());
    assert!(password_suffices(&thief, &anna).await, "the first of two that are the same cannot be told");
    app.advance(MINUTE * 10);
    assert!(!password_suffices(&owner, &anna).await);
    assert!(!thief.is_in().await);
    assert_eq!(app.records_of("trusted_browser_copied").await.len(), 1);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_no_theft_and_no_proof() {
    let Some(app) = trusting().await else { return };
    let (anna, browser) = trusted(&app, "anna").await;
    let before = browser.cookie("__Host-device").unwrap();
    assert!(password_suffices(&browser, &anna).await);
    // The browser never saw the answer, and tries again at once.
    browser.plant("__Host-device", &before);
    app.advance(Duration::from_secs(30));
    let page = browser.code_page(&anna).await;
    assert!(app.records_of("trusted_browser_copied").await.is_empty());
    // After a real proof its value is a new one: neither of the two before.
    give_code_and_trust(&app, &browser, &page, &anna).await;
    app.advance(MINUTE * 10);
    assert!(password_suffices(&browser, &anna).await);
}
