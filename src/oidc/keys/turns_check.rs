//! Keys take turns under two nodes whose clocks differ, and nobody notices.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::{HeaderMap, header};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};

use super::error::KeysError;
use super::installation::{Installation, NOW, RULES, client, origin};
use super::keeper::SigningKeys;
use super::list::{SigningKeySummary, pin_findings, signing_keys};
use super::pins::Pins;
use super::schedule::KeyState;
use super::set::Expected;
use super::turns::{Pace, Turn};
use crate::config::clients::SigningAlg;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Moment;
use crate::oidc::client::Clients;

const BOTH: [SigningAlg; 2] = [SigningAlg::Es256, SigningAlg::EdDsa];
/// As long as tokens of the schedule in [`RULES`] may live.
const TOKENS_LIVE: Duration = Duration::from_mins(5);
const EXPECTED: Expected<'static> = Expected { kind: "at+jwt", issuer: "i", audience: Some("a") };

/// A node and how far its clock is behind.
struct Node {
    keys: SigningKeys,
    behind: Duration,
}

/// An application that knows nothing of us but the key set's address.
struct Verifier {
    /// Whether it reads the key set again for a key that it does not know, and how long it then waits before
    /// it does so once more.
    reads_again_after: Option<Duration>,
    known: JwkSet,
    read_at: Moment,
    until: Moment,
}

impl Verifier {
    fn new(reads_again_after: Option<Duration>) -> Self {
        Self { reads_again_after, known: JwkSet { keys: vec![] }, read_at: NOW, until: NOW }
    }

    async fn read(&mut self, node: &Node, now: Moment) {
        let answer = node.keys.published(now.minus(node.behind)).await.jwks().answer(&HeaderMap::new());
        let caching = answer.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned();
        let seconds = caching.rsplit_once("max-age=").unwrap().1.parse().unwrap();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        self.known = serde_json::from_slice(&body).unwrap();
        (self.read_at, self.until) = (now, now.plus(Duration::from_secs(seconds)));
    }

    async fn accepts(&mut self, token: &str, node: &Node, now: Moment) -> bool {
        if self.until <= now {
            self.read(node, now).await;
        }
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let may_ask = self.reads_again_after.is_some_and(|pause| self.read_at.plus(pause) <= now);
        if self.known.find(&kid).is_none() && may_ask {
            self.read(node, now).await;
        }
        let Some(key) = self.known.find(&kid) else { return false };
        let algorithm = key.common.key_algorithm.unwrap().to_string().parse().unwrap();
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.set_audience(&["a"]);
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok()
    }
}

/// A whole afternoon in steps of seconds: nodes sign, everyone reads each token now and until it runs out.
struct Afternoon {
    nodes: [Node; 2],
    verifiers: Vec<Verifier>,
    alive: Vec<(String, Moment)>,
    kids: BTreeSet<String>,
    entropy: Entropy,
    failures: Vec<String>,
}

impl Afternoon {
    async fn new(installation: &Installation, verifiers: Vec<Verifier>) -> Self {
        let node = |seed, behind| async move { Node { keys: installation.node(seed).await, behind } };
        let nodes = [node(2, Duration::ZERO).await, node(3, Duration::from_secs(5)).await];
        for node in &nodes {
            node.keys.ensure(&BOTH, NOW).await.unwrap();
        }
        let (alive, kids, failures) = (vec![], BTreeSet::new(), vec![]);
        Self { nodes, verifiers, alive, kids, entropy: Entropy::seeded(5), failures }
    }

