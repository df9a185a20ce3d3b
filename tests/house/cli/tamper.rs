//! Someone with the database's file in hand: each thing that can be done to the log is named.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

use super::demo::{Demo, files_below, run_in};

/// The triggers that would be in the way of an honest mistake, and of nobody else.
const TRIGGERS: [&str; 4] =
    ["event_no_update", "event_no_delete", "event_seal_no_update", "event_seal_no_delete"];

/// Renumbers the records from one on, in two steps since the numbers are unique.
fn renumber(from: i64, by: i64) -> String {
    format!(
        "UPDATE event_seal SET sequence = -sequence - ({by}) WHERE sequence >= {from};
         UPDATE event_seal SET sequence = -sequence WHERE sequence < 0;"
    )
}

fn remove(sequence: i64) -> String {
    format!(
        "DELETE FROM event WHERE id = (SELECT event_id FROM event_seal WHERE sequence = {sequence});
         DELETE FROM event_seal WHERE sequence = {sequence};"
    )
}

/// A copy of an event under another id, so many microseconds later.
fn copy_of_event(id: &str, later: i64) -> String {
    format!(
        "INSERT INTO event (id, at, class, subject, case_code, plain, key_id, personal)
         SELECT x'{id}', at + ({later}), class, subject, NULL, plain, key_id, personal FROM event ORDER BY at LIMIT 1;"
    )
}

#[test]
fn whatever_is_done_to_the_log_is_named() {
    let mut demo = Demo::start();
    demo.stop();
    // Under the lock everything is sealed and its head given outside when the command ends.
    demo.add("someone").ok();
    let whole = demo.run(&["log", "verify"]).ok();
    assert!(whole.contains("a removal would show up to"), "{whole}");
    let last = demo.records();
    assert!(last > 10);
    let id = "0192a0b1c2d37e4f8a9b0c1d2e3f4a5b";
    let sealed = |sequence: i64| {
        format!(
            "INSERT INTO event_seal (sequence, event_id, record_hash, previous_hash, sealed_at)
             SELECT {sequence}, x'{id}', randomblob(32), record_hash, sealed_at FROM event_seal WHERE sequence = {};",
            sequence - 1
        )
    };
    let inserted = [copy_of_event(id, 1), renumber(6, 1), sealed(6)].concat();
    let table = [
        (
            "UPDATE event SET plain = replace(plain, 'true', 'false')
             WHERE id = (SELECT event_id FROM event_seal WHERE sequence = 4);"
                .to_owned(),
            vec!["record 4 (event ".to_owned(), "was changed".to_owned()],
        ),
        (
            "UPDATE event SET personal = (SELECT personal FROM event WHERE case_code IS NULL ORDER BY at DESC LIMIT 1)
             WHERE id = (SELECT event_id FROM event_seal WHERE sequence = 2);"
                .to_owned(),
            vec!["record 2 (event ".to_owned(), "was changed".to_owned()],
        ),
        (remove(5), vec!["record 5 was removed".to_owned()]),
        (
            "DELETE FROM event WHERE id = (SELECT event_id FROM event_seal WHERE sequence = 1);".to_owned(),
            vec!["record 1 was removed".to_owned()],
        ),
        ([remove(5), renumber(6, -1)].concat(), vec!["record 5 was removed".to_owned()]),
        (inserted, vec!["record 6 (event 0192a0b1-c2d3-7e4f-8a9b-0c1d2e3f4a5b) was inserted".to_owned()]),
        ([remove(last), remove(last - 1)].concat(), vec![format!("records {} to {last} were removed", last - 1)]),
        (
            copy_of_event(id, -60_000_000),
            vec!["event 0192a0b1-c2d3-7e4f-8a9b-0c1d2e3f4a5b of ".to_owned(), "was left unsealed".to_owned()],
        ),
    ];
    for (sql, sentence) in table {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(&demo.path(), copy.path());
        tamper(copy.path(), &sql);
        let ran = run_in(copy.path(), &["log", "verify"], "");
        let told = ran.out.clone();
        ran.refused(1);
        let fault = told.lines().next().unwrap();
        assert!(sentence.iter().all(|part| fault.contains(part)), "{sql}\n gave: {told}");
        let more = told.lines().count() - 2;
        // A removal at the end is told once, and shows that the heads behind it fit no more.
        assert_eq!(more, 0, "one deed, more than one fault:\n{told}");
    }
}

#[test]
fn heads_that_are_not_ours_or_not_of_this_log_are_named() {
    let mut demo = Demo::start();
    demo.stop();
    demo.add("someone").ok();
    let heads = std::fs::read_to_string(demo.file("heads.jsonl")).unwrap();
    let other = demo.path().join("other.jsonl");
    let verify = |text: &str, more: &[&str]| {
        std::fs::write(&other, text).unwrap();
        let ran = demo.run(&[&["log", "verify", "--heads", other.to_str().unwrap()], more].concat());
        (ran.code, ran.out)
    };
    assert_eq!(verify(&heads, &[]).0, 0);
    let (code, told) = verify(&format!("{heads}nonsense\n"), &[]);
    assert!(code == 1 && told.contains("of the heads cannot be read"), "{told}");
    let forged = heads.replace(r#""record_hash":""#, r#""record_hash":"00"#);
    let (code, told) = verify(&forged, &[]);
    assert!(code == 1 && told.contains("is not signed by our key"), "{told}");
    let key = demo.run(&["keys", "list", "--json"]).json()["head_key"].as_str().unwrap().to_owned();
    assert_eq!(verify(&heads, &["--head-key", &key]).0, 0);
    let (code, _) = verify(&heads, &["--head-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]);
    assert_eq!(code, 1);
    // Another installation's log under these heads: same numbers, other records.
    let mut stranger = Demo::start();
    stranger.stop();
    stranger.add("someone").ok();
    std::fs::copy(demo.file("keys.json"), stranger.file("keys.json")).unwrap();
    let told = run_in(&stranger.path(), &["log", "verify", "--heads", other.to_str().unwrap()], "");
    assert_eq!(told.code, 1);
    assert!(told.out.contains("tells of another record"), "{}", told.out);
}

fn copy_folder(from: &Path, to: &Path) {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(file, target).unwrap();
    }
}

pub fn tamper(folder: &Path, sql: &str) {
    on_database(folder, async |db| {
        for trigger in TRIGGERS {
            db.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger}")).await.unwrap();
        }
        db.execute_unprepared(sql).await.unwrap();
    });
}

/// Writes what no command writes, beside the log.
pub fn write(folder: &Path, sql: &str) {
    on_database(folder, async |db| db.execute_unprepared(sql).await.map(|_| ()).unwrap());
}

/// The one number that a question gives.
pub fn number(folder: &Path, sql: &str) -> i64 {
    on_database(folder, async |db| {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    })
}

fn on_database<T>(folder: &Path, work: impl AsyncFnOnce(&DatabaseConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Database::connect(format!("sqlite://{}", folder.join("cardea.db").display())).await.unwrap();
        let done = work(&db).await;
        db.close().await.unwrap();
        done
    })
}
