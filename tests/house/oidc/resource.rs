//! Tokens as a resource server sees them: for the client itself, introspection and revocation.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cardea::account::State;
use cardea::kernel::acr::Acr;
use serde_json::{Value, json};

use super::world::{Answer, ISSUER, SECRET, World, basic, claims};

async fn machine_token(world: &World, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(changes);
    world.post("/oauth2/token", &basic("machine", SECRET), &form).await
}

async fn ask(world: &World, client: &str, token: &str) -> Value {
    let answer = world.post("/oauth2/introspect", &basic(client, SECRET), &[("token", token)]).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    answer.json()
}

async fn person_tokens(world: &World) -> Value {
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let code = world.authorize("mobile", &[("scope", "openid email")], &cookies).await.sent("code").unwrap();
    world.redeem("mobile", &code, &[]).await.json()
}

async fn asked_by_mobile(world: &World, token: &str) -> Value {
    let form = [("token", token), ("client_id", "mobile"), ("client_secret", SECRET)];
    world.post("/oauth2/introspect", "", &form).await.json()
}

/// A refresh token of the same grant that nobody gave.
fn forged(token: &str) -> String {
    let other = if &token[40..=40] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &token[..40], &token[41..])
}

#[tokio::test]
async fn a_client_gets_a_token_for_itself() {
    for world in World::on_each_database().await {
        let answer = machine_token(&world, &[("scope", "files.read")]).await;
        assert_eq!(
            (answer.status, &answer.headers["cache-control"]),
            (StatusCode::OK, &"no-store".parse().unwrap())
        );
        let tokens = answer.json();
        assert_eq!((&tokens["id_token"], &tokens["refresh_token"]), (&Value::Null, &Value::Null));
        assert_eq!((&tokens["scope"], &tokens["expires_in"]), (&json!("files.read"), &json!(300)));
        let token = tokens["access_token"].as_str().unwrap();
        let said = claims(token);
        assert_eq!(
            (&said["sub"], &said["client_id"], &said["aud"]),
            (&json!("machine"), &json!("machine"), &json!(["rs", "other"]))
        );
        assert_eq!((&said["acr"], &said["sid"]), (&Value::Null, &Value::Null));
        let jti = said["jti"].as_str().unwrap();
        assert!(world.told().await.iter().any(|record| record.contains(jti)), "the record names the token");
        // It opens nothing about people.
        assert_eq!(world.userinfo(&format!("Bearer {token}")).await.error(), "invalid_token");
        let all = machine_token(&world, &[]).await.json();
        assert_eq!(all["scope"], "files.read files.write", "scopes about people have no meaning here");
        let twice = machine_token(&world, &[("scope", "files.read files.read")]).await.json();
        assert_eq!(twice["scope"], "files.read");
        let narrow = machine_token(&world, &[("resource", "rs")]).await.json();
        assert_eq!(claims(narrow["access_token"].as_str().unwrap())["aud"], "rs");
        for (changes, error) in [
            ([("scope", "files.delete")], "invalid_scope"),
            ([("scope", "openid")], "invalid_scope"),
            ([("scope", "offline_access")], "invalid_scope"),
            ([("resource", "web")], "invalid_target"),
        ] {
            assert_eq!(machine_token(&world, &changes).await.error(), error);
        }
        let form = [("grant_type", "client_credentials"), ("client_id", "spa")];
        assert_eq!(world.post("/oauth2/token", "", &form).await.error(), "unauthorized_client");
        let form = [("grant_type", "client_credentials")];
        assert_eq!(
            world.post("/oauth2/token", &basic("web", SECRET), &form).await.error(),
            "unauthorized_client"
        );
        let form = [("grant_type", "password"), ("username", "noor"), ("password", "x")];
        assert_eq!(
            world.post("/oauth2/token", &basic("web", SECRET), &form).await.error(),
            "unsupported_grant_type"
        );
    }
}

