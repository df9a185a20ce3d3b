//! The log: nothing is left unsealed unseen, several sealers make one chain, nobody changes a record, and
//! who is erased is gone from it while it still proves itself.

use std::time::Duration;

use cardea::app::open::{Opened, Surroundings};
use cardea::event::verify::{self, Fault, Report};
use cardea::event::{Event, What, sealer};
use cardea::jobs::Job;
use cardea::kernel::id::AccountId;
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::support::app::TestApp;
use crate::support::servers::Postgres;

async fn proved(app: &TestApp) -> Report {
    verify::verify(&app.opened.db, None, app.now()).await.unwrap()
}

async fn record(app: &TestApp, command: &str) {
    let event = Event::new(What::CommandRun { command: command.to_owned() });
    app.opened.log.record_alone(&app.origin(), event).await.unwrap();
}

/// Another node on the same data.
async fn second(app: &TestApp) -> Opened {
    let (clock, entropy) = (app.clock.clone(), app.opened.entropy.clone());
    let around = Surroundings { clients: vec![], clock, entropy };
    Opened::open(app.opened.config.clone(), around).await.unwrap()
}

#[tokio::test]
async fn an_event_that_stays_unsealed_is_found() {
    let Some(app) = TestApp::start().await else { return };
    app.run(Job::Seal).await;
    record(&app, "left").await;
    let fresh = proved(&app).await;
    assert_eq!(fresh.faults, [], "what was written a moment ago is no fault");
    app.advance(Duration::from_secs(11));
    let faults = proved(&app).await.faults;
    assert!(matches!(&faults[..], [Fault::Unsealed { .. }]), "{faults:?}");
    app.run(Job::Seal).await;
    let sealed = proved(&app).await;
    assert_eq!((sealed.faults, sealed.records), (vec![], fresh.records + 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sealers_at_once_make_one_chain_without_gaps() {
    let Some(app) = TestApp::start().await else { return };
    let other = second(&app).await;
    let now = app.now();
    let (mut ours, mut theirs) = (0, 0);
    for round in 0..40 {
        let writing = async {
            for number in 0..5 {
                record(&app, &format!("{round} {number}")).await;
            }
        };
        let seal = |opened: &Opened| {
            let db = opened.db.clone();
            async move { sealer::seal_committed(&db, now).await.unwrap() }
        };
        // Whoever asks first has the better chance: they take turns.
        if round % 2 == 0 {
            let ((), first, second) = tokio::join!(writing, seal(&app.opened), seal(&other));
            (ours, theirs) = (ours + first, theirs + second);
        } else {
            let ((), first, second) = tokio::join!(writing, seal(&other), seal(&app.opened));
            (ours, theirs) = (ours + second, theirs + first);
        }
    }
    let rest = sealer::seal_committed(&app.opened.db, now).await.unwrap();
    eprintln!("of two sealers one sealed {ours} records, the other {theirs}");
    assert!(ours > 0 && theirs > 0, "only one of them ever sealed anything: {ours}, {theirs}");
    let report = proved(&app).await;
    assert_eq!(report.faults, []);
    let events = app.number("SELECT COUNT(*) FROM event").await;
    let last = app.number("SELECT MAX(sequence) FROM event_seal").await;
    assert_eq!((report.records, last), (events, events), "each event has one place, and none is left out");
    assert_eq!(i64::try_from(ours + theirs + rest).unwrap(), events);
}

/// What somebody with the node's own login would try. Each has to fail, and to change nothing.
const CHANGES: [&str; 8] = [
    "UPDATE event SET plain = '{}'",
    "UPDATE event SET at = 0 WHERE at > 0",
    "DELETE FROM event",
    "UPDATE event_seal SET sealed_at = 0",
    "UPDATE event_seal SET record_hash = previous_hash",
    "DELETE FROM event_seal",
    "UPDATE event SET case_code = NULL WHERE case_code IS NOT NULL OR case_code IS NULL",
    "DELETE FROM event_seal WHERE sequence = 1",
];

#[tokio::test]
async fn no_record_is_changed_or_removed_on_the_embedded_database() {
    let app = TestApp::builder().embedded().start().await.unwrap();
    record(&app, "kept").await;
    app.run(Job::Seal).await;
    let before = proved(&app).await;
    let url = app.opened.config.database.url.expose();
    let writer = sea_orm::Database::connect(url).await.unwrap();
    for change in CHANGES {
        let refused = writer.execute_unprepared(change).await.expect_err(change);
        assert!(refused.to_string().contains("the log is append-only"), "{change}: {refused}");
    }
    assert_eq!(proved(&app).await, before);
}

#[tokio::test]
async fn no_record_is_changed_or_removed_on_postgresql_by_right_or_by_trigger() {
    let Some(server) = Postgres::shared() else { return };
    let database = server.database();
    let app = TestApp::builder().postgres(&database.node_url, &database.owner_url);
    let Some(app) = app.start().await else { return };
    assert_eq!(app.opened.db.backend(), DbBackend::Postgres, "the test's own database was not used");
    record(&app, "kept").await;
    app.run(Job::Seal).await;
    let before = proved(&app).await;
    let removing = [
        "TRUNCATE event CASCADE",
        "TRUNCATE event_seal",
        "DROP TABLE event_seal",
        "DROP TABLE event CASCADE",
    ];
    let unguarding = [
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DROP TRIGGER event_append_only ON event",
        "DROP FUNCTION log_is_append_only() CASCADE",
        "SET session_replication_role = replica",
        "UPDATE schema_version SET version = 0",
        "DELETE FROM schema_version",
    ];
    let node = sea_orm::Database::connect(&database.node_url).await.unwrap();
    for change in CHANGES.into_iter().chain(removing).chain(unguarding) {
        let refused = node.execute_unprepared(change).await.expect_err(change).to_string();
        let by_right = refused.contains("permission denied") || refused.contains("must be owner");
        assert!(by_right, "{change}: {refused}");
    }
    // The owner has the right; the trigger stops a slip of the owner's.
    let owner = sea_orm::Database::connect(&database.owner_url).await.unwrap();
    for change in CHANGES.into_iter().chain(["TRUNCATE event CASCADE", "TRUNCATE event_seal"]) {
        let refused = owner.execute_unprepared(change).await.expect_err(change).to_string();
        assert!(refused.contains("the log is append-only"), "{change}: {refused}");
    }
    assert_eq!(proved(&app).await, before);
}

#[tokio::test]
async fn who_is_erased_cannot_be_read_any_more_and_the_chain_still_proves_itself() {
    let Some(app) = TestApp::start().await else { return };
    let (gone, stays) = (app.person("noor.peeters").build().await, app.person("emma.claes").build().await);
    for person in [&gone, &stays] {
        let mut unit = app.opened.db.unit();
        let event = Event::of(What::PasswordSet, person.id).named(&person.username);
        app.opened.log.record(&mut unit, &app.origin(), event).await.unwrap();
        app.opened.db.write(unit).await.unwrap();
    }
    app.run(Job::Seal).await;
    let before = proved(&app).await;
    let names = async |id: AccountId| {
        let records = app.opened.log.latest_of(id, &[3001], 10).await.unwrap();
        assert!(!records.is_empty(), "the records themselves stay");
        records.iter().filter_map(|record| record.personal.as_ref()?.user.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(gone.id).await, ["noor.peeters", "noor.peeters"]);

    let account = gone.account(&app).await;
    app.opened.accounts.erase(&app.origin(), &account, |_| {}).await.unwrap();

    assert_eq!(names(gone.id).await, Vec::<String>::new(), "an erased person can still be read");
    assert_eq!(names(stays.id).await, ["emma.claes", "emma.claes"]);
    let after = proved(&app).await;
    assert_eq!((&after.faults, &after.last_hash), (&vec![], &before.last_hash), "erasing changed the chain");
    app.run(Job::Seal).await;
    let after = proved(&app).await;
    assert_eq!((after.faults, after.records), (vec![], before.records + 1), "the erasure itself is told");
    // Neither another node nor one that starts anew can read it.
    let other = second(&app).await;
    let records = other.log.latest_of(gone.id, &[3001], 10).await.unwrap();
    assert!(records.iter().all(|record| record.personal.is_none()));
    assert_eq!(records.len(), 3);
    let keys = app.number("SELECT COUNT(*) FROM personal_key").await;
    assert_eq!(keys, 2, "the key of the other person and that of nobody");
}
