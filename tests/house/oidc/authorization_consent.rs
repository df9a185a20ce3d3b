//! An application of others: nothing without the person's own answer, and nothing after it was taken back.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cardea::kernel::acr::Acr;
use cardea::kernel::language::Language;
use sea_orm::sea_query::Query;
use serde_json::json;

use super::world::{Answer, CALLBACK, ISSUER, World, claims, encode, request, rooms};
use crate::support::app::TestApp;
use crate::support::register::register;

const CONTINUE: &str = "/oauth2/authorize/continue?journey=";
const CONSENT: &str = "/oauth2/authorize/consent";
const WITHDRAW: &str = "/account/applications/withdraw";

/// The question that a request leads to: its journey.
async fn asked(world: &World, changes: &[(&str, &str)], cookies: &str) -> String {
    let answer = world.authorize("rooms", changes, cookies).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.location().starts_with(CONTINUE), "no question: {}", answer.location());
    answer.sent("journey").unwrap()
}

async fn decide(world: &World, journey: &str, decision: &str, cookies: &str) -> Answer {
    world.submit(CONSENT, &[("journey", journey), ("decision", decision)], cookies).await
}

/// Asks with the scope `openid` where the changes say nothing else, and agrees where a question comes of it.
pub async fn agree(world: &World, changes: &[(&str, &str)], cookies: &str) -> Answer {
    let changes: Vec<(&str, &str)> = [("scope", "openid")].iter().chain(changes).copied().collect();
    let answer = world.authorize("rooms", &changes, cookies).await;
    if !answer.location().starts_with(CONTINUE) {
        return answer;
    }
    decide(world, &answer.sent("journey").unwrap(), "allow", cookies).await
}

async fn count(world: &World, table: &str) -> i64 {
    use sea_orm::ConnectionTrait;
    let db = world.opened.db.read();
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn told(world: &World, what: &str) -> i64 {
    let what = format!("\"what\":\"{what}\"");
    i64::try_from(world.told().await.iter().filter(|record| record.contains(&what)).count()).unwrap()
}

#[tokio::test]
async fn nothing_is_given_before_the_person_agrees_and_the_answer_is_remembered() {
    for world in World::on_each_database().await {
        let noor = world.person("noor").await;
        let (_, cookies) = world.session(&noor, Acr::Mfa).await;
        let journey = asked(&world, &[], &cookies).await;
        for _ in 0..2 {
            let page = world.get(&format!("{CONTINUE}{journey}"), &cookies).await;
            assert_eq!((page.status, page.location()), (StatusCode::OK, ""));
            for shown in ["Room &#60;planner&#62;", "Noor Peeters", "noor@example.be", "app.example.be"] {
                assert!(page.body.contains(shown), "the page does not show {shown}: {}", page.body);
            }
            assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
            let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("form-action 'self' https://app.example.be;"), "{policy}");
        }
        assert_eq!((count(&world, "authorization_code").await, count(&world, "consent").await), (0, 0));

        let answer = decide(&world, &journey, "allow", &cookies).await;
        assert!(answer.location().starts_with(&format!("{CALLBACK}&code=")), "{}", answer.location());
        let sent = ["state", "iss"].map(|name| answer.sent(name).unwrap());
        assert_eq!(sent, ["s&t", ISSUER]);
        let tokens = world.redeem("rooms", &answer.sent("code").unwrap(), &[]).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
        let record = world.told().await.into_iter().find(|record| record.contains("consent_given")).unwrap();
        for part in ["\"application\":\"rooms\"", "openid profile email", &journey] {
            assert!(record.contains(part), "{record}");
        }
        // From now on it is as for an application of the house, also for less than was agreed to.
        for changes in [&[][..], &[("scope", "openid email")], &[("prompt", "none")]] {
            let answer = world.authorize("rooms", changes, &cookies).await;
            assert!(answer.sent("code").is_some(), "{changes:?}: {}", answer.location());
        }
        assert_eq!(told(&world, "consent_given").await, 1);
    }
}

