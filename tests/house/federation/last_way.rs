//! What may go and what has to stay, where an account has a link and something that is bound to it.

use cardea::kernel::id::AuthenticatorId;
use reqwest::StatusCode;
use serde_json::json;

use super::journeys::{APP, LINK, linked, next, ready, through};
use super::world::World;
use crate::support::client::Browser;
use crate::support::people::Person;

const UNLINK: &str = "/account/upstream/fas/remove";

async fn apps(world: &World, anna: &Person) -> Vec<AuthenticatorId> {
    let bound = world.app.opened.authenticators.of(anna.id).await.unwrap();
    bound.into_iter().map(|bound| bound.id).collect()
}

async fn links(world: &World, anna: &Person) -> usize {
    world.federation().links().of(anna.id).await.unwrap().len()
}

fn removal(id: AuthenticatorId) -> String {
    format!("/account/authenticators/{id}/remove")
}

async fn add_app(world: &World, browser: &Browser) {
    let page = browser.get("/account/authenticators/app/new").await;
    let (_, answer) = browser.enrol(&world.app, &page).await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
}

#[tokio::test]
async fn an_app_may_go_where_a_link_is_enough_and_then_the_link_stays() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    let browser = world.app.browser();
    browser.sign_in(&world.app, &anna).await;
    let bound = apps(&world, &anna).await;
    assert_eq!(bound.len(), 1, "one app");
    let app = bound[0];
    assert!(browser.get("/account").await.body.contains(&removal(app)), "the page says that it may go");
    let page = browser.get(&removal(app)).await;
    assert_eq!(browser.submit(&page.form(&removal(app)), &[]).await.location(), "/account");
    let page = browser.open(LINK).await;
    let stays = browser.submit(&page.form(UNLINK), &[]).await;
    assert_eq!(stays.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", stays.text());
    assert_eq!((apps(&world, &anna).await.len(), links(&world, &anna).await), (0, 1));
}

#[tokio::test]
async fn who_takes_the_app_and_the_link_away_at_the_same_time_keeps_one_of_them() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    let browser = world.app.browser();
    browser.sign_in(&world.app, &anna).await;
    for round in 0..5 {
        let bound = apps(&world, &anna).await;
        assert_eq!(bound.len(), 1, "one app");
        let app = bound[0];
        let fields = browser.open(LINK).await.form(UNLINK).filled(&[]);
        let path = removal(app);
        let (a, b) = tokio::join!(browser.post(&path, &fields), browser.post(UNLINK, &fields));
        let left = (apps(&world, &anna).await.len(), links(&world, &anna).await);
        assert!(
            matches!(left, (1, 0) | (0, 1)),
            "round {round}: {left:?} after {} and {}",
            a.status,
            b.status
        );
        if left.0 == 0 {
            add_app(&world, &browser).await;
        } else {
            next(&upstream, "anna-there", json!([APP])).await;
            let page = browser.open(LINK).await;
            let back = through(&world, &browser, &page, LINK).await;
            assert_eq!(back.location(), "/account", "{}", back.text());
        }
    }
}
