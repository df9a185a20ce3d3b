//! What happens when something that the service stands on goes away: it says so, does nothing by halves,
//! and goes on when it comes back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cardea::app::open::{self, Opened, Surroundings};
use cardea::event::verify;
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend};
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::client::Browser;
use crate::support::servers::{Postgres, Redis, skipped};

const WRONG: &str = "a wrong password";
/// Longest that a service may take to find a server that came back.
const FOUND_AGAIN_WITHIN: Duration = Duration::from_secs(30);

async fn readiness(browser: &Browser) -> (StatusCode, Value) {
    let page = browser.get("/readyz").await;
    (page.status, serde_json::from_str(&page.body).unwrap())
}

/// Asks until the service is ready again.
async fn ready_again(browser: &Browser) {
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    let asked = tokio::time::timeout(FOUND_AGAIN_WITHIN, async {
        while readiness(browser).await.1["status"] != "ready" {
            pause.tick().await;
        }
    });
    asked.await.expect("the service did not find the server that came back");
}

// ------------------------------------------------------------------------------------------------ Redis

#[tokio::test]
async fn without_redis_signing_in_goes_on_and_limits_are_stricter() {
    let Some(mut redis) = Redis::alone() else { return };
    let builder = TestApp::builder().redis(redis.url()).with(|config| config.sign_in.attempts_per_source = 6);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (browser, probe) = (app.browser(), app.browser());
    browser.sign_in(&app, &anna).await;
    assert_eq!(readiness(&probe).await.1["status"], "ready");

    redis.kill();
    let (status, body) = readiness(&probe).await;
    assert_eq!((status, body["status"].as_str()), (StatusCode::OK, Some("degraded")));
    assert!(body["not_ready"][0].as_str().unwrap().contains("Redis"), "{body}");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "a session is no matter of Redis");
    app.browser().sign_in(&app, &anna).await;
    let source = [127, 81, 0, 1].into();
    for _ in 0..3 {
        let page = app.browser_from(source).password("zzzz", WRONG).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = app.browser_from(source).password("zzzz", WRONG).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "half of six");
    // Counts of accounts are in the database, and hold.
    for _ in 0..5 {
        app.browser().password("anna", WRONG).await;
    }
    assert_eq!(app.browser().password("anna", &anna.password).await.status, StatusCode::TOO_MANY_REQUESTS);

    redis.restart();
    ready_again(&probe).await;
    app.advance(Duration::from_hours(1));
    app.browser().sign_in(&app, &anna).await;
}

#[tokio::test]
async fn a_node_starts_without_redis_and_finds_it_when_it_comes() {
    let Some(mut redis) = Redis::alone() else { return };
    redis.kill();
    let Some(app) = TestApp::builder().redis(redis.url()).start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    assert_eq!(readiness(&browser).await.1["status"], "degraded");
    browser.sign_in(&app, &anna).await;
    redis.restart();
    ready_again(&browser).await;
}

// ------------------------------------------------------------------------------------------- PostgreSQL

