//! From a name to a receipt, by each pair of proofs; and those who do not get there.

use std::time::Duration;

use cardea::jobs::Job;
use reqwest::StatusCode;
use serde_json::json;

use super::{NEW, codes_of, is_about, opens};
use crate::federation::hostile::{Hostile, hash_of, tokens};
use crate::federation::world::World;
use crate::recovery::link;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;
use crate::support::soft_key::{Lie, SoftKey};

#[tokio::test]
async fn a_code_by_mail_and_one_from_the_app_set_a_new_password_and_end_what_was_open() {
    let app = TestApp::builder().with(|config| config.reset.wifi_network = Some("OFFICE".to_owned()));
    let Some(app) = app.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let open = app.browser();
    open.sign_in(&app, &anna).await;
    let epoch = anna.account(&app).await.epoch;

    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    assert!(page.text().contains("at least 8 characters"), "rules before typing: {}", page.text());
    let answer = browser.choose(&page, NEW).await;
    let receipt = browser.proved(answer).await;
    assert_eq!(receipt.h1(), "Your password is changed", "{}", receipt.text());
    for told in ["This laptop, without VPN", "Mail on your phone", "OFFICE", "One session was ended"] {
        assert!(receipt.text().contains(told), "{told}: {}", receipt.text());
    }
    // The receipt stays for who reloads the page, and nobody is signed in.
    assert_eq!(browser.get(&receipt.path).await.h1(), receipt.h1());
    assert!(browser.cookie("__Host-session").is_none() && !browser.is_in().await);
    assert!(!open.is_in().await, "what was open before has ended");
    assert!(anna.account(&app).await.epoch > epoch, "tokens of before have ended");
    assert!(opens(&app, "anna", NEW).await && !opens(&app, "anna", &anna.password).await);
    // The second factor is asked for as ever.
    let anna = Person { password: NEW.to_owned(), ..anna };
    app.browser().code_page(&anna).await;

    let done = app.records_of("password_reset").await;
    assert_eq!(done.len(), 1);
    assert_eq!((done[0].text("type"), done[0].subject), (Some("reset_done"), Some(anna.id)));
    let journey = done[0].text("journey").unwrap().to_owned();
    for (what, kind) in [
        ("reset_requested", Some("reset_requested")),
        ("mail_code_sent", None),
        ("mail_code_accepted", None),
        ("totp_accepted", Some("totp_ok")),
    ] {
        let record = app.records_of(what).await.pop().unwrap_or_else(|| panic!("{what} is not told"));
        assert_eq!(record.text("journey"), Some(journey.as_str()), "{what}");
        assert_eq!((record.text("type"), record.subject), (kind, Some(anna.id)), "{what}");
    }
    let requested = app.records_of("reset_requested").await.pop().unwrap();
    assert!(receipt.text().contains(requested.text("case_code").unwrap()), "{}", receipt.text());
    let mails = app.delivered().await;
    let told = mails.iter().find(|mail| is_about(mail, &anna.email, "has been reset"));
    let told = told.expect("the owner is told").text();
    assert!(told.contains(&format!("{}/not-me", app.issuer)) && !told.contains(NEW), "{told}");
}

#[tokio::test]
async fn a_recovery_code_and_one_from_the_app_are_a_pair_too() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let codes = codes_of(&app, &anna).await;
    let browser = app.browser();
    let page = browser.reset("anna", "expired").await;
    assert!(page.text().contains("Do you still know the old one"), "{}", page.text());
    let answer = browser.prove(&page, "recovery", &codes[0].to_lowercase()).await;
    let page = browser.proved(answer).await;
    // The kind that was used is not offered again.
    assert!(link(&page, "way=recovery").is_none() && link(&page, "way=app").is_some(), "{}", page.text());
    let answer = browser.prove(&page, "app", &anna.code(&app)).await;
    let page = browser.proved(answer).await;
    let answer = browser.choose(&page, NEW).await;
    browser.proved(answer).await;
    assert!(opens(&app, "anna", NEW).await);
    assert_eq!(app.opened.authenticators.recovery().left(anna.id).await.unwrap(), 9);
}

