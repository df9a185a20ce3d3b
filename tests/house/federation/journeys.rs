//! A person's way by a provider, entered as browsers do: linked once, then a way in, a second proof, and gone again.

use cardea::account::model::State;
use cardea::jobs::Job;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::shapes::fas;
use super::upstream::{Person, Upstream};
use super::world::World;
use crate::support::client::{Browser, Page};

pub const CARD: &str = "urn:be:fedict:iam:fas:Level500";
pub const APP: &str = "urn:be:fedict:iam:fas:Level450";
pub const LEAVE: &str = "/sign-in/upstream";
pub const LINK: &str = "/account/upstream";

/// A service that has read what its provider says of itself, as it does at its start.
pub async fn ready() -> Option<(World, Upstream)> {
    let (world, upstream) = fas().await?;
    world.app.run(Job::Upstream).await;
    Some((world, upstream))
}

/// What the next person at the provider is and proves.
pub async fn next(upstream: &Upstream, account: &str, amr: Value) {
    upstream.tell(&json!({ "account": account, "acr": "0", "amr": amr })).await;
}

/// From a page with a button to the provider, through it, and back.
pub async fn through(world: &World, browser: &Browser, page: &Page, form: &str) -> Page {
    let away = browser.submit(&page.form(form), &[("provider", "fas")]).await;
    assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text());
    let arrival = world.federation().redirect_uri("fas");
    let answer = Person::new().go(&away.location(), &arrival).await;
    browser.get(&format!("/sign-in/upstream/fas/callback?{answer}")).await
}

pub async fn linked(
    world: &World,
    upstream: &Upstream,
    name: &str,
    at: &str,
) -> crate::support::people::Person {
    let person = world.app.person(name).with_totp().build().await;
    let browser = world.app.browser();
    browser.sign_in(&world.app, &person).await;
    next(upstream, at, json!([APP])).await;
    let page = browser.open(LINK).await;
    let back = through(world, &browser, &page, LINK).await;
    assert_eq!(
        (back.status, back.location().as_str()),
        (StatusCode::SEE_OTHER, "/account"),
        "{}",
        back.text()
    );
    person
}

async fn last(world: &World, what: &str) -> cardea::event::read::Record {
    world.app.records_of(what).await.pop().unwrap_or_else(|| panic!("no {what}"))
}

#[tokio::test]
async fn a_linked_provider_is_a_way_in_with_the_level_that_it_proves() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    assert_eq!(last(&world, "upstream_linked").await.text("ground"), Some("signed_in"));
    assert!(world.app.delivered().await.iter().any(|mail| mail.text().contains("CSAM")), "its owner is told");

    for (amr, acr) in [(json!([APP]), "mfa"), (json!(["eid", CARD]), "phrh")] {
        next(&upstream, "anna-there", amr).await;
        let browser = world.app.browser();
        let page = browser.open("/sign-in").await;
        let policy = page.header("content-security-policy");
        let origin = upstream.issuer.trim_end_matches("/fas/oauth2");
        assert!(policy.contains(&format!("form-action 'self' {origin}")), "{policy}");
        let back = through(&world, &browser, &page, LEAVE).await;
        let home = browser.follow(back).await;
        assert!(home.h1().contains("The one called anna"), "{}", home.text());
        let signed_in = last(&world, "signed_in").await;
        assert_eq!((signed_in.text("acr"), signed_in.subject), (Some(acr), Some(anna.id)));
        assert!(browser.get("/account").await.text().contains("another service"), "as its owner reads it");
    }
}

#[tokio::test]
async fn nobody_gets_in_whom_no_account_is_linked_to_and_is_led_another_way() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = world.app.person("anna").with_totp().build().await;
    next(&upstream, "stranger", json!([APP])).await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let refused = through(&world, &browser, &page, LEAVE).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = world.app.record_of_case(&refused.case_code()).await;
    assert_eq!(record.text("reason"), Some("no_account"));
    // The same journey goes on in another way.
    let typed = [("username", anna.username.as_str()), ("password", anna.password.as_str())];
    let page = browser.submit(&refused.form("/sign-in"), &typed).await;
    let page = browser.follow(page).await;
    let answer = browser.code(&page, &anna.code(&world.app)).await;
    assert!(browser.follow(answer).await.h1().contains("anna"));
}

