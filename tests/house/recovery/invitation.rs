//! Invitations: looked at as often as one likes, used once, by whoever knows the user name; and the one that breaks
//! the glass.

use std::sync::Arc;
use std::time::Duration;

use cardea::account::State;
use cardea::authenticator::invitation::Purpose;
use cardea::kernel::role::Role;
use reqwest::{Method, StatusCode};

use super::link;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;

const DAY: Duration = Duration::from_hours(24);
const NEW_PASSWORD: &str = "seven quiet lighthouses";

/// Makes an invitation, as the command line does; gives where it leads.
async fn invited(app: &TestApp, person: &Person, purpose: Purpose) -> String {
    let mut unit = app.opened.db.unit();
    let invitations = app.opened.authenticators.invitations();
    let (token, _) = invitations.make(&mut unit, person.id, purpose, DAY, app.now());
    app.opened.db.write(unit).await.unwrap();
    format!("/activate?token={}", token.expose())
}

async fn begin(browser: &Browser, path: &str, name: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    browser.submit(&page.form("/activate"), &[("username", name)]).await
}

/// From an invitation that was used to the end: a password, an app.
async fn set_up(app: &TestApp, browser: &Browser, answer: Page) -> crate::support::people::Totp {
    let page = browser.follow(answer).await;
    assert!(page.text().contains("has no password yet"), "{}", page.text());
    let typed = [("new_password", NEW_PASSWORD), ("new_password_again", NEW_PASSWORD)];
    let answer = browser.submit(&page.form("/sign-in/password"), &typed).await;
    let page = browser.follow(answer).await;
    assert!(page.has_form("/sign-in/enrol"), "{}", page.text());
    assert!(browser.cookie("__Host-session").is_none(), "a password alone lets nobody in");
    let (totp, answer) = browser.enrol(app, &page).await;
    assert!(answer.location().starts_with("/account/set-up?after=enrolment"), "{}", answer.location());
    let page = browser.follow(answer).await;
    assert!(link(&page, "/account/recovery-codes").is_some() && link(&page, "app/new").is_some());
    totp
}

