//! An independent provider in the shapes that we meet: the federal service, itsme, and a strict general one.

use std::time::Duration;

use cardea::config::{Encryption, Par, RequestObject, UpstreamAuth, Userinfo};
use cardea::federation::{Freshness, Outcome, Reason};
use cardea::jobs::Job;
use cardea::kernel::acr::Acr;
use cardea::kernel::secret::Secret;
use serde_json::{Value, json};

use super::upstream::{Person, Planned, Upstream};
use super::world::{World, accepted, refused};
use crate::support::app::{TestApp, TestAppBuilder};

const SECRET: &str = "a-secret-that-we-have-at-the-provider";

fn client(world: &World, name: &str, more: &Value) -> Value {
    let mut client = json!({
        "client_id": "cardea", "grant_types": ["authorization_code"], "response_types": ["code"],
        "redirect_uris": [world.federation().redirect_uri(name)],
        "jwks_uri": format!("{}/federation/jwks", world.app.issuer),
    });
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    client
}

/// The federal service: its issuer is no host alone, the level stands in `amr` and `acr` is `"0"`, userinfo is
/// a signed token.
pub async fn fas() -> Option<(World, Upstream)> {
    fas_for(TestApp::builder()).await
}

pub async fn fas_for(builder: TestAppBuilder) -> Option<(World, Upstream)> {
    let planned = Planned::at("/fas/oauth2")?;
    let (port, issuer) = (planned.port, planned.issuer());
    let builder = World::with_provider(builder, "fas", port, move |upstream| {
        upstream.issuer = issuer;
        upstream.userinfo = Userinfo::Signed;
    });
    let world = World::start(builder).await?;
    let client = client(
        &world,
        "fas",
        &json!({
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "RS256",
            "id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": "RS256",
        }),
    );
    let more = json!({ "claims": ["egovNRN", "fedid"] });
    let upstream = planned.start(world.app.now().unix_seconds(), &client, &more);
    Some((world, upstream))
}

#[tokio::test]
async fn the_federal_service_signs_people_in_with_the_level_that_it_proves() {
    let Some((world, upstream)) = fas().await else { return };
    let arrival = world.federation().redirect_uri("fas");
    let table = [
        (json!(["bmid", "urn:be:fedict:iam:fas:Level450"]), Acr::Mfa, Some(450)),
        (json!(["totp", "urn:be:fedict:iam:fas:Level400"]), Acr::Mfa, Some(400)),
        (json!(["eid", "urn:be:fedict:iam:fas:Level500"]), Acr::Phrh, Some(500)),
    ];
    for (amr, acr, level) in table {
        let nrn = json!({ "egovNRN": "85073003328", "fedid": "f-1" });
        upstream.tell(&json!({ "account": "anna", "acr": "0", "amr": amr, "claims": nrn })).await;
        let trip = accepted("begin", world.begin("fas").await);
        assert_eq!(trip.asked("acr_values").unwrap(), "urn:be:fedict:iam:fas:Level400");
        assert_eq!(trip.asked("code_challenge_method").unwrap(), "S256");
        assert_eq!(trip.asked("ui_locales").unwrap(), "nl");
        let answer = Person::new().go(&trip.address, &arrival).await;
        let identity = accepted("finish", world.finish("fas", trip.browser, &answer).await);
        assert_eq!((identity.subject(), identity.issuer()), ("anna", upstream.issuer.as_str()));
        assert_eq!((identity.acr(), identity.level(), identity.journey()), (acr, level, trip.journey));
        assert_eq!(identity.claims()["given_name"], "Zoë");
        assert_eq!(identity.claims()["fedid"], "f-1");
        // The national number is understood, and is nowhere that anyone could read it.
        assert!(identity.national_number().is_some() && !identity.claims().contains_key("egovNRN"));
        assert!(!world.app.database_holds("85073003328").await);
        // Two round trips once all is known: the code and the userinfo endpoint.
        let asked = upstream.tell(&json!({})).await;
        assert_eq!((&asked["/token"], &asked["/me"]), (&json!(1), &json!(1)), "{asked}");
    }
    let asked = upstream.tell(&json!({})).await;
    assert_eq!(asked, json!({}), "what is known of the provider is not asked for again");
}