#[tokio::test]
async fn only_those_whom_a_token_is_for_read_what_it_is() {
    for world in World::on_each_database().await {
        let tokens = person_tokens(&world).await;
        let access = tokens["access_token"].as_str().unwrap();
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let told = ask(&world, "rs", access).await;
        let said = claims(access);
        for same in
            ["iss", "aud", "sub", "client_id", "scope", "exp", "iat", "jti", "acr", "auth_time", "amr"]
        {
            assert_eq!(told[same], said[same], "{same}");
        }
        assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!("Bearer")));
        assert_eq!(said["aud"], json!([ISSUER, "rs"]));
        let nothing = json!({ "active": false });
        // A stranger reads the same of a good token as of none.
        assert_eq!(ask(&world, "web", access).await, nothing);
        assert_eq!(ask(&world, "rs", refresh).await, nothing);
        for junk in ["x", "a.b.c", &"x".repeat(20_000), tokens["id_token"].as_str().unwrap()] {
            assert_eq!(ask(&world, "rs", junk).await, nothing);
        }
        let post = async |client: &str, secret: &str, form: &[(&str, &str)]| {
            world.post("/oauth2/introspect", &basic(client, secret), form).await
        };
        assert_eq!(post("rs", "wrong", &[("token", access)]).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(post("rs", SECRET, &[]).await.error(), "invalid_request");
        let public = world.post("/oauth2/introspect", "", &[("token", access), ("client_id", "spa")]).await;
        assert_eq!((public.status, public.error()), (StatusCode::UNAUTHORIZED, "invalid_client".into()));
        let mobile = [("token", refresh), ("client_id", "mobile"), ("client_secret", SECRET)];
        let own = world.post("/oauth2/introspect", "", &mobile).await.json();
        assert_eq!((&own["active"], &own["token_type"]), (&json!(true), &json!("refresh_token")));
        assert_eq!(asked_by_mobile(&world, access).await["active"], json!(true), "its own");
        assert_eq!(asked_by_mobile(&world, &forged(refresh)).await, nothing);
        let next = world.refresh("mobile", refresh, &[]).await.json();
        let next = next["refresh_token"].as_str().unwrap();
        assert_eq!(asked_by_mobile(&world, refresh).await, nothing, "it was replaced");
        assert_eq!(asked_by_mobile(&world, next).await["active"], json!(true));
        let person = world.opened.accounts.all().await.unwrap().pop().unwrap();
        world.opened.accounts.set_state(&world.origin(), &person, State::Disabled).await.unwrap();
        assert_eq!(ask(&world, "rs", access).await, nothing);
        assert_eq!(asked_by_mobile(&world, next).await, nothing);
        let machine = machine_token(&world, &[]).await.json();
        let machine = machine["access_token"].as_str().unwrap();
        assert_eq!(ask(&world, "rs", machine).await["active"], json!(true));
        world.wait(300);
        assert_eq!(ask(&world, "rs", machine).await, nothing);
    }
}