    /// One step: both nodes do everything at the same time.
    async fn step(&mut self, now: Moment) {
        let algorithm = BOTH[usize::from(self.entropy.below(2) == 1)];
        let claims = json!({ "iss": "i", "aud": "a", "exp": 4_000_000_000_u64 });
        let sign = |node: &Node| {
            let (keys, now) = (node.keys.clone(), now.minus(node.behind));
            let claims = claims.clone();
            async move { keys.current(now).await.sign(algorithm, "at+jwt", &claims, now).unwrap() }
        };
        let tokens = tokio::join!(sign(&self.nodes[0]), sign(&self.nodes[1]));
        for token in [tokens.0, tokens.1] {
            self.kids.insert(jsonwebtoken::decode_header(&token).unwrap().kid.unwrap());
            self.alive.push((token, now.plus(TOKENS_LIVE)));
        }
        self.alive.retain(|(_, until)| now < *until);
        let older = self.entropy.below(u32::try_from(self.alive.len()).unwrap());
        let older = usize::try_from(older).unwrap();
        let newest = self.alive.len() - 1;
        for token in [newest, newest - 1, older, 0] {
            let token = self.alive[token].0.clone();
            let read = |node: &Node| {
                let (keys, now, token) = (node.keys.clone(), now.minus(node.behind), token.clone());
                async move { keys.verify::<Value>(&token, &EXPECTED, now).await.is_some() }
            };
            let by_nodes = tokio::join!(read(&self.nodes[0]), read(&self.nodes[1]));
            if by_nodes != (true, true) {
                self.failures.push(format!("at a node, {} s: {by_nodes:?}", now.since(NOW).as_secs()));
            }
            for verifier in &mut self.verifiers {
                let node = &self.nodes[usize::from(self.entropy.below(2) == 1)];
                if !verifier.accepts(&token, node, now).await {
                    let again = verifier.reads_again_after;
                    self.failures.push(format!("at one that reads again {again:?}, {:?}", now.since(NOW)));
                }
            }
        }
    }

    /// Periodic work, on both nodes at once.
    async fn work(&self, now: Moment) {
        let round = |node: &Node| {
            let (keys, now) = (node.keys.clone(), now.minus(node.behind));
            async move { keys.keep_to_schedule(&BOTH, &Pins::default(), &origin(now)).await.unwrap() }
        };
        tokio::join!(round(&self.nodes[0]), round(&self.nodes[1]));
    }
}

fn turn(pace: Pace) -> Turn {
    Turn { algorithms: BOTH.to_vec(), pace, force: false, dry_run: false }
}

async fn listed(keys: &SigningKeys, pins: &Pins, now: Moment) -> Vec<SigningKeySummary> {
    signing_keys(keys.0.db(), pins, now).await.unwrap()
}

#[tokio::test]
async fn keys_turn_all_afternoon_and_no_verification_fails_anywhere() {
    let installation = Installation::new().await;
    let strict = Verifier::new(None);
    let usual = Verifier::new(Some(Duration::from_mins(1)));
    let mut afternoon = Afternoon::new(&installation, vec![strict, usual]).await;
    let (mut now, mut step) = (NOW, 0);
    while now < NOW.plus(Duration::from_mins(75)) {
        now = now.plus(Duration::from_millis(1_000 + u64::from(afternoon.entropy.below(5_000))));
        step += 1;
        if step % 17 == 0 {
            afternoon.work(now).await;
        }
        if step % 90 == 0 {
            let node = &afternoon.nodes[usize::from(step % 180 == 0)];
            let origin = origin(now.minus(node.behind));
            node.keys.turn(&turn(Pace::InTime), &Pins::default(), &origin).await.unwrap();
        }
        afternoon.step(now).await;
    }
    assert_eq!(afternoon.failures, Vec::<String>::new());
    assert!(afternoon.kids.len() > 20, "only {} keys signed", afternoon.kids.len());
    let listed = listed(&afternoon.nodes[0].keys, &Pins::default(), now).await;
    let states = |state| listed.iter().filter(|key| key.state == state).count();
    assert_eq!(states(KeyState::Active), 2);
    assert!(states(KeyState::Retired) > 10, "{listed:?}");
}

