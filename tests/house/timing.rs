//! Whether a name exists does not show in the time that a refusal takes: three runs of two hundred pairs
//! each, an unknown name against a wrong password of a known account, compared by rank.
//!
//! Two things hide the difference: the same work for both (the decoy hash), and a deadline before which no
//! refusal leaves. Each is measured: the bare work with the deadline off, the whole answer with it on.
//!
//! That the measurement would notice is shown without any switch in the product. A decoy costs what an account
//! drawn by chance costs. So the people who are asked for are made under the real cost, and beside them ten
//! times as many whom a node made that is configured to hash for next to nothing: nine of ten decoys are as
//! good as gone, while everyone who is asked for still costs the whole. Everything else on the way of the
//! request is the same.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use cardea::config::Config;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::support::app::TestApp;
use crate::support::rank::mann_whitney;
use crate::support::visitor::Visitor;

const RUNS: usize = 3;
const PAIRS: u8 = 200;
/// People whose passwords cost next to nothing, ten for each of the others.
const CHEAP_PEOPLE: u16 = 2000;
/// Below this a difference is more than chance.
const LEVEL: f64 = 0.01;

/// What a refusal costs beside the hash is as by default; only counts and pauses are out of the way.
async fn service(change: impl FnOnce(&mut Config) + Send + 'static) -> TestApp {
    let built_in = Config::defaults(std::path::Path::new("/")).unwrap_or_else(|error| panic!("{error}"));
    let app = TestApp::builder().embedded().with(move |config| {
        config.hashing = built_in.hashing;
        config.hashing.workers = 1;
        change(config);
    });
    app.start().await.unwrap()
}

fn known(number: u8) -> String {
    format!("known.person.{number:03}")
}

fn unknown(number: u8) -> String {
    format!("nobody.at.all.{number:02}")
}

async fn people(app: &TestApp) {
    for number in 0..PAIRS {
        app.person(&known(number)).with_totp().build().await;
    }
}

/// The time of one refusal, at a browser of its own.
async fn refused(app: &TestApp, from: Ipv4Addr, name: &str) -> f64 {
    let mut visitor = Visitor::new(app.address, &app.issuer, from);
    visitor.arrive().await.unwrap();
    let start = Instant::now();
    let reply = visitor.password(name, "wrong in any case").await.unwrap();
    let took = start.elapsed();
    assert_eq!(reply.status, 422, "{}", reply.body);
    took.as_secs_f64()
}

/// One run: the chance of such a difference if there were none, and both medians in milliseconds.
async fn run(app: &TestApp, run: usize) -> f64 {
    let (mut of_known, mut of_unknown) = (vec![], vec![]);
    let source =
        |pair: u8, second: bool| Ipv4Addr::new(127, 60 + u8::try_from(run).unwrap(), u8::from(second), pair);
    for pair in 0..PAIRS {
        let (known, unknown) = (known(pair), unknown(pair));
        // Whoever comes first may find a warmer machine: they take turns.
        for second in [false, true] {
            if (pair % 2 == 0) == second {
                of_unknown.push(refused(app, source(pair, second), &unknown).await);
            } else {
                of_known.push(refused(app, source(pair, second), &known).await);
            }
        }
        // Nobody is paused: five failures in a row are never reached, as time goes on between the runs.
        app.advance(Duration::from_secs(1));
    }
    let p = mann_whitney(&of_known, &of_unknown);
    eprintln!(
        "run {run}: known {:.3} ms, unknown {:.3} ms (medians of {PAIRS}), p = {p:.4}",
        median(of_known) * 1000.0,
        median(of_unknown) * 1000.0
    );
    p
}

/// The time of the steps of a reset before the first proof: begun, a code by mail asked for, a wrong one typed.
async fn reset(app: &TestApp, from: Ipv4Addr, name: &str) -> f64 {
    let mut visitor = Visitor::new(app.address, &app.issuer, from);
    visitor.get("/reset").await.unwrap();
    let start = Instant::now();
    let begun = visitor.post("/reset", &[("username", name), ("problem", "forgotten")]).await.unwrap();
    let journey = begun.sent("journey").unwrap_or_else(|| panic!("{}", begun.body));
    let sent = visitor.post("/reset/mail/send", &[("journey", &journey)]).await.unwrap();
    let typed = [("journey", journey.as_str()), ("mail_code", "00000000")];
    let refused = visitor.post("/reset/mail", &typed).await.unwrap();
    let took = start.elapsed();
    assert_eq!((begun.status, sent.status, refused.status), (303, 303, 422), "{}", refused.body);
    took.as_secs_f64()
}

