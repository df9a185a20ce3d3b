//! What is asked for beside scopes: single claims, one person, an assurance, a resource server, access that
//! goes on.

use axum::http::StatusCode;
use cardea::kernel::acr::Acr;
use serde_json::{Value, json};

use super::world::{ISSUER, World, claims};

/// Tokens for a request; its scope is `openid` alone where the changes say nothing else.
async fn tokens(world: &World, client: &str, changes: &[(&str, &str)], cookies: &str) -> Value {
    let changes: Vec<(&str, &str)> = [("scope", "openid")].iter().chain(changes).copied().collect();
    let answer = world.authorize(client, &changes, cookies).await;
    let code = answer.sent("code").unwrap_or_else(|| panic!("{changes:?}: {}", answer.location()));
    world.redeem(client, &code, &[]).await.json()
}

fn id_claims(tokens: &Value) -> Value {
    claims(tokens["id_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_claim_is_told_where_it_was_asked_for() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    // Neither `address` nor `phone` is registered for this client, and `role` is no claim of anybody's.
    let asked = r#"{"userinfo": {"given_name": null, "address": {"essential": true}, "role": null},
                    "id_token": {"email": {"essential": true}, "phone_number": null, "auth_time": null}}"#;
    let told = tokens(&world, "web", &[("claims", asked)], &cookies).await;
    let id = id_claims(&told);
    assert_eq!((&id["email"], &id["given_name"]), (&json!("noor@example.be"), &Value::Null));
    assert_eq!((&id["phone_number"], &id["sub"]), (&Value::Null, &json!(noor.sub)));
    assert_eq!(id["auth_time"], world.clock.now().unix_seconds());
    let about = world.userinfo(&format!("Bearer {}", told["access_token"].as_str().unwrap())).await;
    assert_eq!(
        (about.status, about.json()),
        (StatusCode::OK, json!({ "sub": noor.sub, "given_name": "Noor" }))
    );
    // What a scope opens is told beside it, and nothing of it in the ID token.
    let told = tokens(&world, "web", &[("claims", asked), ("scope", "openid email")], &cookies).await;
    let about = world.userinfo(&format!("Bearer {}", told["access_token"].as_str().unwrap())).await.json();
    assert_eq!((&about["email"], &about["given_name"]), (&json!("noor@example.be"), &json!("Noor")));
    for wrong in ["[]", r#"{"id_token": {"email": "yes"}}"#] {
        let answer = world.authorize("web", &[("claims", wrong)], &cookies).await;
        assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"), "{wrong}");
    }
}

#[tokio::test]
async fn an_answer_is_about_the_person_who_was_asked_for_or_there_is_none() {
    let world = World::new().await;
    let (noor, emma) = (world.person("noor").await, world.person("emma").await);
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    for place in ["id_token", "userinfo"] {
        let about = |sub: &str| json!({ place: { "sub": { "value": sub } } }).to_string();
        let (of_noor, of_emma) = (about(&noor.sub), about(&emma.sub));
        let silent = [("prompt", "none"), ("claims", of_noor.as_str())];
        assert!(world.authorize("web", &silent, &cookies).await.sent("code").is_some(), "{place}");
        let silent = [("prompt", "none"), ("claims", of_emma.as_str())];
        let answer = world.authorize("web", &silent, &cookies).await;
        assert_eq!(answer.sent("error").as_deref(), Some("login_required"), "{place}");
        let changes = [("claims", of_emma.as_str())];
        let answer = world.authorize("web", &changes, &cookies).await;
        assert!(answer.location().starts_with("/sign-in?journey="), "{place}: {}", answer.location());
        // Whoever signs in then gets no answer for somebody else either.
        let id = super::authorization::finished(&world, noor.id, "web", &changes).await;
        let (_, new) = world.session(&noor, Acr::Mfa).await;
        let answer = world.get(&format!("/oauth2/authorize/continue?journey={id}"), &new).await;
        assert_eq!(answer.sent("error").as_deref(), Some("login_required"), "{place}");
    }
    // A hint about one and a demand for another leave nobody to ask.
    let hint = tokens(&world, "web", &[], &cookies).await["id_token"].as_str().unwrap().to_owned();
    let demand = json!({ "id_token": { "sub": { "value": emma.sub } } }).to_string();
    let changes = [("id_token_hint", hint.as_str()), ("claims", &demand)];
    let answer = world.authorize("web", &changes, &world.browser()).await;
    assert_eq!(answer.sent("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_demanded_assurance_is_told_as_it_was_demanded() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    for (values, expected) in [(json!(["phrh", "mfa"]), "mfa"), (json!(["pwd"]), "pwd")] {
        let demand = json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string();
        let told = tokens(&world, "web", &[("claims", &demand)], &cookies).await;
        assert_eq!(id_claims(&told)["acr"], expected, "{values}");
    }
    let (_, weak) = world.session(&noor, Acr::Pwd).await;
    let demand = r#"{"id_token": {"acr": {"essential": true, "values": ["mfa"]}}}"#;
    let answer = world.authorize("web", &[("claims", demand)], &weak).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    // What can be reached and is not is asked for; what nobody reaches here is told.
    let demand = r#"{"id_token": {"acr": {"essential": true, "values": ["phr"]}}}"#;
    let answer = world.authorize("web", &[("claims", demand)], &cookies).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    for values in [json!(["phrh"]), json!(["phrh", "gold"])] {
        let demand = json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string();
        let answer = world.authorize("web", &[("claims", &demand)], &cookies).await;
        assert_eq!(answer.sent("error").as_deref(), Some("unmet_authentication_requirements"), "{values}");
    }
}

#[tokio::test]
async fn a_resource_server_is_one_of_the_registered_ones() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let agreed = super::authorization_consent::agree(&world, &[], &cookies).await;
    assert!(agreed.sent("code").is_some(), "{}", agreed.body);
    let audience = async |changes: &[(&str, &str)]| {
        let told = tokens(&world, "rooms", changes, &cookies).await;
        claims(told["access_token"].as_str().unwrap())["aud"].clone()
    };
    assert_eq!(audience(&[]).await, json!([ISSUER, "rs", "other"]));
    assert_eq!(audience(&[("resource", "other")]).await, json!([ISSUER, "other"]));
    for wrong in ["web", "rs other", "https://rs.example"] {
        let answer = world.authorize("rooms", &[("resource", wrong)], &cookies).await;
        let sent = ["error", "state", "iss"].map(|name| answer.sent(name).unwrap_or_default());
        assert_eq!(sent, ["invalid_target", "s&t", ISSUER], "{wrong}");
    }
    let twice = format!("{}&resource=rs&resource=other", super::world::request("rooms", &[]));
    let answer = world.get(&format!("/oauth2/authorize?{twice}"), &cookies).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""));
}

#[tokio::test]
async fn access_that_goes_on_is_given_where_it_was_agreed_to() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let scope = ("scope", "openid offline_access");
    // Of the house: registration is enough.
    let told = tokens(&world, "mobile", &[scope], &cookies).await;
    assert_eq!(told["scope"], "openid offline_access");
    // Of others: only where the person was asked for this very request.
    let agreed = super::authorization_consent::agree(&world, &[scope], &cookies).await;
    let told = world.redeem("rooms", &agreed.sent("code").unwrap(), &[]).await.json();
    assert_eq!(told["scope"], "openid");
    let agreed = super::authorization_consent::agree(&world, &[scope, ("prompt", "consent")], &cookies).await;
    let told = world.redeem("rooms", &agreed.sent("code").unwrap(), &[]).await.json();
    assert_eq!(told["scope"], "openid offline_access");
    let told = tokens(&world, "rooms", &[scope], &cookies).await;
    assert_eq!(told["scope"], "openid");
    // Not registered for it, so it is left out.
    let told = tokens(&world, "web", &[scope, ("prompt", "consent")], &cookies).await;
    assert_eq!(told["scope"], "openid");
}
