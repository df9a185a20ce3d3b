//! The real program is killed (SIGKILL) again and again while many clients use it, and started again on
//! what it left. Whatever a client had been told is still so; whatever is there is there whole.
//!
//! SIGKILL shows what the process holds back; what the operating system holds back is the matter of
//! `answer.rs`. On PostgreSQL the server with `fsync` on is killed as well, in some of the rounds.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use cardea::event::{EventLog, sealer, verify};
use cardea::infra::database::{Database, DatabaseOptions};
use cardea::infra::geoip::GeoIp;
use cardea::infra::sealing::KeyRing;
use cardea::kernel::digest::{base64url, sha256};
use cardea::kernel::entropy::Entropy;
use cardea::kernel::time::Clock;
use sea_orm::{ConnectionTrait as _, Statement};

use super::answer::WEB;
use crate::support::crowd::{Member, crowd};
use crate::support::node::Node;
use crate::support::servers::{Backend, Postgres};
use crate::support::visitor::{Reply, Visitor};

const ROUNDS: u32 = 20;
const CLIENTS: u8 = 12;
const PEOPLE_PER_CLIENT: u32 = 8;
/// A slow machine gets no further in a round.
const LOAD_AT_MOST: Duration = Duration::from_millis(2500);
/// Every so many rounds the database server is killed with the node.
const SERVER_TOO_EVERY: u32 = 5;

/// What a client was told in one round.
#[derive(Default)]
struct Told {
    /// Case code of a refusal, and the request that it was shown to.
    refusals: Vec<(String, String)>,
    sessions: Vec<Visitor>,
    /// Codes that were issued and not used.
    codes: Vec<String>,
    /// Codes whose tokens came.
    used: Vec<String>,
    /// Name, password before, and password now.
    passwords: Vec<(String, String, String)>,
}

impl Told {
    fn all(&self) -> usize {
        let (refusals, sessions) = (self.refusals.len(), self.sessions.len());
        refusals + sessions + self.codes.len() + self.used.len() + self.passwords.len()
    }

    fn append(&mut self, mut other: Self) {
        self.refusals.append(&mut other.refusals);
        self.sessions.append(&mut other.sessions);
        self.codes.append(&mut other.codes);
        self.used.append(&mut other.used);
        self.passwords.append(&mut other.passwords);
    }
}

/// What the clients of one round share.
#[derive(Default)]
struct Load {
    visits: AtomicU32,
    over: AtomicBool,
}

/// One of the clients: people that nobody else signs in as, and addresses that nobody else comes from.
struct Client {
    number: u8,
    turn: u16,
    people: Vec<Member>,
    /// Whose password may or may not have been changed when the node died.
    in_doubt: BTreeSet<String>,
}

impl Client {
    /// Goes on until told to stop or until the node is gone.
    async fn run(&mut self, node: &Visitors, load: &Load) -> Told {
        let mut told = Told::default();
        while !load.over.load(Ordering::Relaxed) {
            if self.one(node, &mut told).await.is_none() {
                break;
            }
            load.visits.fetch_add(1, Ordering::Relaxed);
        }
        told
    }

