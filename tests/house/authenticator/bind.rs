//! Keys in the account: added, named, removed, and never the last one that is needed.

use std::time::Duration;

use reqwest::StatusCode;

use super::{administrator, with_passkey};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::soft_key::{Lie, SoftKey, base64url};

async fn remove(browser: &Browser, id: impl std::fmt::Display) -> Page {
    let path = format!("/account/authenticators/{id}/remove");
    let page = browser.get(&path).await;
    browser.submit(&page.form(&path), &[]).await
}

#[tokio::test]
async fn several_keys_are_listed_with_name_kind_and_last_use() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    let mut synced = SoftKey::synced();
    assert_eq!(browser.add_key(&app, &mut synced, "passkey", "Manager").await.location(), "/account");
    let mut plain = SoftKey::plain();
    assert_eq!(browser.add_key(&app, &mut plain, "security_key", "Blue <key>").await.location(), "/account");
    let page = browser.get("/account").await;
    for words in [
        "Passkey: My laptop",
        "Built into a computer",
        "Passkey: Manager",
        "Kept in step",
        "Security key: Blue <key>",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert_eq!(app.records_of("authenticator_bound").await.len(), 3);
    assert_eq!(app.delivered().await.iter().filter(|mail| mail.data.contains("Manager")).count(), 1);
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    assert!(bound.iter().all(|bound| bound.name == "Work phone" || bound.last_used_at.is_none()));
    app.browser().passkey(&app, &mut synced, &Lie::Nothing).await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    assert!(bound.iter().any(|bound| bound.name == "Manager" && bound.last_used_at.is_some()));
}

#[tokio::test]
async fn a_key_is_bound_once_and_to_one_person() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (_, browser) = with_passkey(&app, "anna", &mut key).await;
    // The browser is told what is there already.
    let page = browser.get("/account/passkeys/new").await;
    let question = browser.question(&page, "/account/passkeys", "passkey").await;
    assert_eq!(question.options["excludeCredentials"][0]["id"], base64url(&key.id));
    let berta = app.person("berta").with_totp().build().await;
    let other = app.browser();
    other.sign_in(&app, &berta).await;
    let answer = other.add_key(&app, &mut key, "passkey", "Mine").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = app.record_of_case(&answer.case_code()).await;
    assert_eq!((record.text("what"), record.text("reason")), (Some("key_not_bound"), Some("bound_already")));
}

