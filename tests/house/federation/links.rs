//! Who at a provider is which account: each once, on a ground, and found by nothing but the provider's word.

use cardea::federation::{
    Ground, LINK_FREE, LINK_THERE, NUMBER_AWAITED, NUMBER_FREE, NationalNumber, UpstreamIdentity,
};
use cardea::infra::database::WriteError;
use cardea::kernel::acr::Acr;
use cardea::kernel::id::AccountId;
use serde_json::json;

use super::hostile::{Hostile, hash_of, tokens};
use super::world::{World, accepted};
use crate::support::app::TestApp;

const NUMBER: &str = "85073003328";

async fn world() -> Option<(World, Hostile)> {
    let hostile = Hostile::start().await;
    let mut builder = TestApp::builder();
    for name in ["one", "two"] {
        let issuer = hostile.issuer.clone();
        builder = World::with_provider(builder, name, hostile.port, move |upstream| {
            upstream.issuer = issuer;
            upstream.gives_mfa = vec!["two".to_owned()];
            upstream.national_number = Some("nrn".to_owned());
        });
    }
    Some((World::start(builder).await?, hostile))
}

/// Somebody of this subject at a provider, who also says to have an address and a number.
async fn somebody(world: &World, hostile: &Hostile, name: &str, subject: &str) -> UpstreamIdentity {
    let trip = accepted(subject, world.begin(name).await);
    let now = world.app.now().unix_seconds();
    let claims = json!({
        "iss": hostile.issuer, "sub": subject, "aud": "cardea", "exp": now + 300, "iat": now, "acr": "two",
        "nonce": trip.asked("nonce").unwrap(), "at_hash": hash_of("at"), "nrn": NUMBER,
        "email": "anna@chancellery.example", "email_verified": true, "preferred_username": "anna",
    });
    hostile.gives(tokens(&hostile.signed(&claims)));
    let answer = format!("state={}&code=c", trip.state());
    accepted(subject, world.finish(name, trip.browser, &answer).await)
}

async fn link(world: &World, account: AccountId, identity: &UpstreamIdentity) -> Result<(), WriteError> {
    let (links, db) = (world.federation().links(), &world.app.opened.db);
    let mut unit = db.unit();
    let ground = Ground::signed_in(Acr::Mfa).unwrap();
    links.link(&mut unit, &world.origin(), account, identity, ground).await.unwrap();
    db.write(unit).await.map(|_| ())
}

async fn found(world: &World, identity: &UpstreamIdentity) -> Option<AccountId> {
    world.federation().links().find(identity).await.unwrap().map(|linked| linked.account())
}

#[tokio::test]
async fn somebody_is_linked_to_one_account_and_an_account_to_one_of_a_provider() {
    let Some((world, hostile)) = world().await else { return };
    let (anna, bert) = (world.app.person("anna").build().await.id, world.app.person("bert").build().await.id);
    let one = somebody(&world, &hostile, "one", "s-1").await;
    // The address and the name of an account find nobody.
    assert_eq!(found(&world, &one).await, None);
    link(&world, anna, &one).await.unwrap();
    assert_eq!(found(&world, &one).await, Some(anna));
    let refused = |outcome| matches!(outcome, Err(WriteError::Refused(LINK_FREE)));
    assert!(refused(link(&world, bert, &one).await), "one somebody, two accounts");
    let other = somebody(&world, &hostile, "one", "s-2").await;
    assert!(refused(link(&world, anna, &other).await), "one account, two of a provider");
    // The same word of the same issuer is the same somebody, under whatever name of ours.
    let same = somebody(&world, &hostile, "two", "s-1").await;
    assert_eq!(found(&world, &same).await, Some(anna));
    let [linked] = world.app.records_of("upstream_linked").await.try_into().unwrap();
    assert_eq!((linked.text("ground"), linked.text("provider")), (Some("signed_in"), Some("one")));
    assert!(!linked.plain.to_string().contains("s-1"), "whom the provider means is nobody's business");
}