    /// One visit; `None` when no whole answer came.
    async fn one(&mut self, node: &Visitors, told: &mut Told) -> Option<()> {
        self.turn += 1;
        // Clients are at different points of the same round of deeds.
        let deed = (self.turn + u16::from(self.number)) % 8;
        let mut visitor = node.next(self.number, self.turn);
        visitor.arrive().await.ok()?;
        let usable = |member: &Member| !self.in_doubt.contains(&member.username);
        let member = self.people.iter_mut().filter(|member| usable(member)).find_map(|member| {
            let code = member.code()?;
            Some((member, code))
        });
        let (true, Some((member, code))) = (deed.is_multiple_of(2), member) else {
            let reply =
                visitor.password(&format!("nobody.{}.{}", self.number, self.turn), "wrong").await.ok()?;
            whole(&reply, 422)?;
            let case = reply.case_code().expect("a refusal shows a case code");
            told.refusals.push((case, reply.request_id()));
            return Some(());
        };
        let reply = visitor.password(&member.username, &member.password).await.ok()?;
        whole(&reply, 303)?;
        let reply = visitor.code(&reply.sent("journey").unwrap(), &code).await.ok()?;
        whole(&reply, 303)?;
        told.sessions.push(visitor.clone());
        if deed.is_multiple_of(4) {
            // One that has little in common with the one before: that would be refused.
            let new = base64url(&sha256(format!("{} {}", self.number, self.turn).as_bytes()));
            let fields = [
                ("current_password", member.password.as_str()),
                ("new_password", &new),
                ("new_password_again", &new),
            ];
            visitor.get("/account/password").await.ok()?;
            self.in_doubt.insert(member.username.clone());
            let reply = visitor.post("/account/password", &fields).await.ok()?;
            whole(&reply, 303)?;
            self.in_doubt.remove(&member.username);
            let old = std::mem::replace(&mut member.password, new.clone());
            told.passwords.push((member.username.clone(), old, new));
        } else {
            let code = visitor.authorize(WEB).await.ok()?.sent("code")?;
            if deed == 2 {
                told.codes.push(code);
            } else {
                let reply = visitor.redeem(WEB, &code).await.ok()?;
                whole(&reply, 200)?;
                told.used.push(code);
            }
        }
        Some(())
    }
}

/// A refusal for want of the database is no acknowledgement and no surprise while everything dies.
fn whole(reply: &Reply, expected: u16) -> Option<()> {
    if reply.status == 503 {
        return None;
    }
    assert_eq!(reply.status, expected, "an answer that nobody expects: {}", reply.body);
    Some(())
}

/// Makes visitors of one node, each from an address of its own.
struct Visitors(Visitor);

impl Visitors {
    fn next(&self, client: u8, turn: u16) -> Visitor {
        let [high, low] = turn.to_be_bytes();
        self.0.fresh(Ipv4Addr::new(127, 100 + client, high, low))
    }
}

/// The installation as the library sees it from outside of the node.
struct Inside {
    db: Database,
    log: EventLog,
}

impl Inside {
    async fn open(url: &str, demo: &Path) -> Self {
        let options = DatabaseOptions { url: url.to_owned(), migration_url: None, connections_max: 2 };
        let db = Database::open(&options).await.unwrap();
        let ring = KeyRing::load(&demo.join("keys.json")).unwrap();
        let geoip = GeoIp::load(&demo.join("nowhere")).unwrap();
        let log = EventLog::new(db.clone(), &ring, geoip, Entropy::System, Duration::from_hours(72)).unwrap();
        Self { db, log }
    }

    async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.db.backend(), sql);
        self.db.read().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    async fn events(&self, what: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM event WHERE plain LIKE '%\"what\":\"{what}\"%'")).await
    }

    /// Each effect has its event and each event its effect.
    async fn nothing_is_half_done(&self, round: u32) {
        for (effect, what) in [
            ("SELECT COUNT(*) FROM session", "signed_in"),
            ("SELECT COUNT(*) FROM journey WHERE finished_at IS NOT NULL", "signed_in"),
            ("SELECT COUNT(*) FROM authorization_code", "code_issued"),
            ("SELECT COUNT(*) FROM authorization_code WHERE used_at IS NOT NULL", "tokens_issued"),
            ("SELECT COUNT(*) FROM journey", "password_accepted"),
        ] {
            let (effects, events) = (self.number(effect).await, self.events(what).await);
            assert_eq!(effects, events, "round {round}: `{effect}` and the events {what} differ");
        }
        let codes = self.number("SELECT COUNT(*) FROM case_code").await;
        let told = self.number("SELECT COUNT(DISTINCT case_code) FROM event").await;
        assert_eq!(codes, told, "round {round}: case codes and records of them differ");
        let homeless = "SELECT COUNT(*) FROM event WHERE key_id NOT IN (SELECT id FROM personal_key)";
        assert_eq!(self.number(homeless).await, 0, "round {round}: records without their key");
        // Both or neither: the password and the mail that tells of it.
        let mails = self.number("SELECT COUNT(*) FROM outbox").await;
        let (new_devices, changed) = (self.events("signed_in").await, self.events("password_set").await);
        assert_eq!(mails, new_devices + changed, "round {round}: mails and what they tell of differ");
    }

    async fn chain_is_whole(&self, round: u32) {
        let now = Clock::System.now();
        sealer::seal_committed(&self.db, now).await.unwrap();
        let report = verify::verify(&self.db, None, now).await.unwrap();
        assert_eq!(report.faults, [], "round {round}");
        assert!(report.records > 0);
    }
}

