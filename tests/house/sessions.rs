//! Sessions: that they are new at each sign-in, and how they end.

use std::time::Duration;

use cardea::account::State;
use cardea::directory::Prepared;
use cardea::kernel::role::Role;
use cardea::kernel::secret::Password;
use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::Browser;
use crate::support::people::Person;

const MINUTE: Duration = Duration::from_mins(1);
const NEW_PASSWORD: &str = "seven quiet lighthouses";
/// The smallest step of a clock.
const TICK: Duration = Duration::from_micros(1);

/// Where a browser whose session is over is sent, and that it loses its cookie.
async fn assert_over(browser: &Browser, why: &str) {
    let page = browser.get("/account").await;
    let expected = format!("/sign-in?to=account&ended={why}");
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, expected));
    assert!(browser.cookie("__Host-session").is_none(), "the cookie of a session that is over stays");
    let page = browser.follow(page).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has_form("/sign-in"));
}

#[tokio::test]
async fn signing_in_gives_a_new_session_and_ends_the_one_before() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    // A session that someone planted is not taken up.
    browser.plant("__Host-session", &"A".repeat(43));
    browser.sign_in(&app, &anna).await;
    let first = browser.cookie("__Host-session").unwrap();
    assert_ne!(first, "A".repeat(43));
    browser.sign_in(&app, &anna).await;
    let second = browser.cookie("__Host-session").unwrap();
    assert_ne!(first, second);
    let old = app.browser();
    old.plant("__Host-session", &first);
    assert_over(&old, "remote").await;
    assert!(browser.is_in().await);
    let ended = app.records_of("signed_out").await;
    assert_eq!((ended.len(), ended[0].text("reason")), (1, Some("replaced")));
    assert_eq!(app.number("SELECT COUNT(*) FROM session WHERE ended_at IS NULL").await, 1);
}

#[tokio::test]
async fn another_person_in_the_same_browser_ends_the_first_ones_session() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let first = browser.cookie("__Host-session").unwrap();
    let home = browser.sign_in(&app, &berta).await;
    assert!(home.h1().contains("berta"));
    let old = app.browser();
    old.plant("__Host-session", &first);
    assert_over(&old, "remote").await;
}

#[tokio::test]
async fn two_session_cookies_count_as_none() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let request = browser.request(reqwest::Method::GET, "/account");
    let planted = format!("__Host-session={}", "A".repeat(43));
    let page = browser.try_send(request.header("cookie", planted)).await.unwrap();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (here, there) = (app.browser(), app.browser());
    here.sign_in(&app, &anna).await;
    there.sign_in(&app, &anna).await;
    let token = here.cookie("__Host-session").unwrap();

    let page = here.get("/sign-out").await;
    let answer = here.submit(&page.form("/sign-out"), &[]).await;
    assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/sign-in?out=1"));
    assert!(here.cookie("__Host-session").is_none());
    here.plant("__Host-session", &token);
    assert_over(&here, "remote").await;
    assert!(there.is_in().await);

    here.sign_in(&app, &anna).await;
    let page = here.get("/sign-out").await;
    here.submit(&page.form("/sign-out"), &[("everywhere", "yes")]).await;
    assert!(!here.is_in().await);
    assert_over(&there, "remote").await;
    // Who is out already may say so again.
    let page = here.get("/sign-out").await;
    assert_eq!(
        here.submit(&page.form("/sign-out"), &[("everywhere", "yes")]).await.location(),
        "/sign-in?out=1"
    );
    let mut reasons: Vec<String> = vec![];
    for record in app.records_of("signed_out").await {
        assert_eq!(record.subject, Some(anna.id));
        let sessions = record.plain["sessions"].as_array().unwrap().len();
        reasons.push(format!("{} {sessions}", record.text("reason").unwrap()));
    }
    reasons.sort_unstable();
    assert_eq!(reasons, ["signed_out 1", "signed_out_elsewhere 2"]);
}

