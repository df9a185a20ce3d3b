//! What is refused, each with its reason in the log and one sentence for the person.

use reqwest::StatusCode;

use super::with_passkey;
use crate::support::app::TestApp;
use crate::support::client::Page;
use crate::support::soft_key::{Lie, SoftKey, base64url};

async fn assert_refused(app: &TestApp, page: &Page, reason: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}: {}", page.text());
    assert!(page.text().contains("did not work this time"), "{reason}: {}", page.text());
    let record = app.record_of_case(&page.case_code()).await;
    assert_eq!((record.text("what"), record.text("reason")), (Some("key_refused"), Some(reason)));
}

#[tokio::test]
async fn each_false_answer_is_refused_by_its_reason() {
    let Some(app) = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 100).start().await
    else {
        return;
    };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    let evil = |host: &str| format!("{}.{host}", app.issuer);
    let table = [
        (Lie::Origin("https://evil.example".into()), "wrong_origin"),
        (Lie::Origin(evil("evil.example")), "wrong_origin"),
        (Lie::Origin("http://localhost:1".into()), "wrong_origin"),
        (Lie::Origin(format!("{}/", app.issuer)), "wrong_origin"),
        (Lie::Origin(app.issuer.replace("http:", "https:")), "wrong_origin"),
        (Lie::RpId("evil.example"), "wrong_rp_id"),
        (Lie::NotVerified, "not_verified"),
        (Lie::NotPresent, "not_present"),
        (Lie::CrossOrigin, "cross_origin"),
        (Lie::Ceremony("webauthn.create"), "wrong_type"),
        (Lie::Kind("password"), "wrong_type"),
        (Lie::Challenge(base64url(&[7; 32])), "wrong_challenge"),
        (Lie::Signature, "wrong_signature"),
        (Lie::UserHandle(vec![7; 16]), "foreign_user"),
        (Lie::NoUserHandle, "foreign_user"),
        (Lie::Id("AAAA"), "id_mismatch"),
        (Lie::RawId(vec![9; 32]), "unknown_credential"),
        (Lie::CutTo(36), "malformed"),
        (Lie::CutTo(0), "malformed"),
    ];
    for (lie, reason) in table {
        let browser = app.browser();
        let page = browser.passkey(&app, &mut key, &lie).await;
        assert_refused(&app, &page, reason).await;
        assert!(browser.cookie("__Host-session").is_none(), "{reason}");
    }
    // After all that the true one still opens.
    assert_eq!(app.browser().passkey(&app, &mut key, &Lie::Nothing).await.location(), "/");
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_refused() {
    let Some(app) = TestApp::start().await else { return };
    for text in ["", "{", "null", "[]", "{\"id\":1}", "\u{0}", &"x".repeat(40_000)] {
        let browser = app.browser();
        let page = browser.get("/sign-in").await;
        let question = browser.question(&page, "/sign-in/passkey", "").await;
        let answer = browser.answer(&page, "/sign-in/passkey", &question, text).await;
        assert_refused(&app, &answer, "malformed").await;
    }
    for challenge in ["", "x", "01890000-0000-7000-8000-000000000000"] {
        let browser = app.browser();
        let form = browser.get("/sign-in").await.form("/sign-in/passkey");
        let page = browser.submit(&form, &[("challenge", challenge), ("credential", "{}")]).await;
        assert_refused(&app, &page, "wrong_challenge").await;
    }
}

#[tokio::test]
async fn a_challenge_counts_once_in_its_own_browser() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let question = browser.question(&page, "/sign-in/passkey", "").await;
    let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    // Another browser cannot send it, even with its own form.
    let other = app.browser();
    let theirs = other.get("/sign-in").await;
    let stolen = other.answer(&theirs, "/sign-in/passkey", &question, &answer).await;
    assert_refused(&app, &stolen, "wrong_challenge").await;
    assert_eq!(browser.answer(&page, "/sign-in/passkey", &question, &answer).await.location(), "/");
    let again = browser.answer(&page, "/sign-in/passkey", &question, &answer).await;
    assert_refused(&app, &again, "wrong_challenge").await;
    // One that was answered wrongly is used up as well.
    let question = browser.question(&page, "/sign-in/passkey", "").await;
    let lie = Lie::NotVerified;
    let wrong = key.sign(&question.options, &app.issuer, &lie);
    assert_refused(&app, &browser.answer(&page, "/sign-in/passkey", &question, &wrong).await, "not_verified")
        .await;
    let right = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    let late = browser.answer(&page, "/sign-in/passkey", &question, &right).await;
    assert_refused(&app, &late, "wrong_challenge").await;
    assert_eq!(app.number("SELECT COUNT(*) FROM webauthn_challenge").await, 0);
}

#[tokio::test]
async fn of_many_who_send_the_same_answer_one_gets_in() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let question = browser.question(&page, "/sign-in/passkey", "").await;
    let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    let send = || browser.answer(&page, "/sign-in/passkey", &question, &answer);
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    let taken = [a, b, c, d].iter().filter(|page| page.status == StatusCode::SEE_OTHER).count();
    assert_eq!(taken, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM session WHERE ended_at IS NULL AND acr = 'phr'").await, 1);
}

#[tokio::test]
async fn a_counter_that_goes_back_is_a_clone_and_a_finding() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    with_passkey(&app, "anna", &mut key).await;
    assert_eq!(app.browser().passkey(&app, &mut key, &Lie::Nothing).await.location(), "/");
    for counter in [key.counter, 1, 0] {
        let lie = Lie::Counter(counter);
        let page = app.browser().passkey(&app, &mut key, &lie).await;
        assert_refused(&app, &page, "cloned").await;
    }
    let findings = app.records_of("authenticator_cloned").await;
    assert_eq!((findings.len(), findings[0].class), (3, 2004));
    // The owner's own goes on counting.
    assert_eq!(app.browser().passkey(&app, &mut key, &Lie::Nothing).await.location(), "/");
}

#[tokio::test]
async fn a_key_that_was_removed_opens_nothing() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    let passkey = bound.iter().find(|bound| bound.name == "My laptop").unwrap();
    let path = format!("/account/authenticators/{}/remove", passkey.id);
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page.form(&path), &[]).await.location(), "/account");
    let page = app.browser().passkey(&app, &mut key, &Lie::Nothing).await;
    assert_refused(&app, &page, "unknown_credential").await;
}