/// What was told is still so.
async fn all_of_it_holds(told: &Told, inside: &Inside, round: u32) {
    for (case, request) in &told.refusals {
        let records = inside.log.of_case_code(&case.parse().unwrap()).await.unwrap();
        let [record] = &records[..] else { panic!("round {round}: {} records under {case}", records.len()) };
        assert_eq!(
            record.text("request"),
            Some(request.as_str()),
            "round {round}: another record under {case}"
        );
        assert!(record.personal.is_some(), "round {round}: the record under {case} cannot be read");
    }
    for session in &told.sessions {
        let reply = session.clone().get("/account").await.unwrap();
        assert_eq!(reply.status, 200, "round {round}: a session is gone: {}", reply.header("location"));
    }
    let Some(any) = told.sessions.first() else { return };
    for code in &told.codes {
        let reply = any.redeem(WEB, code).await.unwrap();
        assert_eq!(reply.status, 200, "round {round}: a code that was issued is gone: {}", reply.body);
    }
    for (number, (name, old, new)) in (1..).zip(&told.passwords) {
        let from = Ipv4Addr::new(127, 99, u8::try_from(round).unwrap(), number);
        for (password, status) in [(old, 422), (new, 303)] {
            let mut visitor = any.fresh(from);
            visitor.arrive().await.unwrap();
            let reply: Reply = visitor.password(name, password).await.unwrap();
            assert_eq!(reply.status, status, "round {round}: {name} and the password `{password}`");
        }
    }
}