#[tokio::test]
async fn who_does_not_agree_is_believed_and_asked_again_next_time() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let journey = asked(&world, &[], &cookies).await;
    let answer = decide(&world, &journey, "refuse", &cookies).await;
    assert!(answer.location().starts_with(&format!("{CALLBACK}&error=")), "{}", answer.location());
    let sent = ["error", "state", "iss"].map(|name| answer.sent(name).unwrap());
    assert_eq!(sent, ["access_denied", "s&t", ISSUER]);
    assert_eq!((told(&world, "consent_refused").await, count(&world, "consent").await), (1, 0));
    // The question is over: a late yes to it is none.
    assert_eq!(decide(&world, &journey, "allow", &cookies).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(count(&world, "authorization_code").await, 0);
    asked(&world, &[], &cookies).await;
}

#[tokio::test]
async fn more_is_asked_for_again_and_silence_is_no_answer() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let silent = world.authorize("rooms", &[("prompt", "none")], &cookies).await;
    assert_eq!(silent.sent("error").as_deref(), Some("consent_required"));
    assert!(agree(&world, &[("scope", "openid email")], &cookies).await.sent("code").is_some());
    let phone = r#"{"userinfo": {"phone_number": null}}"#;
    for more in [("scope", "openid email profile"), ("scope", "openid rooms.book"), ("claims", phone)] {
        let changes = [("scope", "openid"), more];
        asked(&world, &changes, &cookies).await;
        let silent = world.authorize("rooms", &[changes[0], more, ("prompt", "none")], &cookies).await;
        assert_eq!(silent.sent("error").as_deref(), Some("consent_required"), "{more:?}");
    }
    // A single claim that the scope opened is covered; one that nobody agreed to is shown by its name.
    let email = r#"{"id_token": {"email": null}}"#;
    let known = world.authorize("rooms", &[("scope", "openid"), ("claims", email)], &cookies).await;
    assert!(known.sent("code").is_some(), "{}", known.location());
    let journey =
        asked(&world, &[("scope", "openid"), ("claims", phone), ("ui_locales", "fr")], &cookies).await;
    let page = world.get(&format!("{CONTINUE}{journey}&lang=fr"), &cookies).await;
    assert!(page.body.contains("Numéro de téléphone"), "{}", page.body);
    assert!(!page.body.contains("noor@example.be"), "more is shown than is asked for");
    // What is asked for by force is asked for although it was given.
    asked(&world, &[("scope", "openid email"), ("prompt", "consent")], &cookies).await;
    // The house's own applications are never asked for.
    let own = world.authorize("web", &[("prompt", "consent")], &cookies).await;
    assert!(own.sent("code").is_some(), "{}", own.location());
}

#[tokio::test]
async fn only_the_form_of_this_browser_and_person_is_an_answer() {
    let world = World::new().await;
    let (noor, emma) = (world.person("noor").await, world.person("emma").await);
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let (_, hers) = world.session(&emma, Acr::Mfa).await;
    let session = cookies.split_once("; ").unwrap().1.to_owned();
    let journey = asked(&world, &[], &cookies).await;
    let unfinished = world.authorize("rooms", &[], &world.browser()).await.sent("journey").unwrap();
    for (journey, decision, cookies) in [
        (journey.as_str(), "allow", world.browser()),
        (&journey, "allow", hers),
        (&journey, "allow", session),
        (&journey, "maybe", cookies.clone()),
        (&journey, "", cookies.clone()),
        (&unfinished, "allow", cookies.clone()),
        ("x", "allow", cookies.clone()),
        ("", "allow", cookies.clone()),
    ] {
        let answer = decide(&world, journey, decision, &cookies).await;
        let refused = answer.status == StatusCode::BAD_REQUEST || answer.location().starts_with("/sign-in");
        assert!(refused, "{journey} {decision}: {} {}", answer.status, answer.location());
    }
    let fields = [("journey", journey.as_str()), ("decision", "allow")];
    for (origin, token) in [("https://app.example.be", None), (ISSUER, Some("")), (ISSUER, Some("AAAA"))] {
        let all: Vec<_> = fields.iter().copied().chain(token.map(|token| ("form_token", token))).collect();
        let request = Request::post(CONSENT)
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, origin)
            .header(header::COOKIE, &cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(&all)));
        let answer = world.send(request.unwrap()).await;
        assert!(answer.status.is_client_error(), "{origin} {token:?}: {}", answer.status);
    }
    // Nor is an address that a mail or a page leads to.
    let link = format!("{CONTINUE}{journey}&decision=allow");
    assert_eq!(world.get(&link, &cookies).await.status, StatusCode::OK);
    assert_eq!(world.get(&format!("{CONSENT}?journey={journey}"), &cookies).await.status.as_u16(), 405);
    assert_eq!((count(&world, "authorization_code").await, count(&world, "consent").await), (0, 0));
    assert!(decide(&world, &journey, "allow", &cookies).await.sent("code").is_some());
}

