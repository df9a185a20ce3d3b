//! Whom limits count: an IPv4 address by itself, an IPv6 address by its /64 and by its /48, at every door and
//! on every backend.

use std::net::IpAddr;
use std::time::Duration;

use cardea::infra::state::{Admission, Limit, LocalState, RedisState, State};
use cardea::kernel::network::{ClientAddr, Source};
use cardea::kernel::time::Moment;
use cardea::web::route::{RoutePolicy, Verb};
use reqwest::{Method, StatusCode};

use crate::support::app::{SPA_CALLBACK, TestApp, TestAppBuilder};
use crate::support::client::{Browser, Page};
use crate::support::servers::Redis;

/// Networks of a site that may be at their limit at the same time.
const NETWORKS: u16 = 10;
const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
const TWICE: Limit = Limit { times: 2, span: Duration::from_mins(1) };

/// An address in a /64 of a /48.
fn address(site: u16, network: u16) -> String {
    format!("2001:db8:{site:x}:{network:x}:a:b:c:d")
}

// ---------------------------------------------------------------------------------------------- the backends

fn source(address: &str) -> Source {
    ClientAddr::from_peer(address.parse::<IpAddr>().unwrap()).source()
}

fn network(number: u16) -> Source {
    source(&address(1, number))
}

/// Every kind of state; without Redis, counted as a skip, one less.
fn states() -> Vec<State> {
    let redis = Redis::shared().map(|redis| RedisState::open(redis.url(), &Redis::prefix()).unwrap());
    [State::Local(LocalState::default())].into_iter().chain(redis.map(State::Redis)).collect()
}

async fn admits(state: &State, source: &Source) -> bool {
    state.admit_source("try", source, TWICE, NOW).await == Admission::Admitted
}

/// How often a source is admitted until it is refused.
async fn left(state: &State, source: &Source) -> u32 {
    let mut times = 0;
    while admits(state, source).await {
        times += 1;
    }
    times
}

#[tokio::test]
async fn all_networks_of_a_site_have_the_tries_of_ten() {
    for state in states() {
        for number in 0..NETWORKS {
            assert_eq!(left(&state, &network(number)).await, 2, "{} on {}", number, state.name());
        }
        assert_eq!(left(&state, &network(NETWORKS)).await, 0, "{}", state.name());
        let Admission::Refused { retry_after } =
            state.admit_source("try", &network(NETWORKS), TWICE, NOW).await
        else {
            panic!("admitted on {}", state.name())
        };
        assert!((1..=60).contains(&retry_after.as_secs()), "{retry_after:?} on {}", state.name());
        // What is counted is each door's own, and a site's own.
        assert_eq!(state.admit_source("other", &network(NETWORKS), TWICE, NOW).await, Admission::Admitted);
        assert_eq!(left(&state, &source(&address(2, 0))).await, 2, "{}", state.name());
    }
}

#[tokio::test]
async fn ipv4_addresses_have_no_network_in_common() {
    for state in states() {
        for number in 0..3 * NETWORKS {
            assert_eq!(left(&state, &source(&format!("198.51.100.{number}"))).await, 2, "{}", state.name());
            let mapped = source(&format!("::ffff:198.51.100.{number}"));
            assert_eq!(left(&state, &mapped).await, 0, "the same address on {}", state.name());
        }
    }
}

#[tokio::test]
async fn who_was_refused_for_others_has_all_tries_left_when_they_are_forgiven() {
    for state in states() {
        for number in 0..NETWORKS {
            left(&state, &network(number)).await;
        }
        let late = network(NETWORKS);
        for _ in 0..5 {
            assert!(!admits(&state, &late).await);
        }
        state.give_back_source("try", &network(0)).await;
        state.give_back_source("try", &network(0)).await;
        assert_eq!(left(&state, &late).await, 2, "{}", state.name());
        assert_eq!(left(&state, &network(0)).await, 0, "the site has no more, on {}", state.name());
        state.give_back_source("try", &late).await;
        assert_eq!(left(&state, &network(0)).await, 1, "{}", state.name());
    }
}

// ------------------------------------------------------------------------------------------------- the doors

/// Someone who has a whole /48, behind a proxy that we trust.
struct Attacker {
    app: TestApp,
    browser: Browser,
}

