//! What may change between leaving for a provider and coming back, and what a link changes for those who hold an older
//! page.

use std::time::Duration;

use cardea::federation::Ground;
use cardea::jobs::Job;
use cardea::kernel::acr::Acr;
use cardea::kernel::role::Role;
use reqwest::StatusCode;
use serde_json::json;

use super::journeys::{APP, CARD, LEAVE, LINK, linked, next, ready, through};
use super::shapes::fas_for;
use super::upstream::Person as There;
use super::world::{World, accepted};
use crate::support::app::TestApp;
use crate::support::client::Page;
use crate::support::people::Person;
use crate::support::soft_key::{Lie, SoftKey};

async fn links(world: &World, person: &Person) -> usize {
    world.federation().links().of(person.id).await.unwrap().len()
}

async fn bound(world: &World, person: &Person) -> usize {
    world.app.opened.authenticators.of(person.id).await.unwrap().len()
}

/// The reason on record of what a page refused.
async fn reason(world: &World, page: &Page) -> String {
    world.app.record_of_case(&page.case_code()).await.text("reason").unwrap().to_owned()
}

#[tokio::test]
async fn who_signs_in_meanwhile_in_the_same_browser_is_not_linked() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = world.app.person("anna").with_totp().build().await;
    let bert = world.app.person("bert").with_totp().build().await;
    let browser = world.app.browser();
    browser.sign_in(&world.app, &anna).await;
    next(&upstream, "anna-there", json!([APP])).await;
    let page = browser.open(LINK).await;
    let away = browser.submit(&page.form(LINK), &[("provider", "fas")]).await;
    let answer = There::new().go(&away.location(), &world.federation().redirect_uri("fas")).await;
    browser.sign_in(&world.app, &bert).await;
    let refused = browser.get(&format!("/sign-in/upstream/fas/callback?{answer}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert_eq!(reason(&world, &refused).await, "journey_over");
    assert_eq!((links(&world, &anna).await, links(&world, &bert).await), (0, 0));
}

#[tokio::test]
async fn a_provider_is_asked_for_a_proof_of_now_at_each_door() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let away = browser.submit(&page.form(LEAVE), &[("provider", "fas")]).await;
    assert!(
        away.location().contains("prompt=login") && away.location().contains("max_age=0"),
        "{}",
        away.location()
    );
    let browser = world.app.browser();
    browser.sign_in(&world.app, &anna).await;
    let page = browser.open(LINK).await;
    let gone = browser.submit(&page.form("/account/upstream/fas/remove"), &[]).await;
    assert_eq!(gone.location(), "/account");
    let page = browser.open(LINK).await;
    let away = browser.submit(&page.form(LINK), &[("provider", "fas")]).await;
    assert!(
        away.location().contains("prompt=login") && away.location().contains("max_age=0"),
        "{}",
        away.location()
    );
}

#[tokio::test]
async fn a_proof_is_as_old_as_the_provider_says() {
    let Some((world, upstream)) = ready().await else { return };
    let anna = linked(&world, &upstream, "anna", "anna-there").await;
    next(&upstream, "anna-there", json!([APP])).await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let asked = world.app.now();
    let away = browser.submit(&page.form(LEAVE), &[("provider", "fas")]).await;
    let answer = There::new().go(&away.location(), &world.federation().redirect_uri("fas")).await;
    // The person proved it at once, and the answer lay about for a while.
    world.app.advance(Duration::from_mins(5));
    let back = browser.get(&format!("/sign-in/upstream/fas/callback?{answer}")).await;
    assert_eq!(back.location(), "/", "{}", back.text());
    let account = anna.account(&world.app).await;
    let sessions = world.app.opened.sessions.open_of(&account, world.app.now()).await.unwrap();
    let newest = sessions.iter().max_by_key(|session| session.created_at).unwrap();
    let age = newest.authenticated_at.since(asked);
    assert!(age < Duration::from_mins(2), "a proof of now is made of one that is {age:?} younger");
}

#[tokio::test]
async fn who_needs_more_than_a_provider_proves_is_asked_for_the_rest() {
    let builder = TestApp::builder().with(|config| config.assurance.auditor = Acr::Phr);
    let Some((world, upstream)) = fas_for(builder).await else { return };
    world.app.run(Job::Upstream).await;
    let roles = [Role::Staff, Role::Auditor];
    let anna = world.app.person("anna").roles(&roles).with_totp().build().await;
    next(&upstream, "anna-there", json!([APP])).await;
    let trip = accepted("link", world.begin("fas").await);
    let answer = There::new().go(&trip.address, &world.federation().redirect_uri("fas")).await;
    let identity = accepted("link", world.finish("fas", trip.browser, &answer).await);
    let mut unit = world.app.opened.db.unit();
    let links = world.federation().links();
    links.link(&mut unit, &world.origin(), anna.id, &identity, Ground::INVITED).await.unwrap();
    world.app.opened.db.write(unit).await.unwrap();
    // The app at the provider may be phished, and this person may not be.
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let back = through(&world, &browser, &page, LEAVE).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
    assert!(back.location().starts_with("/sign-in?journey="), "{}", back.location());
    assert!(!browser.is_in().await);
    // The card is enough.
    next(&upstream, "anna-there", json!(["eid", CARD])).await;
    let browser = world.app.browser();
    let page = browser.open("/sign-in").await;
    let back = through(&world, &browser, &page, LEAVE).await;
    assert_eq!(back.location(), "/", "{}", back.text());
}

#[tokio::test]
async fn who_knows_the_password_and_kept_an_old_page_binds_nothing_beside_a_link() {
    let Some((world, upstream)) = ready().await else { return };
    let staff = world.app.person("staff").build().await;
    // Two pages that offer a first authenticator, kept open by whoever knows the password.
    let (with_app, with_key) = (world.app.browser(), world.app.browser());
    let app_page = with_app.enrol_page(&staff).await;
    let page = with_key.enrol_page(&staff).await;
    let key_page = with_key.get(&format!("{}&way=key", page.path)).await;
    let question = with_key.question(&key_page, "/sign-in/enrol/key", "passkey").await;
    // The owner is linked in between: from now on the provider is what the second proof is given by.
    next(&upstream, "staff-there", json!([APP])).await;
    let trip = accepted("link", world.begin("fas").await);
    let answer = There::new().go(&trip.address, &world.federation().redirect_uri("fas")).await;
    let identity = accepted("link", world.finish("fas", trip.browser, &answer).await);
    let mut unit = world.app.opened.db.unit();
    let ground = Ground::INVITED;
    world.federation().links().link(&mut unit, &world.origin(), staff.id, &identity, ground).await.unwrap();
    world.app.opened.db.write(unit).await.unwrap();

    let (_, answer) = with_app.enrol(&world.app, &app_page).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{} {}", answer.status, answer.location());
    let mut key = SoftKey::passkey();
    let made = key.make(&question.options, &world.app.issuer, &Lie::Nothing);
    let answer = with_key.answer(&key_page, "/sign-in/enrol/key", &question, &made).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{} {}", answer.status, answer.location());
    assert_eq!(bound(&world, &staff).await, 0, "nothing is bound");
    assert!(!with_app.is_in().await && !with_key.is_in().await);
}

#[test]
fn a_session_of_a_password_alone_links_nobody() {
    assert!(Ground::signed_in(Acr::Pwd).is_none());
    for acr in [Acr::Mfa, Acr::Phr, Acr::Phrh] {
        assert!(Ground::signed_in(acr).is_some());
    }
}