#[tokio::test]
async fn a_session_ends_when_it_rests_and_in_any_case_after_its_time() {
    let Some(app) = TestApp::start().await else { return };
    let table = [
        (vec![Role::Staff], 60, 12 * 60),
        (vec![Role::Staff, Role::Desk], 30, 10 * 60),
        (vec![Role::Staff, Role::Analyst], 30, 10 * 60),
        (vec![Role::Staff, Role::Auditor], 30, 10 * 60),
        (vec![Role::Staff, Role::Desk, Role::Admin], 15, 8 * 60),
    ];
    for (number, (roles, idle, absolute)) in table.into_iter().enumerate() {
        let person = app.person(&format!("person{number}")).roles(&roles).with_totp().build().await;
        let browser = app.browser();
        browser.sign_in(&app, &person).await;
        app.advance((MINUTE * idle).saturating_sub(TICK));
        assert!(browser.is_in().await, "{roles:?} before {idle} minutes of rest");
        app.advance(MINUTE * idle);
        assert_over(&browser, "idle").await;

        browser.sign_in(&app, &person).await;
        let start = app.now();
        let step = MINUTE * (idle - 2);
        while app.now().plus(step) < start.plus(MINUTE * absolute) {
            app.advance(step);
            assert!(browser.is_in().await, "{roles:?} after {:?}", app.now().since(start));
        }
        let rest = start.plus(MINUTE * absolute).since(app.now());
        app.advance(rest.saturating_sub(TICK));
        assert!(browser.is_in().await);
        app.advance(TICK);
        assert_over(&browser, "limit").await;
    }
}

#[tokio::test]
async fn the_next_request_of_a_disabled_person_is_refused() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let half = app.browser();
    let waiting = half.code_page(&anna).await;
    let form = browser.get("/privacy").await.form("/privacy/export");

    let account = anna.account(&app).await;
    app.opened.accounts.set_state(&app.origin(), &account, State::Disabled).await.unwrap();
    let token = browser.cookie("__Host-session").unwrap();
    let answer = browser.submit(&form, &[]).await;
    assert_eq!(answer.location(), "/sign-in?to=home&ended=security");
    browser.plant("__Host-session", &token);
    assert_over(&browser, "security").await;
    // Nor does a sign-in that was under way go on.
    let answer = half.code(&waiting, &anna.code(&app)).await;
    assert!(half.cookie("__Host-session").is_none(), "{} {}", answer.status, answer.location());

    // Enabled again, the old session stays over.
    let account = anna.account(&app).await;
    app.opened.accounts.set_state(&app.origin(), &account, State::Active).await.unwrap();
    browser.plant("__Host-session", &token);
    assert_over(&browser, "security").await;
    browser.sign_in(&app, &anna).await;
}

#[tokio::test]
async fn the_end_of_an_account_ends_its_sessions() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let account = anna.account(&app).await;
    let end = app.now().plus(MINUTE * 10);
    app.opened.accounts.set_end(&app.origin(), &account, Some(end)).await.unwrap();
    assert!(browser.is_in().await);
    app.advance(MINUTE * 10);
    assert_over(&browser, "security").await;
}

/// An end that was put off or taken away opens nothing by itself: what it closed is begun anew.
#[tokio::test]
async fn what_was_over_by_the_end_of_an_account_stays_over_when_the_end_is_lifted() {
    let Some(app) = TestApp::start().await else { return };
    for (name, put_off) in [("anna", None), ("berta", Some(MINUTE * 60))] {
        let person = app.person(name).with_totp().build().await;
        let (browser, half) = (app.browser(), app.browser());
        browser.sign_in(&app, &person).await;
        let token = browser.cookie("__Host-session").unwrap();
        let waiting = half.code_page(&person).await;
        let account = person.account(&app).await;
        let end = app.now().plus(MINUTE * 10);
        app.opened.accounts.set_end(&app.origin(), &account, Some(end)).await.unwrap();
        app.advance(MINUTE * 10);

        let account = person.account(&app).await;
        let later = put_off.map(|span| app.now().plus(span));
        app.opened.accounts.set_end(&app.origin(), &account, later).await.unwrap();
        // Whoever holds the cookie, and whoever was half in, is as far out as the end has put them.
        browser.plant("__Host-session", &token);
        assert_over(&browser, "security").await;
        let answer = half.code(&waiting, &person.code(&app)).await;
        assert!(half.cookie("__Host-session").is_none(), "{name}: {} {}", answer.status, answer.location());
        app.advance(MINUTE);
        browser.sign_in(&app, &person).await;
    }
}