#[tokio::test]
async fn a_client_gives_back_what_it_was_given_and_nothing_else() {
    for world in World::on_each_database().await {
        let tokens = person_tokens(&world).await;
        let access = tokens["access_token"].as_str().unwrap();
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let revoke = async |client: &str, token: &str| {
            let form = [("token", token), ("client_id", client), ("client_secret", SECRET)];
            world.post("/oauth2/revoke", "", &form).await
        };
        for theirs in [access, refresh] {
            let answer = revoke("other", theirs).await;
            assert_eq!(
                (answer.status, answer.error()),
                (StatusCode::BAD_REQUEST, "unauthorized_client".into())
            );
        }
        assert_eq!(ask(&world, "rs", access).await["active"], json!(true));
        for nobodys in ["x", "a.b.c", &"A".repeat(70)] {
            assert_eq!(revoke("mobile", nobodys).await.status, StatusCode::OK);
        }
        assert_eq!(revoke("mobile", &forged(refresh)).await.status, StatusCode::OK);
        assert_eq!(ask(&world, "rs", access).await["active"], json!(true), "what was made up ends nothing");
        // An access token goes alone, and is told of once.
        for _ in 0..2 {
            assert_eq!(revoke("mobile", access).await.status, StatusCode::OK);
        }
        assert_eq!(ask(&world, "rs", access).await["active"], json!(false));
        assert_eq!(world.userinfo(&format!("Bearer {access}")).await.error(), "invalid_token");
        let next = world.refresh("mobile", refresh, &[]).await.json();
        let (access, refresh) =
            (next["access_token"].as_str().unwrap(), next["refresh_token"].as_str().unwrap());
        assert_eq!(ask(&world, "rs", access).await["active"], json!(true));
        // A refresh token takes all of its grant along.
        for _ in 0..2 {
            assert_eq!(revoke("mobile", refresh).await.status, StatusCode::OK);
        }
        assert_eq!(ask(&world, "rs", access).await["active"], json!(false));
        assert_eq!(world.refresh("mobile", refresh, &[]).await.error(), "invalid_grant");
        let told = world.told().await;
        assert_eq!(told.iter().filter(|record| record.contains("token_revoked")).count(), 2);
        let missing = world.post("/oauth2/revoke", &basic("web", SECRET), &[]).await;
        assert_eq!(missing.error(), "invalid_request");
    }
}

#[tokio::test]
async fn what_the_database_does_not_take_is_not_said_to_be_done() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let tokens = person_tokens(&world).await;
    let url = world.opened.config.database.url.expose().clone();
    let broken = sea_orm::Database::connect(url).await.unwrap();
    for table in ["single_use", "token_grant"] {
        broken.execute_unprepared(&format!("ALTER TABLE {table} RENAME TO {table}_gone")).await.unwrap();
    }
    for token in ["access_token", "refresh_token"] {
        let form =
            [("token", tokens[token].as_str().unwrap()), ("client_id", "mobile"), ("client_secret", SECRET)];
        for path in ["/oauth2/revoke", "/oauth2/introspect"] {
            let answer = world.post(path, "", &form).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path} {token}: {}", answer.body);
            assert!(answer.headers.contains_key("retry-after"));
        }
    }
}

#[tokio::test]
async fn scripts_of_public_clients_read_tokens_and_nobody_elses_do() {
    let world = World::new().await;
    let call = async |method: &str, path: &str, origin: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, origin)
            .header("access-control-request-method", "POST")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        world.send(request.body(Body::empty()).unwrap()).await
    };
    let allowed = |answer: &Answer| {
        answer.headers.get("access-control-allow-origin").map(|origin| origin.to_str().unwrap().to_owned())
    };
    let ours = "http://127.0.0.1";
    for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/userinfo"] {
        let asked = call("OPTIONS", path, ours).await;
        assert_eq!(
            (asked.status, allowed(&asked).as_deref()),
            (StatusCode::NO_CONTENT, Some(ours)),
            "{path}"
        );
        assert_eq!(asked.headers["access-control-allow-headers"], "authorization, content-type");
        assert_eq!(allowed(&call("POST", path, ours).await).as_deref(), Some(ours), "{path}");
        // Another origin, that of a confidential client, and one that only looks alike.
        for theirs in
            ["https://evil.example", "https://app.example.be", "http://127.0.0.1.evil.example", "null"]
        {
            for method in ["OPTIONS", "POST"] {
                let answer = call(method, path, theirs).await;
                assert_eq!(allowed(&answer), None, "{method} {path} {theirs}");
                assert!(answer.headers.get("access-control-allow-methods").is_none());
                assert!(answer.headers.get_all("vary").iter().any(|name| name == "Origin"));
                assert!(answer.headers.get("access-control-allow-credentials").is_none());
            }
        }
    }
    assert_eq!(allowed(&call("GET", "/oauth2/authorize", ours).await), None);
    assert_eq!(allowed(&call("POST", "/oauth2/introspect", ours).await), None);
}
