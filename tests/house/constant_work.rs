//! The work for a refusal does not depend on what is refused: as many hashes, as many statements.
//!
//! Time itself is measured elsewhere; here the work is counted, which no busy machine disturbs. Statements
//! are counted on the wire to PostgreSQL; the code that asks is the same on SQLite.

use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::Page;
use crate::support::people::Person;
use crate::support::servers::Postgres;
use crate::support::wire::Wire;

/// What one request cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Work {
    hashes: u64,
    statements: u64,
    units: u64,
}

struct World {
    app: TestApp,
    /// Present where statements can be counted.
    wire: Option<Wire>,
}

impl World {
    /// Over a wire to PostgreSQL where that is installed; otherwise hashes and writes are counted alone.
    async fn start(postgres: &mut Vec<crate::support::servers::PostgresDatabase>) -> Option<Self> {
        let Some(server) = Postgres::shared() else {
            return Some(Self { app: TestApp::start().await?, wire: None });
        };
        let database = server.database();
        let wire = Wire::to(&database.node_url).await;
        let app =
            TestApp::builder().postgres(&wire.url(&database.node_url), &database.owner_url).start().await?;
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

    /// The answer to a name and a password, and its cost alone.
    async fn password(&self, username: &str, password: &str) -> (Page, Work) {
        let browser = self.app.browser_from([127, 82, 0, 1].into());
        let form = browser.get("/sign-in").await.form("/sign-in");
        let before = self.so_far();
        let page = browser.submit(&form, &[("username", username), ("password", password)]).await;
        let after = self.so_far();
        let work = Work {
            hashes: after.hashes - before.hashes,
            statements: after.statements - before.statements,
            units: after.units - before.units,
        };
        (page, work)
    }
}

struct People {
    gone: Person,
    left: Person,
}

async fn people(app: &TestApp) -> People {
    app.person("anna").with_totp().build().await;
    let gone = app.person("gone").with_totp().disabled().build().await;
    let left = app.person("left").with_totp().build().await;
    let account = left.account(app).await;
    app.opened.accounts.set_end(&app.origin(), &account, Some(app.now())).await.unwrap();
    People { gone, left }
}

#[tokio::test]
async fn every_refused_password_costs_the_same() {
    let mut databases = vec![];
    let Some(world) = World::start(&mut databases).await else { return };
    let people = people(&world.app).await;
    let wrong = "a wrong password";
    let table = [
        ("wrong", "anna", wrong),
        ("empty", "anna", ""),
        ("too long", "anna", &"x".repeat(2000)),
        ("disabled, right", "gone", &people.gone.password),
        ("disabled, wrong", "gone", wrong),
        ("ended, right", "left", &people.left.password),
        ("unknown", "zzzz", wrong),
        ("unknown, empty", "zzzz", ""),
        ("unknown, another spelling", "DOM\\ZZZZ", wrong),
    ];
    // What is made once (keys of the month, the list of names, prepared statements) is made first.
    for username in ["anna", "zzzz", "gone", "left"] {
        world.password(username, wrong).await;
    }
    let mut costs = vec![];
    for (case, username, password) in table {
        let (page, work) = world.password(username, password).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{case}");
        assert_eq!(work.hashes, 1, "{case}: exactly one hash");
        costs.push((case, work));
    }
    // What cannot be a name is nobody's, and anyone can tell: it need not cost as many look-ups.
    for username in ["", "a b"] {
        assert_eq!(world.password(username, wrong).await.1.hashes, 1, "`{username}`: exactly one hash");
    }
    assert_equal(&costs);
}

fn assert_equal(costs: &[(&str, Work)]) {
    let (_, first) = costs[0];
    assert!(costs.iter().all(|(_, work)| *work == first), "{costs:#?}");
}

#[tokio::test]
async fn every_paused_attempt_costs_the_same() {
    let mut databases = vec![];
    let Some(world) = World::start(&mut databases).await else { return };
    let people = people(&world.app).await;
    let wrong = "a wrong password";
    for username in ["anna", "gone", "zzzz"] {
        for _ in 0..5 {
            world.password(username, wrong).await;
        }
    }
    let (mut firsts, mut others) = (vec![], vec![]);
    for (case, username, password) in [
        ("known", "anna", wrong),
        ("disabled, right", "gone", people.gone.password.as_str()),
        ("unknown", "zzzz", wrong),
    ] {
        // The first one of a window is recorded, the others share its code.
        let (page, first) = world.password(username, password).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{case}");
        let (_, second) = world.password(username, password).await;
        assert_eq!((first.hashes, second.hashes), (0, 0), "{case}");
        assert_eq!((first.units, second.units), (1, 0), "{case}: one record a window");
        firsts.push((case, first));
        others.push((case, second));
    }
    assert_equal(&firsts);
    assert_equal(&others);
}

#[tokio::test]
async fn the_list_of_near_names_is_read_for_any_name() {
    let mut databases = vec![];
    let Some(world) = World::start(&mut databases).await else { return };
    people(&world.app).await;
    for username in ["anna", "zzzz"] {
        world.password(username, "a wrong password").await;
    }
    let mut costs = vec![];
    for username in ["anna", "zzzz"] {
        // The list is older than a minute: whoever comes first reads it anew.
        world.app.advance(std::time::Duration::from_secs(61));
        costs.push(world.password(username, "a wrong password").await.1);
    }
    assert_eq!(costs[0], costs[1]);
}
