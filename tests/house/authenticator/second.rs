//! A key as the second proof, the choice among ways, and levels that applications and consoles demand.

use cardea::kernel::acr::Acr;
use reqwest::StatusCode;
use serde_json::json;

use super::{administrator, with_passkey};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;
use crate::support::soft_key::{Lie, SoftKey, base64url};

/// A person with an app and a key that is touched.
async fn with_security_key(app: &TestApp, name: &str, key: &mut SoftKey) -> Person {
    let person = app.person(name).with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(app, &person).await;
    let answer = browser.add_key(app, key, "security_key", "Blue key").await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
    person
}

/// The page after a right password.
async fn after_password(browser: &Browser, person: &Person) -> Page {
    let page = browser.password(&person.username, &person.password).await;
    browser.follow(page).await
}

async fn give_key(app: &TestApp, browser: &Browser, page: &Page, key: &mut SoftKey, lie: &Lie) -> Page {
    let question = browser.question(page, "/sign-in/key", "").await;
    let answer = key.sign(&question.options, &app.issuer, lie);
    browser.answer(page, "/sign-in/key", &question, &answer).await
}

#[tokio::test]
async fn a_security_key_is_a_second_proof_and_another_way_is_offered() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::plain();
    let anna = with_security_key(&app, "anna", &mut key).await;
    let browser = app.browser();
    let page = after_password(&browser, &anna).await;
    assert!(page.has_form("/sign-in/key"), "{}", page.text());
    // Its id is told to whoever knows the password, and to nobody else.
    let question = browser.question(&page, "/sign-in/key", "").await;
    assert_eq!(question.options["allowCredentials"][0]["id"], json!(base64url(&key.id)));
    let answer = give_key(&app, &browser, &page, &mut key, &Lie::Nothing).await;
    assert_eq!(answer.location(), "/", "{}", answer.text());
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!(
        (signed_in.text("acr"), signed_in.list("amr")),
        (Some("phr"), vec!["pwd", "pop", "user", "mfa"])
    );

    // The other way: the code, as ever.
    let browser = app.browser();
    let page = after_password(&browser, &anna).await;
    let link = page.body.split("href=\"").filter_map(|rest| rest.split('"').next());
    let other =
        link.into_iter().find(|href| href.contains("way=app")).expect("another way").replace("&#38;", "&");
    let page = browser.get(&other).await;
    assert!(page.has_form("/sign-in/code") && page.body.contains("way=key"), "{}", page.text());
    assert_eq!(browser.code(&page, &anna.code(&app)).await.location(), "/");
}

#[tokio::test]
async fn a_security_key_alone_opens_nothing() {
    let Some(app) = TestApp::start().await else { return };
    for mut key in [SoftKey::plain(), SoftKey::passkey()] {
        let name = if key.verifies { "berta" } else { "anna" };
        with_security_key(&app, name, &mut key).await;
        let page = app.browser().passkey(&app, &mut key, &Lie::Nothing).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    }
}

#[tokio::test]
async fn a_key_of_another_person_is_no_second_proof() {
    let Some(app) = TestApp::start().await else { return };
    let (mut hers, mut theirs) = (SoftKey::plain(), SoftKey::plain());
    let anna = with_security_key(&app, "anna", &mut hers).await;
    with_security_key(&app, "berta", &mut theirs).await;
    let browser = app.browser();
    let page = after_password(&browser, &anna).await;
    for handle in [theirs.user_handle.clone(), hers.user_handle.clone()] {
        let lie = Lie::UserHandle(handle);
        let answer = give_key(&app, &browser, &page, &mut theirs, &lie).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let record = app.record_of_case(&answer.case_code()).await;
        assert!(["other_account", "foreign_user"].contains(&record.text("reason").unwrap()));
    }
    assert!(!browser.is_in().await);
    assert_eq!(give_key(&app, &browser, &page, &mut hers, &Lie::Nothing).await.location(), "/");
}