#[tokio::test]
async fn losing_a_role_ends_the_sessions_that_had_it() {
    let Some(app) = TestApp::start().await else { return };
    let desk = app.person("desk").roles(&[Role::Staff, Role::Desk]).with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &desk).await;
    let account = desk.account(&app).await;
    app.opened.accounts.revoke(&app.origin(), &account, Role::Desk).await.unwrap();
    assert_over(&browser, "security").await;
}

/// A session's limits are those of the role under which it began: an administrator must not go on for the
/// twelve hours of staff. Source: OWASP ASVS 5.0 §8.3.2.
#[tokio::test]
async fn a_stronger_role_has_its_own_shorter_limits_at_once() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let account = anna.account(&app).await;
    app.opened.accounts.grant(&app.origin(), &account, Role::Admin).await.unwrap();
    app.advance(MINUTE * 16);
    assert!(!browser.is_in().await, "an administrator's session rested longer than 15 minutes");
}

/// Gives the person the same password anew, with what is to be said of it.
async fn set_password(app: &TestApp, person: &Person, change: impl FnOnce(Prepared) -> Prepared) {
    let password = Password::parse(&person.password).unwrap();
    let prepared = app.opened.directory.prepare_unchecked(person.id, &password, "test", app.now()).await;
    let mut unit = app.opened.db.unit();
    app.opened.directory.put(&mut unit, change(prepared.unwrap()));
    app.opened.db.write(unit).await.unwrap();
}

/// Whoever had the old password, and a session by it, is out. Source: OWASP ASVS 5.0 §7.4.3.
#[tokio::test]
async fn a_new_password_chosen_on_the_way_in_ends_the_sessions_elsewhere() {
    let Some(app) = TestApp::start().await else { return };
    for name in ["temporary", "expired"] {
        let person = app.person(name).with_totp().build().await;
        let (here, elsewhere, waiting) = (app.browser(), app.browser(), app.browser());
        elsewhere.sign_in(&app, &person).await;
        let over = app.now();
        set_password(&app, &person, |prepared| match name {
            "temporary" => prepared.to_be_changed(),
            _ => prepared.lasting_until(over),
        })
        .await;
        let half = waiting.code_page(&person).await;
        let page = here.code_page(&person).await;
        let page = here.follow(here.code(&page, &person.code(&app)).await).await;
        assert!(elsewhere.is_in().await, "{name}: nothing is changed so far");

        let typed = [("new_password", NEW_PASSWORD), ("new_password_again", NEW_PASSWORD)];
        let answer = here.submit(&page.form("/sign-in/password"), &typed).await;
        assert!(answer.lets_in(), "{name}: {}", answer.text());
        assert!(here.is_in().await, "{name}");
        assert_over(&elsewhere, "remote").await;
        // Nor does a sign-in go on that the old password had begun.
        waiting.code(&half, &person.code(&app)).await;
        assert!(!waiting.is_in().await, "{name}");
        let ended = app.records_of("signed_out").await;
        let told = ended.iter().filter(|record| record.subject == Some(person.id));
        let told: Vec<_> = told.map(|record| record.text("reason")).collect();
        assert_eq!(told, [Some("password_changed")], "{name}");
    }
}

#[tokio::test]
async fn a_raised_epoch_ends_all_sessions() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let mut unit = app.opened.db.unit();
    app.opened.accounts.raise_epoch(&mut unit, anna.id);
    app.opened.db.write(unit).await.unwrap();
    assert_over(&browser, "security").await;
}

#[tokio::test]
async fn a_token_that_is_no_token_is_none() {
    let Some(app) = TestApp::start().await else { return };
    for planted in ["", "x", "../..", &"A".repeat(42), &"A".repeat(44), &"A".repeat(5000), "é", "%00"] {
        let browser = app.browser();
        browser.plant("__Host-session", planted);
        let page = browser.get("/account").await;
        assert_eq!(
            (page.status, page.location().as_str()),
            (StatusCode::SEE_OTHER, "/sign-in?to=account"),
            "{planted}"
        );
    }
}
