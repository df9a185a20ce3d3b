//! The register of clients as nodes share it: one version after the other, and nothing of a stale plan.

use cardea::config::clients::{self, ClientConfig};
use cardea::oidc::{ChangeKind, Register, RegisterError};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};

use crate::support::app::TestApp;

fn client(id: &str, more: &str) -> ClientConfig {
    let text = format!(
        "client_id = '{id}'\ntoken_endpoint_auth_method = 'none'\nredirect_uris = ['https://{id}.example.be/cb']\n{more}"
    );
    clients::from_text(&text, "a.toml".as_ref()).unwrap()
}

/// What is registered now, and one client more.
fn and(app: &TestApp, more: ClientConfig) -> Vec<ClientConfig> {
    app.opened.wanted.iter().cloned().chain([more]).collect()
}

#[tokio::test]
async fn of_two_plans_for_one_version_one_is_applied() {
    let Some(app) = TestApp::start().await else { return };
    let register = &app.opened.register;
    let (one, other) = (and(&app, client("one", "")), and(&app, client("other", "")));
    let (first, second) = (register.plan(&one).await.unwrap(), register.plan(&other).await.unwrap());
    register.apply(&app.origin(), &first, &one).await.unwrap();
    let refused = register.apply(&app.origin(), &second, &other).await;
    assert!(matches!(refused, Err(RegisterError::Changed)), "{refused:?}");
    assert!(app.opened.clients.get("one").is_some() && app.opened.clients.get("other").is_none());
    let added = app.records_of("client_added").await;
    assert!(added.iter().any(|record| record.text("client") == Some("one")));
    assert!(added.iter().all(|record| record.text("client") != Some("other")), "told, and not done");
    assert_eq!(app.number("SELECT COUNT(*) FROM client WHERE client_id = 'other'").await, 0);
}

#[tokio::test]
async fn a_node_takes_up_what_another_one_applied() {
    let Some(app) = TestApp::start().await else { return };
    let elsewhere = Register::open(app.opened.log.clone()).await.unwrap();
    let wanted = and(&app, client("new", ""));
    let plan = app.opened.register.plan(&wanted).await.unwrap();
    app.opened.register.apply(&app.origin(), &plan, &wanted).await.unwrap();
    assert!(app.opened.clients.get("new").is_some(), "at once where it is applied");
    assert!(elsewhere.clients().get("new").is_none());
    elsewhere.follow().await.unwrap();
    assert!(elsewhere.clients().get("new").is_some());
    assert!(elsewhere.plan(&wanted).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_an_empty_register_takes_what_is_wanted_by_itself() {
    let Some(app) = TestApp::start().await else { return };
    let plan = app.opened.register.begin(&app.origin(), &[client("late", "")]).await.unwrap();
    let late = plan.changes.iter().find(|change| change.client_id == "late").unwrap();
    assert_eq!(late.kind, ChangeKind::Added);
    assert!(app.opened.clients.get("late").is_none() && app.opened.clients.get("web").is_some());
    // Not even when every client was ended.
    let plan = app.opened.register.plan(&[]).await.unwrap();
    app.opened.register.apply(&app.origin(), &plan, &[]).await.unwrap();
    app.opened.register.begin(&app.origin(), &[client("late", "")]).await.unwrap();
    assert_eq!(app.opened.clients.all().count(), 0);
}

#[tokio::test]
async fn a_row_that_breaks_a_rule_is_no_client_until_it_is_applied_anew() {
    let Some(app) = TestApp::start().await else { return };
    let mut unit = app.opened.db.unit();
    let broken = Query::update()
        .table("client")
        .value("registration", "{\"client_id\": \"spa\"}")
        .and_where(Expr::col("client_id").eq("spa"))
        .to_owned();
    let version = Query::update()
        .table("epoch")
        .value("value", Expr::col("value").add(1_i64))
        .and_where(Expr::col("kind").eq("clients"))
        .to_owned();
    unit.run(&broken);
    unit.run(&version);
    app.opened.db.write(unit).await.unwrap();
    let register = &app.opened.register;
    register.follow().await.unwrap();
    assert!(app.opened.clients.get("spa").is_none() && app.opened.clients.get("web").is_some());
    let plan = register.plan(&app.opened.wanted).await.unwrap();
    assert_eq!(plan.changes.iter().map(|change| change.kind).collect::<Vec<_>>(), [ChangeKind::Changed]);
    register.apply(&app.origin(), &plan, &app.opened.wanted).await.unwrap();
    assert!(app.opened.clients.get("spa").is_some());
}

#[tokio::test]
async fn what_an_application_was_given_ends_when_it_loses_a_right_and_not_otherwise() {
    let Some(app) = TestApp::start().await else { return };
    let register = &app.opened.register;
    let apply = async |more: &str| {
        let wanted = and(&app, client("one", more));
        let plan = register.plan(&wanted).await.unwrap();
        register.apply(&app.origin(), &plan, &wanted).await.unwrap();
        app.opened.clients.get("one").unwrap().epoch()
    };
    assert_eq!(apply("scope = 'openid email'\ntrusted = true\n").await, 0);
    assert_eq!(apply("scope = 'openid email phone'\ntrusted = true\n").await, 0, "more is no loss");
    assert_eq!(apply("scope = 'openid email'\ntrusted = true\n").await, 1, "a scope");
    assert_eq!(apply("scope = 'openid email'\n").await, 2, "our trust");
}