#[tokio::test]
async fn a_key_that_signs_soon_is_met_by_whoever_reads_the_key_set_again() {
    let mut installation = Installation::new().await;
    // Nobody reads it again because of its age.
    installation.rules.key_set_max_age = Duration::from_hours(24);
    let pauses = [0, 30, 47, 53, 56, 58, 59, 60].map(Duration::from_secs);
    let verifiers = pauses.map(|pause| Verifier::new(Some(pause))).into();
    let mut afternoon = Afternoon::new(&installation, verifiers).await;
    let (mut now, mut step) = (NOW, 0);
    while now < NOW.plus(Duration::from_mins(12)) {
        now = now.plus(Duration::from_millis(1_000 + u64::from(afternoon.entropy.below(2_000))));
        step += 1;
        if step % 10 == 0 {
            afternoon.work(now).await;
            let node = &afternoon.nodes[usize::from(step % 20 == 0)];
            let origin = origin(now.minus(node.behind));
            node.keys.turn(&turn(Pace::Soon), &Pins::default(), &origin).await.unwrap();
        }
        afternoon.step(now).await;
    }
    assert_eq!(afternoon.failures, Vec::<String>::new());
    assert!(afternoon.kids.len() > 50, "only {} keys signed", afternoon.kids.len());
}

#[tokio::test]
async fn nodes_that_work_at_the_same_time_make_one_key() {
    let installation = Installation::new().await;
    let afternoon = Afternoon::new(&installation, vec![]).await;
    let mut now = NOW;
    for made in 2..5 {
        now = now.plus(RULES.signs_for);
        afternoon.work(now).await;
        let listed = listed(&afternoon.nodes[0].keys, &Pins::default(), now).await;
        assert_eq!(listed.len(), made * BOTH.len(), "{listed:?}");
    }
}

