//! Guessing: who is paused, for how long, and who is not.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::Page;

const MINUTE: Duration = Duration::from_mins(1);
/// The smallest step of a clock.
const TICK: Duration = Duration::from_micros(1);
const WRONG: &str = "a wrong password";

/// One wrong password each from a source of its own.
async fn guess(app: &TestApp, username: &str, times: usize) {
    for _ in 0..times {
        let page = app.browser().password(username, WRONG).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{username}: {}", page.text());
    }
}

fn assert_paused(page: &Page, seconds: u64) {
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.text());
    assert_eq!(page.header("retry-after"), seconds.to_string());
}

#[tokio::test]
async fn five_wrong_passwords_pause_any_name_alike() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let gone = app.person("gone").with_totp().disabled().build().await;
    let mut answers = vec![];
    for (typed, right) in
        [("anna", anna.password.as_str()), ("gone", gone.password.as_str()), ("zzzz", WRONG)]
    {
        guess(&app, typed, 5).await;
        let hashes = app.opened.directory.hashes_run();
        let mut cases = vec![];
        for password in [right, WRONG, ""] {
            let page = app.browser_from([127, 78, 0, 1].into()).password(typed, password).await;
            assert_paused(&page, 60);
            cases.push(page.case_code());
            answers.push((typed, page));
        }
        assert_eq!(app.opened.directory.hashes_run(), hashes, "{typed}: nothing is checked while paused");
        cases.dedup();
        assert_eq!(cases.len(), 1, "{typed}: one case code a window: {cases:?}");
        let record = app.record_of_case(&cases[0]).await;
        assert_eq!(
            (record.text("what"), record.plain["seconds"].as_i64()),
            (Some("sign_in_paused"), Some(60))
        );
        assert_eq!(
            record.subject,
            [("anna", anna.id), ("gone", gone.id)]
                .into_iter()
                .find(|(name, _)| *name == typed)
                .map(|(_, id)| id)
        );
    }
    assert_eq!(app.records_of("sign_in_paused").await.len(), 3);
    let (first, page) = &answers[0];
    for (typed, other) in &answers {
        assert_eq!(other.steady_headers(), page.steady_headers(), "{typed}");
        assert_eq!(other.masked(typed), page.masked(first), "{typed}");
    }
}

#[tokio::test]
async fn each_further_failure_doubles_the_pause_up_to_an_hour_and_a_success_ends_the_row() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    guess(&app, "anna", 5).await;
    for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
        assert_paused(&app.browser().password("anna", &anna.password).await, minutes * 60);
        app.advance((MINUTE * u32::try_from(minutes).unwrap()).saturating_sub(TICK));
        assert_eq!(app.browser().password("anna", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
        app.advance(TICK);
        guess(&app, "anna", 1).await;
    }
    app.advance(MINUTE * 60);
    app.browser().sign_in(&app, &anna).await;
    guess(&app, "anna", 5).await;
    assert_paused(&app.browser().password("anna", WRONG).await, 60);
}

#[tokio::test]
async fn strangers_guesses_do_not_keep_the_owner_out_of_a_known_browser() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").with_totp().build().await;
    let known = app.browser();
    known.sign_in(&app, &anna).await;
    guess(&app, "anna", 5).await;
    assert_paused(&app.browser().password("anna", &anna.password).await, 60);
    known.sign_in(&app, &anna).await;
    // A browser that is known for one person is a stranger to another.
    guess(&app, "berta", 5).await;
    assert_paused(&known.password("berta", &berta.password).await, 60);
    // Neither does it help to make up a device.
    let maker = app.browser();
    maker.plant("__Host-device", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    // Half a minute went by for a code of its own.
    assert_paused(&maker.password("anna", &anna.password).await, 30);
}

