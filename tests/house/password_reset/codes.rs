//! Codes: typed again, guessed, in another place, after their time, too many.

use std::time::Duration;

use reqwest::StatusCode;

use super::{codes_of, is_about, mailed_code, moved_to};
use crate::recovery::link;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_mailed_code_is_kept_as_a_digest_and_is_in_no_subject_record_or_page() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let code = mailed_code(&app, &anna.email).await;
    let figures = code.replace(' ', "");
    for shown in [&code, &figures] {
        assert!(!app.database_holds(shown).await, "{shown} is kept");
        assert!(!page.body.contains(shown.as_str()));
    }
    let mails = app.delivered().await;
    let mail = mails.iter().find(|mail| is_about(mail, &anna.email, "one-time code")).unwrap();
    assert!(!mail.header("Subject").unwrap().contains(&figures[..4]));
    assert!(!mail.text().contains("http"), "a code is typed; no link acts: {}", mail.text());
    app.records().await;
    let copy = std::fs::read_to_string(&app.opened.config.log.copy).unwrap();
    assert!(!copy.contains(&figures) && !copy.contains(&code));
}

#[tokio::test]
async fn five_tries_ten_minutes_once_and_only_the_newest() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let first = mailed_code(&app, &anna.email).await;
    let form = page.form("/reset/mail");
    let wrong = if first == "0000 0000" { "0000 0001" } else { "0000 0000" };
    for malformed in ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８"] {
        let answer = browser.submit(&form, &[("mail_code", malformed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{malformed}");
        assert!(answer.text().contains("eight digits"), "{malformed}: {}", answer.text());
    }
    for left in ["4 attempts", "3 attempts", "2 attempts", "one attempt", "one attempt"] {
        let answer = browser.submit(&form, &[("mail_code", wrong)]).await;
        assert!(answer.text().contains(&format!("{left} left")), "{left}: {}", answer.text());
    }
    let answer = browser.submit(&form, &[("mail_code", &first)]).await;
    assert!(answer.text().contains("no longer valid"), "five tries are five: {}", answer.text());
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("gone"));

    // A new one ends the one before.
    let send = page.form("/reset/mail/send");
    app.advance(Duration::from_secs(1));
    browser.submit(&send, &[]).await;
    let second = mailed_code(&app, &anna.email).await;
    app.advance(Duration::from_secs(1));
    browser.submit(&send, &[]).await;
    let third = mailed_code(&app, &anna.email).await;
    assert_ne!(second, third);
    let answer = browser.submit(&form, &[("mail_code", &second)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    app.advance(Duration::from_mins(10));
    let answer = browser.submit(&form, &[("mail_code", &third)]).await;
    assert!(answer.text().contains("no longer valid"), "{}", answer.text());
}

#[tokio::test]
async fn a_used_code_and_a_code_of_another_reset_or_person_prove_nothing() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let asking = browser.ask_mail(&page).await;
    let form = asking.form("/reset/mail");
    let code = mailed_code(&app, &anna.email).await;
    // In another reset of the same person, in the same browser and in another one; and for another person.
    for (browser, name) in [(&browser, "anna"), (&app.browser(), "anna"), (&app.browser(), "berta")] {
        let page = browser.reset(name, "forgotten").await;
        let page = browser.ask_mail(&page).await;
        let answer = browser.submit(&page.form("/reset/mail"), &[("mail_code", &code)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text());
    }
    // The form of one reset with the journey of another.
    let page = browser.reset("berta", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let other = page.form("/reset/mail").value("journey").unwrap().to_owned();
    let answer = browser.submit(&form, &[("mail_code", &code), ("journey", &other)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser.submit(&form, &[("mail_code", &code)]).await;
    let page = browser.proved(answer).await;
    let again = browser.submit(&form, &[("mail_code", &code)]).await;
    assert_eq!(again.location(), page.path.split("&lang").next().unwrap(), "the step is over");
    assert!(link(&page, "way=mail").is_none(), "one kind is not proved twice");
    // Somebody else's app and paper.
    let answer = browser.prove(&page, "app", &berta.code(&app)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes = codes_of(&app, &berta).await;
    let answer = browser.submit(&moved_to(&form, "/reset/recovery"), &[("recovery_code", &codes[0])]).await;
    assert!(!answer.text().contains("Choose a new password"), "{}", answer.text());
}

#[tokio::test]
async fn codes_by_mail_are_few_an_hour_for_strangers_and_for_a_known_browser() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let known = app.browser();
    known.sign_in(&app, &anna).await;
    for username in ["anna", "nobody"] {
        let mut paused = 0;
        for _ in 0..6 {
            let stranger = app.browser();
            let page = stranger.reset(username, "forgotten").await;
            let page = stranger.way(&page, "mail").await;
            let answer = stranger.submit(&page.form("/reset/mail/send"), &[]).await;
            paused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(paused, 2, "{username}");
    }
    // By another spelling a stranger is told nothing new, and nobody is mailed.
    let sent = |mails: &[crate::support::smtp::Mail]| {
        mails.iter().filter(|mail| is_about(mail, &anna.email, "one-time code")).count()
    };
    assert_eq!(sent(&app.delivered().await), 4);
    let stranger = app.browser();
    let page = stranger.reset(&anna.email, "forgotten").await;
    let page = stranger.ask_mail(&page).await;
    assert!(page.has_form("/reset/mail"), "{}", page.text());
    assert_eq!(sent(&app.delivered().await), 4);
    // The owner's known browser still gets one.
    let page = known.reset("anna", "forgotten").await;
    known.ask_mail(&page).await;
    assert_eq!(sent(&app.delivered().await), 5);
    app.advance(Duration::from_hours(1));
    let stranger = app.browser();
    let page = stranger.reset("anna", "forgotten").await;
    stranger.ask_mail(&page).await;
    assert_eq!(sent(&app.delivered().await), 6);
}

#[tokio::test]
async fn guesses_are_counted_over_all_resets_and_pause_no_sign_in() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let known = app.browser();
    known.sign_in(&app, &anna).await;
    let wrong = anna.totp.as_ref().unwrap().wrong(&app);
    for username in ["anna", "nobody"] {
        let mut statuses = vec![];
        for _ in 0..6 {
            let stranger = app.browser();
            let page = stranger.reset(username, "forgotten").await;
            statuses.push(stranger.prove(&page, "app", &wrong).await.status.as_u16());
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429], "{username}");
    }
    // Not even the right code is looked at then, and another spelling shows no more than a wrong code.
    let stranger = app.browser();
    let page = stranger.reset(&anna.email, "forgotten").await;
    let answer = stranger.prove(&page, "app", &anna.code(&app)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("locked"));
    // The owner's known browser has a count of its own, and signing in another.
    let page = known.reset("anna", "forgotten").await;
    let answer = known.prove(&page, "app", &anna.code(&app)).await;
    known.proved(answer).await;
    app.browser().sign_in(&app, &anna).await;
}

#[tokio::test]
async fn a_code_of_the_app_counts_once_for_signing_in_and_resets_together() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let code = anna.code(&app);
    let answer = browser.prove(&page, "app", &code).await;
    browser.proved(answer).await;
    let other = app.browser();
    let page = other.reset("anna", "forgotten").await;
    let answer = other.prove(&page, "app", &code).await;
    assert!(
        answer.text().contains("proves nothing"),
        "no stranger learns that it was right: {}",
        answer.text()
    );
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("replayed"));
    let signing_in = app.browser();
    let page = signing_in.code_page(&anna).await;
    let answer = signing_in.code(&page, &code).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
}

#[tokio::test]
async fn resets_of_a_name_are_few_an_hour_whether_or_not_it_is_anybodys() {
    let app = TestApp::builder().with(|config| config.reset.begun_per_hour = 3);
    let Some(app) = app.start().await else { return };
    app.person("anna").with_totp().build().await;
    for username in ["anna", "nobody", "x y"] {
        for _ in 0..3 {
            app.browser().reset(username, "forgotten").await;
        }
        let browser = app.browser();
        let page = browser.get("/reset").await;
        let answer = browser.submit(&page.form("/reset"), &[("username", username)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{username}");
        assert!(!answer.header("retry-after").is_empty() && answer.case_codes().len() == 1);
        assert!(answer.body.contains(username), "what was typed is kept: {}", answer.text());
    }
}
