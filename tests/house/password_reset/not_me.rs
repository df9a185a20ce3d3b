//! "This was not me": a typed code contains the account; a link, a look or a guess does nothing.

use std::time::Duration;

use reqwest::StatusCode;

use super::{NEW, is_about, opens};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;

/// Resets a password and gives the code of the notice that tells of it.
async fn reset_and_code(app: &TestApp, person: &Person, new: &str) -> String {
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(app, person).await;
    let answer = browser.choose(&page, new).await;
    browser.proved(answer).await;
    notice_code(app, person).await
}

async fn notice_code(app: &TestApp, person: &Person) -> String {
    let mails = app.delivered().await;
    let mail = mails.iter().rev().find(|mail| is_about(mail, &person.email, "has been reset")).unwrap();
    let text = mail.text();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_code = |word: &&str| word.len() == 14 && word.split('-').all(|group| group.len() == 4);
    words.into_iter().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

async fn report(browser: &Browser, code: &str) -> Page {
    let page = browser.get("/not-me").await;
    browser.submit(&page.form("/not-me"), &[("not_me_code", code)]).await
}

#[tokio::test]
async fn a_typed_code_closes_the_account_until_its_password_is_reset() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let code = reset_and_code(&app, &anna, NEW).await;
    let thief = app.browser();
    let anna = Person { password: NEW.to_owned(), ..anna };
    thief.sign_in(&app, &anna).await;
    // What a mail scanner does: it follows the link.
    let reader = app.browser();
    for _ in 0..3 {
        reader.get("/not-me").await;
    }
    assert!(thief.is_in().await);
    let answer = report(&reader, &code.to_lowercase().replace('-', " ")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("Thank you for telling us"), "{}", answer.text());
    let finding = app.record_of_case(&answer.case_code()).await;
    assert_eq!((finding.text("what"), finding.subject), (Some("reported_not_me"), Some(anna.id)));
    assert_eq!(app.records_of("account_contained").await.len(), 1);
    assert!(!thief.is_in().await && !opens(&app, "anna", NEW).await);
    let refused = app.browser().password("anna", NEW).await;
    assert_eq!(app.record_of_case(&refused.case_code()).await.text("reason"), Some("contained"));
    let mails = app.delivered().await;
    assert!(mails.iter().any(|mail| is_about(mail, &anna.email, "is closed until")));
    // The code is good once.
    let again = report(&app.browser(), &code).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.record_of_case(&again.case_code()).await.text("reason"), Some("replayed"));

    // Whatever was wrong is said to be, the password has to be another one.
    let browser = app.browser();
    let page = browser.reset("anna", "locked").await;
    let page = browser.prove_mail(&app, &page, &anna).await;
    let answer = browser.prove(&page, "app", &anna.code(&app)).await;
    let page = browser.proved(answer).await;
    assert!(page.has_form("/reset/password") && !page.has_form("/reset/unlock"), "{}", page.text());
    assert_eq!(browser.choose(&page, NEW).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser.choose(&page, "eleven patient lighthouse keepers").await;
    browser.proved(answer).await;
    assert_eq!(app.records_of("account_released").await.len(), 1);
    assert!(opens(&app, "anna", "eleven patient lighthouse keepers").await);
}

#[tokio::test]
async fn codes_that_are_no_codes_are_too_old_or_come_too_often_do_nothing() {
    let app = TestApp::builder().with(|config| config.reset.not_me_per_day = 1);
    let Some(app) = app.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let code = reset_and_code(&app, &anna, NEW).await;
    let browser = app.browser();
    for malformed in ["", "AAAA-BBBB", "AAAA-BBBB-CCC0", "\u{1f600}"] {
        let answer = report(&browser, malformed).await;
        assert_eq!((answer.status, answer.case_codes().len()), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    }
    let answer = report(&browser, "AAAA-BBBB-CCCC").await;
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("wrong"));
    assert!(opens(&app, "anna", NEW).await);
    assert_eq!(report(&browser, &code).await.status, StatusCode::OK);
    let second = reset_and_code(&app, &anna, "eleven patient lighthouse keepers").await;
    let answer = report(&app.browser(), &second).await;
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("too_often"));
    assert!(opens(&app, "anna", "eleven patient lighthouse keepers").await);
    app.advance(Duration::from_hours(24 * 7));
    let answer = report(&app.browser(), &second).await;
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("gone"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_type_the_same_code_one_contains_the_account() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let code = reset_and_code(&app, &anna, NEW).await;
    let mut waiting = vec![];
    for _ in 0..12 {
        let browser = app.browser();
        let form = browser.get("/not-me").await.form("/not-me");
        waiting.push((browser, form));
    }
    let tries: Vec<_> = waiting
        .into_iter()
        .map(|(browser, form)| {
            let code = code.clone();
            tokio::spawn(async move { browser.submit(&form, &[("not_me_code", &code)]).await.status })
        })
        .collect();
    let mut won = 0;
    for one in tries {
        won += u32::from(one.await.unwrap() == StatusCode::OK);
    }
    assert_eq!(won, 1);
    assert_eq!(app.records_of("account_contained").await.len(), 1);
    assert_eq!(app.records_of("reported_not_me").await.len(), 1);
}
