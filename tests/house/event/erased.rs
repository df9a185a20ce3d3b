//! What is recorded of a person after, or during, the erasure: the record stays, the person does not.

use std::time::Duration;

use cardea::account::State;
use cardea::account::service::{AccountError, NewAccount};
use cardea::event::verify;
use cardea::event::{Event, What};
use cardea::jobs::Job;
use cardea::kernel::acr::Acr;
use cardea::kernel::id::AccountId;
use cardea::kernel::login_name::LoginName;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};

use crate::support::app::TestApp;
use crate::support::people::Person;

const MONTH: Duration = Duration::from_hours(31 * 24);
/// Longest that a test waits for another connection.
const PATIENCE: Duration = Duration::from_secs(20);

async fn record(app: &TestApp, person: &Person) {
    let mut unit = app.opened.db.unit();
    let event = Event::of(What::PasswordSet, person.id).named(&person.username);
    app.opened.log.record(&mut unit, &app.origin(), event).await.unwrap();
    app.opened.db.write(unit).await.unwrap();
}

/// The names that the log still tells of an account.
async fn names(app: &TestApp, id: AccountId) -> Vec<String> {
    let records = app.opened.log.latest_of(id, &[3001], 10).await.unwrap();
    records.iter().filter_map(|record| record.personal.as_ref()?.user.clone()).collect()
}

/// Of how many that are no account there are personal keys: of nobody, and else of those left behind.
async fn strangers_with_keys(app: &TestApp) -> i64 {
    let sql =
        "SELECT COUNT(DISTINCT subject) FROM personal_key WHERE subject NOT IN (SELECT id FROM account)";
    app.number(sql).await
}

#[tokio::test]
async fn a_record_of_someone_who_was_erased_makes_no_key_and_keeps_no_name() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").build().await;
    let account = person.account(&app).await;
    app.run(Job::Tidy).await;
    app.opened.accounts.erase(&app.origin(), &account, |_| {}).await.unwrap();
    app.opened.db.scrub().await.unwrap();
    // What was under way when the account went: in this month, and in one that has no keys yet.
    for _ in 0..2 {
        record(&app, &person).await;
        assert_eq!(names(&app, person.id).await, Vec::<String>::new());
        assert_eq!(strangers_with_keys(&app).await, 1, "an erased person has a key again");
        app.advance(MONTH * 2);
        app.run(Job::Tidy).await;
    }
    let records = app.records_of("password_set").await;
    assert_eq!(records.iter().filter(|record| record.subject == Some(person.id)).count(), 2, "they are told");
    assert!(!app.database_holds("noor.peeters").await);
    let copy = std::fs::read_to_string(app.folder.file("events.jsonl")).unwrap();
    assert!(!copy.contains("noor.peeters"));
    assert_eq!(verify::verify(&app.opened.db, None, app.now()).await.unwrap().faults, []);
}

/// The erasure has begun and is not committed when the record asks for a key: it has to wait for it. On
/// SQLite there is one writer, and no such moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_under_way_on_postgresql_leaves_no_key_behind() {
    let Some(app) = TestApp::start().await else { return };
    if app.opened.db.backend() != DbBackend::Postgres {
        return;
    }
    let person = app.person("noor.peeters").build().await;
    // A month for which there is no key yet.
    app.advance(MONTH * 2);
    let db = app.opened.db.read();
    let erasure = db.begin().await.unwrap();
    for table in ["DELETE FROM account WHERE id", "DELETE FROM personal_key WHERE subject"] {
        let sql = format!("{table} = $1");
        let id = [person.id.uuid().into()];
        erasure.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, id)).await.unwrap();
    }
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let recording = record(&app, &person);
    let committing = async {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while app.number(waiting).await == 0 {
            assert!(tokio::time::Instant::now() < deadline, "the record did not wait for the erasure");
            tokio::task::yield_now().await;
        }
        erasure.commit().await.unwrap();
    };
    tokio::join!(recording, committing);
    assert_eq!(strangers_with_keys(&app).await, 1, "an erased person has a key again");
    assert_eq!(names(&app, person.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_person_who_could_not_be_added_leaves_no_key() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").build().await;
    let keys = app.number("SELECT COUNT(*) FROM personal_key").await;
    let account = person.account(&app).await;
    let new = NewAccount {
        login: LoginName::parse("noor.peeters.too").unwrap(),
        display_name: "The same mail address".to_owned(),
        email: person.email.clone(),
        language: account.language,
        organisation: account.organisation,
        roles: vec![],
        protected: false,
        directory: "local".to_owned(),
        state: State::Active,
        claims: serde_json::Map::new(),
        required_acr: Acr::Mfa,
    };
    let id = AccountId::new(app.now(), &app.opened.entropy);
    let taken = app.opened.accounts.add(&app.origin(), id, new, |_| {}).await;
    assert!(matches!(taken, Err(AccountError::NameTaken)));
    assert_eq!(app.number("SELECT COUNT(*) FROM personal_key").await, keys);
    record(&app, &person).await;
    assert_eq!(names(&app, person.id).await, ["noor.peeters", "noor.peeters"]);
}
