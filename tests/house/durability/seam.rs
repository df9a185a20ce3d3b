//! The one write seam: units share commits, and each happens whole or not at all.

use cardea::event::{Event, What};
use cardea::infra::database::{Database, Durability, Unit, WriteError};
use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, Query, UpdateStatement};

use crate::support::app::TestApp;
use crate::support::servers::Postgres;

/// A row that nothing else in a test touches: an organisation's name and number.
fn row(number: u32, name: &str) -> InsertStatement {
    let id = uuid::Uuid::from_u128(u128::from(number));
    Query::insert()
        .into_table("organisation")
        .columns(["id", "name", "created_at"])
        .values_panic([id.into(), name.into(), i64::from(number).into()])
        .to_owned()
}

/// A condition that nothing meets.
fn never() -> UpdateStatement {
    Query::update()
        .table("organisation")
        .value("name", "x")
        .and_where(Expr::col("created_at").eq(-1))
        .to_owned()
}

fn unit(db: &Database, number: u32) -> Unit {
    let mut unit = db.unit();
    unit.require("row_is_new", &row(number, "kept"));
    unit
}

async fn rows(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM organisation").await
}

async fn all<F: Future + Send + 'static>(futures: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F::Output: Send,
{
    let tasks: Vec<_> = futures.map(tokio::spawn).collect();
    let mut done = vec![];
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn units_in_parallel_share_commits_on_the_embedded_database() {
    let app = TestApp::builder().embedded().start().await.unwrap();
    let db = &app.opened.db;
    let (units, commits) = (db.counts().units(), db.counts().commits());
    let writes = (0..100).map(|number| {
        let db = db.clone();
        async move { db.write(unit(&db, number)).await }
    });
    for result in all(writes).await {
        result.unwrap();
    }
    let (units, commits) = (db.counts().units() - units, db.counts().commits() - commits);
    eprintln!("{units} units in parallel shared {commits} commits");
    assert_eq!((units, rows(&app).await), (100, 100));
    assert!(commits < 50, "{commits} commits for {units} units: nothing was grouped");
}

/// All of them wait when the writer looks, since nobody else runs between: they are one batch.
/// A connection that holds the embedded database's lock until it is dropped.
fn locked(app: &TestApp) -> rusqlite::Connection {
    let path = app.opened.config.database.url.expose().trim_start_matches("sqlite://");
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[tokio::test]
async fn one_unit_that_fails_does_not_undo_its_neighbours() {
    let Some(app) = TestApp::start().await else { return };
    let db = &app.opened.db;
    db.write(unit(db, 1)).await.unwrap();
    let (units, commits) = (db.counts().units(), db.counts().commits());
    let mut unmet = unit(db, 3);
    unmet.require("never_met", &never());
    let mut broken = unit(db, 4);
    broken.run(&row(5, "kept"));
    // No such table: an error and no refusal.
    broken.run(&Query::delete().from_table("no_such_table").to_owned());
    // SQLite's writer waits until all of them are handed over.
    let lock = (db.backend() == DbBackend::Sqlite).then(|| locked(&app));
    let (before, taken, unmet, broken, after, ()) = tokio::join!(
        db.write(unit(db, 2)),
        db.write(unit(db, 1)),
        db.write(unmet),
        db.write(broken),
        db.write(unit(db, 6)),
        async { drop(lock) },
    );
    before.unwrap();
    after.unwrap();
    assert!(matches!(taken, Err(WriteError::Refused("row_is_new"))), "{taken:?}");
    assert!(matches!(unmet, Err(WriteError::Refused("never_met"))), "{unmet:?}");
    assert!(matches!(broken, Err(WriteError::Unavailable(_))), "{broken:?}");
    // Of the refused ones nothing is there, not even what came before the step that failed.
    let kept = app.number("SELECT CAST(SUM(created_at) AS BIGINT) FROM organisation").await;
    assert_eq!((rows(&app).await, kept), (3, 1 + 2 + 6));
    assert_eq!(db.counts().units() - units, 2, "only what is durable counts");
    if db.backend() == DbBackend::Sqlite {
        // What it had taken when it came upon the lock, and the rest.
        assert!(db.counts().commits() - commits <= 2, "they did not share their commits");
    }
    // The connection is as good as before.
    db.write(unit(db, 7)).await.unwrap();
}

#[tokio::test]
async fn a_unit_happens_whole_or_not_at_all() {
    let Some(app) = TestApp::start().await else { return };
    let db = &app.opened.db;
    for failing in 0..=4 {
        let before = rows(&app).await;
        let mut unit = db.unit();
        for step in 0..4 {
            if step == failing {
                unit.require("never_met", &never());
            }
            unit.run(&row(failing * 10 + step, "kept"));
        }
        let done = db.write(unit).await;
        let there = rows(&app).await - before;
        match failing {
            4 => assert!(done.is_ok() && there == 4, "{done:?}, {there} rows"),
            _ => assert!(
                matches!(done, Err(WriteError::Refused("never_met"))) && there == 0,
                "failing at step {failing}: {done:?}, {there} rows"
            ),
        }
    }
}

#[tokio::test]
async fn whoever_finds_the_queue_full_is_told_at_once_and_the_others_are_served() {
    let app = TestApp::builder().embedded().start().await.unwrap();
    let db = &app.opened.db;
    let writes: Vec<_> = (0..5_000)
        .map(|number| {
            let db = db.clone();
            Box::pin(async move { db.write(unit(&db, number)).await })
        })
        .collect();
    // The writer waits for a lock that somebody else holds: more are handed over than may wait.
    let lock = locked(&app);
    let mut results = vec![];
    let mut waiting = vec![];
    for mut write in writes {
        let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await;
        match polled {
            std::task::Poll::Ready(result) => results.push(result),
            std::task::Poll::Pending => waiting.push(write),
        }
    }
    let full = results.iter().filter(|result| matches!(result, Err(WriteError::Full))).count();
    assert!(full > 0 && full == results.len(), "{full} of {} were told that it is full", results.len());
    drop(lock);
    for write in waiting {
        write.await.unwrap();
    }
    let expected = 5_000 - i64::try_from(full).unwrap();
    eprintln!("of 5000 units handed over at once {expected} were served and {full} refused as too many");
    assert_eq!(rows(&app).await, expected);
    assert!(full < 1_000, "more than the bound of the queue was refused");
}

#[tokio::test]
async fn an_effect_and_its_event_are_there_together_or_not_at_all() {
    let Some(app) = TestApp::start().await else { return };
    let (db, log) = (&app.opened.db, &app.opened.log);
    let told = || app.number("SELECT COUNT(*) FROM event WHERE plain LIKE '%\"what\":\"command_run\"%'");
    let event = |command: &str| Event::new(What::CommandRun { command: command.to_owned() });
    let mut refused = unit(db, 1);
    log.record(&mut refused, &app.origin(), event("refused")).await.unwrap();
    refused.require("never_met", &never());
    assert!(matches!(db.write(refused).await, Err(WriteError::Refused("never_met"))));
    assert_eq!((rows(&app).await, told().await), (0, 0), "a refused unit left something behind");
    let mut done = unit(db, 1);
    log.record(&mut done, &app.origin(), event("done")).await.unwrap();
    db.write(done).await.unwrap();
    assert_eq!((rows(&app).await, told().await), (1, 1));
    // And a unit that is never handed over is not either.
    let mut dropped = unit(db, 2);
    log.record(&mut dropped, &app.origin(), event("dropped")).await.unwrap();
    drop(dropped);
    assert_eq!((rows(&app).await, told().await), (1, 1));
}

#[tokio::test]
async fn the_database_itself_says_whether_an_acknowledged_write_can_be_lost() {
    let embedded = TestApp::builder().embedded().start().await.unwrap();
    assert_eq!(embedded.opened.db.durability().await.unwrap(), Durability::Durable);
    let Some(server) = Postgres::shared() else { return };
    let fast = server.database();
    let open = async |url: &str| {
        let options = cardea::infra::database::DatabaseOptions {
            url: url.to_owned(),
            migration_url: None,
            connections_max: 1,
        };
        Database::open(&options).await.unwrap().durability().await.unwrap()
    };
    let Durability::Less(why) = open(&fast.node_url).await else {
        panic!("a fast server claims to be durable")
    };
    assert!(why.contains(&"fsync=off".to_owned()), "{why:?}");
    let Some(server) = Postgres::durable() else { return };
    let safe = server.database();
    assert_eq!(open(&safe.node_url).await, Durability::Durable);
}