#[tokio::test]
async fn of_parallel_answers_one_counts() {
    for world in World::on_each_database().await {
        let noor = world.person("noor").await;
        let (_, cookies) = world.session(&noor, Acr::Mfa).await;
        let journey = asked(&world, &[], &cookies).await;
        let (yes, no) =
            (|| decide(&world, &journey, "allow", &cookies), || decide(&world, &journey, "refuse", &cookies));
        let answers = tokio::join!(yes(), no(), yes(), no(), yes(), no(), yes(), no());
        let answered =
            <[Answer; 8]>::from(answers).iter().filter(|answer| !answer.location().is_empty()).count();
        assert_eq!(answered, 1);
        let codes = count(&world, "authorization_code").await;
        assert_eq!((count(&world, "consent").await, told(&world, "consent_given").await), (codes, codes));
    }
}

#[tokio::test]
async fn the_session_is_looked_at_again_when_the_answer_comes() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (session, cookies) = world.session(&noor, Acr::Mfa).await;
    // The question comes after the proof, as it does with every real clock.
    world.wait(1);
    let late = asked(&world, &[("max_age", "60")], &cookies).await;
    let ended = asked(&world, &[], &cookies).await;
    world.wait(60);
    let answer = decide(&world, &late, "allow", &cookies).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    let reason = cardea::event::model::EndReason::SignedOut;
    world.opened.sessions.end(&world.origin(), &noor, session, reason).await.unwrap();
    assert_eq!(decide(&world, &ended, "allow", &cookies).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(count(&world, "authorization_code").await, 0);
}

