//! Our own keys, as providers read them.

use cardea::config::Encryption;
use cardea::event::Origin;
use cardea::jobs::Job;
use serde_json::Value;

use super::world::World;
use crate::support::app::TestApp;

async fn published(world: &World) -> Vec<Value> {
    let page = world.app.browser().get("/federation/jwks").await;
    assert_eq!(page.status, reqwest::StatusCode::OK);
    assert_eq!(page.header("cache-control"), "public, max-age=1800");
    let set: Value = serde_json::from_str(&page.body).unwrap();
    let keys = set["keys"].as_array().unwrap().clone();
    assert!(keys.iter().all(|key| key.get("d").is_none() && key.get("p").is_none()));
    keys
}

fn of<'k>(keys: &'k [Value], what: &str) -> Vec<&'k str> {
    keys.iter().filter(|key| key["use"] == what).map(|key| key["kid"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_key_to_sign_and_a_key_to_encrypt_to_are_published_and_take_turns() {
    let builder = World::with_provider(TestApp::builder(), "itsme", 1, |upstream| {
        upstream.service = Some("CODE".to_owned());
    });
    let Some(world) = World::start(builder).await else { return };
    let rules = world.app.opened.config.federation;
    let first = published(&world).await;
    assert_eq!((of(&first, "sig").len(), of(&first, "enc").len()), (1, 1));
    let encrypting = first.iter().find(|key| key["use"] == "enc").unwrap();
    assert_eq!((&encrypting["alg"], &encrypting["kty"]), (&"RSA-OAEP-256".into(), &"RSA".into()));
    // At rest they are sealed, and nothing in the database is a key.
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_key").await, 2);
    let turn = |after| Origin { now: world.app.now().plus(after), ..world.origin() };
    let later = rules.keys_last;
    world.federation().keep_keys(&turn(later)).await.unwrap();
    let second = published(&world).await;
    // Both that sign; of those that open the new one alone, as a provider takes any that it sees.
    assert_eq!((of(&second, "sig").len(), of(&second, "enc").len()), (2, 1));
    assert_ne!(of(&second, "enc"), of(&first, "enc"));
    // The new one signs after the overlap, and the old ones go after another.
    world.federation().keep_keys(&turn(later + rules.keys_overlap)).await.unwrap();
    assert_eq!(of(&published(&world).await, "sig").len(), 2);
    world.federation().keep_keys(&turn(later + rules.keys_overlap * 2)).await.unwrap();
    let third = published(&world).await;
    assert_eq!((of(&third, "sig").len(), of(&third, "enc").len()), (1, 1));
    assert_eq!(of(&third, "enc"), of(&second, "enc"));
    assert_ne!(of(&third, "sig"), of(&first, "sig"));
    let whole = world.app.number("SELECT COUNT(*) FROM upstream_key WHERE retired_at IS NULL").await;
    let kept = world.app.number("SELECT COUNT(*) FROM upstream_key WHERE LENGTH(private) > 0").await;
    assert_eq!((whole, kept), (2, 2));
    assert_eq!(world.app.records_of("upstream_key_made").await.len(), 4);
    assert_eq!(world.app.records_of("upstream_key_retired").await.len(), 2);
    world.app.run(Job::UpstreamKeys).await;
}

#[tokio::test]
async fn without_a_provider_there_are_no_keys_and_a_secret_needs_none() {
    let Some(world) = World::start(TestApp::builder()).await else { return };
    assert_eq!(published(&world).await, Vec::<Value>::new());
    let builder = World::with_provider(TestApp::builder(), "fas", 1, |upstream| {
        upstream.client_auth = cardea::config::UpstreamAuth::ClientSecretBasic;
        upstream.encryption = Encryption::Never;
    });
    let Some(world) = World::start(builder).await else { return };
    assert_eq!(published(&world).await, Vec::<Value>::new());
}

#[tokio::test]
async fn nodes_that_make_keys_at_the_same_moment_make_one_of_each() {
    let builder = World::with_provider(TestApp::builder(), "itsme", 1, |_| {});
    let Some(world) = World::start(builder).await else { return };
    let later =
        Origin { now: world.app.now().plus(world.app.opened.config.federation.keys_last), ..world.origin() };
    let turn = || world.federation().keep_keys(&later);
    let (one, two, three) = tokio::join!(turn(), turn(), turn());
    for outcome in [one, two, three] {
        outcome.unwrap();
    }
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_key").await, 4);
}