#[tokio::test]
async fn an_invitation_leads_over_a_password_and_an_app_to_recovery_codes() {
    let Some(app) = TestApp::start().await else { return };
    let new = app.person("new.one").without_password().build().await;
    let path = invited(&app, &new, Purpose::Enrol).await;
    let token = path.split('=').next_back().unwrap().to_owned();
    assert_eq!(token.len(), 43, "256 bits");
    assert!(!app.database_holds(&token).await, "the token is kept");

    // Mail scanners look, from everywhere.
    for _ in 0..5 {
        let scanner = app.browser();
        assert_eq!(scanner.get(&path).await.status, StatusCode::OK);
        scanner.send(scanner.request(Method::HEAD, &path)).await;
    }
    let browser = app.browser();
    let page = browser.get(&path).await;
    assert!(!page.text().contains("new.one") && !page.text().contains("The one called"), "{}", page.text());
    assert_eq!(page.header("referrer-policy"), "same-origin", "the address must not leak");
    let wrong = browser.submit(&page.form("/activate"), &[("username", "somebody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("another user name"), "{}", wrong.text());
    assert_eq!(app.record_of_case(&wrong.case_code()).await.text("reason"), Some("other_name"));

    let answer = begin(&browser, &path, " New.One ").await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    let totp = set_up(&app, &browser, answer).await;
    browser.make_codes().await;
    assert_eq!(app.records_of("invitation_used").await.len(), 1);
    let mails = app.delivered().await;
    let about = |text: &str| {
        mails
            .iter()
            .filter(|mail| mail.header("Subject").is_some_and(|subject| subject.contains(text)))
            .count()
    };
    assert_eq!((about("being set up"), about("password has been changed")), (1, 0));
    // From now on it is an account like any other.
    let other = app.browser();
    let page = other.password("new.one", NEW_PASSWORD).await;
    let page = other.follow(page).await;
    assert_eq!(other.code(&page, &totp.next(&app)).await.location(), "/");
    let signed_in = app.records_of("signed_in").await;
    assert_eq!(
        (signed_in[0].text("acr"), signed_in[0].list("amr")),
        (Some("mfa"), vec!["pwd", "otp", "mfa"])
    );
}

#[tokio::test]
async fn a_dead_invitation_says_why_under_one_case_code_and_what_to_do() {
    let Some(app) = TestApp::start().await else { return };
    let new = app.person("new.one").without_password().build().await;
    let browser = app.browser();
    let dead = async |path: &str, status: StatusCode, reason: &str, words: &str| {
        let mut cases = vec![];
        for _ in 0..3 {
            let page = browser.get(path).await;
            assert_eq!(page.status, status, "{reason}: {}", page.text());
            assert!(page.text().contains(words), "{reason}: {}", page.text());
            assert!(page.text().contains("Ask whoever invited you for a new one"), "{}", page.text());
            cases.push(page.case_code());
        }
        cases.dedup();
        assert_eq!(cases.len(), 1, "{reason}: told once");
        let record = app.record_of_case(&cases[0]).await;
        assert_eq!((record.text("what"), record.text("reason")), (Some("invitation_refused"), Some(reason)));
    };
    let old = invited(&app, &new, Purpose::Enrol).await;
    let used = invited(&app, &new, Purpose::Enrol).await;
    dead(&old, StatusCode::GONE, "expired", "a newer one was made").await;
    let form = browser.get(&used).await.form("/activate");
    assert!(begin(&browser, &used, "new.one").await.location().starts_with("/sign-in"));
    dead(&used, StatusCode::GONE, "used", "already been used").await;
    // The page from before, sent once more.
    let again = browser.submit(&form, &[("username", "new.one")]).await;
    assert_eq!(again.status, StatusCode::GONE, "{}", again.text());
    let late = invited(&app, &new, Purpose::Enrol).await;
    app.advance(DAY);
    dead(&late, StatusCode::GONE, "expired", "Its time is over").await;
    let unknown = format!("/activate?token={}", "A".repeat(43));
    dead(&unknown, StatusCode::NOT_FOUND, "unknown", "We do not know it").await;
    for path in ["/activate", "/activate?token=x%22%3E"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND);
    }
    let closed = invited(&app, &new, Purpose::Enrol).await;
    let account = new.account(&app).await;
    app.opened.accounts.set_state(&app.origin(), &account, State::Disabled).await.unwrap();
    dead(&closed, StatusCode::GONE, "closed", "is not open").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_use_an_invitation_one_begins() {
    let app = TestApp::builder().with(|config| config.sign_in.code_attempts_max = 10);
    let Some(app) = app.with(|config| config.sign_in.attempts_before_pause = 50).start().await else {
        return;
    };
    let new = app.person("new.one").without_password().build().await;
    let path = invited(&app, &new, Purpose::Enrol).await;
    let mut waiting = vec![];
    for _ in 0..8 {
        let browser = app.browser();
        let form = browser.get(&path).await.form("/activate");
        waiting.push((Arc::new(browser), form));
    }
    let tries: Vec<_> = waiting
        .iter()
        .map(|(browser, form)| {
            let (browser, form) = (Arc::clone(browser), form.clone());
            tokio::spawn(async move { browser.submit(&form, &[("username", "new.one")]).await.status })
        })
        .collect();
    let mut statuses = vec![];
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{statuses:?}");
    assert_eq!(app.records_of("invitation_used").await.len(), 1);
}

#[tokio::test]
async fn whoever_guesses_the_user_name_is_paused() {
    let Some(app) = TestApp::start().await else { return };
    let new = app.person("new.one").without_password().build().await;
    let path = invited(&app, &new, Purpose::Enrol).await;
    let browser = app.browser();
    for guess in ["a", "b", "c", "d", "e"] {
        assert_eq!(begin(&browser, &path, guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(begin(&browser, &path, "new.one").await.status, StatusCode::TOO_MANY_REQUESTS);
    app.advance(Duration::from_mins(2));
    assert!(begin(&browser, &path, "new.one").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn an_invitation_is_no_proof_where_there_is_a_password() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let answer = begin(&browser, &invited(&app, &staff, Purpose::Enrol).await, "staff").await;
    let page = browser.follow(answer).await;
    assert!(page.has_form("/sign-in"), "the password is asked for: {}", page.text());
    let form = page.form("/sign-in");
    let fields = form.filled(&[("new_password", NEW_PASSWORD), ("new_password_again", NEW_PASSWORD)]);
    for path in ["/sign-in/password", "/sign-in/enrol", "/sign-in/code", "/sign-in/recovery"] {
        let answer = browser.post(path, &fields).await;
        assert!(answer.location().starts_with("/sign-in?journey="), "{path}: {}", answer.location());
    }
    let typed = [("username", "staff"), ("password", staff.password.as_str())];
    let answer = browser.submit(&form, &typed).await;
    assert!(browser.follow(answer).await.has_form("/sign-in/enrol"));
    // And in another browser the journey is nobody's.
    let new = app.person("new.one").without_password().build().await;
    let answer = begin(&browser, &invited(&app, &new, Purpose::Enrol).await, "new.one").await;
    let thief = app.browser();
    assert_eq!(thief.get(&answer.location()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_rescue_takes_nothing_away_until_it_is_used_and_then_everything() {
    let Some(app) = TestApp::start().await else { return };
    let admin = app.person("admin").roles(&[Role::Staff, Role::Admin]).with_totp().build().await;
    let before = app.browser();
    before.sign_in(&app, &admin).await;
    before.make_codes().await;
    let path = invited(&app, &admin, Purpose::Rescue).await;
    assert!(before.is_in().await, "nothing is taken away yet");
    let browser = app.browser();
    let page = browser.get(&path).await;
    assert!(page.text().contains("stop working"), "{}", page.text());
    let answer = begin(&browser, &path, "admin").await;
    assert!(!before.is_in().await, "its sessions are over");
    assert_eq!(app.opened.authenticators.of(admin.id).await.unwrap().len(), 0);
    assert_eq!(app.opened.authenticators.recovery().left(admin.id).await.unwrap(), 0);
    assert_eq!(before.password("admin", &admin.password).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let totp = set_up(&app, &browser, answer).await;
    let other = app.browser();
    let page = other.password("admin", NEW_PASSWORD).await;
    let page = other.follow(page).await;
    assert_eq!(other.code(&page, &admin.code(&app)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(&page, &totp.next(&app)).await.location(), "/");
    let revoked = app.records_of("authenticator_revoked").await;
    assert_eq!(revoked.len(), 1);
}
