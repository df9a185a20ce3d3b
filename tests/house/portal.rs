//! What a person does with the own account, and what the person is told of it by mail.

use std::time::Duration;

use cardea::config::{MailEncryption, MailKind};
use cardea::jobs::Job;
use cardea::kernel::id::{AuthenticatorId, SessionId};
use cardea::kernel::language::Language;
use cardea::web::text::Text;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::app::{TestApp, TestAppBuilder};
use crate::support::client::{Browser, Page};
use crate::support::people::{Person, Totp};
use crate::support::smtp::{Mail, MailSink};

const MINUTE: Duration = Duration::from_mins(1);
const NEW: &str = "seven quiet lighthouses";

async fn bound(app: &TestApp, person: &Person) -> Vec<AuthenticatorId> {
    app.opened.authenticators.of(person.id).await.unwrap().into_iter().map(|bound| bound.id).collect()
}

/// Adds a second app in the account.
async fn add_app(app: &TestApp, browser: &Browser) -> Totp {
    let page = browser.get("/account/authenticators/app/new").await;
    let (totp, answer) = browser.enrol(app, &page).await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
    totp
}

async fn remove(browser: &Browser, id: AuthenticatorId) -> Page {
    let path = format!("/account/authenticators/{id}/remove");
    let page = browser.get(&path).await;
    browser.submit(&page.form(&path), &[]).await
}

async fn change_password(browser: &Browser, person: &Person) -> Page {
    let form = browser.get("/account/password").await.form("/account/password");
    let typed =
        [("current_password", person.password.as_str()), ("new_password", NEW), ("new_password_again", NEW)];
    browser.submit(&form, &typed).await
}

// --------------------------------------------------------------------------------------- authenticators

#[tokio::test]
async fn one_of_two_apps_can_go_and_the_last_one_cannot() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let old = bound(&app, &anna).await[0];
    assert!(!browser.get("/account").await.body.contains("/remove\""), "the only app has no way out");
    let answer = remove(&browser, old).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(bound(&app, &anna).await, [old]);

    let totp = add_app(&app, &browser).await;
    let page = browser.get("/account").await;
    assert_eq!(page.body.matches("/remove\"").count(), 2);
    assert!(page.text().contains("New phone"));
    assert_eq!(remove(&browser, old).await.location(), "/account");
    assert_eq!(bound(&app, &anna).await.len(), 1);
    assert_eq!(remove(&browser, bound(&app, &anna).await[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The one that is gone counts no more, the new one does.
    let other = app.browser();
    let page = other.code_page(&anna).await;
    assert_eq!(other.code(&page, &anna.code(&app)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(&page, &totp.next(&app)).await.location(), "/");
}

#[tokio::test]
async fn two_parallel_removals_leave_one_app() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    add_app(&app, &browser).await;
    for _ in 0..5 {
        let ids = bound(&app, &anna).await;
        let [one, two] = ids[..] else { panic!("{} apps", ids.len()) };
        let paths = [one, two].map(|id| format!("/account/authenticators/{id}/remove"));
        let form = browser.get(&paths[0]).await.form(&paths[0]);
        let fields = form.filled(&[]);
        let (a, b) = tokio::join!(browser.post(&paths[0], &fields), browser.post(&paths[1], &fields));
        assert_eq!(bound(&app, &anna).await.len(), 1, "{} {}", a.status, b.status);
        app.advance(Duration::from_secs(30));
        add_app(&app, &browser).await;
    }
}

#[tokio::test]
async fn nobody_removes_or_ends_what_is_anothers() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    let (hers, theirs) = (app.browser(), app.browser());
    hers.sign_in(&app, &anna).await;
    theirs.sign_in(&app, &berta).await;
    add_app(&app, &hers).await;
    add_app(&app, &theirs).await;
    let account = anna.account(&app).await;
    let session = app.opened.sessions.open_of(&account, app.now()).await.unwrap()[0].id;
    let form = theirs.get("/account").await.form("/sign-out");
    let token = form.filled(&[]);
    for id in bound(&app, &anna).await {
        let path = format!("/account/authenticators/{id}/remove");
        assert_eq!(theirs.get(&path).await.status, StatusCode::NOT_FOUND);
        theirs.post(&path, &token).await;
    }
    theirs.post(&format!("/account/sessions/{session}/end"), &token).await;
    for rubbish in ["x", "%00", "..%2F..", "00000000-0000-0000-0000-000000000000"] {
        for path in
            [format!("/account/authenticators/{rubbish}/remove"), format!("/account/sessions/{rubbish}/end")]
        {
            let status = theirs.post(&path, &token).await.status;
            assert!(!status.is_server_error(), "{path}: {status}");
        }
    }
    assert_eq!(bound(&app, &anna).await.len(), 2);
    assert!(hers.is_in().await);
    assert!(theirs.is_in().await);
}

// --------------------------------------------------------------------------------------------- sessions

#[tokio::test]
async fn one_session_or_all_others_can_be_ended_from_here() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let [here, one, two, three] = [app.browser(), app.browser(), app.browser(), app.browser()];
    for browser in [&here, &one, &two, &three] {
        browser.sign_in(&app, &anna).await;
        app.advance(Duration::from_secs(1));
    }
    let page = here.get("/account").await;
    let account = anna.account(&app).await;
    // Newest first: three, two, one, here.
    let open: Vec<SessionId> =
        app.opened.sessions.open_of(&account, app.now()).await.unwrap().iter().map(|open| open.id).collect();
    assert_eq!(open.len(), 4);
    let path = format!("/account/sessions/{}/end", open[2]);
    assert_eq!(here.submit(&page.form(&path), &[]).await.location(), "/account");
    assert!(!one.is_in().await && two.is_in().await && three.is_in().await && here.is_in().await);
    // Once more is no harm.
    assert_eq!(here.submit(&page.form(&path), &[]).await.location(), "/account");

    let page = here.get("/account/sessions/end-others").await;
    assert_eq!(here.submit(&page.form("/account/sessions/end-others"), &[]).await.location(), "/account");
    assert!(!two.is_in().await && !three.is_in().await && here.is_in().await);
    let told = here.get("/account").await;
    assert!(!told.body.contains("⟦"), "{}", told.text());
    let ended = app.records_of("signed_out").await;
    let sessions: usize = ended.iter().map(|record| record.plain["sessions"].as_array().unwrap().len()).sum();
    assert_eq!(sessions, 3);
}

