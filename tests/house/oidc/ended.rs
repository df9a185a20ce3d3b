//! What a client was given ends with what it was given under: the client's epoch, and the person's right to
//! enter.

use cardea::kernel::acr::Acr;
use cardea::kernel::role::Role;
use serde_json::{Value, json};

use super::world::{SECRET, World, basic};

/// In place of the policies that are compiled in.
const NO_AUDITORS: &str = r#"
@id("own.all")
@why("Everyone does everything.")
permit (principal is Account, action, resource);
@id("own.no-auditors")
@why("Auditors enter no application.")
forbid (principal is Account, action == Action::"signIn", resource is Client)
when { principal.grants.contains({ role: "auditor", organisation: principal.organisation }) };
"#;

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("{tokens}"))
}

async fn code(world: &World, cookies: &str) -> String {
    world.authorize("mobile", &[("scope", "openid")], cookies).await.sent("code").unwrap()
}

async fn is_active(world: &World, token: &str) -> bool {
    let answer = world.post("/oauth2/introspect", &basic("rs", SECRET), &[("token", token)]).await;
    answer.json()["active"] == json!(true)
}

async fn machine_token(world: &World) -> String {
    let form = [("grant_type", "client_credentials")];
    text(&world.post("/oauth2/token", &basic("machine", SECRET), &form).await.json(), "access_token")
        .to_owned()
}

/// Nothing of these is good any more, and the log says why.
async fn over(world: &World, tokens: &Value, code: &str, why: &str) {
    assert_eq!(world.redeem("mobile", code, &[]).await.error(), "invalid_grant");
    assert_eq!(world.refresh("mobile", text(tokens, "refresh_token"), &[]).await.error(), "invalid_grant");
    assert!(!is_active(world, text(tokens, "access_token")).await);
    let bearer = format!("Bearer {}", text(tokens, "access_token"));
    assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
    let why = format!("\"what\":\"token_refused\",\"error\":\"{why}\"");
    let records = world.told().await.into_iter().filter(|record| record.contains(&why));
    assert_eq!(records.count(), 2, "of the code and of the refresh token");
}

#[tokio::test]
async fn what_clients_were_given_ends_when_an_operator_ends_it() {
    for world in World::on_each_database().await {
        let person = world.person("noor").await;
        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let tokens = world.redeem("mobile", &code(&world, &cookies).await, &[]).await.json();
        let (outstanding, machine) = (code(&world, &cookies).await, machine_token(&world).await);
        assert!(is_active(&world, text(&tokens, "access_token")).await && is_active(&world, &machine).await);
        world.opened.register.revoke(&world.origin(), "mobile").await.unwrap();
        over(&world, &tokens, &outstanding, "client_changed").await;
        assert!(is_active(&world, &machine).await, "nothing of another client's");
        world.opened.register.revoke(&world.origin(), "machine").await.unwrap();
        assert!(!is_active(&world, &machine).await);
        // What is given from now on counts.
        assert!(is_active(&world, &machine_token(&world).await).await);
        let tokens = world.redeem("mobile", &code(&world, &cookies).await, &[]).await.json();
        assert!(is_active(&world, text(&tokens, "access_token")).await);
    }
}

#[tokio::test]
async fn who_may_not_enter_an_application_any_more_is_not_served_there() {
    let world = World::under_policies(NO_AUDITORS).await;
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let tokens = world.redeem("mobile", &code(&world, &cookies).await, &[]).await.json();
    let outstanding = code(&world, &cookies).await;
    assert!(is_active(&world, text(&tokens, "access_token")).await);
    world.opened.accounts.grant(&world.origin(), &person, Role::Auditor).await.unwrap();
    over(&world, &tokens, &outstanding, "not_permitted").await;
}