impl Attacker {
    async fn before(builder: TestAppBuilder) -> Option<Self> {
        let app = builder.with(|config| {
            config.server.trusted_proxies = ["127.80.0.0/16".parse().unwrap()].into();
        });
        let app = app.start().await?;
        let browser = app.browser_from([127, 80, 0, 1].into());
        Some(Self { app, browser })
    }

    async fn send(&self, from: &str, method: Method, path: &str, fields: &[(String, String)]) -> Page {
        let mut request = self.browser.request(method.clone(), path).header("x-forwarded-for", from);
        if method == Method::POST {
            request = request.form(fields).header("origin", &self.app.issuer);
        }
        self.browser.send(request).await
    }

    /// A wrong password for a name that nobody tried before.
    async fn guess(&self, from: &str) -> StatusCode {
        let form = self.send(from, Method::GET, "/sign-in", &[]).await.form("/sign-in");
        let name = format!("name.{}", from.replace([':', '.'], "-"));
        let fields = form.filled(&[("username", &name), ("password", "a wrong password")]);
        self.send(from, Method::POST, "/sign-in", &fields).await.status
    }
}

/// The service on each kind of state.
async fn attackers(change: fn(&mut cardea::config::Config)) -> Vec<Attacker> {
    let redis = Redis::shared().map(|redis| TestApp::builder().redis(redis.url()));
    let mut attackers = vec![];
    for builder in [Some(TestApp::builder().embedded()), redis].into_iter().flatten() {
        attackers.extend(Attacker::before(builder.with(change)).await);
    }
    attackers
}

#[tokio::test]
async fn guessing_from_many_networks_of_one_site_comes_to_an_end() {
    for attacker in attackers(|config| config.sign_in.attempts_per_source = 2).await {
        let kind = attacker.app.opened.state.name();
        for number in 0..NETWORKS {
            for _ in 0..2 {
                let status = attacker.guess(&address(1, number)).await;
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number} on {kind}");
            }
        }
        for number in 0..2 * NETWORKS {
            let status = attacker.guess(&address(1, number)).await;
            assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{number} on {kind}");
        }
        assert_eq!(attacker.guess(&address(2, 0)).await, StatusCode::UNPROCESSABLE_ENTITY, "{kind}");
        for number in 0..3 * NETWORKS {
            let status = attacker.guess(&format!("198.51.100.{number}")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number} on {kind}");
        }
    }
}

#[tokio::test]
async fn journeys_from_many_networks_of_one_site_come_to_an_end() {
    let path = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "spa"), ("redirect_uri", SPA_CALLBACK), ("response_type", "code")])
        .extend_pairs([("scope", "openid"), ("state", "s"), ("code_challenge_method", "S256")])
        .append_pair("code_challenge", &"A".repeat(43))
        .finish();
    let path = format!("/oauth2/authorize?{path}");
    for attacker in attackers(|config| config.sign_in.journeys_per_source = 1).await {
        for number in 0..NETWORKS {
            let page = attacker.send(&address(1, number), Method::GET, &path, &[]).await;
            assert!(page.location().starts_with("/sign-in?journey="), "{number}: {}", page.text());
        }
        let page = attacker.send(&address(1, NETWORKS), Method::GET, &path, &[]).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let page = attacker.send(&address(2, 0), Method::GET, &path, &[]).await;
        assert!(page.location().starts_with("/sign-in?journey="), "{}", page.text());
    }
}

#[tokio::test]
async fn forms_from_many_networks_of_one_site_come_to_an_end() {
    let Some(attacker) = Attacker::before(TestApp::builder()).await else { return };
    let is_it = |policy: &&RoutePolicy| policy.path == "/sign-out" && policy.method == Verb::Post;
    let policy = attacker.app.table.iter().find(is_it);
    let limit = policy.unwrap().limit;
    for number in 0..NETWORKS {
        for _ in 0..limit.times {
            let page = attacker.send(&address(1, number), Method::POST, "/sign-out", &[]).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "a form without its token");
        }
    }
    let page = attacker.send(&address(1, NETWORKS), Method::POST, "/sign-out", &[]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let page = attacker.send(&address(2, 0), Method::POST, "/sign-out", &[]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}