#[tokio::test]
async fn who_signs_in_for_it_is_asked_then() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, old) = world.session(&noor, Acr::Mfa).await;
    assert!(agree(&world, &[("scope", "openid profile email")], &old).await.sent("code").is_some());
    let changes = [("prompt", "login consent")];
    let first = world.authorize("rooms", &changes, &old).await;
    assert!(first.location().starts_with("/sign-in?journey="), "{}", first.location());
    world.wait(10);
    let journey = super::authorization::finished(&world, noor.id, "rooms", &changes).await.to_string();
    // The session of before does not stand in for the new proof, at the page or at its form.
    let answer = world.get(&format!("{CONTINUE}{journey}"), &old).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    let answer = decide(&world, &journey, "allow", &old).await;
    assert!(answer.location().starts_with("/sign-in?journey="), "{}", answer.location());
    let (_, new) = world.session(&noor, Acr::Mfa).await;
    let page = world.get(&format!("{CONTINUE}{journey}"), &new).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, ""));
    let answer = decide(&world, &journey, "allow", &new).await;
    let tokens = world.redeem("rooms", &answer.sent("code").unwrap(), &[]).await.json();
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id["auth_time"], world.clock.now().unix_seconds());
    assert_eq!(world.get(&format!("{CONTINUE}{journey}"), &new).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_taken_back_ends_what_came_of_it() {
    for world in World::on_each_database().await {
        let (noor, emma) = (world.person("noor").await, world.person("emma").await);
        let (_, cookies) = world.session(&noor, Acr::Mfa).await;
        let (_, hers) = world.session(&emma, Acr::Mfa).await;
        let code = async |cookies: &str| agree(&world, &[], cookies).await.sent("code").unwrap();
        let tokens = world.redeem("rooms", &code(&cookies).await, &[]).await.json();
        let of_emma = world.redeem("rooms", &code(&hers).await, &[]).await.json();
        let bearer =
            |tokens: &serde_json::Value| format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        assert_eq!(world.userinfo(&bearer(&tokens)).await.status, StatusCode::OK);
        let unredeemed = code(&cookies).await;

        let page = world.get("/account", &cookies).await;
        assert!(page.body.contains("Room &#60;planner&#62;"), "{}", page.body);
        let answer = world.submit(WITHDRAW, &[("client_id", "rooms")], &cookies).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account"));
        let flash = answer.headers.get_all(header::SET_COOKIE).iter().find_map(|cookie| {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            cookie.starts_with("__Host-flash=").then(|| cookie.to_owned())
        });
        let page = world.get("/account", &format!("{cookies}; {}", flash.unwrap())).await;
        assert!(page.body.contains("Uw akkoord is ingetrokken"), "{}", page.body);
        assert!(!page.body.contains(WITHDRAW), "it is listed still");

        assert_eq!(world.userinfo(&bearer(&tokens)).await.status, StatusCode::UNAUTHORIZED);
        let refreshed = world.refresh("rooms", tokens["refresh_token"].as_str().unwrap(), &[]).await;
        assert_eq!(refreshed.error(), "invalid_grant");
        assert_eq!(world.redeem("rooms", &unredeemed, &[]).await.error(), "invalid_grant");
        asked(&world, &[("scope", "openid")], &cookies).await;
        assert_eq!(told(&world, "consent_withdrawn").await, 1);
        // Nothing of another person's, and nothing twice.
        assert_eq!(world.userinfo(&bearer(&of_emma)).await.status, StatusCode::OK);
        world.submit(WITHDRAW, &[("client_id", "rooms")], &cookies).await;
        assert_eq!(told(&world, "consent_withdrawn").await, 1);
    }
}

#[tokio::test]
async fn a_consent_that_goes_while_a_code_or_a_token_is_on_its_way_gives_nothing() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let code = async || agree(&world, &[], &cookies).await.sent("code").unwrap();
    let tokens = world.redeem("rooms", &code().await, &[]).await.json();
    let on_its_way = code().await;
    // As if the code had been written just after the withdrawal.
    let url = world.opened.config.database.url.expose().clone();
    let database = sea_orm::Database::connect(url).await.unwrap();
    database.execute_unprepared("DELETE FROM consent").await.unwrap();
    assert_eq!(world.redeem("rooms", &on_its_way, &[]).await.error(), "invalid_grant");
    let refreshed = world.refresh("rooms", tokens["refresh_token"].as_str().unwrap(), &[]).await;
    assert_eq!(refreshed.error(), "invalid_grant");
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(world.userinfo(&bearer).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_consent_that_covers_less_by_now_gives_nothing_of_the_rest() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let code = async || agree(&world, &[("scope", "openid email")], &cookies).await.sent("code").unwrap();
    let tokens = world.redeem("rooms", &code().await, &[]).await.json();
    let (less, enough) = (code().await, code().await);
    let agreed = async |scope: &str| {
        let mut unit = world.opened.db.unit();
        unit.run(&Query::update().table("consent").value("scope", scope).to_owned());
        world.opened.db.write(unit).await.unwrap();
    };
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    agreed("openid").await;
    assert_eq!(world.redeem("rooms", &less, &[]).await.error(), "invalid_grant");
    assert_eq!(world.userinfo(&bearer).await.error(), "invalid_token");
    agreed("openid email phone").await;
    assert_eq!(world.redeem("rooms", &enough, &[]).await.status, StatusCode::OK);
    assert_eq!(world.userinfo(&bearer).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_whose_grants_were_ended_is_agreed_to_anew() {
    for world in World::on_each_database().await {
        let noor = world.person("noor").await;
        let (_, cookies) = world.session(&noor, Acr::Mfa).await;
        agree(&world, &[], &cookies).await;
        assert!(world.authorize("rooms", &[("scope", "openid")], &cookies).await.sent("code").is_some());
        world.opened.register.revoke(&world.origin(), "rooms").await.unwrap();
        asked(&world, &[("scope", "openid")], &cookies).await;
    }
}

#[tokio::test]
async fn the_question_is_put_in_every_language_and_the_answer_can_be_had_as_a_file() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let changes = [("scope", "openid profile email phone rooms.book offline_access"), ("prompt", "consent")];
    let journey = asked(&world, &changes, &cookies).await;
    for (language, said) in [
        (
            Language::Nl,
            ["Toestaan en doorgaan", "Rechten in de toepassing", "Toegang wanneer u er niet bent"],
        ),
        (Language::Fr, ["Autoriser et continuer", "Droits dans l’application", "Accès en votre absence"]),
        (Language::De, ["Erlauben und weiter", "Rechte in der Anwendung", "Zugang, wenn Sie nicht da sind"]),
        (Language::En, ["Allow and go on", "Rights inside the application", "Access when you are not there"]),
    ] {
        let page = world.get(&format!("{CONTINUE}{journey}&lang={}", language.code()), &cookies).await;
        for said in said.iter().chain(&["rooms.book"]) {
            assert!(page.body.contains(said), "{said} is missing: {}", page.body);
        }
        assert!(!page.body.contains('⟦'), "{}", page.body);
    }
    assert!(decide(&world, &journey, "allow", &cookies).await.sent("code").is_some());
    let copy = world.submit("/privacy/export", &[], &cookies).await.json();
    let agreed = &copy["applications_agreed_to"][0];
    assert_eq!(agreed["client_id"], "rooms");
    assert_eq!(agreed["scope"], json!("openid profile email phone rooms.book offline_access"));
}

#[tokio::test]
async fn what_the_client_may_ask_for_is_looked_at_again_when_the_answer_comes() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let changes = [("claims", r#"{"id_token": {"phone_number": null, "email": null}}"#)];
    let journeys = [
        asked(&world, &changes, &cookies).await,
        asked(&world, &changes, &cookies).await,
        asked(&world, &changes, &cookies).await,
    ];
    register(&world.opened, &world.origin(), &rooms("openid profile")).await;
    let answer = decide(&world, &journeys[0], "allow", &cookies).await;
    let tokens = world.redeem("rooms", &answer.sent("code").unwrap(), &[]).await.json();
    assert_eq!(tokens["scope"], "openid profile");
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["email"], json!(null));
    register(&world.opened, &world.origin(), &rooms("profile")).await;
    let answer = decide(&world, &journeys[1], "allow", &cookies).await;
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_scope"));
    let mut moved = rooms("openid profile");
    moved["redirect_uris"] = json!(["https://app.example.be/cb2"]);
    register(&world.opened, &world.origin(), &moved).await;
    let answer = decide(&world, &journeys[2], "allow", &cookies).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""));
    assert_eq!(count(&world, "authorization_code").await, 1);
}