#[tokio::test]
async fn a_level_that_is_not_proved_is_refused_whatever_was_asked_for() {
    let Some((world, upstream)) = fas().await else { return };
    let arrival = world.federation().redirect_uri("fas");
    let level = |figure: u16| format!("urn:be:fedict:iam:fas:Level{figure}");
    let table = [
        (json!(["eid"]), "0", Acr::Mfa, Reason::LevelUnproven),
        (json!([]), "0", Acr::Mfa, Reason::LevelUnproven),
        (json!([level(300)]), "0", Acr::Mfa, Reason::LevelTooLow),
        (json!(["bmid", level(450)]), "0", Acr::Phrh, Reason::LevelTooLow),
        (json!([level(500)]), "0", Acr::Phrh, Reason::LevelTooLow),
    ];
    for (amr, acr, required, reason) in table {
        upstream.tell(&json!({ "account": "anna", "acr": acr, "amr": amr })).await;
        let trip = accepted("begin", world.begin_for("fas", required, Freshness::Any).await);
        let answer = Person::new().go(&trip.address, &arrival).await;
        let what = format!("{amr} for {required:?}");
        let refused = refused(&what, world.finish("fas", trip.browser, &answer).await);
        world.assert_refused(&what, &refused, reason).await;
        assert_eq!((refused.outcome(), refused.journey), (Outcome::TooWeak, Some(trip.journey)));
    }
}

#[tokio::test]
async fn a_session_of_the_federal_service_is_no_fresh_proof() {
    let Some((world, upstream)) = fas().await else { return };
    let arrival = world.federation().redirect_uri("fas");
    upstream.tell(&json!({ "account": "anna", "amr": ["urn:be:fedict:iam:fas:Level450"] })).await;
    let person = Person::new();
    let trip = accepted("begin", world.begin("fas").await);
    let answer = person.go(&trip.address, &arrival).await;
    let first = accepted("finish", world.finish("fas", trip.browser, &answer).await);
    assert!(first.authenticated_at().is_some());
    // Where it matters it is asked for, and the provider asks the person again.
    let trip = accepted("begin", world.begin_for("fas", Acr::Mfa, Freshness::Now).await);
    assert_eq!(
        (trip.asked("prompt").as_deref(), trip.asked("max_age").as_deref()),
        (Some("login"), Some("0"))
    );
    let answer = person.go(&trip.address, &arrival).await;
    let again = accepted("finish", world.finish("fas", trip.browser, &answer).await);
    assert!(again.authenticated_at() >= first.authenticated_at());
}

#[tokio::test]
async fn who_says_no_at_the_provider_goes_on_with_the_journey() {
    let Some((world, upstream)) = fas().await else { return };
    upstream.tell(&json!({ "account": "anna", "declines": true })).await;
    let trip = accepted("begin", world.begin("fas").await);
    let answer = Person::new().go(&trip.address, &world.federation().redirect_uri("fas")).await;
    let refused = refused("declined", world.finish("fas", trip.browser, &answer).await);
    world.assert_refused("declined", &refused, Reason::Declined).await;
    assert_eq!((refused.outcome(), refused.journey), (Outcome::Declined, Some(trip.journey)));
}

/// itsme: tokens are signed and then encrypted to our key, and no request is answered without a service.
async fn itsme(content: &str) -> Option<(World, Upstream)> {
    let planned = Planned::at("/v2")?;
    let (port, issuer) = (planned.port, planned.issuer());
    let builder = World::with_provider(TestApp::builder(), "itsme", port, move |upstream| {
        upstream.issuer = issuer;
        upstream.service = Some("CARDEA_SIGNIN".to_owned());
        upstream.userinfo = Userinfo::Signed;
        upstream.keeps_session = true;
    });
    let world = World::start(builder).await?;
    let client = client(
        &world,
        "itsme",
        &json!({
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "RS256",
            "id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": "RS256",
            "id_token_encrypted_response_alg": "RSA-OAEP-256", "id_token_encrypted_response_enc": content,
            "userinfo_encrypted_response_alg": "RSA-OAEP-256", "userinfo_encrypted_response_enc": content,
        }),
    );
    let more = json!({
        "scopes": ["service:CARDEA_SIGNIN"], "demands_scope": "service:CARDEA_SIGNIN",
        "claims": [
            "http://itsme.services/v2/claim/transaction_ip", "http://itsme.services/v2/claim/claim_device",
            "http://itsme.services/v2/claim/ongoing_call", "http://itsme.services/v2/claim/BENationalNumber",
        ],
    });
    let upstream = planned.start(world.app.now().unix_seconds(), &client, &more);
    Some((world, upstream))
}

