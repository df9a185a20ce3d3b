//! Calls to a provider that lead astray: what is read of it, and whom nobody makes us call.

use std::time::Duration;

use cardea::config::HostPort;
use cardea::federation::{Outcome, Reason};
use serde_json::json;

use super::hostile::{Hostile, Reply, discovery};
use super::world::{World, accepted, refused};
use crate::serve::site::Authority;
use crate::support::app::TestApp;

/// A service with as many providers as there are attacks, since one that fails is not asked again so soon.
async fn world(hostile: &Hostile, names: &[&'static str]) -> Option<World> {
    let mut builder = TestApp::builder().with(|config| config.outgoing.call_time = Duration::from_secs(1));
    for name in names {
        let issuer = hostile.issuer.clone();
        builder = World::with_provider(builder, name, hostile.port, move |upstream| {
            upstream.issuer = issuer;
            upstream.gives_mfa = vec!["two".to_owned()];
        });
    }
    World::start(builder).await
}

#[tokio::test]
async fn a_discovery_that_leads_astray_sends_nobody_anywhere() {
    let hostile = Hostile::start().await;
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"];
    let Some(world) = world(&hostile, &names).await else { return };
    let issuer = hostile.issuer.clone();
    let honest = discovery(&issuer);
    let with = |name: &str, value: &str| {
        let mut document = honest.clone();
        document[name] = value.into();
        Reply::Json(document)
    };
    let keys = Reply::Json(json!({ "keys": [hostile.jwk] }));
    let huge = json!({ "keys": vec![hostile.jwk.clone(); 500] });
    let table = [
        (
            "redirected discovery",
            Reply::Redirect(format!("{issuer}/elsewhere")),
            keys.clone(),
            Reason::Redirected,
        ),
        ("an error page", Reply::Text("text/html", "<html>".into()), keys.clone(), Reason::NotJson),
        ("silence", Reply::Silence, keys.clone(), Reason::Silent),
        ("a failure", Reply::Status(503), keys.clone(), Reason::ServerError),
        ("another issuer", with("issuer", "https://evil.example"), keys.clone(), Reason::DiscoveryIssuer),
        (
            "the host alone",
            with("issuer", issuer.trim_end_matches("/idp")),
            keys.clone(),
            Reason::DiscoveryIssuer,
        ),
        ("a slash more", with("issuer", &format!("{issuer}/")), keys.clone(), Reason::DiscoveryIssuer),
        ("huge discovery", with("x", &"x".repeat(70_000)), keys.clone(), Reason::TooLarge),
        ("huge key set", Reply::Json(honest.clone()), Reply::Json(huge), Reason::TooLarge),
        (
            "no keys",
            Reply::Json(honest.clone()),
            Reply::Json(json!({ "keys": [] })),
            Reason::DiscoveryIncomplete,
        ),
        // Whoever writes the document must not make us call the machines of the house.
        (
            "keys in the house",
            with("jwks_uri", "https://169.254.169.254/keys"),
            keys.clone(),
            Reason::NotPublic,
        ),
        (
            "keys at a name in the house",
            with("jwks_uri", "https://localhost:1/keys"),
            keys.clone(),
            Reason::NotPublic,
        ),
        ("keys without TLS", with("jwks_uri", "http://127.0.0.1:1/keys"), keys, Reason::NotHttps),
    ];
    for (name, (what, document, keys, reason)) in names.into_iter().zip(table) {
        {
            let mut plan = hostile.plan.lock().unwrap();
            (plan.discovery, plan.keys) = (document, keys);
        }
        let refused = refused(what, world.begin(name).await);
        world.assert_refused(what, &refused, reason).await;
        assert!(refused.journey.is_some(), "{what}: there is a way on");
    }
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_state").await, 0);
}

#[tokio::test]
async fn a_provider_that_keeps_failing_is_not_waited_for() {
    let hostile = Hostile::start().await;
    let Some(world) = world(&hostile, &["a"]).await else { return };
    let honest = hostile.plan.lock().unwrap().discovery.clone();
    hostile.plan.lock().unwrap().discovery = Reply::Status(503);
    for _ in 0..3 {
        let refused = refused("down", world.begin("a").await);
        assert_eq!((refused.reason, refused.outcome()), (Reason::ServerError, Outcome::Down));
    }
    let resting = refused("rests", world.begin("a").await);
    world.assert_refused("rests", &resting, Reason::Resting).await;
    assert_eq!(resting.outcome(), Outcome::Down);
    // It is well again, and somebody finds out beside all requests.
    hostile.plan.lock().unwrap().discovery = honest;
    assert_eq!(refused("rests", world.begin("a").await).reason, Reason::Resting);
    world.app.advance(Duration::from_secs(15));
    world.app.run(cardea::jobs::Job::Upstream).await;
    accepted("well again", world.begin("a").await);
    let origin = world.federation().origin_of("a", world.app.now());
    assert_eq!(origin, Some(format!("http://127.0.0.1:{}", hostile.port)));
}

#[tokio::test]
async fn what_is_known_is_read_again_beside_all_requests_and_stays_while_the_provider_is_silent() {
    let hostile = Hostile::start().await;
    let Some(world) = world(&hostile, &["a"]).await else { return };
    accepted("begin", world.begin("a").await);
    hostile.plan.lock().unwrap().discovery = Reply::Status(503);
    world.app.advance(Duration::from_mins(11));
    world.app.run(cardea::jobs::Job::Upstream).await;
    let trip = accepted("what was known counts", world.begin("a").await);
    assert!(trip.address.starts_with(&format!("{}/authorize?", hostile.issuer)));
    // A day later nobody knows any more whether it does.
    world.app.advance(Duration::from_hours(24));
    let refused = refused("old", world.begin("a").await);
    assert_eq!(refused.outcome(), Outcome::Down);
}

#[tokio::test]
async fn a_check_of_the_configuration_names_providers_that_cannot_be_used() {
    let hostile = Hostile::start().await;
    let Some(world) = world(&hostile, &["a", "b"]).await else { return };
    assert_eq!(world.federation().unreachable(world.app.now()).await, []);
    hostile.plan.lock().unwrap().keys = Reply::Json(json!({}));
    let found = world.federation().unreachable(world.app.now()).await;
    assert_eq!(found, [("a".to_owned(), Reason::NotJson), ("b".to_owned(), Reason::NotJson)]);
}

/// A provider behind TLS of its own authority, as in the networks of ministries.
#[tokio::test]
async fn a_certificate_counts_under_the_authorities_that_are_named() {
    let Some(authority) = Authority::new() else { return };
    let hostile = Hostile::start_with_tls(&authority).await;
    for (authority, reason) in [(None, Some(Reason::Unreachable)), (Some(authority.file("ca.pem")), None)] {
        let (issuer, port) = (hostile.issuer.clone(), hostile.port);
        let builder = TestApp::builder().with(move |config| {
            let upstream = config.upstream.get_mut("oidc").unwrap();
            upstream.issuer = issuer;
            upstream.client_id = Some("cardea".to_owned());
            config.outgoing.allow.push(HostPort::parse(&format!("localhost:{port}")).unwrap());
            config.outgoing.ca = authority;
        });
        let Some(world) = World::start(builder).await else { return };
        let outcome = world.begin("oidc").await;
        assert_eq!(outcome.err().map(|refused| refused.reason), reason);
    }
}

#[tokio::test]
async fn only_named_hosts_of_the_house_are_called() {
    let hostile = Hostile::start().await;
    let issuer = hostile.issuer.clone();
    let builder = TestApp::builder().with(move |config| {
        let upstream = config.upstream.get_mut("oidc").unwrap();
        upstream.issuer = issuer;
        upstream.client_id = Some("cardea".to_owned());
        // Another port of the same host is another server.
        config.outgoing.allow.push(HostPort::parse("127.0.0.1:1").unwrap());
    });
    let Some(world) = World::start(builder).await else { return };
    let refused = refused("not named", world.begin("oidc").await);
    world.assert_refused("not named", &refused, Reason::NotHttps).await;
}
