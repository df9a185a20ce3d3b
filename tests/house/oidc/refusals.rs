//! What a refusal leaves behind: its cause in the log, once, and nothing used up or ended that should not be.

use axum::http::StatusCode;
use cardea::event::model::EndReason;
use cardea::kernel::acr::Acr;

use super::world::{Answer, SECRET, VERIFIER, World, basic};

const ELSEWHERE: (&str, &str) = ("redirect_uri", "https://app.example.be/cb");

fn refused(answer: &Answer) {
    assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, "invalid_grant"));
}

/// The records of refused tokens with this cause.
async fn told(world: &World, cause: &str) -> Vec<String> {
    let cause = format!("\"what\":\"token_refused\",\"error\":\"{cause}\"");
    world.told().await.into_iter().filter(|record| record.contains(&cause)).collect()
}

async fn cookies(world: &World) -> String {
    let person = world.person("noor").await;
    world.session(&person, Acr::Mfa).await.1
}

#[tokio::test]
async fn who_does_not_prove_to_be_a_client_is_told_of_once_and_by_a_registered_name() {
    let world = World::new().await;
    let form = [("grant_type", "client_credentials")];
    for client in ["machine", "n0body", "machine", "n0body"] {
        let answer = world.post("/oauth2/token", &basic(client, "wrong"), &form).await;
        assert_eq!(answer.error(), "invalid_client");
    }
    let records = told(&world, "invalid_client").await;
    assert_eq!(records.len(), 2, "{records:?}");
    assert!(records.iter().any(|record| record.contains("\"application\":\"machine\"")), "{records:?}");
    assert!(records.iter().all(|record| !record.contains("n0body")), "whatever somebody types: {records:?}");
    // A request of another form says nothing of its sender.
    let twice = [form[0], ("client_secret", SECRET)];
    let answer = world.post("/oauth2/token", &basic("machine", SECRET), &twice).await;
    assert_eq!(answer.error(), "invalid_request");
    assert!(told(&world, "invalid_request").await.is_empty());
}

#[tokio::test]
async fn the_log_tells_once_why_a_code_gave_nothing() {
    for world in World::on_each_database().await {
        let cookies = cookies(&world).await;
        let (code, late) = (world.code("web", &cookies).await, world.code("web", &cookies).await);
        for _ in 0..3 {
            refused(&world.redeem("web", &code, &[ELSEWHERE]).await);
            refused(&world.redeem("other", &code, &[]).await);
        }
        assert_eq!(world.redeem("web", &code, &[]).await.status, StatusCode::OK);
        for _ in 0..3 {
            refused(&world.redeem("web", &code, &[]).await);
        }
        world.wait(60);
        for _ in 0..3 {
            refused(&world.redeem("web", &late, &[]).await);
        }
        for cause in ["other_redirect_uri", "unknown_code", "expired_code"] {
            assert_eq!(told(&world, cause).await.len(), 1, "{cause}");
        }
        let replays = world.told().await.into_iter().filter(|record| record.contains("code_replayed"));
        assert_eq!(replays.count(), 1);
    }
}

#[tokio::test]
async fn a_second_use_of_a_code_counts_however_it_comes() {
    let world = World::new().await;
    let cookies = cookies(&world).await;
    let wrong = VERIFIER.to_uppercase();
    for (later, change) in [(0, ELSEWHERE), (0, ("code_verifier", wrong.as_str())), (61, ("state", ""))] {
        let code = world.code("web", &cookies).await;
        let tokens = world.redeem("web", &code, &[]).await.json();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        world.wait(later);
        assert_eq!(world.userinfo(&bearer).await.status, StatusCode::OK);
        refused(&world.redeem("web", &code, &[change]).await);
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token", "{later} {change:?}");
    }
}

#[tokio::test]
async fn a_wrong_verifier_uses_a_code_up_once_and_what_is_no_verifier_does_not() {
    for world in World::on_each_database().await {
        let cookies = cookies(&world).await;
        let code = world.code("web", &cookies).await;
        for form in ["short", &"~".repeat(129), &"é".repeat(43)] {
            let answer = world.redeem("web", &code, &[("code_verifier", form)]).await;
            assert_eq!(answer.error(), "invalid_request", "{form}");
        }
        assert_eq!(world.redeem("web", &code, &[]).await.status, StatusCode::OK);
        let code = world.code("web", &cookies).await;
        let wrong = [("code_verifier", &*VERIFIER.to_uppercase())];
        let guess = || world.redeem("web", &code, &wrong);
        let answers = tokio::join!(guess(), guess(), guess(), guess());
        <[Answer; 4]>::from(answers).iter().for_each(refused);
        assert_eq!(told(&world, "wrong_code_verifier").await.len(), 1);
    }
}

#[tokio::test]
async fn whoever_repeats_a_refresh_token_that_is_over_does_not_fill_the_log() {
    let world = World::new().await;
    let person = world.person("noor").await;
    let (session, cookies) = world.session(&person, Acr::Mfa).await;
    let code = world.authorize("mobile", &[("scope", "openid")], &cookies).await.sent("code").unwrap();
    let tokens = world.redeem("mobile", &code, &[]).await.json();
    world.opened.sessions.end(&world.origin(), &person, session, EndReason::SignedOut).await.unwrap();
    for _ in 0..5 {
        refused(&world.refresh("mobile", tokens["refresh_token"].as_str().unwrap(), &[]).await);
    }
    assert_eq!(told(&world, "session_over").await.len(), 1);
    world.wait(60);
    refused(&world.refresh("mobile", tokens["refresh_token"].as_str().unwrap(), &[]).await);
    assert_eq!(told(&world, "session_over").await.len(), 2);
}