#[tokio::test]
async fn the_account_page_shows_what_was_stopped_as_well() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    app.browser().password("anna", "a wrong password").await;
    app.advance(MINUTE);
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let text = browser.get("/account").await.text();
    assert!(text.contains("Firefox on Linux"), "{text}");
    assert!(text.contains("Stopped") || text.contains("stopped"), "{text}");
    assert!(!text.contains("⟦"));
}

// ----------------------------------------------------------------------------------------------- export

#[tokio::test]
async fn the_export_holds_what_is_the_persons_and_no_secret() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    let (browser, other) = (app.browser(), app.browser());
    other.sign_in(&app, &berta).await;
    app.browser().password("anna", "a wrong password").await;
    browser.sign_in(&app, &anna).await;
    let page = browser.get("/privacy").await;
    let answer = browser.submit(&page.form("/privacy/export"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let export: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(export["account"]["user_name"], "anna");
    assert_eq!(export["account"]["email"], "anna@chancellery.example");
    assert_eq!(export["sign_in_methods"].as_array().unwrap().len(), 1);
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
    let events = answer.body.clone();
    for what in ["account_added", "password_refused", "signed_in", "own_data_exported"] {
        assert!(events.contains(what), "no {what} in the export");
    }
    let row = app.opened.authenticators.of(anna.id).await.unwrap();
    assert!(events.contains(&row[0].id.to_string()));
    let totp = data_encoding::BASE32_NOPAD.encode(anna.totp.as_ref().unwrap().secret());
    let secrets = [
        anna.password.as_str(),
        "a wrong password",
        &totp,
        &browser.cookie("__Host-session").unwrap(),
        &browser.cookie("__Host-device").unwrap(),
        &berta.id.to_string(),
        "berta",
        "verifier",
        "salt",
    ];
    for secret in secrets {
        assert!(!answer.body.contains(secret), "the export holds {secret}");
    }
    assert_eq!(app.records_of("own_data_exported").await.len(), 1);
}

/// `src/portal/routes.rs` says that data leaves only after a fresh proof.
#[tokio::test]
async fn data_leaves_only_after_a_fresh_proof() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let form = browser.get("/privacy").await.form("/privacy/export");
    app.advance(MINUTE * 16);
    let answer = browser.submit(&form, &[]).await;
    assert!(answer.location().starts_with("/sign-in?"), "{} {}", answer.status, answer.location());
}

