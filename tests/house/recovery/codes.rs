//! Recovery codes: made, kept, used once, counted, replaced.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use super::{codes_on, link, with_codes};
use crate::support::app::TestApp;
use crate::support::smtp::Mail;

#[tokio::test]
async fn ten_codes_are_shown_once_and_only_digests_are_kept() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let ask = browser.get("/account/recovery-codes").await;
    assert_eq!(app.records_of("recovery_codes_made").await.len(), 0, "looking makes nothing");
    let form = ask.form("/account/recovery-codes");
    let page = browser.submit(&form, &[]).await;
    let codes = codes_on(&page);
    assert_eq!(codes.len(), 10);
    assert_eq!(page.header("cache-control"), "no-store");
    for code in &codes {
        let signs = code.replace('-', "");
        // 16 signs of 32: 80 bits.
        assert!(signs.len() == 16 && signs.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert!(!app.database_holds(code).await && !app.database_holds(&signs).await, "{code} is kept");
    }
    // The page sent once more shows nothing and makes nothing.
    let again = browser.submit(&form, &[]).await;
    assert_eq!((again.status, codes_on(&again).len()), (StatusCode::SEE_OTHER, 0));
    let ask = browser.follow(again).await;
    assert!(ask.text().contains("10 codes are left"), "{}", ask.text());
    assert!(codes.iter().all(|code| !ask.body.contains(code.as_str())));
    let made = app.records_of("recovery_codes_made").await;
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].text("type"), made[0].subject), (Some("authenticator_added"), Some(anna.id)));
    let mails = app.delivered().await;
    let about = |mail: &&Mail| mail.header("Subject").unwrap().contains("New recovery codes");
    assert_eq!(mails.iter().filter(about).count(), 1);
    let carries = |mail: &Mail| codes.iter().any(|code| mail.data.contains(code.as_str()));
    assert!(!mails.iter().any(carries), "no mail carries a code");
    let copy = std::fs::read_to_string(&app.opened.config.log.copy).unwrap();
    assert!(codes.iter().all(|code| !copy.contains(code.as_str())), "no record carries a code");
}

