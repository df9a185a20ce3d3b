//! Sessions: that they are new at each sign-in, and how they end.

use std::time::Duration;

use cardea::account::State;
use cardea::kernel::role::Role;
use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::Browser;

const MINUTE: Duration = Duration::from_mins(1);
/// The smallest step of a clock.
const TICK: Duration = Duration::from_micros(1);

async fn is_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

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
    assert!(is_in(&browser).await);
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
    assert!(is_in(&there).await);

    here.sign_in(&app, &anna).await;
    let page = here.get("/sign-out").await;
    here.submit(&page.form("/sign-out"), &[("everywhere", "yes")]).await;
    assert!(!is_in(&here).await);
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
        assert!(is_in(&browser).await, "{roles:?} before {idle} minutes of rest");
        app.advance(MINUTE * idle);
        assert_over(&browser, "idle").await;

        browser.sign_in(&app, &person).await;
        let start = app.now();
        let step = MINUTE * (idle - 2);
        while app.now().plus(step) < start.plus(MINUTE * absolute) {
            app.advance(step);
            assert!(is_in(&browser).await, "{roles:?} after {:?}", app.now().since(start));
        }
        let rest = start.plus(MINUTE * absolute).since(app.now());
        app.advance(rest.saturating_sub(TICK));
        assert!(is_in(&browser).await);
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
    assert!(is_in(&browser).await);
    app.advance(MINUTE * 10);
    assert_over(&browser, "security").await;
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
    assert!(!is_in(&browser).await, "an administrator's session rested longer than 15 minutes");
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
