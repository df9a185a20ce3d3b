//! What may happen once happens once, however many try at the same moment: in one process, and in two that
//! share PostgreSQL and Redis. Each kind of single use is one conditional statement (`ARCHITECTURE.md`);
//! here a hundred parallel takers look for a way past it.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cardea::account::{NewAccount, State};
use cardea::app::open::{self, Opened, Surroundings};
use cardea::config::Config;
use cardea::event::origin::Actor;
use cardea::event::{Event, Origin, What};
use cardea::infra::sealing::KeyRing;
use cardea::kernel::acr::Acr;
use cardea::kernel::entropy::Entropy;
use cardea::kernel::id::{AccountId, RequestId};
use cardea::kernel::language::Language;
use cardea::kernel::login_name::LoginName;
use cardea::kernel::role::Role;
use cardea::kernel::secret::{Password, Secret};
use cardea::kernel::time::Clock;
use sea_orm::{ConnectionTrait as _, Statement};
use tokio::sync::Barrier;

use crate::support::app::{TestApp, WEB_CALLBACK, WEB_SECRET};
use crate::support::children::free_port;
use crate::support::crowd::{Member, crowd};
use crate::support::node::Node;
use crate::support::people::Person;
use crate::support::servers::{Postgres, Redis};
use crate::support::visitor::{Application, Reply, Visitor};

const TAKERS: usize = 100;
const ROUNDS: u8 = 5;
/// How long a code of an authenticator app is shown. Source: RFC 6238 §4.
const STEP: Duration = Duration::from_secs(30);
const WEB: Application<'static> =
    Application { client_id: "web", secret: WEB_SECRET, callback: WEB_CALLBACK };

/// Runs all at the same moment: each waits until every other one is there.
async fn at_once<F, T>(takers: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let takers: Vec<F> = takers.into_iter().collect();
    let gate = Arc::new(Barrier::new(takers.len()));
    let tasks: Vec<_> = takers
        .into_iter()
        .map(|taker| {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move {
                gate.wait().await;
                taker.await
            })
        })
        .collect();
    let mut results = vec![];
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

fn with_status(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

/// An address that no other taker of the round has.
fn address(round: u8, taker: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 40 + round, 1, u8::try_from(taker).unwrap())
}

/// A service whose counts of failures do not stop the takers before they reach what is used once.
async fn without_limits() -> Option<TestApp> {
    let app = TestApp::builder().with(|config| {
        config.sign_in.attempts_before_pause = 10_000;
        config.sign_in.failures_max = 100_000;
        config.sign_in.code_attempts_max = 10_000;
        config.sign_in.attempts_per_source = 100_000;
        config.hashing.waiting_max = 4_096;
    });
    app.start().await
}

fn visitor(app: &TestApp, from: Ipv4Addr) -> Visitor {
    Visitor::new(app.address, &app.issuer, from)
}

/// A browser that has proved the password, and its journey.
async fn past_password(mut visitor: Visitor, username: &str, password: &str) -> (Visitor, String) {
    visitor.arrive().await.unwrap();
    let reply = visitor.password(username, password).await.unwrap();
    assert_eq!(reply.status, 303, "{}", reply.body);
    let journey = reply.sent("journey").unwrap();
    (visitor, journey)
}

async fn signed_in(app: &TestApp, person: &Person, from: Ipv4Addr) -> Visitor {
    let (mut visitor, journey) = past_password(visitor(app, from), &person.username, &person.password).await;
    let reply = visitor.code(&journey, &person.code(app)).await.unwrap();
    assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.body);
    visitor
}

async fn events(app: &TestApp, what: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM event WHERE plain LIKE '%\"what\":\"{what}\"%'")).await
}

// ------------------------------------------------------------------------------------------ in one process

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_redemptions_of_a_code_one_gets_tokens() {
    let Some(app) = without_limits().await else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    for round in 0..ROUNDS {
        let mut browser = signed_in(&app, &person, address(round, 255)).await;
        let code = browser.authorize(WEB).await.unwrap().sent("code").unwrap();
        let takers = (0..TAKERS).map(|taker| {
            let (visitor, code) = (visitor(&app, address(round, taker)), code.clone());
            async move { visitor.redeem(WEB, &code).await.unwrap() }
        });
        let replies = at_once(takers).await;
        let (won, lost) = (with_status(&replies, 200), with_status(&replies, 400));
        assert_eq!((won, lost), (1, TAKERS - 1), "round {round}");
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            assert!(lost.body.contains("invalid_grant"), "{}", lost.body);
        }
        assert_eq!(events(&app, "tokens_issued").await, i64::from(round) + 1);
    }
    // Told once for each code: whoever repeats a code must not be able to fill the log.
    assert_eq!(events(&app, "code_replayed").await, i64::from(ROUNDS), "the further uses are told");
}