#[tokio::test]
async fn who_has_one_proof_alone_is_told_to_call_with_the_code() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.reset("staff", "forgotten").await;
    let case = page.case_codes();
    let page = browser.prove_mail(&app, &page, &staff).await;
    assert!(page.text().contains("no second proof"), "{}", page.text());
    assert!(link(&page, "way=").is_none() && !page.has_form("/reset/password"));
    assert!(case.iter().all(|code| page.case_codes().contains(code)));
}

#[tokio::test]
async fn a_mailbox_behind_the_password_is_not_the_only_way_left() {
    let app = TestApp::builder().with(|config| {
        config.reset.mailboxes_behind_password = vec!["chancellery.example".to_owned()];
    });
    let Some(app) = app.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    assert!(link(&page, "way=mail").is_some(), "before a proof the list is everybody's");
    let answer = browser.prove(&page, "app", &anna.code(&app)).await;
    let page = browser.proved(answer).await;
    assert!(link(&page, "way=").is_none(), "{}", page.text());
    // Beside another way it may be chosen.
    codes_of(&app, &anna).await;
    let page = browser.get(&page.path).await;
    assert!(link(&page, "way=mail").is_some() && link(&page, "way=recovery").is_some());
}

async fn give_key(app: &TestApp, browser: &Browser, page: &Page, key: &mut SoftKey) -> Page {
    let page = browser.way(page, "key").await;
    let question = browser.question(&page, "/reset/key", "").await;
    let answer = key.sign(&question.options, &app.issuer, &Lie::Nothing);
    browser.answer(&page, "/reset/key", &question, &answer).await
}

/// A person with an app who has bound a passkey.
async fn with_passkey(app: &TestApp, name: &str, key: &mut SoftKey, protected: bool) -> Person {
    let person = app.person(name).with_totp();
    let person = if protected { person.protected() } else { person }.build().await;
    let browser = app.browser();
    browser.sign_in(app, &person).await;
    let answer = browser.add_key(app, key, "passkey", "My laptop").await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
    person
}

#[tokio::test]
async fn a_passkey_is_asked_for_without_naming_any_and_counts_for_its_owner_alone() {
    let Some(app) = TestApp::start().await else { return };
    let (mut key, mut other) = (SoftKey::synced(), SoftKey::synced());
    let anna = with_passkey(&app, "anna", &mut key, false).await;
    with_passkey(&app, "berta", &mut other, false).await;
    for name in ["anna", "nobody"] {
        let browser = app.browser();
        let page = browser.reset(name, "forgotten").await;
        let way = browser.way(&page, "key").await;
        let question = browser.question(&way, "/reset/key", "").await;
        assert_eq!(question.options["allowCredentials"], json!([]), "{name}");
        let refused = give_key(&app, &browser, &page, &mut other).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text());
        assert!(link(&browser.get(&page.path).await, "way=key").is_some(), "nothing is proved for {name}");
    }
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let answer = give_key(&app, &browser, &page, &mut key).await;
    let page = browser.proved(answer).await;
    assert!(link(&page, "way=key").is_none());
    let page = browser.prove_mail(&app, &page, &anna).await;
    let answer = browser.choose(&page, NEW).await;
    browser.proved(answer).await;
    assert!(opens(&app, "anna", NEW).await);
}

#[tokio::test]
async fn a_protected_person_needs_two_strong_proofs_one_of_which_cannot_be_phished() {
    let Some(app) = TestApp::start().await else { return };
    let mut key = SoftKey::synced();
    let vip = with_passkey(&app, "vip", &mut key, true).await;
    let browser = app.browser();
    let page = browser.reset("vip", "forgotten").await;
    let page = browser.prove_mail(&app, &page, &vip).await;
    assert!(page.text().contains("two strong proofs"), "{}", page.text());
    let answer = browser.prove(&page, "app", &vip.code(&app)).await;
    let page = browser.proved(answer).await;
    assert!(!page.has_form("/reset/password"), "mail and app are not enough: {}", page.text());
    assert!(link(&page, "way=key").is_some() && link(&page, "way=app").is_none());
    let answer = give_key(&app, &browser, &page, &mut key).await;
    let page = browser.proved(answer).await;
    let answer = browser.choose(&page, NEW).await;
    browser.proved(answer).await;
    assert!(opens(&app, "vip", NEW).await);
}