#[tokio::test]
async fn a_false_key_is_not_bound() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let page = browser.get("/account/passkeys/new").await;
    let table = [
        (Lie::Origin("https://evil.example".into()), "wrong_origin"),
        (Lie::RpId("evil.example"), "wrong_rp_id"),
        (Lie::NotVerified, "not_verified"),
        (Lie::NotPresent, "not_present"),
        (Lie::Challenge(base64url(&[7; 32])), "wrong_challenge"),
        (Lie::Ceremony("webauthn.get"), "wrong_type"),
        (Lie::Id("AAAA"), "id_mismatch"),
        (Lie::RawId(vec![9; 32]), "id_mismatch"),
        (Lie::CutTo(60), "malformed"),
        (Lie::CutTo(150), "malformed"),
    ];
    for (lie, reason) in table {
        let mut key = SoftKey::passkey();
        let question = browser.question(&page, "/account/passkeys", "passkey").await;
        let answer = key.make(&question.options, &app.issuer, &lie);
        let refused = browser.answer(&page, "/account/passkeys", &question, &answer).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        let record = app.record_of_case(&refused.case_code()).await;
        assert_eq!(
            (record.text("what"), record.text("reason")),
            (Some("key_not_bound"), Some(reason)),
            "{lie:?}"
        );
    }
    assert_eq!(app.opened.authenticators.of(anna.id).await.unwrap().len(), 1);
    // A question to make one is none to sign in with, and the other way round.
    let question = browser.question(&page, "/account/passkeys", "passkey").await;
    let door = browser.get("/sign-in?again=1").await;
    let mut key = SoftKey::passkey();
    let made = key.make(&question.options, &app.issuer, &Lie::Nothing);
    let answer = browser.answer(&door, "/sign-in/passkey", &question, &made).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn changes_need_a_proof_of_the_last_ten_minutes() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    let id = bound[0].id;
    app.advance(Duration::from_mins(11));
    for path in [
        "/account/passkeys/new".to_owned(),
        format!("/account/authenticators/{id}/remove"),
        format!("/account/authenticators/{id}/name"),
    ] {
        let page = browser.get(&path).await;
        assert!(page.location().starts_with("/sign-in?to="), "{path}: {} {}", page.status, page.location());
    }
    let page = browser.open("/account/passkeys/new").await;
    let question = browser.question(&page, "/sign-in/passkey", "").await;
    let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    let answer = browser.answer(&page, "/sign-in/passkey", &question, &answer).await;
    assert_eq!(answer.location(), "/account/passkeys/new", "a fresh proof leads back");
    assert_eq!(browser.get("/account/passkeys/new").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_gets_another_name() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    let (_, stranger) = with_passkey(&app, "berta", &mut SoftKey::passkey()).await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    let id = bound.iter().find(|bound| bound.name == "My laptop").unwrap().id;
    let path = format!("/account/authenticators/{id}/name");
    let form = browser.get(&path).await.form(&path);
    assert_eq!(browser.submit(&form, &[("name", "Desk\u{7} laptop")]).await.location(), "/account");
    assert!(browser.get("/account").await.text().contains("Passkey: Desk laptop"));
    assert_eq!(app.records_of("authenticator_renamed").await.len(), 1);
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let token = stranger.get("/account").await.form("/sign-out").value("form_token").unwrap().to_owned();
    let answer = stranger.post(&path, &[("form_token", token.as_str()), ("name", "mine")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_one_that_reaches_the_needed_level_stays() {
    let Some(app) = TestApp::start().await else { return };
    // Staff need two factors: of an app and a passkey one may go.
    let mut key = SoftKey::passkey();
    let (anna, browser) = with_passkey(&app, "anna", &mut key).await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    assert_eq!(remove(&browser, bound[0].id).await.location(), "/account");
    let page = remove(&browser, bound[1].id).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the only one stays: {}", page.text());
    // Whoever works at a console keeps what consoles demand, once it is there.
    let ada = administrator(&app, "ada").await;
    let browser = app.browser();
    browser.sign_in(&app, &ada).await;
    let mut key = SoftKey::passkey();
    browser.add_key(&app, &mut key, "passkey", "Console").await;
    let bound = app.opened.authenticators.of(ada.id).await.unwrap();
    let passkey = bound.iter().find(|bound| bound.name == "Console").unwrap().id;
    assert_eq!(remove(&browser, passkey).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let app_of_hers = bound.iter().find(|bound| bound.name != "Console").unwrap().id;
    assert_eq!(remove(&browser, app_of_hers).await.location(), "/account");
}

#[tokio::test]
async fn two_parallel_removals_leave_one_passkey() {
    let Some(app) = TestApp::start().await else { return };
    let (mut one, mut two) = (SoftKey::passkey(), SoftKey::passkey());
    let (anna, browser) = with_passkey(&app, "anna", &mut one).await;
    browser.add_key(&app, &mut two, "passkey", "Second").await;
    let bound = app.opened.authenticators.of(anna.id).await.unwrap();
    assert_eq!(remove(&browser, bound[0].id).await.location(), "/account");
    let paths: Vec<String> =
        bound[1..].iter().map(|bound| format!("/account/authenticators/{}/remove", bound.id)).collect();
    let fields = browser.get(&paths[0]).await.form(&paths[0]).filled(&[]);
    tokio::join!(browser.post(&paths[0], &fields), browser.post(&paths[1], &fields));
    assert_eq!(app.opened.authenticators.of(anna.id).await.unwrap().len(), 1);
}
