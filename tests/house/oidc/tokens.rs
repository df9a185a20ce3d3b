//! From a code to tokens and what they open; what the provider says of itself.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cardea::account::State;
use cardea::event::model::EndReason;
use cardea::kernel::acr::Acr;
use cardea::kernel::digest::{base64url, sha256};
use serde_json::{Value, json};

use super::world::{Answer, CALLBACK, ISSUER, VERIFIER, World, basic, claims};

#[tokio::test]
async fn a_code_becomes_tokens_that_say_who_signed_in_and_how() {
    let world = World::new().await;
    let person = world.person("noor").await;
    let (sid, cookies) = world.session(&person, Acr::Mfa).await;
    world.wait(30);
    let answer = world.authorize("web", &[], &cookies).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with(&format!("{CALLBACK}&code=")), "{}", answer.location());
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.sent("state").as_deref(), Some("s&t"));
    assert_eq!(answer.sent("iss").as_deref(), Some(ISSUER));
    let answer = world.redeem("web", &answer.sent("code").unwrap(), &[]).await;
    assert_eq!(
        (answer.status, &answer.headers[header::CACHE_CONTROL]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(300)));
    assert_eq!(tokens["scope"], "openid profile email");
    let access_token = tokens["access_token"].as_str().unwrap();
    let id = claims(tokens["id_token"].as_str().unwrap());
    let now = world.clock.now().unix_seconds();
    let expected = json!({
        "iss": ISSUER, "sub": person.sub, "aud": "web", "exp": now + 300, "iat": now, "auth_time": now - 30,
        "nonce": "n-1", "acr": "mfa", "amr": ["pwd", "otp", "mfa"], "sid": sid,
        "at_hash": base64url(&sha256(access_token.as_bytes())[..16]),
    });
    assert_eq!(id, expected);
    let access = claims(access_token);
    assert_eq!(
        (&access["aud"], &access["client_id"], &access["exp"]),
        (&json!(ISSUER), &json!("web"), &json!(now + 300))
    );
    let about = world.userinfo(&format!("Bearer {access_token}")).await;
    let expected = json!({
        "sub": person.sub, "name": "Noor Peeters", "given_name": "Noor", "preferred_username": "noor",
        "locale": "nl", "email": "noor@example.be", "email_verified": true,
    });
    assert_eq!((about.status, about.json()), (StatusCode::OK, expected));
    let posted = world.post("/oauth2/userinfo", &format!("Bearer {access_token}"), &[]).await;
    assert_eq!(posted.status, StatusCode::OK);
    let told = world.told().await.join("\n");
    assert!(told.contains(access["jti"].as_str().unwrap()), "the record names the token: {told}");
}