#[tokio::test]
async fn an_app_is_removed_only_after_a_fresh_proof() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    add_app(&app, &browser).await;
    let path = format!("/account/authenticators/{}/remove", bound(&app, &anna).await[0]);
    let form = browser.get(&path).await.form(&path);
    app.advance(MINUTE * 16);
    assert_eq!(browser.get(&path).await.location(), "/sign-in?to=account&again=1");
    assert_eq!(browser.submit(&form, &[]).await.location(), "/sign-in?to=account&again=1");
    assert_eq!(bound(&app, &anna).await.len(), 2);
}

// ----------------------------------------------------------------------------------------------- mails

fn subjects(mails: &[Mail]) -> Vec<String> {
    mails.iter().map(|mail| decoded(&mail.header("Subject").unwrap())).collect()
}

/// Encoded words. Source: RFC 2047 §4.
fn decoded(header: &str) -> String {
    let mut plain = String::new();
    let mut was_encoded = false;
    for word in header.split(' ') {
        let parts: Vec<&str> = word.split('?').collect();
        let bytes = match parts[..] {
            ["=", _, "b" | "B", text, "="] => Some(data_encoding::BASE64.decode(text.as_bytes()).unwrap()),
            ["=", _, "q" | "Q", text, "="] => {
                let text = text.replace('_', "=20").replace('=', "%");
                Some(percent_encoding::percent_decode_str(&text).collect())
            }
            _ => None,
        };
        let is_encoded = bytes.is_some();
        if !(plain.is_empty() || is_encoded && was_encoded) {
            plain.push(' ');
        }
        plain.push_str(&bytes.map_or_else(|| word.to_owned(), |bytes| String::from_utf8(bytes).unwrap()));
        was_encoded = is_encoded;
    }
    plain
}

#[tokio::test]
async fn a_person_is_told_in_the_own_language_of_what_happened_to_the_account() {
    let Some(app) = TestApp::start().await else { return };
    for (name, language) in
        [("noor", Language::Nl), ("luc", Language::Fr), ("karl", Language::De), ("anna", Language::En)]
    {
        let person = app.person(name).language(language).with_totp().build().await;
        let browser = app.browser();
        browser.sign_in(&app, &person).await;
        add_app(&app, &browser).await;
        let first = bound(&app, &person).await[0];
        assert_eq!(remove(&browser, first).await.location(), "/account");
        assert_eq!(change_password(&browser, &person).await.location(), "/account");
        let mut mails = app.delivered().await;
        mails.retain(|mail| mail.to == [person.email.clone()]);
        let text = Text::new(language);
        let mut expected =
            ["new-sign-in", "authenticator-added", "authenticator-removed", "password-changed"]
                .map(|id| text.say(&format!("mail-{id}-subject")));
        let mut told = subjects(&mails);
        expected.sort_unstable();
        told.sort_unstable();
        assert_eq!(told, expected);
        for mail in &mails {
            let body = mail.text();
            assert!(body.contains(&app.opened.config.house.phone), "{body}");
            assert!(!body.contains('⟦') && !body.contains("http"), "no link is sent: {body}");
            for secret in [&person.password, NEW] {
                assert!(!mail.data.contains(secret));
            }
            let sheet = mail.part("text/html");
            assert!(sheet.contains(&format!("<html lang=\"{}\">", language.code())), "{sheet}");
            let words = body.split_whitespace().filter(|word| word.chars().all(char::is_alphanumeric));
            words.for_each(|word| assert!(sheet.contains(word), "`{word}` is in the plain part alone"));
            assert!(!sheet.contains("href=") && !sheet.contains("src="), "nothing is linked or fetched");
        }
        assert!(mails.iter().any(|mail| mail.text().contains("New phone")));
    }
}