#[tokio::test]
async fn a_leaked_key_counts_no_more_at_once() {
    let installation = Installation::new().await;
    let (node, other) = (installation.node(2).await, installation.node(3).await);
    for node in [&node, &other] {
        node.ensure(&BOTH, NOW).await.unwrap();
    }
    let claims = json!({ "iss": "i", "aud": "a", "exp": 0 });
    let token = node.current(NOW).await.sign(BOTH[0], "at+jwt", &claims, NOW).unwrap();
    let dry = Turn { dry_run: true, ..turn(Pace::Instead) };
    let told = node.turn(&dry, &Pins::default(), &origin(NOW)).await.unwrap();
    assert_eq!((told.made.len(), told.retired.len(), told.made[0].id), (2, 2, None));
    assert!(node.verify::<Value>(&token, &EXPECTED, NOW).await.is_some(), "it was only asked");
    let turned = node.turn(&turn(Pace::Instead), &Pins::default(), &origin(NOW)).await.unwrap();
    assert_eq!(turned.retired, told.retired);
    assert_eq!(node.verify::<Value>(&token, &EXPECTED, NOW).await, None);
    let soon = NOW.plus(Duration::from_secs(5));
    assert_eq!(other.verify::<Value>(&token, &EXPECTED, soon).await, None);
    let fresh = node.current(NOW).await.sign(BOTH[0], "at+jwt", &claims, NOW).unwrap();
    let behind = NOW.minus(Duration::from_secs(5));
    for at in [behind, NOW, soon] {
        assert!(other.verify::<Value>(&fresh, &EXPECTED, at).await.is_some());
        other.current(at).await.sign(BOTH[0], "at+jwt", &claims, at).unwrap();
    }
    // The private part is gone, whoever reads the database.
    let listed = listed(&node, &Pins::default(), NOW).await;
    let by_state: BTreeMap<_, _> = listed.iter().map(|key| (key.id, key.state)).collect();
    assert!(turned.retired.iter().all(|key| by_state[key] == KeyState::Retired));
    assert_eq!(crate::oidc::store::key::whole(node.0.db()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_is_not_retired_while_a_client_is_bound_to_it() {
    let installation = Installation::new().await;
    let node = installation.node(2).await;
    node.ensure(&[BOTH[0]], NOW).await.unwrap();
    let first = listed(&node, &Pins::default(), NOW).await[0].id;
    let pinned = |pins: &[String]| Clients::new(vec![client("files", pins), client("free", &[])]);
    let clients = pinned(&[first.to_string()]);
    let pins = Pins::of(&clients);
    let refused = node.turn(&turn(Pace::Instead), &pins, &origin(NOW)).await;
    assert!(matches!(refused, Err(KeysError::Pinned { clients, .. }) if clients == "files"));
    let turned = node.turn(&turn(Pace::InTime), &pins, &origin(NOW)).await.unwrap();
    assert_eq!((turned.pinned[0].key, &turned.pinned[0].clients), (first, &vec!["files".to_owned()]));
    let second = turned.made[0].id.unwrap();
    assert_eq!(pin_findings(node.0.db(), &clients, NOW).await.unwrap().len(), 0, "it still signs for all");
    // Far beyond its time it is published still, and signs for the one that is bound to it.
    let mut now = NOW;
    for _ in 0..7 {
        now = now.plus(Duration::from_mins(1));
        node.keep_to_schedule(&[BOTH[0]], &pins, &origin(now)).await.unwrap();
    }
    let key = |listed: Vec<SigningKeySummary>, id| listed.into_iter().find(|key| key.id == id).unwrap();
    let shown = key(listed(&node, &pins, now).await, first);
    assert_eq!((shown.state, shown.held_by), (KeyState::Published, vec!["files".to_owned()]));
    let found = pin_findings(node.0.db(), &clients, now).await.unwrap();
    assert!(found.len() == 1 && found[0].client == "files" && found[0].text.contains("pin the newer one"));
    let claims = json!({ "iss": "i", "aud": "a", "exp": 0 });
    let bound = client("files", &[first.to_string()]);
    let token = node.current(now).await.sign_for(&bound, BOTH[0], "at+jwt", &claims, now).unwrap();
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid, Some(first.to_string()));
    // When the client has pinned a newer one, what the old one signed last still lives out its time.
    let both = Pins::of(&pinned(&[first.to_string(), second.to_string()]));
    node.keep_to_schedule(&[BOTH[0]], &both, &origin(now)).await.unwrap();
    let until = now.plus(RULES.published_after);
    let before = until.minus(Duration::from_secs(1));
    node.keep_to_schedule(&[BOTH[0]], &both, &origin(before)).await.unwrap();
    assert!(node.verify::<Value>(&token, &EXPECTED, before).await.is_some());
    node.keep_to_schedule(&[BOTH[0]], &both, &origin(until)).await.unwrap();
    assert_eq!(node.verify::<Value>(&token, &EXPECTED, until).await, None);
    assert_eq!(key(listed(&node, &both, until).await, first).state, KeyState::Retired);
    let found = pin_findings(node.0.db(), &pinned(&[first.to_string()]), until).await.unwrap();
    assert!(found[0].text.contains("is retired"), "{}", found[0].text);
    let found = pin_findings(node.0.db(), &pinned(&["x".to_owned()]), until).await.unwrap();
    assert!(found[0].text.contains("no signing key of ours has the id x"));
    let forced = Turn { force: true, ..turn(Pace::Instead) };
    assert!(node.turn(&forced, &pins, &origin(until)).await.is_ok());
}

#[tokio::test]
async fn a_client_that_comes_to_be_bound_takes_the_planned_end_back() {
    let installation = Installation::new().await;
    let node = installation.node(2).await;
    node.ensure(&[BOTH[0]], NOW).await.unwrap();
    let first = listed(&node, &Pins::default(), NOW).await[0].id;
    node.turn(&turn(Pace::InTime), &Pins::default(), &origin(NOW)).await.unwrap();
    let turned = NOW.plus(RULES.published_before);
    node.keep_to_schedule(&[BOTH[0]], &Pins::default(), &origin(turned)).await.unwrap();
    let planned = listed(&node, &Pins::default(), turned).await[0].retired_at.clone();
    assert_eq!(planned, Some(turned.plus(RULES.published_after).iso()));
    let pins = Pins::of(&Clients::new(vec![client("files", &[first.to_string()])]));
    node.keep_to_schedule(&[BOTH[0]], &pins, &origin(turned)).await.unwrap();
    assert_eq!(listed(&node, &pins, turned).await[0].retired_at, None);
}