#[tokio::test]
async fn itsme_signs_people_in_by_nested_tokens_and_tells_of_the_phone() {
    for content in ["A128CBC-HS256", "A256GCM"] {
        let Some((world, upstream)) = itsme(content).await else { return };
        let advanced = "http://itsme.services/v2/claim/acr_advanced";
        let told = json!({
            "account": "bert", "acr": "0", "amr": [advanced],
            "claims": {
                "http://itsme.services/v2/claim/transaction_ip": "193.191.245.7",
                "http://itsme.services/v2/claim/claim_device": { "os": "Android", "rooted": false },
                "http://itsme.services/v2/claim/ongoing_call": true,
                "http://itsme.services/v2/claim/BENationalNumber": "85073003328",
            },
        });
        upstream.tell(&told).await;
        let trip = accepted("begin", world.begin("itsme").await);
        assert_eq!(trip.asked("scope").unwrap(), "openid service:CARDEA_SIGNIN profile");
        let answer = Person::new().go(&trip.address, &world.federation().redirect_uri("itsme")).await;
        let identity = accepted(content, world.finish("itsme", trip.browser, &answer).await);
        assert_eq!((identity.subject(), identity.acr(), identity.level()), ("bert", Acr::Mfa, Some(450)));
        let phone = identity.phone();
        assert_eq!(phone.address, Some("193.191.245.7".parse().unwrap()));
        assert_eq!(phone.call_in_progress, Some(true));
        assert!(identity.national_number().is_some());
        // What the provider says of the phone is in the record, and the address in its personal part alone.
        let bert = world.app.person("bert").build().await;
        let accepted = identity.accepted(bert.id);
        world.app.opened.log.record_alone(&world.origin(), accepted).await.unwrap();
        let records = world.app.records_of("upstream_accepted").await;
        let [record] = records.as_slice() else { panic!("{} records", records.len()) };
        assert_eq!((record.text("acr"), record.plain["level"].as_u64()), (Some("mfa"), Some(450)));
        assert_eq!(record.plain["call_in_progress"], true);
        assert!(!record.plain.to_string().contains("193.191"));
        let personal = record.personal.as_ref().unwrap();
        assert_eq!(personal.phone.as_ref().unwrap()["ip"], "193.191.245.7");
        assert!(!world.app.database_holds("85073003328").await);
    }
}

#[tokio::test]
async fn itsme_is_not_asked_for_what_it_cannot_give() {
    let Some((world, _upstream)) = itsme("A256GCM").await else { return };
    for required in [Acr::Phr, Acr::Phrh] {
        let refused = refused("phr", world.begin_for("itsme", required, Freshness::Any).await);
        world.assert_refused("phr", &refused, Reason::LevelNotGiven).await;
        assert_eq!(refused.outcome(), Outcome::TooWeak);
    }
}

#[tokio::test]
async fn a_token_to_the_key_before_is_still_read_after_a_new_one_is_published() {
    let Some((world, upstream)) = itsme("A128CBC-HS256").await else { return };
    let arrival = world.federation().redirect_uri("itsme");
    let advanced = "http://itsme.services/v2/claim/acr_advanced";
    upstream.tell(&json!({ "account": "bert", "amr": [advanced] })).await;
    // The provider keeps a copy of our key set from its first look on.
    let trip = accepted("begin", world.begin("itsme").await);
    let answer = Person::new().go(&trip.address, &arrival).await;
    accepted("before", world.finish("itsme", trip.browser, &answer).await);
    let before = world.app.number("SELECT COUNT(*) FROM upstream_key").await;
    // Our keys turn, without the time that the provider would then be behind by.
    let later = cardea::event::Origin {
        now: world.app.now().plus(world.app.opened.config.federation.keys_last),
        ..world.origin()
    };
    world.federation().keep_keys(&later).await.unwrap();
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_key").await, before * 2);
    let trip = accepted("begin", world.begin("itsme").await);
    let answer = Person::new().go(&trip.address, &arrival).await;
    accepted("to the key before", world.finish("itsme", trip.browser, &answer).await);
    // It was that key: once its time is over, nobody here can open what the provider still sends.
    let over = cardea::event::Origin {
        now: later.now.plus(world.app.opened.config.federation.keys_overlap),
        ..world.origin()
    };
    world.federation().keep_keys(&over).await.unwrap();
    let trip = accepted("begin", world.begin("itsme").await);
    let answer = Person::new().go(&trip.address, &arrival).await;
    let refused = refused("too old a key", world.finish("itsme", trip.browser, &answer).await);
    world.assert_refused("too old a key", &refused, Reason::OtherRecipient).await;
}

