//! Signing keys that turn under load on a real node, watched by applications that verify every token.
//! Ignored otherwise: `make soak`.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::demo::Demo;
use crate::support::client::Browser;
use crate::support::key_set::{KeySetCopy, kid};

/// Applications that ask for tokens at the same time.
const APPLICATIONS: u8 = 8;
const TURN_EVERY: Duration = Duration::from_secs(20);
/// Widespread libraries wait so long before they read the key set again for another unknown key.
const READ_AGAIN_AFTER: Duration = Duration::from_mins(1);
/// How old a token is when it is verified a second time: near the end of its life.
const SECOND_LOOK: Duration = Duration::from_mins(4);
const SECRET: &str = "a-secret-of-the-machines-under-load";

#[derive(Default)]
struct Counts {
    issued: AtomicU64,
    verified: AtomicU64,
    failed: AtomicU64,
    key_sets: AtomicU64,
}

/// An application with its copy of the key set, kept as long as it may be.
struct Application {
    browser: Browser,
    known: KeySetCopy,
    read_at: Instant,
    max_age: Duration,
    counts: Arc<Counts>,
}

impl Application {
    async fn new(browser: Browser, counts: Arc<Counts>) -> Self {
        let known = KeySetCopy::read(r#"{"keys":[]}"#);
        let mut new = Self { browser, known, read_at: Instant::now(), max_age: Duration::ZERO, counts };
        new.read().await;
        new
    }

    async fn read(&mut self) {
        let page = self.browser.get("/oauth2/jwks").await;
        let seconds = page.header("cache-control").rsplit_once("max-age=").unwrap().1.parse().unwrap();
        self.known = KeySetCopy::read(&page.body);
        (self.read_at, self.max_age) = (Instant::now(), Duration::from_secs(seconds));
        self.counts.key_sets.fetch_add(1, Ordering::Relaxed);
    }

    async fn token(&self) -> String {
        let form = [("grant_type", "client_credentials")];
        let asked = self.browser.request(reqwest::Method::POST, "/oauth2/token");
        let page = self.browser.send(asked.basic_auth("load", Some(SECRET)).form(&form)).await;
        let answer: Value = serde_json::from_str(&page.body).unwrap_or_default();
        self.counts.issued.fetch_add(1, Ordering::Relaxed);
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{}", page.body)).to_owned()
    }

    async fn verify(&mut self, token: &str) {
        let (age, is_known) = (self.read_at.elapsed(), self.known.has(&kid(token)));
        if age >= self.max_age || (!is_known && age >= READ_AGAIN_AFTER) {
            self.read().await;
        }
        self.counts.verified.fetch_add(1, Ordering::Relaxed);
        if self.known.claims(token).is_none() {
            self.counts.failed.fetch_add(1, Ordering::Relaxed);
            eprintln!("not verified: {} with a key set of {:?}", kid(token), self.read_at.elapsed());
        }
    }

    /// Asks for tokens and verifies each twice, until it is told to end.
    async fn work(mut self, ends: Arc<AtomicBool>) {
        let mut waiting = std::collections::VecDeque::new();
        while !ends.load(Ordering::Relaxed) {
            let token = self.token().await;
            self.verify(&token).await;
            if self.counts.issued.load(Ordering::Relaxed).is_multiple_of(50) {
                waiting.push_back((token, Instant::now() + SECOND_LOOK));
            }
            while waiting.front().is_some_and(|(_, due)| *due <= Instant::now()) {
                let (token, _) = waiting.pop_front().unwrap();
                self.verify(&token).await;
            }
        }
        for (token, _) in waiting {
            self.verify(&token).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make soak"]
async fn signing_keys_turn_under_load() {
    let minutes = environment("CARDEA_SOAK_MINUTES").map_or(10, |minutes| minutes.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let machines = folder.path().join("machines.json");
    let list = json!([{ "client_id": "load", "client_secret": SECRET, "scope": "load",
        "grant_types": ["client_credentials"] }]);
    std::fs::write(&machines, list.to_string()).unwrap();
    let demo = Demo::start_with(&["--clients", machines.to_str().unwrap()]);
    let (counts, ends) = (Arc::<Counts>::default(), Arc::<AtomicBool>::default());
    let mut applications = tokio::task::JoinSet::new();
    for number in 1..=APPLICATIONS {
        let browser = demo.browser(Ipv4Addr::new(127, 80, 0, number));
        let application = Application::new(browser, Arc::clone(&counts)).await;
        applications.spawn(application.work(Arc::clone(&ends)));
    }
    let (start, mut turns) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(60 * minutes) {
        tokio::time::sleep(TURN_EVERY).await;
        // Every third time as the schedule would: that key signs after this soak, if at all.
        let flags: &[&str] = if turns % 3 == 2 { &[] } else { &["--now"] };
        demo.run(&[&["keys", "rotate", "--signing"], flags].concat()).ok();
        turns += 1;
    }
    ends.store(true, Ordering::Relaxed);
    while let Some(ended) = applications.join_next().await {
        ended.unwrap();
    }
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let (issued, verified, failed) = (of(&counts.issued), of(&counts.verified), of(&counts.failed));
    let key_sets = of(&counts.key_sets);
    println!(
        "{minutes} min, {turns} turns, {issued} tokens, {verified} verifications, {key_sets} key sets read, \
         {failed} failed"
    );
    demo.records();
    assert!(issued > 100 * minutes && turns > 0);
    assert_eq!(failed, 0, "verifications failed");
}

#[expect(clippy::disallowed_methods, reason = "a setting of this test, no configuration of the product")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