#[tokio::test]
async fn a_known_browser_is_counted_too_and_alone() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let known = app.browser();
    known.sign_in(&app, &anna).await;
    for _ in 0..5 {
        assert_eq!(known.password("anna", WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_paused(&known.password("anna", &anna.password).await, 60);
    app.browser().sign_in(&app, &anna).await;
}

#[tokio::test]
async fn all_spellings_of_a_name_share_one_count() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna.peeters").email("Anna.Peeters@Example.be").with_totp().build().await;
    for spelling in [
        "ANNA.Peeters",
        "anna.peeters@example.BE",
        "CHANCELLERY\\anna.peeters",
        "ａnna.peeters",
        " anna\u{200b}.peeters ",
    ] {
        let page = app.browser().password(spelling, WRONG).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{spelling}");
        assert_eq!(app.record_of_case(&page.case_code()).await.subject, Some(anna.id), "{spelling}");
    }
    // The right password does not help a stranger now. That the spellings have one account is not told:
    // the page is the one for any refusal, and the log knows better.
    let page = app.browser().password("anna.peeters", &anna.password).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.record_of_case(&page.case_code()).await.text("reason"), Some("locked"));
    // A pause is told for what was typed too often, whoever has that name.
    for spelling in ["nobody", "NOBODY", "X\\nobody", "ｎobody", "nobody\u{ad}"] {
        guess(&app, spelling, 1).await;
    }
    assert_paused(&app.browser().password("nobody", WRONG).await, 60);
    // And each spelling leads in.
    app.advance(MINUTE);
    let browser = app.browser();
    let page = browser.password("CHANCELLERY\\ANNA.PEETERS", &anna.password).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

/// Whoever causes a pause under one name and finds it under another knows that both are one person's.
#[tokio::test]
async fn a_pause_is_not_told_under_a_name_that_did_not_cause_it() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").email("anna.peeters@example.be").with_totp().build().await;
    let berta = app.person("berta").email("berta.jacobs@example.be").with_totp().build().await;
    for (person, caused, typed, nobody) in [
        (&anna, &anna.username, &anna.email, "nina.peeters@example.be"),
        (&berta, &berta.email, &berta.username, "bella"),
    ] {
        guess(&app, caused, 5).await;
        assert_paused(&app.browser().password(caused, &person.password).await, 60);
        for password in [person.password.as_str(), WRONG, WRONG, WRONG, WRONG] {
            let before = app.opened.directory.hashes_run();
            let page = app.browser().password(typed, password).await;
            let between = app.opened.directory.hashes_run();
            let stranger = app.browser().password(nobody, password).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed} is told of the pause");
            assert_eq!(page.status, stranger.status, "{typed}");
            assert_eq!(page.steady_headers(), stranger.steady_headers(), "{typed}");
            assert_eq!(page.masked(typed), stranger.masked(nobody), "{typed}");
            let after = app.opened.directory.hashes_run();
            assert_eq!(between - before, after - between, "{typed}: the work tells of the pause");
            let record = app.record_of_case(&page.case_code()).await;
            assert_eq!((record.text("reason"), record.subject), (Some("locked"), Some(person.id)), "{typed}");
        }
        // From here on it is this name that was typed too often, as it is with one that nobody has.
        for typed in [typed, nobody] {
            assert_paused(&app.browser().password(typed, WRONG).await, 60);
        }
    }
}

#[tokio::test]
async fn parallel_guesses_are_counted_before_they_are_checked() {
    let Some(app) = TestApp::start().await else { return };
    app.person("anna").with_totp().build().await;
    let browsers: Vec<_> = (0..20).map(|_| app.browser()).collect();
    let hashes = app.opened.directory.hashes_run();
    let mut tasks = tokio::task::JoinSet::new();
    for browser in browsers {
        tasks.spawn(async move { browser.password("anna", WRONG).await.status });
    }
    let answers = tasks.join_all().await;
    let checked = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    let paused = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((checked, paused), (5, 15), "{answers:?}");
    assert_eq!(app.opened.directory.hashes_run() - hashes, 5);
}

// -------------------------------------------------------------------------------------------- the source

#[tokio::test]
async fn one_source_fails_so_often_and_no_more_whatever_the_names() {
    let builder = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 6);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let source = [127, 79, 0, 1].into();
    for number in 0..6 {
        // A fresh browser each time: cookies are no way out.
        let page = app.browser_from(source).password(&format!("name{number}"), WRONG).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let pages = [
        app.browser_from(source).password("anna", &anna.password).await,
        app.browser_from(source).password("name7", WRONG).await,
    ];
    for page in &pages {
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let seconds: u64 = page.header("retry-after").parse().unwrap();
        assert!((1..=120).contains(&seconds), "{seconds}");
    }
    assert_eq!(pages[0].case_code(), pages[1].case_code(), "one case code a window");
    app.browser_from([127, 79, 0, 2].into()).sign_in(&app, &anna).await;
}