#[tokio::test]
async fn another_provider_vouches_for_who_is_linked_and_for_nobody_else() {
    let hostile = Hostile::start().await;
    let issuer = hostile.issuer.clone();
    let builder = World::with_provider(TestApp::builder(), "one", hostile.port, move |upstream| {
        upstream.issuer = issuer;
        upstream.gives_mfa = vec!["two".to_owned()];
    });
    let Some(world) = World::start(builder).await else { return };
    let app = &world.app;
    app.run(Job::Upstream).await;
    let anna = app.person("anna").with_totp().build().await;
    let sign_in = app.browser();
    sign_in.sign_in(app, &anna).await;
    let page = sign_in.get("/account/upstream").await;
    let answer = sign_in.submit(&page.form("/account/upstream"), &[("provider", "one")]).await;
    let back = come_back(&world, &hostile, &sign_in, &answer, "anna-there").await;
    assert_eq!(back.location(), "/account", "{}", back.text());

    for (name, subject) in [("nobody", "anna-there"), ("anna", "somebody-else")] {
        let browser = app.browser();
        let page = browser.reset(name, "forgotten").await;
        let page = browser.way(&page, "upstream").await;
        let answer = browser.submit(&page.form("/reset/upstream"), &[]).await;
        let back = come_back(&world, &hostile, &browser, &answer, subject).await;
        assert!(back.location().starts_with("/reset?journey="), "{}", back.location());
        let page = browser.follow(back).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("proves nothing for this user name"), "{name}: {}", page.text());
    }
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let page = browser.way(&page, "upstream").await;
    let answer = browser.submit(&page.form("/reset/upstream"), &[]).await;
    let back = come_back(&world, &hostile, &browser, &answer, "anna-there").await;
    assert!(browser.cookie("__Host-session").is_none(), "a reset signs nobody in");
    let page = browser.proved(back).await;
    let answer = browser.prove(&page, "app", &anna.code(app)).await;
    let page = browser.proved(answer).await;
    let answer = browser.choose(&page, NEW).await;
    browser.proved(answer).await;
    assert!(opens(app, "anna", NEW).await);
}

/// Brings back what a provider says to a question.
async fn come_back(
    world: &World,
    hostile: &Hostile,
    browser: &Browser,
    leaving: &Page,
    subject: &str,
) -> Page {
    let url = url::Url::parse(&leaving.location()).unwrap_or_else(|_| panic!("{}", leaving.text()));
    let asked = |name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    let now = world.app.now().unix_seconds();
    let claims = json!({
        "iss": hostile.issuer, "sub": subject, "aud": "cardea", "exp": now + 300, "iat": now, "acr": "two",
        "auth_time": now, "nonce": asked("nonce"), "at_hash": hash_of("at"),
    });
    hostile.gives(tokens(&hostile.signed(&claims)));
    browser.get(&format!("/sign-in/upstream/one/callback?state={}&code=c", asked("state"))).await
}

#[tokio::test]
async fn who_is_only_locked_out_is_let_in_again_with_the_same_password() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    for _ in 0..6 {
        app.browser().password("anna", "wrong").await;
    }
    assert!(!opens(&app, "anna", &anna.password).await, "the account pauses");
    let browser = app.browser();
    let page = browser.reset("anna", "locked").await;
    let page = browser.prove_mail(&app, &page, &anna).await;
    let answer = browser.prove(&page, "app", &anna.code(&app)).await;
    let page = browser.proved(answer).await;
    assert!(page.has_form("/reset/unlock") && !page.has_form("/reset/password"), "{}", page.text());
    // Who is only locked out does not get to choose another one by the way.
    let form = super::moved_to(&page.form("/reset/unlock"), "/reset/password");
    browser.submit(&form, &super::chosen(NEW)).await;
    assert!(!opens(&app, "anna", NEW).await);
    let answer = browser.submit(&page.form("/reset/unlock"), &[]).await;
    let receipt = browser.proved(answer).await;
    assert_eq!(receipt.h1(), "Your account is unlocked", "{}", receipt.text());
    assert!(opens(&app, "anna", &anna.password).await);
    assert_eq!(app.records_of("account_unlocked").await.len(), 1);
    let mails = app.delivered().await;
    assert!(mails.iter().any(|mail| is_about(mail, &anna.email, "has been unlocked")));
}

