//! From a request to a code, or to whoever has to be told otherwise.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cardea::event::CaseCode;
use cardea::kernel::acr::Acr;
use cardea::kernel::id::{AccountId, JourneyId};
use serde_json::json;

use super::world::{CALLBACK, ISSUER, World, claims, request};

#[tokio::test]
async fn an_untrusted_request_ends_on_our_own_page_and_a_trusted_one_goes_back() {
    let world = World::new().await;
    for (client, changes) in [
        ("nobody", vec![]),
        ("web", vec![("redirect_uri", "https://evil.example/cb")]),
        ("web", vec![("redirect_uri", "https://evil.example/cb"), ("response_type", "token")]),
        ("web", vec![("redirect_uri", "")]),
    ] {
        let answer = world.authorize(client, &changes, &world.browser()).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{client} {changes:?}");
        let case = answer.body.split("translate=\"no\">").nth(1).and_then(|rest| rest.split('<').next());
        assert!(case.is_some_and(|case| case.parse::<CaseCode>().is_ok()), "no case code: {}", answer.body);
        assert!(!answer.body.contains("evil"), "the page repeats the request");
    }
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("scope", "email"), "invalid_scope"),
        (("request", "x"), "request_not_supported"),
        (("prompt", "none"), "login_required"),
    ] {
        let answer = world.authorize("web", &[change], &world.browser()).await;
        assert!(answer.location().starts_with(&format!("{CALLBACK}&error=")), "{}", answer.location());
        let sent = ["error", "state", "iss"].map(|name| answer.sent(name).unwrap_or_default());
        assert_eq!(sent, [error, "s&t", ISSUER]);
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
    // One that breaks its own rule does not go back.
    let long = "s".repeat(513);
    let answer = world.authorize("web", &[("state", &long)], &world.browser()).await;
    assert_eq!((answer.sent("error").as_deref(), answer.sent("state")), (Some("invalid_request"), None));
    assert_eq!(answer.sent("iss").as_deref(), Some(ISSUER));
    let native = [("redirect_uri", "http://127.0.0.1:51004/cb"), ("prompt", "none")];
    let answer = world.authorize("spa", &native, &world.browser()).await;
    assert!(answer.location().starts_with("http://127.0.0.1:51004/cb?error="), "{}", answer.location());
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_in_the_language_that_was_asked_for() {
    let world = World::new().await;
    let answer = world.authorize("web", &[("ui_locales", "es fr-BE")], &world.browser()).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    assert_eq!(answer.sent("lang").as_deref(), Some("fr"));
    let page = world.get(answer.location(), &world.browser()).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.be;"), "{policy}");
}

#[tokio::test]
async fn a_request_by_post_goes_on_by_get_with_the_parameters_that_count() {
    let world = World::new().await;
    let posted = Request::post("/oauth2/authorize")
        .header(header::HOST, "localhost:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://app.example.be")
        .body(Body::from(format!("{}&colour=blue", request("web", &[]))))
        .unwrap();
    let answer = world.send(posted).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("/oauth2/authorize?"), "{}", answer.location());
    assert_eq!((answer.sent("state").as_deref(), answer.sent("colour")), (Some("s&t"), None));
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    assert!(world.get(answer.location(), &cookies).await.sent("code").is_some());
}

#[tokio::test]
async fn a_weak_or_old_session_is_not_enough() {
    let world = World::new().await;
    let person = world.person("noor").await;
    let (_, weak) = world.session(&person, Acr::Pwd).await;
    let answer = world.authorize("web", &[("prompt", "none")], &weak).await;
    assert_eq!(answer.sent("error").as_deref(), Some("interaction_required"));
    assert!(world.authorize("web", &[], &weak).await.location().starts_with("/sign-in?journey="));
    let (_, strong) = world.session(&person, Acr::Mfa).await;
    world.wait(100);
    let answer = world.authorize("web", &[("prompt", "none"), ("max_age", "99")], &strong).await;
    assert_eq!(answer.sent("error").as_deref(), Some("login_required"));
    assert!(world.authorize("web", &[("max_age", "100")], &strong).await.sent("code").is_some());
    assert!(world.authorize("web", &[("prompt", "login")], &strong).await.location().starts_with("/sign-in"));
    let demand = r#"{"id_token":{"acr":{"essential":true,"value":"phrh"}}}"#;
    let answer = world.authorize("web", &[("claims", demand)], &strong).await;
    assert_eq!(answer.sent("error").as_deref(), Some("unmet_authentication_requirements"));
    assert!(world.authorize("web", &[("acr_values", "phrh")], &strong).await.sent("code").is_some());
}