#[tokio::test]
async fn a_known_browser_is_no_news() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (browser, other) = (app.browser(), app.browser());
    browser.sign_in(&app, &anna).await;
    browser.sign_in(&app, &anna).await;
    assert_eq!(app.delivered().await.len(), 1);
    other.sign_in(&app, &anna).await;
    assert_eq!(app.delivered().await.len(), 2);
    let told: Vec<bool> = app
        .records_of("signed_in")
        .await
        .iter()
        .map(|record| record.plain["new_device"].as_bool().unwrap())
        .collect();
    assert_eq!(told.iter().filter(|new| **new).count(), 2, "{told:?}");
}

#[tokio::test]
async fn the_name_of_an_app_cannot_write_into_a_mail() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let page = browser.get("/account/authenticators/app/new").await;
    let totp = page.offered();
    let name =
        format!("Phone\r\nBcc: all@chancellery.example\r\n\r\nCall 0900 12345 at once. {}", "x".repeat(5000));
    let form = page.form("/account/authenticators/app");
    let answer = browser.submit(&form, &[("code", &totp.next(&app)), ("name", &name)]).await;
    assert_eq!(answer.location(), "/account");
    let mails = app.delivered().await;
    let told = |mail: &&Mail| mail.header("Subject").unwrap().starts_with("Sign-in method added");
    let mail = mails.iter().find(told).unwrap();
    assert_eq!(mail.header("Bcc"), None);
    let body = mail.text();
    assert!(!body.contains("\nBcc:") && !body.contains("\nCall 0900"), "a name of several lines");
    assert!(!body.contains(&"x".repeat(100)), "the name in the mail is longer than the one that is kept");
}

/// A service whose mail goes to this mailbox.
fn by_smtp(sink: &MailSink) -> TestAppBuilder {
    let port = sink.address().port();
    TestApp::builder().with(move |config| {
        config.mail.kind = MailKind::Smtp;
        config.mail.encryption = MailEncryption::None;
        "127.0.0.1".clone_into(&mut config.mail.host);
        config.mail.port = port;
    })
}

#[tokio::test]
async fn a_mail_is_tried_again_and_arrives_once() {
    let sink = MailSink::refusing(2).await;
    let Some(app) = by_smtp(&sink).start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    // A mail server that does not take it holds up nobody.
    app.browser().sign_in(&app, &anna).await;
    for pause in [0, 5, 10] {
        assert!(sink.mails().is_empty());
        app.advance(Duration::from_secs(pause));
        app.run(Job::Mail).await;
        // It is not due again yet.
        app.run(Job::Mail).await;
    }
    assert_eq!((sink.mails().len(), sink.refusals_left()), (1, 0));
    app.advance(MINUTE * 90);
    app.run(Job::Mail).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["anna@chancellery.example"]);
    assert!(mails[0].header("Message-ID").unwrap().ends_with("@cardea>"));
}

#[tokio::test]
async fn a_mail_that_never_goes_is_given_up_and_recorded() {
    let sink = MailSink::refusing(100).await;
    let builder = by_smtp(&sink).with(|config| config.mail.tries_max = 3);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    app.browser().sign_in(&app, &anna).await;
    for _ in 0..6 {
        app.run(Job::Mail).await;
        app.advance(MINUTE * 60);
    }
    assert_eq!(sink.refusals_left(), 97);
    assert_eq!(app.records_of("mail_given_up").await.len(), 1);
}

#[tokio::test]
async fn one_person_gets_so_many_mails_an_hour_and_the_others_later() {
    let Some(app) = TestApp::builder().with(|config| config.mail.per_person_per_hour = 2).start().await
    else {
        return;
    };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    for _ in 0..4 {
        app.browser().sign_in(&app, &anna).await;
    }
    app.browser().sign_in(&app, &berta).await;
    let to = |mails: &[Mail], person: &Person| {
        mails.iter().filter(|mail| mail.to == [person.email.clone()]).count()
    };
    let mails = app.delivered().await;
    assert_eq!((to(&mails, &anna), to(&mails, &berta)), (2, 1));
    app.advance(MINUTE * 59);
    assert_eq!(to(&app.delivered().await, &anna), 2);
    app.advance(MINUTE * 11);
    assert_eq!(to(&app.delivered().await, &anna), 4);
}