#[tokio::test]
async fn a_password_that_breaks_a_rule_comes_back_with_the_rule_and_nothing_is_used_up() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let mut page = browser.reset_by_mail_and_app(&app, &anna).await;
    let table = [
        ("short", "too short"),
        ("", "too short"),
        ("password1234", "easy to guess"),
        ("with anna in the middle", "something of your own"),
        (anna.password.as_str(), "your present password"),
    ];
    for (new, told) in table {
        page = browser.choose(&page, new).await;
        // The present password holds the name, which is told first.
        let told = if new == anna.password { "something of your own" } else { told };
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(page.text().contains(told), "{new}: {}", page.text());
    }
    let fields = [("new_password", NEW), ("new_password_again", "something else entirely")];
    page = browser.submit(&page.form("/reset/password"), &fields).await;
    assert!(page.text().contains("not the same"), "{}", page.text());
    let answer = browser.choose(&page, NEW).await;
    browser.proved(answer).await;
    assert!(opens(&app, "anna", NEW).await);
}

#[tokio::test]
async fn what_a_reset_proved_opens_no_sign_in_and_the_other_way_round() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    let form = page.form("/reset/password");
    let journey = form.value("journey").unwrap().to_owned();
    for path in ["/sign-in", "/sign-in/code", "/sign-in/password", "/sign-in/recovery", "/sign-in/enrol"] {
        let typed = [
            ("username", "anna"),
            ("password", anna.password.as_str()),
            ("code", "123456"),
            ("new_password", NEW),
            ("new_password_again", NEW),
        ];
        let answer = browser.submit(&super::moved_to(&form, path), &typed).await;
        assert_eq!(answer.location(), format!("/reset?journey={}", journey.replace('-', "%2D")), "{path}");
        assert!(browser.cookie("__Host-session").is_none(), "{path}");
    }
    assert!(!opens(&app, "anna", NEW).await);
    // A sign-in on the way is no reset.
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let form = page.form("/sign-in/code");
    for path in ["/reset/code", "/reset/password", "/reset/unlock"] {
        let typed = [("code", "123456"), ("new_password", NEW), ("new_password_again", NEW)];
        let answer = browser.submit(&super::moved_to(&form, path), &typed).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_reset_ends_with_its_time_its_browser_and_the_account() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    let other = app.browser();
    other.get("/reset").await;
    let stolen = other.get(&page.path).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST, "another browser has no part in it");
    // What stops all that was issued before stops it, too.
    let account = anna.account(&app).await;
    let mut unit = app.opened.db.unit();
    app.opened.accounts.raise_epoch(&mut unit, account.id);
    app.opened.db.write(unit).await.unwrap();
    let answer = browser.choose(&page, NEW).await;
    assert!(!opens(&app, "anna", NEW).await, "{}", answer.text());

    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    app.advance(Duration::from_mins(16));
    let answer = browser.choose(&page, NEW).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert!(!opens(&app, "anna", NEW).await);
}

#[tokio::test]
async fn an_expired_password_at_sign_in_ends_on_the_same_receipt() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().expired().build().await;
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let answer = browser.code(&page, &anna.code(&app)).await;
    let page = browser.follow(answer).await;
    assert!(browser.cookie("__Host-session").is_none(), "this can choose a password and nothing else");
    assert!(page.text().contains("at least 8 characters"), "{}", page.text());
    let answer = browser.submit(&page.form("/sign-in/password"), &super::chosen(NEW)).await;
    assert!(answer.location().starts_with("/reset/receipt?journey="), "{}", answer.location());
    let receipt = browser.follow(answer).await;
    assert_eq!(receipt.h1(), "Your password is changed", "{}", receipt.text());
    let onward = link(&receipt, "/sign-in?journey=").expect("the way on");
    assert_eq!(browser.get(&onward).await.location(), "/");
    assert!(opens(&app, "anna", NEW).await);
}

#[tokio::test]
async fn the_sign_in_page_and_the_mails_lead_here_in_every_language() {
    let Some(app) = TestApp::start().await else { return };
    for (language, said) in [
        ("nl", "Wachtwoord vergeten?"),
        ("fr", "Mot de passe oublié ?"),
        ("de", "Passwort vergessen?"),
        ("en", "Forgot your password?"),
    ] {
        let browser = app.browser();
        let page = browser.get(&format!("/sign-in?lang={language}")).await;
        assert!(page.text().contains(said), "{language}: {}", page.text());
        assert!(link(&page, "/reset").is_some());
        let page = browser.get("/reset").await;
        assert_eq!(page.language(), language);
    }
}