/// A general provider that takes nothing but pushed and signed requests.
#[tokio::test]
async fn a_strict_provider_gets_its_requests_pushed_and_signed() {
    for (auth, method) in [
        (UpstreamAuth::PrivateKeyJwt, "private_key_jwt"),
        (UpstreamAuth::ClientSecretBasic, "client_secret_basic"),
        (UpstreamAuth::ClientSecretPost, "client_secret_post"),
    ] {
        let Some(planned) = Planned::at("/realms/house") else { return };
        let (port, issuer) = (planned.port, planned.issuer());
        let builder = World::with_provider(TestApp::builder(), "partner", port, move |upstream| {
            upstream.issuer = issuer;
            upstream.client_auth = auth;
            upstream.client_secret = auth.needs_secret().then(|| Secret::new(SECRET.to_owned()));
            upstream.gives_mfa = vec!["urn:example:mfa".to_owned()];
            upstream.asks_mfa = vec!["urn:example:mfa".to_owned()];
            upstream.encryption = Encryption::Never;
            upstream.userinfo = Userinfo::Plain;
            upstream.par = Par::Demanded;
            upstream.request_object = RequestObject::Signed;
        });
        let Some(world) = World::start(builder).await else { return };
        let mut more = json!({
            "token_endpoint_auth_method": method, "id_token_signed_response_alg": "ES256",
            "request_object_signing_alg": "ES256",
        });
        if auth.needs_secret() {
            more["client_secret"] = SECRET.into();
        } else {
            more["token_endpoint_auth_signing_alg"] = "ES256".into();
        }
        let client = client(&world, "partner", &more);
        let shape = json!({
            "algorithms": ["ES256"], "par": true, "signed_requests": true, "acr_values": ["urn:example:mfa"],
        });
        let upstream = planned.start(world.app.now().unix_seconds(), &client, &shape);
        upstream.tell(&json!({ "account": "carla", "acr": "urn:example:mfa" })).await;
        let trip = accepted(method, world.begin("partner").await);
        // Nothing of the question is in the address.
        assert!(trip.asked("state").is_none() && trip.asked("nonce").is_none(), "{}", trip.address);
        assert!(trip.asked("request_uri").is_some());
        let answer = Person::new().go(&trip.address, &world.federation().redirect_uri("partner")).await;
        assert!(answer.contains("iss="), "{answer}");
        let identity = accepted(method, world.finish("partner", trip.browser, &answer).await);
        assert_eq!((identity.subject(), identity.acr(), identity.level()), ("carla", Acr::Mfa, None));
        assert_eq!(identity.claims()["given_name"], "Zoë");
        // Without it the browser would be told whose answer it is not.
        let trip = accepted(method, world.begin("partner").await);
        let answer = Person::new().go(&trip.address, &world.federation().redirect_uri("partner")).await;
        let bare: Vec<&str> = answer.split('&').filter(|part| !part.starts_with("iss=")).collect();
        let refused = refused(method, world.finish("partner", trip.browser, &bare.join("&")).await);
        world.assert_refused(method, &refused, Reason::AnswerIssuerMissing).await;
    }
}

#[tokio::test]
async fn a_provider_that_dies_in_mid_flow_leaves_a_way_on_and_nothing_half_linked() {
    let Some((world, upstream)) = fas().await else { return };
    upstream.tell(&json!({ "account": "anna", "amr": ["urn:be:fedict:iam:fas:Level450"] })).await;
    let trip = accepted("begin", world.begin("fas").await);
    let answer = Person::new().go(&trip.address, &world.federation().redirect_uri("fas")).await;
    drop(upstream);
    let gone = refused("gone", world.finish("fas", trip.browser, &answer).await);
    world.assert_refused("gone", &gone, Reason::Unreachable).await;
    assert_eq!((gone.outcome(), gone.journey), (Outcome::Down, Some(trip.journey)));
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_link").await, 0);
    // The answer is used up; whoever starts again while it rests is told at once.
    let again = refused("again", world.finish("fas", trip.browser, &answer).await);
    world.assert_refused("again", &again, Reason::StateReplayed).await;
    world.app.advance(Duration::from_mins(20));
    for _ in 0..2 {
        world.app.run(Job::Upstream).await;
    }
    let rests = refused("rests", world.begin("fas").await);
    world.assert_refused("rests", &rests, Reason::Resting).await;
    let ready = world.app.browser().get("/readyz").await;
    assert_eq!(ready.status, reqwest::StatusCode::OK, "the service itself goes on");
    assert!(
        ready.body.contains("degraded") && ready.body.contains("upstream.fas: unreachable"),
        "{}",
        ready.body
    );
    assert!(world.federation().offers().iter().all(|offer| offer.fails));
}