#[tokio::test]
async fn as_a_second_proof_only_the_account_s_own_person_counts() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    linked(&world, &upstream, "bert", "bert-there").await;
    let browser = world.app.browser();
    let page = browser.code_page(&anna).await;
    let (_, journey) = page.path.split_once("journey=").unwrap();
    let choice = format!("/sign-in?journey={}&way=upstream", journey.split('&').next().unwrap());
    assert!(page.body.contains("way=upstream"), "the other way is offered");

    next(&upstream, "bert-there", json!([APP])).await;
    let page = browser.open(&choice).await;
    let refused = through(&world, &browser, &page, LEAVE).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = world.app.record_of_case(&refused.case_code()).await;
    assert_eq!(record.text("reason"), Some("other_account"));
    assert!(!browser.is_in().await);

    next(&upstream, "anna-there", json!([APP])).await;
    let back = through(&world, &browser, &refused, LEAVE).await;
    assert!(browser.follow(back).await.h1().contains("anna"));
}

#[tokio::test]
async fn a_disabled_account_is_closed_by_this_door_too() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    let account = anna.account(&world.app).await;
    world.app.opened.accounts.set_state(&world.origin(), &account, State::Disabled).await.unwrap();
    next(&upstream, "anna-there", json!(["eid", CARD])).await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let refused = through(&world, &browser, &page, LEAVE).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = world.app.record_of_case(&refused.case_code()).await;
    assert_eq!(record.text("reason"), Some("account_closed"));
}

#[tokio::test]
async fn one_person_there_opens_one_account_and_a_link_that_is_gone_opens_none() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    // Another account cannot have the same person.
    let bert = world.app.person("bert").with_totp().build().await;
    let browser = world.app.browser();
    browser.sign_in(&world.app, &bert).await;
    let page = browser.open(LINK).await;
    let taken = through(&world, &browser, &page, LINK).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = world.app.record_of_case(&taken.case_code()).await;
    assert_eq!(record.text("reason"), Some("link_taken"));

    let owner = world.app.browser();
    owner.sign_in(&world.app, &anna).await;
    let page = owner.open(LINK).await;
    let gone = owner.submit(&page.form("/account/upstream/fas/remove"), &[]).await;
    assert_eq!(gone.location(), "/account");
    assert_eq!(world.app.records_of("upstream_unlinked").await.len(), 1);
    let visitor = world.app.browser();
    let page = visitor.open("/sign-in").await;
    let refused = through(&world, &visitor, &page, LEAVE).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_goes_away_in_the_middle_has_lost_nothing() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let away = browser.submit(&page.form(LEAVE), &[("provider", "fas")]).await;
    let arrival = world.federation().redirect_uri("fas");
    next(&upstream, "anna-there", json!([APP])).await;
    let answer = Person::new().go(&away.location(), &arrival).await;
    drop(upstream);
    let failed = browser.get(&format!("/sign-in/upstream/fas/callback?{answer}")).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!failed.case_code().is_empty() && !browser.is_in().await);
    // The same answer in another browser, and once more in this one, is worth nothing.
    for again in [&browser, &world.app.browser()] {
        let page = again.get(&format!("/sign-in/upstream/fas/callback?{answer}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let typed = [("username", anna.username.as_str()), ("password", anna.password.as_str())];
    let page = browser.submit(&failed.form("/sign-in"), &typed).await;
    let page = browser.follow(page).await;
    let page = if page.has_form("/sign-in/code") {
        page
    } else {
        let (_, journey) = page.path.split_once("journey=").unwrap();
        browser.open(&format!("/sign-in?journey={}&way=app", journey.split('&').next().unwrap())).await
    };
    let answer = browser.code(&page, &anna.code(&world.app)).await;
    assert!(browser.follow(answer).await.h1().contains("anna"));
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_link").await, 1, "nothing is half linked");
}
