//! Signing in with a passkey alone.

use std::time::Duration;

use cardea::account::State;
use reqwest::StatusCode;
use serde_json::json;

use super::with_passkey;
use crate::support::app::TestApp;
use crate::support::soft_key::{Lie, SoftKey};

#[tokio::test]
async fn a_passkey_signs_in_without_a_name_and_cannot_be_phished() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, _) = with_passkey(&app, "anna", &mut key).await;
    let browser = app.browser();
    let answer = browser.passkey(&app, &mut key, &Lie::Nothing).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/".to_owned()),
        "{}",
        answer.text()
    );
    assert!(browser.is_in().await);
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!(signed_in.text("acr"), Some("phr"));
    assert_eq!(signed_in.list("amr"), ["pop", "user", "mfa"]);
    assert_eq!(signed_in.text("subject"), Some(anna.id.to_string().as_str()));
    let accepted = app.records_of("key_accepted").await.pop().unwrap();
    assert_eq!((accepted.text("kind"), accepted.text("type")), (Some("passkey"), Some("webauthn_ok")));
    assert!(browser.get("/account").await.text().contains("My laptop"));
}

#[tokio::test]
async fn the_question_is_the_same_for_everyone_and_names_no_credential() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let mut seen = vec![];
    for name in ["anna", "nobody", ""] {
        let mut fields = page.form("/sign-in/passkey").filled(&[]);
        fields.push(("username".to_owned(), name.to_owned()));
        let answer = browser.post("/sign-in/passkey/options", &fields).await;
        let mut asked: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(asked["options"]["allowCredentials"], json!([]), "{name}");
        assert_eq!(asked["options"]["userVerification"], "required", "{name}");
        asked["challenge"] = json!(null);
        asked["options"]["challenge"] = json!(null);
        seen.push(asked);
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_synced_passkey_counts_nothing_and_works_again() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::synced();
    with_passkey(&app, "anna", &mut key).await;
    for _ in 0..3 {
        let answer = app.browser().passkey(&app, &mut key, &Lie::Nothing).await;
        assert_eq!(answer.location(), "/", "{}", answer.text());
    }
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!((signed_in.text("acr"), signed_in.list("amr")), (Some("phr"), vec!["swk", "user", "mfa"]));
}

#[tokio::test]
async fn an_answer_in_time_counts_and_a_late_one_does_not() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    for (wait, status) in [(299, StatusCode::SEE_OTHER), (300, StatusCode::UNPROCESSABLE_ENTITY)] {
        let browser = app.browser();
        let page = browser.get("/sign-in").await;
        let question = browser.question(&page, "/sign-in/passkey", "").await;
        app.advance(Duration::from_secs(wait));
        let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
        let page = browser.answer(&page, "/sign-in/passkey", &question, &answer).await;
        assert_eq!(page.status, status, "after {wait} s: {}", page.text());
    }
}

#[tokio::test]
async fn a_closed_account_is_not_opened_by_its_passkey() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, _) = with_passkey(&app, "anna", &mut key).await;
    let account = anna.account(&app).await;
    app.opened.accounts.set_state(&app.origin(), &account, State::Disabled).await.unwrap();
    let browser = app.browser();
    let page = browser.passkey(&app, &mut key, &Lie::Nothing).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = app.record_of_case(&page.case_code()).await;
    assert_eq!((record.text("what"), record.text("reason")), (Some("key_refused"), Some("account_closed")));
    assert!(!browser.is_in().await);
    let account = anna.account(&app).await;
    app.opened.accounts.set_state(&app.origin(), &account, State::Active).await.unwrap();
    assert_eq!(app.browser().passkey(&app, &mut key, &Lie::Nothing).await.location(), "/");
}

#[tokio::test]
async fn whoever_signs_in_with_a_passkey_is_not_asked_for_a_new_password() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, _) = with_passkey(&app, "anna", &mut key).await;
    let given = cardea::kernel::secret::Password::parse("another long secret here").unwrap();
    let prepared = app.opened.directory.prepare_unchecked(anna.id, &given, "test", app.now()).await.unwrap();
    let mut unit = app.opened.db.unit();
    app.opened.directory.put(&mut unit, prepared.to_be_changed());
    app.opened.db.write(unit).await.unwrap();
    assert_eq!(app.browser().passkey(&app, &mut key, &Lie::Nothing).await.location(), "/");
}
