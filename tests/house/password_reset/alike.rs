//! Until the first proof nothing tells a name that somebody has from one that nobody has: status, headers, body once
//! case code and tokens are masked, and the work that was done.

use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::servers::{Postgres, PostgresDatabase};
use crate::support::wire::Wire;

/// What one request cost, without a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Work {
    hashes: u64,
    statements: u64,
    units: u64,
}

struct World {
    app: TestApp,
    wire: Option<Wire>,
}

impl World {
    /// Over a wire to PostgreSQL where that is installed; otherwise hashes and writes are counted alone.
    async fn start(postgres: &mut Vec<PostgresDatabase>) -> Option<Self> {
        let generous = |config: &mut cardea::config::Config| {
            config.reset.begun_per_hour = 1_000;
            config.reset.mail_codes_per_hour = 1_000;
            config.sign_in.code_attempts_max = 1_000;
            config.sign_in.failures_max = 1_000;
        };
        let Some(server) = Postgres::shared() else {
            return Some(Self { app: TestApp::builder().with(generous).start().await?, wire: None });
        };
        let database = server.database();
        let wire = Wire::to(&database.node_url).await;
        let url = wire.url(&database.node_url);
        let app = TestApp::builder().with(generous).postgres(&url, &database.owner_url).start().await?;
        postgres.push(database);
        Some(Self { app, wire: Some(wire) })
    }

    fn so_far(&self) -> Work {
        Work {
            hashes: self.app.opened.directory.hashes_run(),
            statements: self.wire.as_ref().map_or(0, Wire::statements),
            units: self.app.opened.db.counts().units(),
        }
    }

    /// Every step before the first proof, for a name, each with what it cost.
    async fn walk(&self, username: &str) -> Vec<(&'static str, Page, Work)> {
        let browser = self.app.browser();
        let mut steps = vec![];
        let first = browser.get("/reset").await.form("/reset");
        let answer =
            self.measured(&mut steps, "begin", browser.submit(&first, &[("username", username)])).await;
        let path = answer.location();
        let page = self.measured(&mut steps, "ways", browser.get(&path)).await;
        for way in ["app", "recovery", "key", "mail"] {
            self.measured(&mut steps, way, browser.get(&format!("{path}&way={way}"))).await;
        }
        let journey = browser.get(&format!("{path}&way=app")).await.form("/reset/code");
        let post = |path: &'static str| super::moved_to(&journey, path);
        let table = [
            ("/reset/code", "code", "000000"),
            ("/reset/code", "code", "12"),
            ("/reset/recovery", "recovery_code", "AAAA-BBBB-CCCC-DDDD"),
            ("/reset/mail", "mail_code", "00000000"),
            ("/reset/mail/send", "", ""),
            ("/reset/mail", "mail_code", "00000000"),
            ("/reset/key/options", "", ""),
            ("/reset/key", "credential", "{}"),
            ("/reset/password", "new_password", super::NEW),
            ("/reset/unlock", "", ""),
        ];
        for (path, field, typed) in table {
            let typed = [(field, typed)];
            let typed = if field.is_empty() { &[][..] } else { &typed[..] };
            self.measured(&mut steps, path, browser.submit(&post(path), typed)).await;
        }
        assert_eq!(page.status, StatusCode::OK);
        steps
    }

    async fn measured(
        &self,
        steps: &mut Vec<(&'static str, Page, Work)>,
        step: &'static str,
        request: impl Future<Output = Page>,
    ) -> Page {
        let before = self.so_far();
        let page = request.await;
        let after = self.so_far();
        let work = Work {
            hashes: after.hashes - before.hashes,
            statements: after.statements - before.statements,
            units: after.units - before.units,
        };
        steps.push((step, page.clone(), work));
        page
    }
}

/// The body without what is another each time.
fn masked(page: &Page) -> String {
    let mut body = page.masked("");
    // Links carry the journey, and questions their challenge.
    let journeys = body.split("journey=").skip(1).filter_map(|rest| rest.get(..36)).map(str::to_owned);
    for journey in journeys.collect::<Vec<_>>() {
        body = body.replace(&journey, "JOURNEY");
    }
    if body.starts_with('{') {
        let mut question: serde_json::Value = serde_json::from_str(&body).unwrap();
        question["challenge"] = serde_json::Value::Null;
        question["options"]["challenge"] = serde_json::Value::Null;
        body = question.to_string();
    }
    body
}

#[tokio::test]
async fn no_step_before_the_first_proof_tells_whose_name_it_is_nor_costs_another_work() {
    let mut databases = vec![];
    let Some(world) = World::start(&mut databases).await else { return };
    let app = &world.app;
    app.person("anna").with_totp().build().await;
    app.person("gone").with_totp().disabled().build().await;
    app.person("vips").with_totp().protected().build().await;
    let left = app.person("left").with_totp().build().await;
    let account = left.account(app).await;
    app.opened.accounts.set_end(&app.origin(), &account, Some(app.now())).await.unwrap();
    let names = ["anna", "zzzz", "gone", "vips", "left"];
    // What is made once (keys of the month, the list of names, prepared statements) is made first.
    for name in names {
        world.walk(name).await;
    }
    // The model is her second walk, as those of the others are theirs: attempts that are left are told as numbers.
    let model = world.walk("anna").await;
    for name in names.into_iter().skip(1) {
        for ((step, page, work), (_, like, cost)) in world.walk(name).await.iter().zip(&model) {
            assert_eq!((page.status, work), (like.status, cost), "{name} at {step}");
            assert_eq!(page.steady_headers().len(), like.steady_headers().len(), "{name} at {step}");
            let headers = |page: &Page| {
                let all = page.steady_headers();
                all.into_iter().filter(|(header, _)| header != "location").collect::<Vec<_>>()
            };
            assert_eq!(headers(page), headers(like), "{name} at {step}");
            assert_eq!(masked(page), masked(like), "{name} at {step}");
        }
    }
    // Of all of them one was mailed: those who may reset.
    let mails = app.delivered().await;
    assert!(mails.iter().all(|mail| mail.to.iter().all(|to| to.contains("anna") || to.contains("vips"))));
}

#[tokio::test]
async fn the_log_tells_the_desk_what_the_page_does_not() {
    let Some(app) = TestApp::start().await else { return };
    app.person("gone").with_totp().disabled().build().await;
    app.person("anna").with_totp().build().await;
    for (name, standing) in [("gone", Some("disabled")), ("anna", None), ("annna", Some("unknown_name"))] {
        let browser: Browser = app.browser();
        let page = browser.reset(name, "forgotten").await;
        let code = page.case_codes().into_iter().next().unwrap();
        let record = app.record_of_case(&code).await;
        assert_eq!(record.text("what"), Some("reset_requested"));
        assert_eq!(record.text("standing"), standing, "{name}");
        assert_eq!(record.subject.is_some(), name != "annna");
    }
    let last = app.records_of("reset_requested").await.pop().unwrap();
    assert_eq!(last.list("near_accounts").len(), 1, "the desk sees who may have been meant");
    assert!(last.text("name_digest").is_some());
}