/// Whoever repeats a code must not be able to fill the log with it; the first repetition is the finding, and
/// it ends what the code gave. Source: RFC 6749 §4.1.2.
#[tokio::test]
async fn a_code_that_is_repeated_is_one_finding_and_ends_its_tokens() {
    let Some(app) = without_limits().await else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    let mut browser = signed_in(&app, &person, address(0, 1)).await;
    let code = browser.authorize(WEB).await.unwrap().sent("code").unwrap();
    let tokens: serde_json::Value =
        serde_json::from_str(&browser.redeem(WEB, &code).await.unwrap().body).unwrap();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let userinfo = async || {
        let asking = app.browser();
        let request = asking.request(reqwest::Method::GET, "/oauth2/userinfo");
        asking.send(request.header("authorization", &bearer)).await
    };
    assert_eq!(userinfo().await.status, 200);

    for taker in 0..50 {
        // From everywhere: the finding is about the code and not about who sent it.
        let reply = visitor(&app, address(1, taker)).redeem(WEB, &code).await.unwrap();
        assert!(reply.status == 400 && reply.body.contains("invalid_grant"), "{taker}: {}", reply.body);
        let about = userinfo().await;
        assert!(about.status == 401 && about.body.contains("invalid_token"), "{taker}: {}", about.body);
    }
    let told = app.records_of("code_replayed").await;
    assert_eq!(told.len(), 1);
    // A detection finding. Source: OCSF, class 2004.
    assert_eq!((told[0].class, told[0].subject), (2004, Some(person.id)));
    assert_eq!(told[0].text("application"), Some("web"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_uses_of_a_step_one_signs_in() {
    let Some(app) = without_limits().await else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    for round in 0..ROUNDS {
        let mut tabs = vec![];
        for taker in 0..TAKERS {
            let visitor = visitor(&app, address(round, taker));
            tabs.push(past_password(visitor, &person.username, &person.password).await);
        }
        let code = person.code(&app);
        let takers = tabs.into_iter().map(|(mut visitor, journey)| {
            let code = code.clone();
            async move { visitor.code(&journey, &code).await.unwrap() }
        });
        let replies = at_once(takers).await;
        let (won, lost) = (with_status(&replies, 303), with_status(&replies, 422));
        assert_eq!((won, lost), (1, TAKERS - 1), "round {round}");
        let cases: BTreeSet<_> = replies.iter().filter_map(Reply::case_code).collect();
        assert_eq!(cases.len(), TAKERS - 1, "each that lost has a case code of its own");
        let expected = i64::from(round) + 1;
        for what in ["totp_accepted", "signed_in"] {
            assert_eq!(events(&app, what).await, expected, "{what}");
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM session").await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_end_a_journey_once_and_it_gives_one_code() {
    let Some(app) = without_limits().await else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    for round in 0..ROUNDS {
        let mut browser = visitor(&app, address(round, 1));
        browser.arrive().await.unwrap();
        let journey = browser.authorize(WEB).await.unwrap().sent("journey").unwrap();
        let fields = [
            ("journey", journey.as_str()),
            ("username", person.username.as_str()),
            ("password", person.password.as_str()),
        ];
        let reply = browser.post("/sign-in", &fields).await.unwrap();
        assert_eq!(reply.sent("journey").as_ref(), Some(&journey), "{}", reply.body);

        // The same page in many tabs of one browser. The codes are of two steps, both good and each unused,
        // so that it is the journey itself that has to end once.
        let codes = [person.code(&app), person.totp.as_ref().unwrap().at(app.now().plus(STEP))];
        let tabs = (0..20).map(|number| {
            let (mut tab, journey, code) = (browser.clone(), journey.clone(), codes[number % 2].clone());
            async move {
                let reply = tab.code(&journey, &code).await.unwrap();
                (reply, tab)
            }
        });
        let mut in_at = vec![];
        for (reply, tab) in at_once(tabs).await {
            if tab.has("__Host-session") {
                in_at.push(tab);
            } else {
                assert!(reply.status < 500, "a tab that lost was told of a fault: {}", reply.body);
            }
        }
        let [tab] = &in_at[..] else { panic!("{} tabs began a session", in_at.len()) };
        let expected = i64::from(round) + 1;
        assert_eq!(app.number("SELECT COUNT(*) FROM session").await, expected);
        assert_eq!(events(&app, "signed_in").await, expected);

        let path = format!("/oauth2/authorize/continue?journey={journey}");
        let tabs = (0..20).map(|_| {
            let (mut tab, path) = (tab.clone(), path.clone());
            async move { tab.get(&path).await.unwrap() }
        });
        let replies = at_once(tabs).await;
        let codes: Vec<_> = replies.iter().filter_map(|reply| reply.sent("code")).collect();
        assert_eq!(codes.len(), 1, "round {round}: one journey gave {} codes", codes.len());
        let faults: Vec<_> = replies.iter().filter(|reply| reply.status >= 500).collect();
        assert!(faults.is_empty(), "{} tabs that lost were told of a fault: {:?}", faults.len(), faults[0]);
        assert_eq!(app.number("SELECT COUNT(*) FROM authorization_code").await, expected);
        app.advance(STEP);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_first_authenticator_is_bound_once_however_many_pages_offer_one() {
    let Some(app) = without_limits().await else { return };
    for round in 0..ROUNDS {
        let person = app.person(&format!("new.{round}")).build().await;
        let mut pages = vec![];
        for taker in 0..20 {
            let browser = app.browser_from(address(round, taker));
            let page = browser.enrol_page(&person).await;
            let form = page.forms().into_iter().find(|form| form.value("enrolment").is_some()).unwrap();
            let code = page.offered().at(app.now());
            pages.push(async move { browser.submit(&form, &[("code", &code)]).await.status.as_u16() });
        }
        let statuses = at_once(pages).await;
        let faults = statuses.iter().filter(|status| **status >= 500).count();
        assert_eq!(faults, 0, "{statuses:?}");
        let expected = i64::from(round) + 1;
        assert_eq!(app.number("SELECT COUNT(*) FROM authenticator").await, expected, "round {round}");
        assert_eq!(events(&app, "authenticator_bound").await, expected);
        assert_eq!(events(&app, "signed_in").await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refusals_of_one_pause_share_one_case_code() {
    let app = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 1_000).start().await;
    let Some(app) = app else { return };
    let person = app.person("noor.peeters").with_totp().build().await;
    let refused = async |visitor: &mut Visitor| visitor.password(&person.username, "wrong").await.unwrap();
    let mut first = visitor(&app, Ipv4Addr::new(127, 50, 0, 1));
    first.arrive().await.unwrap();
    while refused(&mut first).await.status == 422 {}
    let before = events(&app, "sign_in_paused").await;
    assert_eq!(before, 1, "the first refusal of the pause records itself");

    // From another source, whose first refusal is one of a hundred at once.
    for (round, source) in [(1, Ipv4Addr::new(127, 50, 0, 2)), (2, Ipv4Addr::new(127, 50, 0, 3))] {
        let mut other = visitor(&app, source);
        other.arrive().await.unwrap();
        let takers = (0..TAKERS).map(|_| {
            let (mut other, name) = (other.clone(), person.username.clone());
            async move { other.password(&name, "wrong").await.unwrap() }
        });
        let replies = at_once(takers).await;
        assert_eq!(with_status(&replies, 429), TAKERS);
        let cases: BTreeSet<_> = replies.iter().map(Reply::case_code).collect();
        let [Some(case)] = &cases.into_iter().collect::<Vec<_>>()[..] else {
            panic!("the refusals of one pause show several case codes, or none");
        };
        assert_eq!(
            events(&app, "sign_in_paused").await,
            before + round,
            "one record for one pause and source"
        );
        let record = app.record_of_case(case).await;
        assert_eq!(record.text("what"), Some("sign_in_paused"));
    }
    let codes = "SELECT COUNT(*) FROM case_code WHERE throttle_window IS NOT NULL";
    assert_eq!(app.number(codes).await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_has_one_key_a_month_though_the_first_events_come_at_once() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("noor.peeters").build().await;
    for month in 1_i64..=3 {
        app.advance(Duration::from_hours(24 * 31));
        let writers = (0..TAKERS).map(|taker| {
            let (opened, origin, id) = (app.opened.clone(), app.origin(), person.id);
            async move {
                let event = match taker % 2 {
                    0 => Event::of(What::PasswordSet, id).named("noor.peeters"),
                    _ => Event::new(What::CommandRun { command: "of nobody".to_owned() }),
                };
                opened.log.record_alone(&origin, event).await.unwrap();
            }
        });
        at_once(writers).await;
        let keys = format!("SELECT COUNT(*) FROM personal_key WHERE month = '{}'", app.now().month());
        assert_eq!(app.number(&keys).await, 2, "one of the person and one of nobody");
        let records = app.opened.log.latest_of(person.id, &[3001], 1_000).await.unwrap();
        let readable = records.iter().filter(|record| record.personal.is_some()).count();
        let expected = usize::try_from(month).unwrap() * TAKERS / 2 + 1;
        assert_eq!(
            (records.len(), readable),
            (expected, expected),
            "a record's key is the one that was kept"
        );
    }
}

// ------------------------------------------------------------------------------------------- in two processes

/// Two nodes of one installation: the same database, the same Redis, the same ring.
struct Installation {
    nodes: [Node; 2],
    opened: Opened,
}

/// Failures are counted as generously as a configuration may.
fn configuration(folder: &Path, number: u16, listen: SocketAddr, issuer: &str, shared: &str) -> String {
    let own = folder.join(format!("node{number}"));
    let (own, folder) = (own.display(), folder.display());
    let internal = free_port();
    format!(
        "[server]\nlisten = \"{listen}\"\nissuer = \"{issuer}\"\ninternal_listen = \"127.0.0.1:{internal}\"\n\
         [data]\nfolder = \"{own}\"\n[keys]\nring = \"{folder}/keys.json\"\n\
         [clients]\nfolder = \"{folder}/clients\"\n[mail]\nfolder = \"{own}/mail\"\n\
         [log]\ncopy = \"{own}/events.jsonl\"\nheads = \"{own}/heads.jsonl\"\n\
         [sign_in]\nattempts_before_pause = 100\nrefusal_time = \"100ms\"\nrefusal_jitter = \"10ms\"\n{shared}"
    )
}

async fn installation(
    folder: &Path,
    members: &[Member],
    postgres: (&str, &str),
    redis: &str,
) -> Installation {
    let issuer = format!("http://localhost:{}", free_port());
    let (node_url, owner_url) = postgres;
    let prefix = Redis::prefix().replace(':', "");
    let shared = format!(
        "[database]\nurl = \"{node_url}\"\nmigration_url = \"{owner_url}\"\n\
         [state]\nredis_url = \"{redis}\"\nprefix = \"{prefix}\"\n"
    );
    std::fs::create_dir(folder.join("clients")).unwrap();
    let web = format!(
        "client_id = \"web\"\nclient_secret = \"{WEB_SECRET}\"\nredirect_uris = [\"{WEB_CALLBACK}\"]\ntrusted = true\n"
    );
    std::fs::write(folder.join("clients/web.toml"), web).unwrap();
    KeyRing::create(&folder.join("keys.json"), Clock::System.now(), &Entropy::System).unwrap();
    let files = [1, 2].map(|number| {
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, free_port()).into();
        let path = folder.join(format!("node{number}.toml"));
        std::fs::write(&path, configuration(folder, number, address, &issuer, &shared)).unwrap();
        (path, address)
    });
    let config = Config::load(&files[0].0).unwrap_or_else(|error| panic!("{error}"));
    open::migrate(&config, &Clock::System).await.unwrap_or_else(|error| panic!("{error}"));
    let around = Surroundings { clients: vec![], clock: Clock::System, entropy: Entropy::System };
    let opened = Opened::open(config, around).await.unwrap_or_else(|error| panic!("{error}"));
    for member in members {
        add(&opened, member).await;
    }
    // Together, so that both find an empty table of signing keys.
    let nodes = std::thread::scope(|scope| {
        let issuer = &issuer;
        let starting = files.map(|(path, address)| scope.spawn(move || Node::serve(&path, address, issuer)));
        starting.map(|start| start.join().unwrap())
    });
    Installation { nodes, opened }
}

async fn add(opened: &Opened, member: &Member) {
    let now = Clock::System.now();
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), Actor::Service);
    let organisation = opened.accounts.default_organisation("Chancellery", now).await.unwrap();
    let id = AccountId::new(now, &opened.entropy);
    let password = Password::parse(&member.password).unwrap();
    let prepared = opened.directory.prepare_unchecked(id, &password, "test", now).await.unwrap();
    let new = NewAccount {
        login: LoginName::parse(&member.username).unwrap(),
        display_name: member.username.clone(),
        email: format!("{}@chancellery.example", member.username),
        language: Language::En,
        organisation,
        roles: vec![Role::Staff],
        protected: false,
        directory: "local".to_owned(),
        state: State::Active,
        claims: serde_json::Map::new(),
        required_acr: Acr::Mfa,
    };
    let secret = Secret::new(member.secret().to_vec());
    let added = opened.accounts.add(&origin, id, new, |unit| {
        opened.directory.put(unit, prepared);
        opened.authenticators.bind_given(unit, id, &secret, "Work phone", now).unwrap();
    });
    added.await.unwrap();
}

impl Installation {
    /// The takers of a round, turn and turn about at both nodes.
    fn takers(&self, round: u8) -> impl Iterator<Item = Visitor> {
        (0..TAKERS).map(move |taker| self.nodes[taker % 2].visitor(address(round, taker)))
    }

    async fn number(&self, sql: &str) -> i64 {
        let db = self.opened.db.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_two_nodes_one_uses_a_code_and_one_a_step() {
    let (Some(postgres), Some(redis)) = (Postgres::shared(), Redis::shared()) else { return };
    let database = postgres.database();
    let folder = tempfile::tempdir().unwrap();
    let (_, mut members) = crowd(folder.path(), 6);
    let urls = (database.node_url.as_str(), database.owner_url.as_str());
    let both = installation(folder.path(), &members, urls, redis.url()).await;

    // They started at the same moment, and still sign with the same keys.
    let mut keys = BTreeSet::new();
    for node in &both.nodes {
        keys.insert(node.visitor(address(9, 1)).get("/oauth2/jwks").await.unwrap().body);
    }
    assert_eq!(keys.len(), 1, "two nodes publish different keys: {keys:?}");

    for (round, member) in (0..).zip(members.iter_mut().take(3)) {
        let first = both.nodes[0].visitor(address(round, 200));
        let (mut browser, journey) = past_password(first, &member.username, &member.password).await;
        let reply = browser.code(&journey, &member.code().unwrap()).await.unwrap();
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.body);
        let code = browser.authorize(WEB).await.unwrap().sent("code").unwrap();
        let takers = both.takers(round).map(|visitor| {
            let code = code.clone();
            async move { visitor.redeem(WEB, &code).await.unwrap() }
        });
        let replies = at_once(takers).await;
        let (won, lost) = (with_status(&replies, 200), with_status(&replies, 400));
        assert_eq!((won, lost), (1, TAKERS - 1), "round {round}");
    }
    let used = "SELECT COUNT(*) FROM authorization_code WHERE used_at IS NOT NULL";
    assert_eq!(both.number(used).await, 3);

    for (round, member) in (3..).zip(members.iter_mut().skip(3)) {
        let mut tabs = vec![];
        let visitors: Vec<Visitor> = both.takers(round).collect();
        // In small groups, since that many passwords at once would pause the account.
        for group in visitors.chunks(10) {
            let group = group.iter().cloned().map(|visitor| {
                let (name, password) = (member.username.clone(), member.password.clone());
                async move { past_password(visitor, &name, &password).await }
            });
            tabs.extend(at_once(group).await);
        }
        let code = member.code().unwrap();
        let takers = tabs.into_iter().map(|(mut visitor, journey)| {
            let code = code.clone();
            async move { visitor.code(&journey, &code).await.unwrap() }
        });
        let replies = at_once(takers).await;
        let won =
            replies.iter().filter(|reply| reply.status == 303 && reply.header("location") == "/").count();
        let lost = with_status(&replies, 422) + with_status(&replies, 429);
        assert_eq!((won, lost), (1, TAKERS - 1), "round {round}");
        assert_eq!(both.number("SELECT COUNT(*) FROM session").await, i64::from(round) + 1);
    }
}