#[tokio::test]
async fn a_link_is_exchanged_in_one_unit_when_the_provider_gives_another_word() {
    let Some((world, hostile)) = world().await else { return };
    let anna = world.app.person("anna").build().await.id;
    let (links, db) = (world.federation().links(), &world.app.opened.db);
    let old = somebody(&world, &hostile, "one", "s-1").await;
    link(&world, anna, &old).await.unwrap();
    let before = links.find(&old).await.unwrap().unwrap();
    let new = somebody(&world, &hostile, "one", "s-9").await;
    let mut unit = db.unit();
    links.unlink(&mut unit, &world.origin(), anna, "one").await.unwrap();
    links.link(&mut unit, &world.origin(), anna, &new, Ground::signed_in(Acr::Phr).unwrap()).await.unwrap();
    db.write(unit).await.unwrap();
    assert_eq!((found(&world, &old).await, found(&world, &new).await), (None, Some(anna)));
    // What was found before signs nobody in any more.
    let mut unit = db.unit();
    links.use_link(&mut unit, &before, world.app.now());
    assert!(matches!(db.write(unit).await, Err(WriteError::Refused(LINK_THERE))));
    let mut unit = db.unit();
    links.use_link(&mut unit, &links.find(&new).await.unwrap().unwrap(), world.app.now());
    db.write(unit).await.unwrap();
    let [summary] = links.of(anna).await.unwrap().try_into().unwrap();
    assert_eq!((summary.provider.as_str(), summary.used_at), ("one", Some(world.app.now())));
    let mut unit = db.unit();
    links.unlink(&mut unit, &world.origin(), anna, "one").await.unwrap();
    db.write(unit).await.unwrap();
    let mut unit = db.unit();
    links.unlink(&mut unit, &world.origin(), anna, "one").await.unwrap();
    assert!(matches!(db.write(unit).await, Err(WriteError::Refused(LINK_THERE))), "twice");
}

#[tokio::test]
async fn an_awaited_number_finds_its_account_once_and_is_nowhere_in_the_clear() {
    let Some((world, hostile)) = world().await else { return };
    let (anna, bert) = (world.app.person("anna").build().await.id, world.app.person("bert").build().await.id);
    let (links, db) = (world.federation().links(), &world.app.opened.db);
    let number = NationalNumber::parse("85.07.30-033.28").unwrap();
    let wait = async |account| {
        let mut unit = db.unit();
        links.await_number(&mut unit, account, &number, world.app.now());
        db.write(unit).await
    };
    let identity = somebody(&world, &hostile, "one", "s-1").await;
    assert!(links.awaited(&identity).await.unwrap().is_none());
    wait(anna).await.unwrap();
    wait(anna).await.unwrap();
    assert!(matches!(wait(bert).await, Err(WriteError::Refused(NUMBER_FREE))), "one number, two accounts");
    let awaited = links.awaited(&identity).await.unwrap().unwrap();
    assert_eq!(awaited.account(), anna);
    let take = async || {
        let mut unit = db.unit();
        links.take_awaited(&mut unit, &awaited);
        links.link(&mut unit, &world.origin(), anna, &identity, Ground::AWAITED).await.unwrap();
        db.write(unit).await
    };
    take().await.unwrap();
    assert!(matches!(take().await, Err(WriteError::Refused(NUMBER_AWAITED))), "twice");
    assert_eq!(found(&world, &identity).await, Some(anna));
    assert!(!world.app.database_holds(NUMBER).await);
}

#[tokio::test]
async fn an_erased_person_has_no_links() {
    let Some((world, hostile)) = world().await else { return };
    let anna = world.app.person("anna").build().await.id;
    let (links, db) = (world.federation().links(), &world.app.opened.db);
    link(&world, anna, &somebody(&world, &hostile, "one", "s-1").await).await.unwrap();
    let mut unit = db.unit();
    links.await_number(&mut unit, anna, &NationalNumber::parse(NUMBER).unwrap(), world.app.now());
    links.forget_account(&mut unit, anna);
    db.write(unit).await.unwrap();
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_link").await, 0);
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_awaited").await, 0);
    assert!(Ground::signed_in(Acr::Pwd).is_none(), "a password alone links nobody");
}
