//! Refresh tokens: one successor, a short grace for a client that proved itself, and the end of a grant whose
//! old token comes back.

use std::time::Duration;

use axum::http::StatusCode;
use cardea::account::{Account, State};
use cardea::event::model::EndReason;
use cardea::kernel::acr::Acr;
use serde_json::{Value, json};

use super::world::{Answer, CALLBACK, ISSUER, SECRET, World, claims};

fn refresh_token(answer: &Value) -> String {
    answer["refresh_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn bearer(answer: &Value) -> String {
    format!("Bearer {}", answer["access_token"].as_str().unwrap())
}

async fn begun(world: &World, client: &str, scope: &str) -> (Account, Value) {
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let code = world.authorize(client, &[("scope", scope)], &cookies).await.sent("code").unwrap();
    let answer = world.redeem(client, &code, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    (person, answer.json())
}

fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, error), "{}", answer.body);
}

async fn findings(world: &World) -> usize {
    world.told().await.iter().filter(|record| record.contains("refresh_token_reused")).count()
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_of_the_same_sign_in() {
    for world in World::on_each_database().await {
        let (person, first) = begun(&world, "mobile", "openid email").await;
        world.wait(600);
        let answer = world.refresh("mobile", &refresh_token(&first), &[]).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        let second = answer.json();
        assert_ne!(refresh_token(&first), refresh_token(&second));
        assert_ne!(first["access_token"], second["access_token"]);
        let (before, after) =
            (claims(first["id_token"].as_str().unwrap()), claims(second["id_token"].as_str().unwrap()));
        for same in ["iss", "sub", "aud", "auth_time", "acr", "amr", "sid"] {
            assert_eq!(before[same], after[same], "{same}");
        }
        assert_eq!((&after["sub"], &after["nonce"]), (&json!(person.sub), &Value::Null));
        assert_eq!(after["iat"].as_i64().unwrap(), before["iat"].as_i64().unwrap() + 600);
        assert_eq!(world.userinfo(&bearer(&second)).await.status, StatusCode::OK);
        // Less may be asked for, and the next refresh has it all again; more may not.
        let less = world.refresh("mobile", &refresh_token(&second), &[("scope", "email")]).await.json();
        assert_eq!((&less["scope"], &less["id_token"]), (&json!("email"), &Value::Null));
        assert_eq!(world.userinfo(&bearer(&less)).await.error(), "invalid_token", "it is for others alone");
        refused(
            &world.refresh("mobile", &refresh_token(&less), &[("scope", "openid profile")]).await,
            "invalid_scope",
        );
        let whole = world.refresh("mobile", &refresh_token(&less), &[]).await.json();
        assert_eq!(whole["scope"], "openid email");
        // Who is not registered for refreshing gets no such token.
        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let code = world.code("web", &cookies).await;
        assert_eq!(world.redeem("web", &code, &[]).await.json()["refresh_token"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_once_all_get_the_one_successor() {
    for world in World::on_each_database().await {
        let world = std::sync::Arc::new(world);
        let (_, first) = begun(&world, "mobile", "openid").await;
        let token = refresh_token(&first);
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (world, token) = (std::sync::Arc::clone(&world), token.clone());
            crowd.spawn(async move { world.refresh("mobile", &token, &[]).await.json() });
        }
        let mut successors: Vec<String> = crowd.join_all().await.iter().map(refresh_token).collect();
        successors.sort();
        successors.dedup();
        assert_eq!(successors.len(), 1, "more than one successor was minted");
        assert_eq!(findings(&world).await, 0);
        // The one successor is present: it has one of its own.
        assert_eq!(world.refresh("mobile", &successors[0], &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn within_the_grace_the_same_successor_and_later_the_end() {
    for world in World::on_each_database().await {
        let (_, first) = begun(&world, "mobile", "openid").await;
        let second = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
        world.wait(9);
        let again = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
        assert_eq!(refresh_token(&again), refresh_token(&second));
        assert_eq!(findings(&world).await, 0);
        world.wait(1);
        refused(&world.refresh("mobile", &refresh_token(&first), &[]).await, "invalid_grant");
        assert_eq!(findings(&world).await, 1);
        // The newest one and every access token of the grant are dead with it.
        refused(&world.refresh("mobile", &refresh_token(&second), &[]).await, "invalid_grant");
        assert_eq!(world.userinfo(&bearer(&again)).await.error(), "invalid_token");
        // Whoever repeats it does not fill the log.
        for _ in 0..20 {
            refused(&world.refresh("mobile", &refresh_token(&first), &[]).await, "invalid_grant");
        }
        assert!(findings(&world).await <= 2);
    }
}

#[tokio::test]
async fn two_steps_behind_there_is_no_grace() {
    let world = World::new().await;
    let (_, first) = begun(&world, "mobile", "openid").await;
    let second = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
    let third = world.refresh("mobile", &refresh_token(&second), &[]).await.json();
    refused(&world.refresh("mobile", &refresh_token(&first), &[]).await, "invalid_grant");
    refused(&world.refresh("mobile", &refresh_token(&third), &[]).await, "invalid_grant");
    assert_eq!(findings(&world).await, 1);
}

#[tokio::test]
async fn a_public_client_has_no_grace() {
    for world in World::on_each_database().await {
        let (_, first) = begun(&world, "native", "openid").await;
        let second = world.refresh("native", &refresh_token(&first), &[]).await.json();
        refused(&world.refresh("native", &refresh_token(&first), &[]).await, "invalid_grant");
        refused(&world.refresh("native", &refresh_token(&second), &[]).await, "invalid_grant");
        assert_eq!(findings(&world).await, 1);
    }
}

#[tokio::test]
async fn a_token_is_its_clients_and_nobody_can_make_one_up() {
    let world = World::new().await;
    let (_, first) = begun(&world, "mobile", "openid").await;
    let token = refresh_token(&first);
    refused(&world.refresh("native", &token, &[]).await, "invalid_grant");
    let mut forged = token.clone().into_bytes();
    forged[40] = if forged[40] == b'A' { b'B' } else { b'A' };
    refused(&world.refresh("mobile", std::str::from_utf8(&forged).unwrap(), &[]).await, "invalid_grant");
    for junk in ["x", &"A".repeat(70), &"A".repeat(5000), "é", first["access_token"].as_str().unwrap()] {
        refused(&world.refresh("mobile", junk, &[]).await, "invalid_grant");
    }
    refused(&world.refresh("mobile", "", &[]).await, "invalid_request");
    // None of this ended the grant.
    assert_eq!(findings(&world).await, 0);
    assert_eq!(world.refresh("mobile", &token, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_number_that_was_not_given_yet_is_nobodys() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let (_, first) = begun(&world, "mobile", "openid").await;
    let second = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
    // As if the database had been restored to a moment before.
    let url = world.opened.config.database.url.expose().clone();
    let database = sea_orm::Database::connect(url).await.unwrap();
    database.execute_unprepared("UPDATE token_grant SET generation = 1").await.unwrap();
    refused(&world.refresh("mobile", &refresh_token(&second), &[]).await, "invalid_grant");
    assert_eq!(findings(&world).await, 0);
    let again = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
    assert_eq!(refresh_token(&again), refresh_token(&second));
}

#[tokio::test]
async fn claims_are_told_to_a_token_with_the_scope_for_them_alone() {
    // Without a resource server of its own, its tokens are for us even when they are not for claims.
    let client = json!({ "client_id": "notes", "client_secret": SECRET, "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "client_secret_post", "trusted": true, "scope": "openid email",
        "grant_types": ["authorization_code", "refresh_token"] });
    let world = World::with_client(client).await;
    let (_, first) = begun(&world, "notes", "openid email").await;
    let less = world.refresh("notes", &refresh_token(&first), &[("scope", "email")]).await.json();
    assert_eq!(claims(less["access_token"].as_str().unwrap())["aud"], ISSUER);
    let answer = world.userinfo(&bearer(&less)).await;
    assert_eq!((answer.status, answer.error()), (StatusCode::FORBIDDEN, "insufficient_scope".into()));
}

#[tokio::test]
async fn what_ends_the_person_or_the_session_ends_the_refreshing() {
    for world in World::on_each_database().await {
        let (person, first) = begun(&world, "mobile", "openid").await;
        world.opened.accounts.set_state(&world.origin(), &person, State::Disabled).await.unwrap();
        refused(&world.refresh("mobile", &refresh_token(&first), &[]).await, "invalid_grant");
    }
    let world = World::new().await;
    let (person, first) = begun(&world, "mobile", "openid").await;
    let mut unit = world.opened.db.unit();
    let sessions = &world.opened.sessions;
    sessions.end_all(&mut unit, &world.origin(), &person, None, EndReason::SignedOut).await.unwrap();
    world.opened.db.write(unit).await.unwrap();
    refused(&world.refresh("mobile", &refresh_token(&first), &[]).await, "invalid_grant");
    // A life of its own has an end too: twelve hours here.
    let world = World::new().await;
    let (_, first) = begun(&world, "mobile", "openid offline_access").await;
    world.wait(12 * 3600 - 1);
    let second = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
    world.wait(1);
    let form = [("token", &*refresh_token(&second)), ("client_id", "mobile"), ("client_secret", SECRET)];
    let told = world.post("/oauth2/introspect", "", &form).await.json();
    assert_eq!(told, json!({ "active": false }));
    refused(&world.refresh("mobile", &refresh_token(&second), &[]).await, "invalid_grant");
}

#[tokio::test]
async fn offline_access_outlives_the_session_but_not_the_account() {
    for world in World::on_each_database().await {
        let (person, first) = begun(&world, "mobile", "openid offline_access").await;
        let mut unit = world.opened.db.unit();
        let sessions = &world.opened.sessions;
        sessions.end_all(&mut unit, &world.origin(), &person, None, EndReason::SignedOut).await.unwrap();
        world.opened.db.write(unit).await.unwrap();
        world.clock.advance(Duration::from_hours(1));
        let second = world.refresh("mobile", &refresh_token(&first), &[]).await.json();
        assert_eq!(claims(second["access_token"].as_str().unwrap())["iss"], ISSUER);
        assert_eq!(world.userinfo(&bearer(&second)).await.status, StatusCode::OK);
        world.opened.accounts.set_state(&world.origin(), &person, State::Disabled).await.unwrap();
        refused(&world.refresh("mobile", &refresh_token(&second), &[]).await, "invalid_grant");
        assert_eq!(world.userinfo(&bearer(&second)).await.error(), "invalid_token");
        // Coming back does not revive what was given before.
        let account = world.account(person.id).await;
        world.opened.accounts.set_state(&world.origin(), &account, State::Active).await.unwrap();
        refused(&world.refresh("mobile", &refresh_token(&second), &[]).await, "invalid_grant");
    }
}