/// Uses codes again whose tokens had come. It ends what they gave, so it comes last.
async fn what_was_used_stays_used(told: &Told, round: u32) {
    let Some(any) = told.sessions.first() else { return };
    for code in &told.used {
        let reply = any.redeem(WEB, code).await.unwrap();
        assert_eq!(reply.status, 400, "round {round}: a code was used twice: {}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_was_acknowledged_is_lost_in_twenty_kills_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let (people, mut crowd) = crowd(folder.path(), u32::from(CLIENTS) * PEOPLE_PER_CLIENT);
    let mut arguments = vec!["--people", people.to_str().unwrap()];
    let mut server = match Backend::of_this_run() {
        Backend::Embedded => None,
        Backend::Servers => {
            let Some(server) = Postgres::durable() else { return };
            let database = server.database();
            Some((server, database))
        }
    };
    let demo = folder.path().join("demo");
    let url = match &server {
        None => format!("sqlite://{}", demo.join("cardea.db").display()),
        Some((_, database)) => database.owner_url.clone(),
    };
    if server.is_some() {
        arguments.extend(["--database", &url]);
    }
    let mut node = Node::demo(folder.path(), &arguments);
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|number| {
            let people = crowd.split_off(crowd.len() - usize::try_from(PEOPLE_PER_CLIENT).unwrap());
            Client { number, turn: 0, people, in_doubt: BTreeSet::new() }
        })
        .collect();
    let (mut acknowledged, mut units, mut commits) = (0, 0, 0);
    let (mut sessions, mut passwords, mut used) = (0, 0, 0);
    let start = Instant::now();
    for round in 0..ROUNDS {
        let (told, figures);
        (clients, told, figures) = under_load(clients, &mut node, round).await;
        if let Some((server, _)) =
            server.as_mut().filter(|_| round % SERVER_TOO_EVERY == SERVER_TOO_EVERY - 1)
        {
            let children = children_of_the_server(&url);
            server.kill();
            // They notice that it is gone, and hold its shared memory until they have.
            while children.iter().any(|id| Path::new("/proc").join(id).exists()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            server.restart();
        }
        node.run();
        (units, commits) = (units + figures.0, commits + figures.1);
        acknowledged += told.all();
        (sessions, passwords, used) =
            (sessions + told.sessions.len(), passwords + told.passwords.len(), used + told.used.len());
        let inside = Inside::open(&url, &demo).await;
        inside.nothing_is_half_done(round).await;
        inside.chain_is_whole(round).await;
        all_of_it_holds(&told, &inside, round).await;
        what_was_used_stays_used(&told, round).await;
    }
    node.stop();
    copy_is_whole(&demo.join("events.jsonl"));
    eprintln!(
        "{ROUNDS} kills in {:.0} s: {acknowledged} acknowledged ({sessions} sessions, {passwords} new passwords, \
         {used} codes used), none lost; {units} units in {commits} commits, {}.{:02} a commit",
        start.elapsed().as_secs_f64(),
        units / commits,
        units * 100 / commits % 100,
    );
    assert!(acknowledged > 200 && sessions > 20 && passwords > 3 && used > 3, "there was hardly any load");
    // On PostgreSQL each unit is a transaction, and the server groups what it syncs.
    assert!(
        if server.is_none() { units > commits } else { units == commits },
        "{units} units, {commits} commits"
    );
}

/// The processes that a PostgreSQL server on this machine has made, by the port that it was started with.
fn children_of_the_server(url: &str) -> Vec<String> {
    let port = url::Url::parse(url).unwrap().port().unwrap().to_string();
    let of = |id: &str, file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
    let ids: Vec<String> = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let is_server = |id: &&String| of(id, "cmdline").contains(&format!("\0-p\0{port}\0"));
    let server = ids.iter().find(is_server).expect("the server runs here");
    // The second field after the name is the parent. Source: proc_pid_stat(5).
    let parent = |id: &str| of(id, "stat").rsplit_once(") ")?.1.split(' ').nth(1).map(str::to_owned);
    ids.iter().filter(|id| parent(id).as_ref() == Some(server)).cloned().collect()
}

/// Lets the clients work for a while and kills the node in the middle of it; gives the figures of its writes
/// shortly before.
async fn under_load(clients: Vec<Client>, node: &mut Node, round: u32) -> (Vec<Client>, Told, (u64, u64)) {
    let load = Arc::new(Load::default());
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            let (visitors, load) = (Visitors(node.visitor(Ipv4Addr::LOCALHOST)), Arc::clone(&load));
            tokio::spawn(async move {
                let told = client.run(&visitors, &load).await;
                (client, told)
            })
        })
        .collect();
    // Never at the same point of what the clients do, and not before there was a load.
    let (visits, deadline) = (20 + round * 7 % 15, Instant::now() + LOAD_AT_MOST);
    while load.visits.load(Ordering::Relaxed) < visits && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(u64::from(round * 37 % 90))).await;
    let [units, commits] = node.figures(["cardea_write_units_total", "cardea_write_commits_total"]).await;
    node.kill();
    load.over.store(true, Ordering::Relaxed);
    let (mut clients, mut told) = (vec![], Told::default());
    for task in tasks {
        let (client, theirs) = task.await.unwrap();
        clients.push(client);
        told.append(theirs);
    }
    (clients, told, (units, commits))
}

/// The copy in JSON Lines has each record once and in order, though it was cut off at any byte.
fn copy_is_whole(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    for (number, line) in (1_i64..).zip(text.lines()) {
        let record: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("line {number}: {error}: {line}"));
        assert_eq!(record.pointer("/metadata/sequence"), Some(&number.into()), "line {number}: {line}");
    }
}
