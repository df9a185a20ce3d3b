//! Signing out as an application asks for it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cardea::account::Account;
use cardea::kernel::acr::Acr;

use super::world::{Answer, SECRET, World, encode};

const GOODBYE: &str = "https://app.example.be/goodbye?from=cardea";

struct SignedIn {
    person: Account,
    cookies: String,
    hint: String,
}

async fn signed_in(world: &World, login: &str) -> SignedIn {
    let person = world.person(login).await;
    let (_, cookies) = world.session(&person, Acr::Mfa).await;
    let code = world.code("web", &cookies).await;
    let tokens = world.redeem("web", &code, &[]).await.json();
    SignedIn { person, cookies, hint: tokens["id_token"].as_str().unwrap().to_owned() }
}

async fn logout(world: &World, params: &[(&str, &str)], cookies: &str) -> Answer {
    world.get(&format!("/oauth2/logout?{}", encode(params)), cookies).await
}

async fn is_signed_in(world: &World, cookies: &str) -> bool {
    world.get("/account", cookies).await.status == StatusCode::OK
}

#[tokio::test]
async fn the_hint_of_this_session_ends_it_and_leads_back() {
    for world in World::on_each_database().await {
        let SignedIn { cookies, hint, .. } = signed_in(&world, "noor").await;
        // Long after the token ran out, and with a state that must not escape.
        world.wait(1800);
        let state = "x&y=#é";
        let asked =
            [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", GOODBYE), ("state", state)];
        let answer = logout(&world, &asked, &cookies).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.location().starts_with(&format!("{GOODBYE}&state=")), "{}", answer.location());
        assert_eq!(answer.sent("state").as_deref(), Some(state));
        let cleared =
            answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        assert_eq!(cleared.filter(|cookie| cookie.starts_with("__Host-session=;")).count(), 1);
        assert!(!is_signed_in(&world, &cookies).await);
        assert!(
            world
                .told()
                .await
                .iter()
                .any(|record| record.contains("signed_out") && record.contains("\"web\""))
        );
        // Again, without a session: the same way out.
        assert!(logout(&world, &asked, &cookies).await.location().starts_with(GOODBYE));
        // A state that breaks its own rule is left out.
        for state in ["a\u{7}b", &"x".repeat(513)] {
            let asked = [asked[0], asked[1], ("state", state)];
            assert_eq!(logout(&world, &asked, &cookies).await.location(), GOODBYE);
        }
    }
}

#[tokio::test]
async fn without_a_fitting_hint_the_person_is_asked() {
    let world = World::new().await;
    let earlier = signed_in(&world, "noor").await;
    let (_, cookies) = world.session(&earlier.person, Acr::Mfa).await;
    let other = signed_in(&world, "arne").await;
    for hint in ["", "x", other.hint.as_str(), earlier.hint.as_str()] {
        let mut asked = vec![("client_id", "web"), ("post_logout_redirect_uri", GOODBYE), ("state", "s")];
        if !hint.is_empty() {
            asked.push(("id_token_hint", hint));
        }
        let answer = logout(&world, &asked, &cookies).await;
        assert!(answer.location().starts_with("/sign-out?"), "{}", answer.location());
        assert!(is_signed_in(&world, &cookies).await, "a link alone must not sign out");
        let page = world.get(answer.location(), &cookies).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("<form") && page.body.contains("value=\"web\""), "{}", page.body);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("form-action 'self' https://app.example.be;"), "{policy}");
    }
    // No other token of ours is a hint.
    let code = world.code("web", &cookies).await;
    let tokens = world.redeem("web", &code, &[]).await.json();
    let access = [("id_token_hint", tokens["access_token"].as_str().unwrap())];
    assert_eq!(logout(&world, &access, &cookies).await.location(), "/sign-out");
    let plain = logout(&world, &[], &cookies).await;
    assert_eq!(plain.location(), "/sign-out");
}