#[tokio::test]
async fn without_postgres_it_says_so_and_afterwards_it_goes_on() {
    let Some(mut postgres) = Postgres::durable() else { return };
    let database = postgres.database();
    let builder = TestApp::builder().postgres(&database.node_url, &database.owner_url);
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (browser, half, stranger) = (app.browser(), app.browser(), app.browser());
    browser.sign_in(&app, &anna).await;
    let waiting = half.code_page(&anna).await;
    let form = stranger.get("/sign-in").await.form("/sign-in");
    let sign_out = browser.get("/account").await.form("/sign-out");
    let told = app.number("SELECT COUNT(*) FROM event").await;

    postgres.kill();
    let code = anna.code(&app);
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let wrong = [("username", "zzzz"), ("password", WRONG)];
    let (ready, account, entered, refused, coded, out) = tokio::join!(
        readiness(&stranger),
        browser.get("/account"),
        stranger.submit(&form, &typed),
        stranger.submit(&form, &wrong),
        half.code(&waiting, &code),
        browser.submit(&sign_out, &[]),
    );
    assert_eq!((ready.0, ready.1["status"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("not ready")));
    for (what, page) in
        [("account", account), ("right", entered), ("wrong", refused), ("code", coded), ("sign-out", out)]
    {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
        assert!(page.case_codes().is_empty(), "{what}: an answer without its record");
        assert!(!page.body.contains("sqlx") && !page.body.contains("postgres"), "{what}: {}", page.body);
    }
    assert!(stranger.cookie("__Host-session").is_none() && half.cookie("__Host-session").is_none());
    assert!(browser.cookie("__Host-session").is_some(), "a session is not lost because nobody can look");
    assert_eq!(stranger.get("/healthz").await.status, StatusCode::OK);

    postgres.restart();
    ready_again(&stranger).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM event").await, told, "nothing was done by halves");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    assert_eq!(half.code(&waiting, &anna.code(&app)).await.location(), "/");
}

// ------------------------------------------------------------------------------------ the database itself

async fn as_owner(app: &TestApp) -> DatabaseConnection {
    let config = &app.opened.config.database;
    let url = config.migration_url.as_ref().unwrap_or(&config.url).expose().clone();
    sea_orm::Database::connect(url).await.unwrap()
}

#[tokio::test]
async fn a_database_of_another_version_is_refused_in_a_sentence() {
    let Some(app) = TestApp::start().await else { return };
    let owner = as_owner(&app).await;
    for (change, says) in [
        ("INSERT INTO schema_version (version, applied_at) VALUES (4711, 0)", "newer than this program"),
        ("DELETE FROM schema_version", "run `cardea migrate`"),
    ] {
        owner.execute_unprepared(change).await.unwrap();
        let around =
            Surroundings { clients: vec![], clock: app.clock.clone(), entropy: app.opened.entropy.clone() };
        let Err(refused) = Opened::open(app.opened.config.clone(), around).await else {
            panic!("opened after {change}")
        };
        let sentence = refused.to_string();
        assert!(sentence.contains(says), "{sentence}");
        assert!(sentence.contains(": database.url: ") && !sentence.contains('\n'), "{sentence}");
        if says.starts_with("newer") {
            let refused = open::migrate(&app.opened.config, &app.clock).await.unwrap_err();
            assert!(refused.to_string().contains("4711"), "{refused}");
        }
    }
    owner.close().await.unwrap();
}

#[tokio::test]
async fn a_locked_sqlite_file_is_told_in_time_and_nothing_is_lost() {
    let Some(app) = TestApp::builder().embedded().start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (browser, stranger) = (app.browser(), app.browser());
    browser.sign_in(&app, &anna).await;
    let form = stranger.get("/sign-in").await.form("/sign-in");
    let told = app.number("SELECT COUNT(*) FROM event").await;

    let other = as_owner(&app).await;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let (right, wrong) = (
        [("username", "anna"), ("password", anna.password.as_str())],
        [("username", "zzzz"), ("password", WRONG)],
    );
    let (a, b) = tokio::join!(stranger.submit(&form, &right), stranger.submit(&form, &wrong));
    for page in [a, b] {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
        assert!(page.header("retry-after").parse::<u64>().is_ok());
        assert!(page.case_codes().is_empty(), "an answer without its record");
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "reading goes on");
    other.execute_unprepared("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    assert_eq!(app.number("SELECT COUNT(*) FROM event").await, told);
    stranger.sign_in(&app, &anna).await;
}

// -------------------------------------------------------------------------------------------- a full disk

/// A small disk of one's own; gone with this value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`, counted as a skip, where disks cannot be mounted.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(at).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            skipped("a small disk cannot be mounted");
            return None;
        }
        Some(Self(at.to_owned()))
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut size = 1 << 20;
        for number in 0.. {
            let path = self.0.join(format!("filling.{number}"));
            if fs::write(&path, vec![1; size]).is_err() {
                let _ = fs::remove_file(&path);
                size /= 4;
            }
            if size < 64 {
                return;
            }
        }
    }

    fn free(&self) {
        for entry in fs::read_dir(&self.0).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("filling.") {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[tokio::test]
async fn on_a_full_disk_there_is_no_answer_without_its_record() {
    let place = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&place.path().join("disk")) else { return };
    let database = disk.0.join("cardea.db");
    let url = format!("sqlite://{}", database.display());
    let builder = TestApp::builder().embedded().with(move |config| {
        config.database.url = cardea::kernel::secret::Secret::new(url);
        config.sign_in.attempts_before_pause = 1000;
        config.sign_in.failures_max = 2000;
        config.sign_in.attempts_per_source = 1000;
    });
    let Some(app) = builder.start().await else { return };
    assert_eq!(app.opened.db.backend(), DbBackend::Sqlite);
    let anna = app.person("anna").with_totp().build().await;
    let (browser, signed_in) = (app.browser(), app.browser());
    signed_in.sign_in(&app, &anna).await;
    let form = browser.get("/sign-in").await.form("/sign-in");

    disk.fill();
    // What still fits may go on; what is answered is recorded, and can be read by anyone else.
    let (mut refused, mut cases) = (0, vec![]);
    while refused < 5 {
        let page = app.browser().password("zzzz", WRONG).await;
        match page.status {
            StatusCode::UNPROCESSABLE_ENTITY => {
                let case = page.case_code();
                app.record_of_case(&case).await;
                cases.push(case);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                refused += 1;
                assert!(page.case_codes().is_empty(), "an answer without its record");
            }
            other => panic!("{other} after {} answers: {}", cases.len(), page.text()),
        }
    }
    let page = browser.submit(&form, &[("username", "anna"), ("password", &anna.password)]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert!(browser.cookie("__Host-session").is_none());
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "it goes on answering");

    disk.free();
    for case in &cases {
        app.record_of_case(case).await;
    }
    browser.sign_in(&app, &anna).await;
    app.records().await;
    let report = verify::verify(&app.opened.db, None, app.now()).await.unwrap();
    assert_eq!(report.faults, vec![]);
}
