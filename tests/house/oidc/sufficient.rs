//! Userinfo asks for a stronger or more recent proof than the one behind a token, in words that clients understand.

use axum::http::StatusCode;
use cardea::account::Account;
use cardea::kernel::acr::Acr;
use cardea::kernel::role::Role;
use serde_json::{Value, json};

use super::world::{Answer, CALLBACK, SECRET, World, claims};

const BEGINNING: &str =
    "Bearer realm=\"userinfo\", error=\"insufficient_user_authentication\", error_description=";

async fn tokens(world: &World, client: &str, changes: &[(&str, &str)], cookies: &str) -> Value {
    let answer = world.authorize(client, &[&[("scope", "openid")], changes].concat(), cookies).await;
    let code = answer.sent("code").unwrap_or_else(|| panic!("{}: {}", answer.status, answer.location()));
    world.redeem(client, &code, &[]).await.json()
}

async fn told(world: &World, tokens: &Value) -> Answer {
    world.userinfo(&format!("Bearer {}", tokens["access_token"].as_str().unwrap())).await
}

/// The whole challenge, of an answer that is nothing but one.
fn challenge(answer: &Answer) -> &str {
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::UNAUTHORIZED, "insufficient_user_authentication")
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    let text = answer.headers["www-authenticate"].to_str().unwrap();
    text.strip_prefix(BEGINNING).unwrap_or_else(|| panic!("{text}"))
}

async fn made_administrator(world: &World, noor: &Account) {
    world.opened.accounts.grant(&world.origin(), noor, Role::Admin).await.unwrap();
}

#[tokio::test]
async fn who_needs_more_by_now_is_told_of_after_a_stronger_proof_alone() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let before = tokens(&world, "mobile", &[], &cookies).await;
    assert_eq!(told(&world, &before).await.status, StatusCode::OK);
    made_administrator(&world, &noor).await;
    let expected = "\"a stronger proof of the person is needed\", acr_values=\"phr\"";
    assert_eq!(challenge(&told(&world, &before).await), expected);
    // Other tokens of the same sign-in are no stronger.
    let refresh = before["refresh_token"].as_str().unwrap();
    let refreshed = world.refresh("mobile", refresh, &[]).await.json();
    assert_eq!(challenge(&told(&world, &refreshed).await), expected);
    // What the challenge says is understood where the person signs in, and then it is enough.
    let asked = world.authorize("mobile", &[("acr_values", "phr"), ("prompt", "none")], &cookies).await;
    assert_eq!(asked.sent("error").as_deref(), Some("interaction_required"));
    let noor = world.account(noor.id).await;
    let (_, stronger) = world.session(&noor, Acr::Phr).await;
    let after = tokens(&world, "mobile", &[("acr_values", "phr")], &stronger).await;
    assert_eq!(told(&world, &after).await.json()["sub"], noor.sub);
    // The session's level lifts no token that was issued before it.
    assert_eq!(challenge(&told(&world, &before).await), expected);
}

#[tokio::test]
async fn a_token_that_tells_less_than_was_proved_is_taken_for_what_was_proved() {
    let world = World::new().await;
    let noor = world.person_as("noor", Role::Admin).await;
    let (_, cookies) = world.session(&noor, Acr::Phr).await;
    let demand = r#"{"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#;
    let demanded = tokens(&world, "web", &[("claims", demand)], &cookies).await;
    assert_eq!(claims(demanded["access_token"].as_str().unwrap())["acr"], "mfa");
    assert_eq!(told(&world, &demanded).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_application_that_wants_recent_proofs_gets_no_other() {
    let aged = json!({ "client_id": "aged", "client_secret": SECRET, "redirect_uris": [CALLBACK], "trusted": true,
        "token_endpoint_auth_method": "client_secret_post", "default_max_age": 120 });
    let world = World::with_client(aged).await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let young = tokens(&world, "aged", &[], &cookies).await;
    world.wait(120);
    assert_eq!(told(&world, &young).await.status, StatusCode::OK);
    world.wait(1);
    let answer = told(&world, &young).await;
    assert_eq!(challenge(&answer), "\"a more recent proof of the person is needed\", max_age=\"120\"");
    // It holds for its requests, too, and another application does not notice.
    let silent = world.authorize("aged", &[("prompt", "none")], &cookies).await;
    assert_eq!(silent.sent("error").as_deref(), Some("login_required"));
    let longer = world.authorize("aged", &[("max_age", "600"), ("prompt", "none")], &cookies).await;
    assert!(longer.sent("code").is_some(), "a request says it for itself: {}", longer.location());
    assert_eq!(told(&world, &tokens(&world, "other", &[], &cookies).await).await.status, StatusCode::OK);
    // Both at once.
    made_administrator(&world, &noor).await;
    let expected =
        "\"a stronger and more recent proof of the person is needed\", acr_values=\"phr\", max_age=\"120\"";
    assert_eq!(challenge(&told(&world, &young).await), expected);
}