#[tokio::test]
async fn the_answer_to_the_question_leads_to_the_registered_address_alone() {
    let world = World::new().await;
    let SignedIn { cookies, .. } = signed_in(&world, "noor").await;
    let send = async |form: &[(&str, &str)]| {
        let request = Request::post("/sign-out")
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost:8080")
            .header(header::COOKIE, &cookies);
        world.send(request.body(Body::from(encode(form))).unwrap()).await
    };
    let page = world.get("/sign-out", &cookies).await.body;
    let (_, token) = page.split_once("name=\"form_token\" value=\"").unwrap();
    let (token, _) = token.split_once('"').unwrap();
    let foreign =
        [("form_token", token), ("client_id", "web"), ("post_logout_redirect_uri", "https://evil.example/")];
    let refused = send(&foreign).await;
    assert_eq!((refused.status, refused.location()), (StatusCode::BAD_REQUEST, ""));
    assert!(is_signed_in(&world, &cookies).await);
    let ours =
        [("form_token", token), ("client_id", "web"), ("post_logout_redirect_uri", GOODBYE), ("state", "s")];
    assert_eq!(send(&ours).await.location(), format!("{GOODBYE}&state=s"));
    assert!(!is_signed_in(&world, &cookies).await);
}

#[tokio::test]
async fn nobody_is_sent_to_a_foreign_address() {
    let world = World::new().await;
    let SignedIn { cookies, hint, .. } = signed_in(&world, "noor").await;
    let code = world.code("other", &cookies).await;
    let of_other = world.redeem("other", &code, &[]).await.json()["id_token"].as_str().unwrap().to_owned();
    let callback = super::world::CALLBACK;
    for (params, why) in [
        (vec![("client_id", "web"), ("post_logout_redirect_uri", "https://evil.example/")], "not registered"),
        (vec![("client_id", "web"), ("post_logout_redirect_uri", "https://app.example.be/goodbye")], "cut"),
        (
            vec![
                ("client_id", "web"),
                ("post_logout_redirect_uri", "https://APP.example.be/goodbye?from=cardea"),
            ],
            "case",
        ),
        (vec![("client_id", "web"), ("post_logout_redirect_uri", callback)], "of signing in"),
        (vec![("client_id", "other"), ("post_logout_redirect_uri", GOODBYE)], "another client's"),
        (vec![("client_id", "nobody"), ("post_logout_redirect_uri", GOODBYE)], "unknown client"),
        (vec![("post_logout_redirect_uri", GOODBYE)], "no client"),
        (vec![("id_token_hint", "x"), ("post_logout_redirect_uri", GOODBYE)], "no client in a broken hint"),
        (
            vec![("id_token_hint", &hint), ("client_id", "other"), ("post_logout_redirect_uri", GOODBYE)],
            "two clients",
        ),
        (
            vec![("id_token_hint", &of_other), ("client_id", "web"), ("post_logout_redirect_uri", GOODBYE)],
            "two clients, and the address of the one that gave no hint",
        ),
        (vec![("id_token_hint", &hint), ("post_logout_redirect_uri", "javascript:alert(1)")], "a script"),
    ] {
        let answer = logout(&world, &params, &cookies).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{why}");
        assert!(!answer.body.contains("evil.example"), "{why}");
        assert!(is_signed_in(&world, &cookies).await, "{why}");
    }
    let twice = world.get("/oauth2/logout?client_id=web&client_id=web", &cookies).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_from_another_site_is_sent_on_by_get() {
    let world = World::new().await;
    let form = [
        ("client_id", "web"),
        ("post_logout_redirect_uri", GOODBYE),
        ("unknown", "x"),
        ("client_secret", SECRET),
    ];
    let answer = world.post("/oauth2/logout", "", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("/oauth2/logout?client_id=web&"), "{}", answer.location());
    assert!(!answer.location().contains("unknown") && !answer.location().contains(SECRET));
}