#[tokio::test]
async fn a_code_is_a_second_proof_once_and_is_told_to_its_owner() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let browser = app.browser();
    let page = browser.recovery_page(&anna).await;
    assert!(browser.cookie("__Host-session").is_none());
    // However it is typed.
    let answer = browser.recover(&page, &format!(" {} ", codes[3].to_lowercase().replace('-', " "))).await;
    assert!(answer.location().starts_with("/account/set-up?after=recovery"), "{}", answer.location());
    let page = browser.follow(answer).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("9 codes are left"), "{}", page.text());
    // What is lost is taken away after something else is there.
    assert!(link(&page, "/account/authenticators/app/new").is_some());
    assert!(link(&page, "/remove").is_none(), "the only one stays");

    let used = app.records_of("recovery_code_accepted").await;
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].text("type"), used[0].text("method")), (Some("recovery_ok"), Some("otp")));
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!((signed_in.text("acr"), signed_in.list("amr")), (Some("mfa"), vec!["pwd", "otp", "mfa"]));
    let mails = app.delivered().await;
    let told = mails.iter().find(|mail| mail.header("Subject").unwrap().contains("A recovery code was used"));
    let told = told.expect("the owner is told");
    assert!(told.data.contains("9 codes are left") && !told.data.contains(&codes[3]), "{}", told.data);

    // A second time it is none, for anyone.
    for browser in [browser, app.browser()] {
        let page = browser.recovery_page(&anna).await;
        let answer = browser.recover(&page, &codes[3]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("already been used"), "{}", answer.text());
        let record = app.record_of_case(&answer.case_code()).await;
        assert_eq!(
            (record.text("what"), record.text("reason")),
            (Some("recovery_code_refused"), Some("replayed"))
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_type_the_same_code_one_gets_in() {
    let app = TestApp::builder().with(|config| {
        config.sign_in.code_attempts_max = 1_000;
        config.sign_in.attempts_per_source = 1_000;
    });
    let Some(app) = app.start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let mut waiting = vec![];
    for _ in 0..20 {
        let browser = app.browser();
        let page = browser.recovery_page(&anna).await;
        waiting.push((Arc::new(browser), page));
    }
    let tries = waiting.iter().map(|(browser, page)| {
        let (browser, page, code) = (Arc::clone(browser), page.clone(), codes[0].clone());
        tokio::spawn(async move { browser.recover(&page, &code).await.status })
    });
    let tries: Vec<_> = tries.collect();
    let mut statuses = vec![];
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{statuses:?}");
    assert_eq!(app.records_of("recovery_code_accepted").await.len(), 1);
    let others = statuses.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(others.count(), 19, "{statuses:?}");
}

#[tokio::test]
async fn wrong_codes_are_counted_before_they_are_looked_at_and_by_themselves() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let stranger = app.browser();
    let page = stranger.recovery_page(&anna).await;
    for malformed in ["", "123456", "K7QD-2MXA-RT4W", "K7QD-2MXA-RT4W-9HC0"] {
        let answer = stranger.recover(&page, malformed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("16 letters"), "{malformed}: {}", answer.text());
    }
    for left in [4, 3, 2, 1, 1] {
        let answer = stranger.recover(&page, "AAAA-BBBB-CCCC-DDDD").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        let told = if left == 1 { "one attempt left".to_owned() } else { format!("{left} attempts left") };
        assert!(answer.text().contains(&told), "{left}: {}", answer.text());
    }
    let paused = stranger.recover(&page, &codes[0]).await;
    assert_eq!(paused.status, StatusCode::TOO_MANY_REQUESTS, "a right code is not looked at in a pause");
    assert!(!paused.header("retry-after").is_empty());
    // Codes of the app have a count of their own, and so has the owner's known browser.
    let page = stranger.code_page(&anna).await;
    assert_eq!(stranger.code(&page, &anna.code(&app)).await.location(), "/");
    app.advance(Duration::from_mins(2));
    let page = stranger.recovery_page(&anna).await;
    assert!(stranger.recover(&page, &codes[0]).await.location().starts_with("/account/set-up"));
}

#[tokio::test]
async fn a_new_set_ends_the_old_one_and_wants_a_fresh_second_proof() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, old) = with_codes(&app, "anna").await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let form = browser.get("/account/recovery-codes").await.form("/account/recovery-codes");
    app.advance(Duration::from_mins(11));
    for answer in [browser.get("/account/recovery-codes").await, browser.submit(&form, &[]).await] {
        assert!(
            answer.location().starts_with("/sign-in?to=recovery%2Dcodes&again=1"),
            "{}",
            answer.location()
        );
    }
    let page = browser.open("/account/recovery-codes").await;
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let answer = browser.submit(&page.form("/sign-in"), &typed).await;
    let page = browser.follow(answer).await;
    assert_eq!(browser.code(&page, &anna.code(&app)).await.location(), "/account/recovery-codes");
    let new = browser.make_codes().await;
    assert!(new.iter().all(|code| !old.contains(code)));

    let stranger = app.browser();
    let page = stranger.recovery_page(&anna).await;
    let answer = stranger.recover(&page, &old[0]).await;
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("wrong"));
    assert!(stranger.recover(&page, &new[0]).await.location().starts_with("/account/set-up"));
}

#[tokio::test]
async fn a_code_of_somebody_else_or_without_the_password_opens_nothing() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, hers) = with_codes(&app, "anna").await;
    let (_, others) = with_codes(&app, "berta").await;
    let browser = app.browser();
    let page = browser.recovery_page(&anna).await;
    let answer = browser.recover(&page, &others[0]).await;
    assert_eq!(app.record_of_case(&answer.case_code()).await.text("reason"), Some("wrong"));
    assert!(browser.cookie("__Host-session").is_none());
    // Where the step is another one, a code is not looked at.
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.enrol_page(&staff).await;
    let form = page.form("/sign-in/enrol");
    let fields = form.filled(&[("recovery_code", hers[1].as_str())]);
    let answer = browser.post("/sign-in/recovery", &fields).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    assert!(browser.cookie("__Host-session").is_none());
    assert_eq!(app.opened.authenticators.recovery().left(anna.id).await.unwrap(), 10);
}

#[tokio::test]
async fn few_codes_are_told_at_home_and_in_the_account() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, codes) = with_codes(&app, "anna").await;
    let browser = app.browser();
    for (used, code) in codes.iter().enumerate() {
        let page = browser.recovery_page(&anna).await;
        let answer = browser.recover(&page, code).await;
        assert!(answer.location().starts_with("/account/set-up"), "{}", answer.text());
        let left = 9 - used;
        let (home, account) = (browser.get("/").await.text(), browser.get("/account").await.text());
        let low = left <= 3;
        assert_eq!(home.contains("Few recovery codes left"), low, "{left}: {home}");
        assert_eq!(account.contains("Few recovery codes left"), low, "{left}: {account}");
        if low && left > 1 {
            assert!(home.contains(&format!("You have {left} recovery codes left")), "{home}");
        }
    }
    // Without any left it is no way any more.
    let page = browser.code_page(&anna).await;
    assert!(super::link(&page, "way=recovery").is_none());
}