/// In place of the policies that are compiled in.
const NOT_THE_ROOMS: &str = r#"
@id("own.all")
@why("Everyone does everything.")
permit (principal is Account, action, resource);
@id("own.no-rooms")
@why("Nobody plans rooms.")
forbid (principal is Account, action == Action::"signIn", resource == Client::"rooms");
"#;

#[tokio::test]
async fn nobody_is_asked_for_an_application_that_is_closed_to_them_or_too_often() {
    let builder = TestApp::builder().with(|config| {
        config.sign_in.journeys_per_source = 2;
        let folder = config.data.folder.join("policies");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("own.cedar"), NOT_THE_ROOMS).unwrap();
        config.policies.folder = Some(folder);
    });
    let Some(app) = builder.start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    for id in ["rooms", "desks"] {
        let mut client = rooms("openid profile email");
        client["client_id"] = json!(id);
        client["audiences"] = json!([]);
        register(&app.opened, &app.origin(), &client).await;
    }
    let ask = async |id| browser.get(&format!("/oauth2/authorize?{}", request(id, &[]))).await;
    for _ in 0..3 {
        let answer = ask("rooms").await;
        assert!(answer.location().contains("error=access%5Fdenied"), "{}", answer.location());
    }
    for _ in 0..2 {
        assert!(ask("desks").await.location().starts_with(CONTINUE));
    }
    assert_eq!(ask("desks").await.status.as_u16(), 429);
}