#[tokio::test]
async fn a_second_use_of_a_code_ends_what_the_first_gave() {
    for world in World::on_each_database().await {
        let person = world.person("noor").await;
        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let code = world.code("spa", &cookies).await;
        let tokens = world.redeem("spa", &code, &[]).await.json();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        assert_eq!(world.userinfo(&bearer).await.status, StatusCode::OK);
        let again = world.redeem("spa", &code, &[]).await;
        assert_eq!((again.status, again.error()), (StatusCode::BAD_REQUEST, "invalid_grant".into()));
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
        assert!(world.told().await.iter().any(|record| record.contains("code_replayed")));
        // The session goes on; only this grant is over.
        let code = world.code("spa", &cookies).await;
        assert_eq!(world.redeem("spa", &code, &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn of_parallel_redemptions_one_wins() {
    for world in World::on_each_database().await {
        let person = world.person("noor").await;
        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let code = world.code("web", &cookies).await;
        let redeem = || world.redeem("web", &code, &[]);
        let answers =
            tokio::join!(redeem(), redeem(), redeem(), redeem(), redeem(), redeem(), redeem(), redeem());
        let (won, lost): (Vec<Answer>, Vec<Answer>) =
            <[Answer; 8]>::from(answers).into_iter().partition(|answer| answer.status == StatusCode::OK);
        assert_eq!((won.len(), lost.len()), (1, 7));
        for answer in &lost {
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_grant".into()));
        }
        // The others were second uses: nobody can tell which of them is the client.
        let bearer = format!("Bearer {}", won[0].json()["access_token"].as_str().unwrap());
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
    }
}

#[tokio::test]
async fn a_code_is_for_its_client_its_address_and_its_verifier() {
    for world in World::on_each_database().await {
        let person = world.person("noor").await;
        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let code = world.code("web", &cookies).await;
        for (client, changes) in [
            ("other", vec![]),
            ("spa", vec![]),
            ("web", vec![("redirect_uri", "https://app.example.be/cb")]),
            ("web", vec![("code", "AAAA")]),
        ] {
            assert_eq!(
                world.redeem(client, &code, &changes).await.error(),
                "invalid_grant",
                "{client} {changes:?}"
            );
        }
        assert_eq!(world.redeem("web", &code, &[("code_verifier", "")]).await.error(), "invalid_request");
        assert_eq!(world.redeem("web", &code, &[]).await.status, StatusCode::OK, "nobody else used it up");

        let code = world.code("web", &cookies).await;
        let wrong = VERIFIER.to_uppercase();
        assert_eq!(world.redeem("web", &code, &[("code_verifier", &wrong)]).await.error(), "invalid_grant");
        assert_eq!(
            world.redeem("web", &code, &[]).await.error(),
            "invalid_grant",
            "a wrong verifier uses it up"
        );

        let code = world.code("web", &cookies).await;
        world.wait(60);
        assert_eq!(world.redeem("web", &code, &[]).await.error(), "invalid_grant", "it lasts a minute");
    }
}

#[tokio::test]
async fn nothing_is_issued_or_told_once_the_account_or_the_session_is_closed() {
    for world in World::on_each_database().await {
        let person = world.person("noor").await;
        let (sid, cookies) = world.session(&person, Acr::Mfa).await;
        let tokens = world.redeem("web", &world.code("web", &cookies).await, &[]).await.json();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let code = world.code("web", &cookies).await;
        world.opened.sessions.end(&world.origin(), &person, sid, EndReason::SignedOut).await.unwrap();
        assert_eq!(world.redeem("web", &code, &[]).await.error(), "invalid_grant");
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");

        let (_, cookies) = world.session(&person, Acr::Mfa).await;
        let tokens = world.redeem("web", &world.code("web", &cookies).await, &[]).await.json();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let code = world.code("web", &cookies).await;
        world.opened.accounts.set_state(&world.origin(), &person, State::Disabled).await.unwrap();
        assert_eq!(world.redeem("web", &code, &[]).await.error(), "invalid_grant");
        assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
        let person = world.account(person.id).await;
        world.opened.accounts.set_state(&world.origin(), &person, State::Active).await.unwrap();
        assert_eq!(
            world.userinfo(&bearer).await.error(),
            "invalid_token",
            "what was issued before stays dead"
        );
    }
}

#[tokio::test]
async fn userinfo_takes_an_access_token_of_its_time_in_the_header() {
    let world = World::new().await;
    let person = world.person("noor").await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let tokens = world.redeem("other", &world.code("other", &cookies).await, &[]).await.json();
    assert_eq!(tokens["expires_in"], 60, "the client is registered as immediate");
    let access_token = tokens["access_token"].as_str().unwrap();
    let id_token = tokens["id_token"].as_str().unwrap();
    let nothing = world.get("/oauth2/userinfo", "").await;
    assert_eq!(nothing.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nothing.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"userinfo\"");
    let by_query = world.get(&format!("/oauth2/userinfo?access_token={access_token}"), "").await;
    let by_form = world.post("/oauth2/userinfo", "", &[("access_token", access_token)]).await;
    assert_eq!((by_query.status, by_form.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let (head, rest) = access_token.split_once('.').unwrap();
    let unsigned =
        format!("{}.{}.", base64url(br#"{"alg":"none","typ":"at+jwt"}"#), rest.split('.').next().unwrap());
    for bad in [id_token, &format!("{head}.{rest}x"), &unsigned, "x", ""] {
        let answer = world.userinfo(&format!("Bearer {bad}")).await;
        assert_eq!(
            (answer.status, answer.error()),
            (StatusCode::UNAUTHORIZED, "invalid_token".into()),
            "{bad}"
        );
    }
    let twice = Request::get("/oauth2/userinfo")
        .header(header::HOST, "localhost:8080")
        .header(header::AUTHORIZATION, format!("Bearer {access_token}"))
        .header(header::AUTHORIZATION, format!("Bearer {access_token}"));
    assert_eq!(world.send(twice.body(Body::empty()).unwrap()).await.error(), "invalid_token", "two of them");
    assert_eq!(world.userinfo(&format!("bearer {access_token}")).await.json(), json!({ "sub": person.sub }));
    world.wait(60);
    assert_eq!(world.userinfo(&format!("Bearer {access_token}")).await.error(), "invalid_token");
}

#[tokio::test]
async fn a_client_proves_itself_by_its_registered_method_alone() {
    let world = World::new().await;
    let right = "0123456789abcdef0123456789abcdef";
    let grant = ("grant_type", "authorization_code");
    let table = [
        (basic("web", "wrong"), vec![grant], 401, "invalid_client"),
        (basic("web", ""), vec![grant], 401, "invalid_client"),
        (basic("nobody", right), vec![grant], 401, "invalid_client"),
        (basic("other", right), vec![grant], 401, "invalid_client"),
        (basic("spa", ""), vec![grant], 401, "invalid_client"),
        (String::new(), vec![grant], 401, "invalid_client"),
        (String::new(), vec![grant, ("client_id", "web")], 401, "invalid_client"),
        (String::new(), vec![grant, ("client_id", "web"), ("client_secret", right)], 401, "invalid_client"),
        (String::new(), vec![grant, ("client_id", "spa"), ("client_secret", right)], 401, "invalid_client"),
        (basic("web", right), vec![grant, ("client_secret", right)], 400, "invalid_request"),
        (basic("web", right), vec![grant, ("client_id", "other")], 400, "invalid_request"),
        (basic("web", right), vec![grant, grant], 400, "invalid_request"),
        (basic("web", right), vec![grant], 400, "invalid_request"),
        (basic("web", right), vec![], 400, "invalid_request"),
        (basic("web", right), vec![("grant_type", "password")], 400, "unsupported_grant_type"),
    ];
    for (authorization, form, status, error) in table {
        let answer = world.post("/oauth2/token", &authorization, &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.error().as_str()),
            (status, error),
            "{authorization} {form:?}"
        );
        assert_eq!(answer.headers.contains_key(header::WWW_AUTHENTICATE), status == 401);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn the_provider_says_of_itself_what_works() {
    let world = World::new().await;
    let mut tags = HashSet::new();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let answer = world.get(path, "").await;
        let document = answer.json();
        assert_eq!(document["issuer"], ISSUER);
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(
            document["id_token_signing_alg_values_supported"],
            json!(["ES256", "EdDSA", "PS256", "RS256"])
        );
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        tags.insert(answer.headers[header::ETAG].clone());
    }
    assert_eq!(tags.len(), 1);
    let keys = world.get("/oauth2/jwks", "").await;
    let set = keys.json();
    let names = |key: &Value| key.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for key in set["keys"].as_array().unwrap() {
        assert!(
            !names(key).iter().any(|name| ["d", "p", "q", "k"].contains(&name.as_str())),
            "a private part"
        );
        assert_eq!(key["use"], "sig");
    }
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    let request = Request::get("/oauth2/jwks")
        .header(header::HOST, "localhost:8080")
        .header(header::IF_NONE_MATCH, &keys.headers[header::ETAG]);
    let unchanged = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}
