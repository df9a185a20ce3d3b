//! The keys of tokens, as applications meet them.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::{StatusCode, header};
use cardea::config::SigningConfig;
use cardea::config::clients::SigningAlg;
use cardea::jobs::Job;
use cardea::kernel::acr::Acr;
use cardea::oidc::{KeysError, Pace, Pins, SigningKeys, Turn};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::world::{SECRET, World, basic};
use crate::support::app::TestApp;
use crate::support::key_set::{KeySetCopy, header as header_of, kid};

fn machine(id: &str, algorithm: &str, pins: &[String]) -> Value {
    json!({
        "client_id": id, "client_secret": SECRET, "grant_types": ["client_credentials"], "scope": "files.read",
        "access_token_signed_response_alg": algorithm, "pinned_keys": pins,
    })
}

async fn register(world: &World, client: Value) {
    crate::support::register::register(&world.opened, &world.origin(), &client).await;
}

async fn machine_token(world: &World, id: &str) -> String {
    let form = [("grant_type", "client_credentials"), ("scope", "files.read")];
    let answer = world.post("/oauth2/token", &basic(id, SECRET), &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn key_set(world: &World) -> KeySetCopy {
    KeySetCopy::read(&world.get("/oauth2/jwks", "").await.body)
}

async fn turn(world: &World, pace: Pace) -> String {
    let turn = Turn { algorithms: vec![SigningAlg::Es256], pace, force: false, dry_run: false };
    let pins = Pins::of(&world.opened.clients);
    let turned = world.opened.signing_keys.turn(&turn, &pins, &world.origin()).await.unwrap();
    turned.made[0].id.unwrap().to_string()
}

#[tokio::test]
async fn each_client_gets_the_algorithm_that_it_is_registered_with() {
    for world in World::on_each_database().await {
        // ES256 is always there, RS256 as one of the clients wants it for ID tokens.
        assert_eq!(key_set(&world).await.kids().len(), 2);
        for (number, algorithm) in ["ES256", "EdDSA", "PS256", "RS256"].into_iter().enumerate() {
            register(&world, machine(&format!("m{number}"), algorithm, &[])).await;
            let token = machine_token(&world, &format!("m{number}")).await;
            assert_eq!(format!("{:?}", header_of(&token).alg), algorithm);
            assert_eq!(header_of(&token).typ.as_deref(), Some("at+jwt"));
            world.wait(1);
            let claims = key_set(&world).await.claims(&token).unwrap_or_else(|| panic!("{algorithm}"));
            assert_eq!(claims["client_id"], format!("m{number}"));
        }
        let keys = world.get("/oauth2/jwks", "").await.json();
        let keys = keys["keys"].as_array().unwrap().clone();
        assert_eq!(keys.len(), 4);
        let moduli: BTreeSet<_> = keys.iter().filter_map(|key| key["n"].as_str()).collect();
        assert_eq!(moduli.len(), 2, "PS256 and RS256 have a key each");
        let private = ["d", "p", "q", "dp", "dq", "qi", "k"];
        assert!(keys.iter().all(|key| private.iter().all(|member| key.get(member).is_none())), "{keys:?}");
    }
}

#[tokio::test]
async fn the_key_set_may_be_kept_as_long_as_the_operator_says() {
    let Some(app) =
        TestApp::builder().with(|c| c.signing.key_set_max_age = Duration::from_secs(77)).start().await
    else {
        return;
    };
    let browser = app.browser();
    let page = browser.get("/oauth2/jwks").await;
    assert_eq!(page.header("cache-control"), "public, max-age=77");
    let again =
        browser.request(reqwest::Method::GET, "/oauth2/jwks").header("if-none-match", page.header("etag"));
    let again = browser.send(again).await;
    assert_eq!((again.status.as_u16(), again.header("cache-control").as_str()), (304, "public, max-age=77"));
}

#[tokio::test]
async fn periodic_work_makes_the_next_key_and_retires_the_last_one() {
    let Some(app) = TestApp::start().await else { return };
    let browser = app.browser();
    let kids = async || KeySetCopy::read(&browser.get("/oauth2/jwks").await.body).kids();
    let first = kids().await;
    assert_eq!(first.len(), 1);
    let rules = app.opened.config.signing;
    let until = |span: Duration| app.advance(span.saturating_sub(Duration::from_secs(1)));
    until(rules.signs_for.saturating_sub(rules.published_before));
    app.run(Job::SigningKeys).await;
    assert_eq!(kids().await, first, "its time has not come");
    app.advance(Duration::from_secs(1));
    app.run(Job::SigningKeys).await;
    app.run(Job::SigningKeys).await;
    let both = kids().await;
    assert!(both.len() == 2 && both[0] == first[0], "{both:?}");
    let signs = async || {
        let now = app.now();
        let keys = app.opened.signing_keys.current(now).await;
        kid(&keys.sign(SigningAlg::Es256, "JWT", &json!({}), now).unwrap())
    };
    assert_eq!(signs().await, both[0]);
    app.advance(rules.published_before);
    assert_eq!(signs().await, both[1]);
    app.run(Job::SigningKeys).await;
    until(rules.published_after);
    app.run(Job::SigningKeys).await;
    assert_eq!(kids().await, both, "an ID token still shows whose session is to end");
    app.advance(Duration::from_secs(1));
    assert_eq!(kids().await, both[1..], "at that moment, whenever periodic work comes");
    app.run(Job::SigningKeys).await;
    let made = app.records_of("signing_key_made").await;
    assert_eq!(made.iter().filter_map(|record| record.text("key")).collect::<Vec<_>>(), both);
    let retired = app.records_of("signing_key_retired").await;
    assert_eq!(retired.iter().filter_map(|record| record.text("key")).collect::<Vec<_>>(), first);
    assert_eq!(app.number("SELECT COUNT(*) FROM signing_key WHERE length(private) = 0").await, 1);
}

#[tokio::test]
async fn a_pinned_key_signs_for_its_client_and_the_newest_for_all_others() {
    let world = World::new().await;
    register(&world, machine("free", "ES256", &[])).await;
    let first = kid(&machine_token(&world, "free").await);
    register(&world, machine("pins", "ES256", std::slice::from_ref(&first))).await;
    let second = turn(&world, Pace::Soon).await;
    assert_eq!(kid(&machine_token(&world, "free").await), first, "every node has to know it first");
    world.wait(SigningConfig::SOONEST.as_secs());
    assert_eq!(kid(&machine_token(&world, "free").await), second);
    let token = machine_token(&world, "pins").await;
    assert_eq!(kid(&token), first);
    assert!(key_set(&world).await.claims(&token).is_some(), "it stays published");
    register(&world, machine("pins", "ES256", &[first, second.clone()])).await;
    assert_eq!(kid(&machine_token(&world, "pins").await), second);
}

#[tokio::test]
async fn an_id_token_of_an_earlier_key_is_still_a_hint_and_an_access_token_still_opens() {
    let world = World::new().await;
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let tokens = world.redeem("spa", &world.code("spa", &cookies).await, &[]).await.json();
    turn(&world, Pace::Soon).await;
    world.wait(SigningConfig::SOONEST.as_secs());
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(world.userinfo(&bearer).await.status, StatusCode::OK);
    let fresh = world.redeem("spa", &world.code("spa", &cookies).await, &[]).await.json();
    let (old, new) = (&tokens["id_token"], &fresh["id_token"]);
    assert_ne!(kid(old.as_str().unwrap()), kid(new.as_str().unwrap()));
    let silent = [("prompt", "none"), ("id_token_hint", old.as_str().unwrap())];
    assert!(world.authorize("spa", &silent, &cookies).await.sent("code").is_some());
    let leaked = turn(&world, Pace::Instead).await;
    assert_eq!(world.userinfo(&bearer).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(key_set(&world).await.kids().iter().filter(|kid| **kid == leaked).count(), 1);
    let answer = world.get("/oauth2/jwks", "").await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=300");
}

#[tokio::test]
async fn a_public_key_that_was_exchanged_in_the_database_stops_the_start() {
    let world = World::new().await;
    let opened = &world.opened;
    let db = opened.db.read();
    let swapped = "UPDATE signing_key SET public_jwk = replace(public_jwk, '\"x\":\"', '\"x\":\"A')";
    // The node's own reading connection does not write; the file is another program's too.
    let url = opened.config.database.url.expose().replace("sqlite://", "sqlite:");
    let other = sea_orm::Database::connect(url).await.unwrap();
    other.execute_raw(Statement::from_string(db.get_database_backend(), swapped)).await.unwrap();
    let (log, ring) = (opened.log.clone(), opened.ring.clone());
    let keys = SigningKeys::new(log, ring, opened.entropy.clone(), opened.config.signing);
    let refused = keys.ensure(&[SigningAlg::Es256], world.clock.now()).await;
    assert!(matches!(refused, Err(KeysError::Unreadable { .. })), "{refused:?}");
}