#[tokio::test]
async fn a_hint_about_another_person_gets_no_answer_about_this_one() {
    let world = World::new().await;
    let (noor, emma) = (world.person("noor").await, world.person("emma").await);
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let tokens = world.redeem("web", &world.code("web", &cookies).await, &[]).await.json();
    let hint = tokens["id_token"].as_str().unwrap();
    world.wait(600);
    let silent = [("prompt", "none"), ("id_token_hint", hint)];
    assert!(world.authorize("web", &silent, &cookies).await.sent("code").is_some());
    let (_, cookies) = world.session(&emma, Acr::Mfa).await;
    let answer = world.authorize("web", &silent, &cookies).await;
    assert_eq!(answer.sent("error").as_deref(), Some("login_required"));
    // One that was given to another client says nothing.
    assert!(world.authorize("spa", &silent, &cookies).await.sent("code").is_some());
}

#[tokio::test]
async fn a_new_proof_moves_the_moment_that_tokens_tell() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, old) = world.session(&noor, Acr::Mfa).await;
    let before = world.clock.now().unix_seconds();
    world.wait(100);
    let auth_time = async |code: &str| {
        let tokens = world.redeem("web", code, &[]).await.json();
        claims(tokens["id_token"].as_str().unwrap())["auth_time"].as_i64().unwrap()
    };
    let code = world.authorize("web", &[("max_age", "100")], &old).await.sent("code").unwrap();
    assert_eq!(auth_time(&code).await, before);
    for change in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "99")] {
        let asked = world.authorize("web", &[change], &old).await;
        assert!(asked.location().starts_with("/sign-in?journey="), "{change:?}: {}", asked.location());
        let id = finished(&world, noor.id, "web", &[change]).await;
        let (_, new) = world.session(&noor, Acr::Mfa).await;
        let answer = world.get(&format!("/oauth2/authorize/continue?journey={id}"), &new).await;
        let now = world.clock.now().unix_seconds();
        assert_eq!(auth_time(&answer.sent("code").unwrap()).await, now, "{change:?}");
        world.wait(1);
    }
}

/// A journey for this request that the person has finished, as the rooms of signing in leave it.
pub async fn finished(
    world: &World,
    account: AccountId,
    client: &str,
    changes: &[(&str, &str)],
) -> JourneyId {
    let begun = world.authorize(client, changes, &world.browser()).await;
    let id: JourneyId = begun.sent("journey").unwrap().parse().unwrap();
    let journeys = &world.opened.journeys;
    let (device, now) = (world.device.id, world.clock.now());
    let mut journey = journeys.find(id, device, now).await.unwrap().unwrap();
    let proof = json!({ "kind": "password", "binding": { "journey": id, "account": account }, "at": now });
    let proof = serde_json::from_value(proof).unwrap();
    let account = world.opened.accounts.by_id(account).await.unwrap().unwrap();
    for step in 0..2 {
        let mut unit = world.opened.db.unit();
        if step == 0 {
            journey = journeys.add_proof(&mut unit, &journey, device, &account, proof, now);
        } else {
            journeys.finish(&mut unit, &journey, device, now);
        }
        world.opened.db.write(unit).await.unwrap();
    }
    id
}

#[tokio::test]
async fn a_finished_journey_gives_one_code_to_its_browser_and_its_person() {
    for world in World::on_each_database().await {
        let (noor, emma) = (world.person("noor").await, world.person("emma").await);
        let unfinished = world.authorize("web", &[], &world.browser()).await.sent("journey").unwrap();
        let id = finished(&world, noor.id, "web", &[("prompt", "login")]).await;
        let path = format!("/oauth2/authorize/continue?journey={id}");
        let (_, hers) = world.session(&emma, Acr::Mfa).await;
        let (_, cookies) = world.session(&noor, Acr::Mfa).await;
        let elsewhere = cookies.split_once("; ").unwrap().1.to_owned();
        for (path, cookies) in [
            (path.as_str(), world.browser()),
            (&path, hers),
            (&path, elsewhere),
            ("/oauth2/authorize/continue?journey=x", cookies.clone()),
            ("/oauth2/authorize/continue", cookies.clone()),
        ] {
            let answer = world.get(path, &cookies).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{path} {cookies}");
        }
        let early = world.get(&format!("/oauth2/authorize/continue?journey={unfinished}"), &cookies).await;
        assert!(early.location().starts_with("/sign-in?journey="), "{}", early.location());
        let answer = world.get(&path, &cookies).await;
        assert!(answer.sent("code").is_some(), "{} {}", answer.status, answer.body);
        assert_eq!(world.get(&path, &cookies).await.status, StatusCode::BAD_REQUEST, "used up");
    }
}

#[tokio::test]
async fn an_older_session_does_not_stand_in_for_the_proof_that_was_demanded() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, old) = world.session(&noor, Acr::Mfa).await;
    world.wait(10);
    let id = finished(&world, noor.id, "web", &[("prompt", "login")]).await;
    let answer = world.get(&format!("/oauth2/authorize/continue?journey={id}"), &old).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
}