/// A mail server that says nothing for a while, and then that it is busy.
async fn slow_mail_server(silence: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                tokio::time::sleep(silence).await;
                // Whoever has hung up meanwhile is not told.
                let _ = stream.write_all(b"421 busy\r\n").await;
            });
        }
    });
    port
}

/// As [`run`], for resets.
async fn run_of_resets(app: &TestApp, run: usize) -> f64 {
    let (mut of_known, mut of_unknown) = (vec![], vec![]);
    let source =
        |pair: u8, second: bool| Ipv4Addr::new(127, 90 + u8::try_from(run).unwrap(), u8::from(second), pair);
    for pair in 0..PAIRS {
        let (known, unknown) = (known(pair), unknown(pair));
        for second in [false, true] {
            if (pair % 2 == 0) == second {
                of_unknown.push(reset(app, source(pair, second), &unknown).await);
            } else {
                of_known.push(reset(app, source(pair, second), &known).await);
            }
        }
        app.advance(Duration::from_secs(1));
    }
    let p = mann_whitney(&of_known, &of_unknown);
    eprintln!(
        "reset, run {run}: known {:.3} ms, unknown {:.3} ms (medians of {PAIRS}), p = {p:.4}",
        median(of_known) * 1000.0,
        median(of_unknown) * 1000.0
    );
    p
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "statistical; run by make timing"]
async fn a_reset_does_not_tell_a_known_name_from_an_unknown_one_however_slow_the_mail_server_is() {
    let port = slow_mail_server(Duration::from_secs(2)).await;
    let app = service(move |config| {
        config.mail.kind = cardea::config::MailKind::Smtp;
        config.mail.encryption = cardea::config::MailEncryption::None;
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.port = port;
        config.reset.begun_per_hour = 1_000;
        config.reset.mail_codes_per_hour = 1_000;
        // The bare work: no deadline hides it.
        config.reset.answer_time = Duration::ZERO;
        config.reset.answer_jitter = Duration::ZERO;
    });
    let app = app.await;
    people(&app).await;
    let posting = app.keep_posting();
    for number in 0..20 {
        reset(&app, Ipv4Addr::new(127, 89, 0, number), &format!("warming.{number}")).await;
    }
    let mut found = vec![];
    for number in 1..=RUNS {
        found.push(run_of_resets(&app, number).await);
    }
    posting.abort();
    assert!(alike(&found) >= 2, "known and unknown names are told apart by their time: p = {found:?}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn runs(app: &TestApp) -> Vec<f64> {
    // The first look-ups, pages and connections are slower than those after them.
    for number in 0..20 {
        refused(app, Ipv4Addr::new(127, 70, 0, number), &format!("warming.{number}")).await;
    }
    let mut found = vec![];
    for number in 1..=RUNS {
        found.push(run(app, number).await);
    }
    found
}

fn alike(found: &[f64]) -> usize {
    found.iter().filter(|p| **p > LEVEL).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "statistical; run by make timing"]
async fn the_bare_work_does_not_tell_a_known_name_from_an_unknown_one() {
    let app = service(|_| {}).await;
    people(&app).await;
    let found = runs(&app).await;
    assert!(alike(&found) >= 2, "known and unknown names are told apart by their time: p = {found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "statistical; run by make timing"]
async fn the_whole_answer_does_not_tell_a_known_name_from_an_unknown_one() {
    let app = service(|config| {
        let built_in = Config::defaults(std::path::Path::new("/")).unwrap_or_else(|error| panic!("{error}"));
        config.sign_in = built_in.sign_in;
    });
    let app = app.await;
    people(&app).await;
    let found = runs(&app).await;
    assert!(alike(&found) >= 2, "known and unknown names are told apart by their time: p = {found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "statistical; run by make timing"]
async fn without_the_decoy_the_same_runs_tell_them_apart() {
    let first = service(|_| {}).await;
    people(&first).await;
    let config = first.opened.config.clone();
    let second = service(move |other| {
        other.database = config.database;
        other.keys = config.keys;
        (other.hashing.memory_kib, other.hashing.passes) = (8, 1);
    });
    let second = second.await;
    for number in 0..CHEAP_PEOPLE {
        second.person(&format!("cheap.person.{number:04}")).build().await;
    }
    let found = runs(&second).await;
    assert_eq!(alike(&found), 0, "the decoy was taken away and nobody noticed: p = {found:?}");
}