#[tokio::test]
async fn a_question_belongs_to_its_journey() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::passkey();
    let (anna, _) = with_passkey(&app, "anna", &mut key).await;
    let browser = app.browser();
    let first = after_password(&browser, &anna).await;
    let second = after_password(&browser, &anna).await;
    let question = browser.question(&first, "/sign-in/key", "").await;
    let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    let page = browser.answer(&second, "/sign-in/key", &question, &answer).await;
    let record = app.record_of_case(&page.case_code()).await;
    assert_eq!(record.text("reason"), Some("wrong_challenge"));
    // Nor is one for a journey an answer where nobody is known yet.
    let door = browser.get("/sign-in?again=1").await;
    let page = browser.answer(&door, "/sign-in/passkey", &question, &answer).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_a_route_demands_is_asked_for_and_a_first_passkey_is_bound_on_the_way() {
    let Some(app) = TestApp::start().await else { return };
    let ada = administrator(&app, "ada").await;
    let browser = app.browser();
    // As the edge sends whoever opens a console.
    let page = browser.open("/sign-in?to=account&again=1&level=phr").await;
    let typed = [("username", ada.username.as_str()), ("password", ada.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    // What is there is asked for first.
    assert!(page.has_form("/sign-in/code"), "{}", page.text());
    let answer = browser.code(&page, &ada.code(&app)).await;
    let page = browser.follow(answer).await;
    assert!(page.has_form("/sign-in/enrol/key") && !page.body.contains("way=app"), "{}", page.text());
    let question = browser.question(&page, "/sign-in/enrol/key", "passkey").await;
    assert_eq!(question.options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(question.options["authenticatorSelection"]["userVerification"], "required");
    assert_ne!(question.options["user"]["id"], json!(base64url(ada.id.uuid().as_bytes())));
    let mut key = SoftKey::passkey();
    let answer = key.make(&question.options, &app.issuer, &Lie::Nothing);
    let answer = browser.answer(&page, "/sign-in/enrol/key", &question, &answer).await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!(signed_in.text("acr"), Some("phr"));
    assert!(app.delivered().await.iter().any(|mail| mail.to[0].contains("ada")), "it is told by mail");
    // From now on only a key is asked for there: an app does not reach it, and nothing more can be bound instead.
    let other = app.browser();
    let page = other.open("/sign-in?to=account&again=1&level=phr").await;
    let answer = other.submit(&page.form("/sign-in"), &typed).await;
    let page = other.follow(answer).await;
    assert!(page.has_form("/sign-in/key") && !page.body.contains("way=app"), "{}", page.text());
    assert_eq!(give_key(&app, &other, &page, &mut key, &Lie::Nothing).await.location(), "/account");
}

#[tokio::test]
async fn a_role_may_demand_at_every_sign_in_what_cannot_be_phished() {
    let builder = TestApp::builder().with(|config| config.assurance.admin = Acr::Phr);
    let Some(app) = builder.start().await else { return };
    let ada = administrator(&app, "ada").await;
    let browser = app.browser();
    let page = browser.code_page(&ada).await;
    let answer = browser.code(&page, &ada.code(&app)).await;
    let page = browser.follow(answer).await;
    assert!(page.has_form("/sign-in/enrol/key"), "{}", page.text());
    assert!(!browser.is_in().await, "nobody is in before");
}

#[tokio::test]
async fn a_first_authenticator_may_be_a_passkey_and_is_bound_once() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").build().await;
    let (browser, thief) = (app.browser(), app.browser());
    let page = browser.enrol_page(&anna).await;
    assert!(page.body.contains("way=key"), "a choice is offered");
    let other = thief.enrol_page(&anna).await;
    let way = |page: &Page| format!("{}&way=key", page.path);
    let (page, other) = (browser.get(&way(&page)).await, thief.get(&way(&other)).await);
    let (mut key, mut false_key) = (SoftKey::passkey(), SoftKey::passkey());
    let question = browser.question(&page, "/sign-in/enrol/key", "passkey").await;
    let stolen = thief.question(&other, "/sign-in/enrol/key", "passkey").await;
    let answer = key.make(&question.options, &app.issuer, &Lie::Nothing);
    let false_answer = false_key.make(&stolen.options, &app.issuer, &Lie::Nothing);
    assert!(browser.answer(&page, "/sign-in/enrol/key", &question, &answer).await.lets_in());
    let late = thief.answer(&other, "/sign-in/enrol/key", &stolen, &false_answer).await;
    assert!(!thief.is_in().await, "{}", late.status);
    assert_eq!(app.opened.authenticators.of(anna.id).await.unwrap().len(), 1);
}
