//! What another node writes between the reading and the writing of a request: the conditions of the statements
//! count, and not what was read.

use axum::http::StatusCode;
use cardea::kernel::acr::Acr;
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::Value;

use super::world::{Answer, World};

/// The answer to a request that is overtaken: the other one has its row while this one reads, and is done
/// before this one writes.
async fn overtaken(world: &World, sql: &str, request: impl Future<Output = Answer>) -> Answer {
    let url = world.opened.config.database.url.expose().clone();
    let elsewhere = sea_orm::Database::connect(url).await.unwrap().begin().await.unwrap();
    elsewhere.execute_unprepared(sql).await.unwrap();
    let (answer, done) = tokio::join!(request, elsewhere.commit());
    done.unwrap();
    answer
}

async fn code(world: &World) -> String {
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    world.authorize("mobile", &[("scope", "openid")], &cookies).await.sent("code").unwrap()
}

fn refused(answer: &Answer) {
    assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, "invalid_grant"));
}

async fn findings(world: &World, what: &str) -> usize {
    world.told().await.iter().filter(|record| record.contains(what)).count()
}

#[tokio::test]
async fn a_code_that_is_used_elsewhere_gives_nothing_here() {
    for world in World::on_each_database().await {
        let code = code(&world).await;
        let used = "UPDATE authorization_code SET used_at = created_at";
        refused(&overtaken(&world, used, world.redeem("mobile", &code, &[])).await);
        assert_eq!(findings(&world, "tokens_issued").await, 0);
    }
}

#[tokio::test]
async fn a_code_that_was_used_elsewhere_a_moment_ago_ends_what_it_gave_there() {
    for world in World::on_each_database().await {
        let code = code(&world).await;
        let given = world.redeem("mobile", &code, &[]).await.json();
        let bearer = format!("Bearer {}", given["access_token"].as_str().unwrap());
        assert_eq!(world.userinfo(&bearer).await.status, StatusCode::OK);
        // As it was before.
        let mut unit = world.opened.db.unit();
        let unused = Query::update().table("authorization_code").value("used_at", None::<i64>).to_owned();
        unit.run(&unused);
        world.opened.db.write(unit).await.unwrap();
        let used = "UPDATE authorization_code SET used_at = created_at";
        refused(&overtaken(&world, used, world.redeem("mobile", &code, &[])).await);
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
        assert_eq!(findings(&world, "code_replayed").await, 1);
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_two_steps_behind_by_now_is_no_present_one() {
    for world in World::on_each_database().await {
        let tokens: Value = world.redeem("mobile", &code(&world).await, &[]).await.json();
        let token = tokens["refresh_token"].as_str().unwrap();
        let rotated = "UPDATE token_grant SET generation = 3";
        refused(&overtaken(&world, rotated, world.refresh("mobile", token, &[])).await);
        assert_eq!(findings(&world, "refresh_token_reused").await, 1);
    }
}

#[tokio::test]
async fn a_grant_that_ends_elsewhere_gives_nothing_here() {
    for world in World::on_each_database().await {
        let tokens: Value = world.redeem("mobile", &code(&world).await, &[]).await.json();
        let token = tokens["refresh_token"].as_str().unwrap();
        let ended = "UPDATE token_grant SET ended_at = created_at";
        refused(&overtaken(&world, ended, world.refresh("mobile", token, &[])).await);
        assert_eq!(findings(&world, "tokens_issued").await, 1, "those of the code");
        assert_eq!(findings(&world, "refresh_token_reused").await, 0);
    }
}