#[tokio::test]
async fn a_success_gives_the_source_its_attempts_back() {
    let builder = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 3);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let source = [127, 79, 0, 3].into();
    // An office behind one address: everyone gets in.
    for _ in 0..6 {
        app.browser_from(source).sign_in(&app, &anna).await;
    }
    for _ in 0..3 {
        app.browser_from(source).password("zzzz", WRONG).await;
    }
    assert_eq!(app.browser_from(source).password("zzzz", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_attempt_while_paused_is_charged_to_its_source_and_not_to_the_account() {
    let builder = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 8);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    guess(&app, "anna", 5).await;
    let source = [127, 79, 0, 4].into();
    for _ in 0..8 {
        assert_paused(&app.browser_from(source).password("anna", WRONG).await, 60);
    }
    assert_eq!(app.browser_from(source).password("zzzz", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.advance(MINUTE);
    app.browser().sign_in(&app, &anna).await;
}

// ---------------------------------------------------------------------------------------- one-time codes

#[tokio::test]
async fn a_code_counts_once_and_codes_before_it_no_more() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let totp = anna.totp.as_ref().unwrap();
    let (first, second) = (app.browser(), app.browser());
    let (one, two) = (first.code_page(&anna).await, second.code_page(&anna).await);
    let (before, code) = (totp.at(app.now().minus(Duration::from_secs(30))), totp.at(app.now()));
    assert_eq!(first.code(&one, &code).await.location(), "/");
    for replayed in [&code, &before] {
        let answer = second.code(&two, replayed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        let record = app.record_of_case(&answer.case_code()).await;
        assert_eq!((record.text("what"), record.text("reason")), (Some("totp_refused"), Some("replayed")));
    }
    assert!(second.cookie("__Host-session").is_none());
    // Spaces are how apps show it; the next step's code counts already.
    let next = totp.at(app.now().plus(Duration::from_secs(30)));
    assert_eq!(second.code(&two, &format!(" {} {} ", &next[..3], &next[3..])).await.location(), "/");
}

#[tokio::test]
async fn of_two_parallel_uses_of_a_code_one_gets_in() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (first, second) = (app.browser(), app.browser());
    let (one, two) = (first.code_page(&anna).await, second.code_page(&anna).await);
    let code = anna.code(&app);
    let (a, b) = tokio::join!(first.code(&one, &code), second.code(&two, &code));
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
    assert_eq!(app.records_of("signed_in").await.len(), 1);
}

#[tokio::test]
async fn wrong_codes_pause_over_all_journeys_and_a_right_password_does_not_help() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let totp = anna.totp.as_ref().unwrap();
    let wrong = totp.wrong(&app);
    for attempt in 0..5 {
        // A journey, a browser and a source of its own each time.
        let browser = app.browser();
        let page = browser.code_page(&anna).await;
        for malformed in ["", "12345", "1234567", "abcdef", "12 34"] {
            let answer = browser.code(&page, malformed).await;
            assert_eq!((answer.status, answer.case_codes().len()), (StatusCode::UNPROCESSABLE_ENTITY, 0));
        }
        let answer = browser.code(&page, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{attempt}: {}", answer.text());
        let record = app.record_of_case(&answer.case_code()).await;
        assert_eq!(
            (record.text("reason"), record.plain["attempt"].as_i64()),
            (Some("wrong"), Some(attempt + 1))
        );
        assert_eq!(record.subject, Some(anna.id));
    }
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    assert_paused(&browser.code(&page, &anna.code(&app)).await, 60);
    assert!(browser.cookie("__Host-session").is_none());
    app.advance(MINUTE);
    assert_eq!(browser.code(&page, &anna.code(&app)).await.location(), "/");
}

#[tokio::test]
async fn codes_have_a_number_of_tries_of_their_own() {
    let builder = TestApp::builder().with(|config| {
        config.sign_in.attempts_before_pause = 10;
        config.sign_in.code_attempts_max = 2;
    });
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    guess(&app, "anna", 6).await;
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let wrong = anna.totp.as_ref().unwrap().wrong(&app);
    for _ in 0..2 {
        assert_eq!(browser.code(&page, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_paused(&browser.code(&page, &anna.code(&app)).await, 60);
}

#[tokio::test]
async fn a_phone_whose_clock_is_off_is_told_to_the_log_and_not_to_the_person() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let totp = anna.totp.as_ref().unwrap();
    let mut pages = vec![];
    for (code, reason, minutes) in [
        (totp.at(app.now().minus(MINUTE * 4)), "clock_off", Some(-4)),
        (totp.at(app.now().plus(MINUTE * 7)), "clock_off", Some(7)),
        (totp.wrong(&app), "wrong", None),
    ] {
        // Of people who are equal in everything else: the count of tries left is on the page.
        let browser = app.browser();
        let page = browser.code_page(&anna).await;
        let answer = browser.code(&page, &code).await;
        let record = app.record_of_case(&answer.case_code()).await;
        assert_eq!((record.text("reason"), record.plain["minutes_off"].as_i64()), (Some(reason), minutes));
        pages.push(answer.masked("").replace("four", "N").replace("three", "N").replace("two", "N"));
        // A success ends the row, so that each page tells of the same number of tries left.
        let next = app.browser();
        next.sign_in(&app, &anna).await;
    }
    assert_eq!(pages[0], pages[2]);
    assert_eq!(pages[1], pages[2]);
}

#[tokio::test]
async fn codes_are_limited_per_source_too() {
    let builder = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 4);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.code_page(&anna).await;
    let wrong = anna.totp.as_ref().unwrap().wrong(&app);
    for _ in 0..4 {
        assert_eq!(browser.code(&page, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(browser.code(&page, &anna.code(&app)).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn guessing_the_present_password_while_signed_in_is_counted_as_well() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let form = browser.get("/account/password").await.form("/account/password");
    let new = "seven quiet lighthouses";
    let typed = |present| [("current_password", present), ("new_password", new), ("new_password_again", new)];
    for attempt in 1..=5 {
        let answer = browser.submit(&form, &typed(WRONG)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let record = app.record_of_case(&answer.case_code()).await;
        assert_eq!(record.text("what"), Some("password_change_refused"));
        assert_eq!(record.plain["attempt"].as_i64(), Some(attempt));
    }
    let answer = browser.submit(&form, &typed(&anna.password)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    app.advance(MINUTE);
    assert_eq!(browser.submit(&form, &typed(&anna.password)).await.location(), "/account");
}
