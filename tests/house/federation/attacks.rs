//! Everything that an upstream provider, or somebody between, may send: each refused by its name, on record, and
//! with nothing left behind.

use std::time::Duration;

use cardea::config::{Encryption, Userinfo};
use cardea::federation::{Freshness, Outcome, Reason};
use cardea::kernel::acr::Acr;
use serde_json::{Value, json};

use super::hostile::{
    Hostile, KID, Reply, discovery, encrypted, hash_of, message, strange_recipient, stranger, tokens,
};
use super::world::{Trip, World, accepted, refused};
use crate::support::app::{TestApp, TestAppBuilder};

const SUBJECT: &str = "somebody";

/// Makes a false token from honest claims, with the time.
type Forge = fn(&Hostile, &Value, i64) -> String;
/// The same with the key to encrypt to.
type ForgeSealed = fn(&Hostile, &Value, &Value) -> String;

/// A service with the hostile provider under these names, each in its own way.
fn builder(hostile: &Hostile) -> TestAppBuilder {
    let (port, issuer) = (hostile.port, hostile.issuer.clone());
    let mut builder = TestApp::builder().with(|config| config.outgoing.call_time = Duration::from_secs(1));
    for name in ["plain", "sealed", "asked", "signed"] {
        let issuer = issuer.clone();
        builder = World::with_provider(builder, name, port, move |upstream| {
            upstream.issuer = issuer;
            upstream.gives_mfa = vec!["two".to_owned()];
            upstream.userinfo = match name {
                "asked" => Userinfo::Plain,
                "signed" => Userinfo::Signed,
                _ => Userinfo::Never,
            };
            upstream.encryption = if name == "sealed" { Encryption::Demanded } else { Encryption::Never };
        });
    }
    builder
}

/// A world and its hostile provider; `None` when a server of this run is missing.
async fn world() -> Option<(World, Hostile)> {
    let hostile = Hostile::start().await;
    let world = World::start(builder(&hostile)).await?;
    Some((world, hostile))
}

/// What an honest provider would say in answer to a trip.
fn honest(world: &World, hostile: &Hostile, trip: &Trip) -> Value {
    let now = world.app.now().unix_seconds();
    json!({
        "iss": hostile.issuer, "sub": SUBJECT, "aud": "cardea", "exp": now + 300, "iat": now, "auth_time": now,
        "nonce": trip.asked("nonce").unwrap(), "acr": "two", "at_hash": hash_of("at"),
    })
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn answer_to(trip: &Trip) -> String {
    format!("state={}&code=c", trip.state())
}

/// The key to which an honest provider encrypts.
async fn recipient(world: &World) -> Value {
    let page = world.app.browser().get("/federation/jwks").await;
    let set: Value = serde_json::from_str(&page.body).unwrap();
    let key = set["keys"].as_array().unwrap().iter().find(|key| key["use"] == "enc").unwrap();
    key.clone()
}

fn sealing(recipient: &Value) -> Value {
    json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": recipient["kid"] })
}

#[tokio::test]
async fn an_honest_answer_of_the_hostile_provider_is_believed() {
    let Some((world, hostile)) = world().await else { return };
    let key = recipient(&world).await;
    hostile.plan.lock().unwrap().userinfo = Reply::Json(json!({ "sub": SUBJECT, "given_name": "Zoë" }));
    for name in ["plain", "sealed", "asked"] {
        let trip = accepted(name, world.begin(name).await);
        let token = hostile.signed(&honest(&world, &hostile, &trip));
        let token = if name == "sealed" { encrypted(&key, &sealing(&key), token.as_bytes()) } else { token };
        hostile.gives(tokens(&token));
        let identity = accepted(name, world.finish(name, trip.browser, &answer_to(&trip)).await);
        assert_eq!((identity.subject(), identity.acr()), (SUBJECT, Acr::Mfa));
        assert_eq!(identity.claims().contains_key("given_name"), name == "asked");
    }
}

#[tokio::test]
async fn each_false_token_is_refused_by_its_name() {
    let Some((world, hostile)) = world().await else { return };
    let now = world.app.now().unix_seconds();
    let table: &[(&str, Reason, Forge)] = &[
        ("wrong issuer", Reason::Issuer, |h, c, _| h.signed(&with(c, "iss", json!("https://evil.example")))),
        ("issuer with a slash", Reason::Issuer, |h, c, _| {
            h.signed(&with(c, "iss", json!(format!("{}/", h.issuer))))
        }),
        ("wrong audience", Reason::Audience, |h, c, _| h.signed(&with(c, "aud", json!("theirs")))),
        ("one more audience", Reason::Audience, |h, c, _| {
            h.signed(&with(c, "aud", json!(["cardea", "theirs"])))
        }),
        ("wrong azp", Reason::AuthorizedParty, |h, c, _| h.signed(&with(c, "azp", json!("theirs")))),
        ("wrong nonce", Reason::Nonce, |h, c, _| h.signed(&with(c, "nonce", json!("another")))),
        ("no nonce", Reason::Nonce, |h, c, _| h.signed(&with(c, "nonce", Value::Null))),
        ("alg none", Reason::Unsigned, |_, c, _| format!("{}.", message(&json!({ "alg": "none" }), c))),
        ("alg none with a signature", Reason::Unsigned, |_, c, _| {
            format!("{}.AA", message(&json!({ "alg": "nOnE" }), c))
        }),
        ("no signature", Reason::Unsigned, |h, c, _| {
            let token = h.signed(c);
            format!("{}.", token.rsplit_once('.').unwrap().0)
        }),
        ("HS256 with the public key", Reason::SigningAlgorithm, |h, c, _| h.signed_with_public_key(c)),
        ("expired", Reason::Expired, |h, c, now| h.signed(&with(c, "exp", json!(now - 60)))),
        ("from the future", Reason::NotYet, |h, c, now| h.signed(&with(c, "iat", json!(now + 61)))),
        ("not valid yet", Reason::NotYet, |h, c, now| h.signed(&with(c, "nbf", json!(now + 61)))),
        ("an old token", Reason::IssuedBefore, |h, c, now| h.signed(&with(c, "iat", json!(now - 61)))),
        ("without a person", Reason::TokenForm, |h, c, _| h.signed(&with(c, "sub", json!("")))),
        ("a life of another type", Reason::TokenForm, |h, c, _| h.signed(&with(c, "exp", json!("never")))),
        ("another access token", Reason::AccessTokenHash, |h, c, _| {
            h.signed(&with(c, "at_hash", json!(hash_of("other"))))
        }),
        ("a key of its own", Reason::Signature, |_, c, _| stranger(KID).sign("JWT", c).unwrap()),
        ("no level", Reason::LevelUnproven, |h, c, _| h.signed(&with(c, "acr", json!("0")))),
        ("an unknown header that is critical", Reason::CriticalHeader, |_, c, _| {
            format!("{}.AA", message(&json!({ "alg": "RS256", "kid": KID, "crit": ["x"], "x": 1 }), c))
        }),
        ("no token at all", Reason::TokenForm, |_, _, _| "id token".to_owned()),
        ("encrypted, unasked", Reason::EncryptedUnasked, |_, _, _| "a.b.c.d.e".to_owned()),
        // After this one keys are asked for again once in a while only.
        ("unknown key", Reason::UnknownKey, |_, c, _| stranger("theirs-9").sign("JWT", c).unwrap()),
    ];
    for (what, reason, forge) in table {
        let trip = accepted(what, world.begin("plain").await);
        let token = forge(&hostile, &honest(&world, &hostile, &trip), now);
        hostile.gives(tokens(&token));
        let refused = refused(what, world.finish("plain", trip.browser, &answer_to(&trip)).await);
        world.assert_refused(what, &refused, *reason).await;
        assert_eq!(refused.journey, Some(trip.journey), "{what}: there is a way on");
    }
    assert_eq!(world.app.number("SELECT COUNT(*) FROM upstream_link").await, 0);
}

#[tokio::test]
async fn an_encrypted_token_is_believed_for_what_is_signed_inside() {
    let Some((world, hostile)) = world().await else { return };
    let key = recipient(&world).await;
    let table: &[(&str, Reason, ForgeSealed)] = &[
        ("not encrypted", Reason::NotEncrypted, |h, c, _| h.signed(c)),
        ("unsigned inside", Reason::NotSignedInside, |_, c, k| {
            encrypted(k, &sealing(k), c.to_string().as_bytes())
        }),
        ("no text inside", Reason::NotSignedInside, |_, _, k| encrypted(k, &sealing(k), &[0xff, 0xfe])),
        ("encrypted twice", Reason::NotSignedInside, |h, c, k| {
            let once = encrypted(k, &sealing(k), h.signed(c).as_bytes());
            encrypted(k, &sealing(k), once.as_bytes())
        }),
        ("alg none inside", Reason::Unsigned, |_, c, k| {
            let inside = format!("{}.", message(&json!({ "alg": "none" }), c));
            encrypted(k, &sealing(k), inside.as_bytes())
        }),
        ("HS256 inside", Reason::SigningAlgorithm, |h, c, k| {
            encrypted(k, &sealing(k), h.signed_with_public_key(c).as_bytes())
        }),
        ("signed by another inside", Reason::Signature, |_, c, k| {
            encrypted(k, &sealing(k), stranger(KID).sign("JWT", c).unwrap().as_bytes())
        }),
        ("other recipient", Reason::OtherRecipient, |h, c, _| {
            let other = strange_recipient("not-ours");
            encrypted(&other, &sealing(&other), h.signed(c).as_bytes())
        }),
        ("other recipient under our id", Reason::DoesNotOpen, |h, c, k| {
            encrypted(&strange_recipient("x"), &sealing(k), h.signed(c).as_bytes())
        }),
        ("other recipient without an id", Reason::DoesNotOpen, |h, c, _| {
            let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM" });
            encrypted(&strange_recipient("x"), &header, h.signed(c).as_bytes())
        }),
        ("a weaker way to wrap", Reason::EncryptionAlgorithm, |h, c, k| {
            let header = json!({ "alg": "RSA1_5", "enc": "A256GCM", "kid": k["kid"] });
            encrypted(k, &header, h.signed(c).as_bytes())
        }),
        ("another content algorithm", Reason::EncryptionAlgorithm, |h, c, k| {
            let header = json!({ "alg": "RSA-OAEP-256", "enc": "A128GCM", "kid": k["kid"] });
            encrypted(k, &header, h.signed(c).as_bytes())
        }),
        ("compressed", Reason::EncryptionAlgorithm, |h, c, k| {
            let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": k["kid"], "zip": "DEF" });
            encrypted(k, &header, h.signed(c).as_bytes())
        }),
        ("a changed header", Reason::DoesNotOpen, |h, c, k| {
            let token = encrypted(k, &sealing(k), h.signed(c).as_bytes());
            let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": k["kid"] });
            let header = cardea::kernel::digest::base64url(header.to_string().as_bytes());
            format!("{header}.{}", token.split_once('.').unwrap().1)
        }),
        ("cut short", Reason::DoesNotOpen, |h, c, k| {
            let token = encrypted(k, &sealing(k), h.signed(c).as_bytes());
            let (whole, tag) = token.rsplit_once('.').unwrap();
            format!("{whole}.{}", &tag[..8])
        }),
    ];
    for (what, reason, forge) in table {
        let trip = accepted(what, world.begin("sealed").await);
        let token = forge(&hostile, &honest(&world, &hostile, &trip), &key);
        hostile.gives(tokens(&token));
        let refused = refused(what, world.finish("sealed", trip.browser, &answer_to(&trip)).await);
        world.assert_refused(what, &refused, *reason).await;
    }
}

#[tokio::test]
async fn an_old_sign_in_at_the_provider_is_no_fresh_proof() {
    let Some((world, hostile)) = world().await else { return };
    let now = world.app.now().unix_seconds();
    let within = Freshness::Within(Duration::from_mins(10));
    for (freshness, auth_time, stale) in [
        (Freshness::Any, json!(now - 30_000), false),
        (within, json!(now - 600), false),
        (within, json!(now - 661), true),
        (within, Value::Null, true),
        (Freshness::Now, json!(now - 61), true),
        (Freshness::Now, Value::Null, true),
    ] {
        let what = format!("{freshness:?} {auth_time}");
        let trip = accepted(&what, world.begin_for("plain", Acr::Mfa, freshness).await);
        let claims = with(&honest(&world, &hostile, &trip), "auth_time", auth_time);
        hostile.gives(tokens(&hostile.signed(&claims)));
        let outcome = world.finish("plain", trip.browser, &answer_to(&trip)).await;
        if stale {
            let refused = refused(&what, outcome);
            world.assert_refused(&what, &refused, Reason::Stale).await;
            assert_eq!(refused.outcome(), Outcome::AskAgain);
        } else {
            accepted(&what, outcome);
        }
    }
}

#[tokio::test]
async fn an_answer_counts_once_for_its_browser_its_provider_and_its_time() {
    let Some((world, hostile)) = world().await else { return };
    let trip = accepted("begin", world.begin("plain").await);
    hostile.gives(tokens(&hostile.signed(&honest(&world, &hostile, &trip))));
    let answer = answer_to(&trip);
    let stranger = world.browser();
    for (what, name, browser, answer, reason, way_on) in [
        ("no state", "plain", trip.browser, "code=c".to_owned(), Reason::StateMissing, false),
        ("empty state", "plain", trip.browser, "state=&code=c".to_owned(), Reason::StateMissing, false),
        ("rubbish", "plain", trip.browser, "state=rubbish&code=c".to_owned(), Reason::StateUnknown, false),
        (
            "a state that nobody gave",
            "plain",
            trip.browser,
            format!("state={}&code=c", "A".repeat(43)),
            Reason::StateUnknown,
            false,
        ),
        ("another browser", "plain", stranger, answer.clone(), Reason::OtherBrowser, false),
        ("mixed-up provider", "sealed", trip.browser, answer.clone(), Reason::OtherProvider, true),
        ("no provider", "nobody", trip.browser, answer.clone(), Reason::NotOffered, false),
        ("one that is not in use", "fas", trip.browser, answer.clone(), Reason::NotOffered, false),
    ] {
        let refused = refused(what, world.finish(name, browser, &answer).await);
        world.assert_refused(what, &refused, reason).await;
        assert_eq!(refused.journey.is_some(), way_on, "{what}: nobody learns of another one's journey");
    }
    // None of that has used it up; it counts, and then no more.
    accepted("the owner", world.finish("plain", trip.browser, &answer).await);
    let replayed = refused("replayed", world.finish("plain", trip.browser, &answer).await);
    world.assert_refused("replayed", &replayed, Reason::StateReplayed).await;
    let late = accepted("begin", world.begin("plain").await);
    world.app.advance(world.app.opened.config.federation.sign_in_time);
    let refused = refused("late", world.finish("plain", late.browser, &answer_to(&late)).await);
    world.assert_refused("late", &refused, Reason::TooLate).await;
}

#[tokio::test]
async fn of_answers_that_come_at_the_same_moment_one_counts() {
    let Some((world, hostile)) = world().await else { return };
    let trip = accepted("begin", world.begin("plain").await);
    hostile.gives(tokens(&hostile.signed(&honest(&world, &hostile, &trip))));
    let answer = answer_to(&trip);
    let finish = || world.finish("plain", trip.browser, &answer);
    let (one, two, three) = tokio::join!(finish(), finish(), finish());
    let outcomes = [one, two, three];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(refused.reason, Reason::StateReplayed);
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_with_an_error_is_told_apart() {
    let Some((world, hostile)) = world().await else { return };
    let own = hostile.issuer.clone();
    for (what, more, reason, outcome) in [
        ("another issuer", "&code=c&iss=https://evil.example", Reason::AnswerIssuer, Outcome::NotTrusted),
        (
            "an error of another issuer",
            "&error=access_denied&iss=x",
            Reason::AnswerIssuer,
            Outcome::NotTrusted,
        ),
        ("no", "&error=access_denied&error_description=85073003328", Reason::Declined, Outcome::Declined),
        ("login", "&error=login_required", Reason::InteractionNeeded, Outcome::AskAgain),
        ("level", "&error=unmet_authentication_requirements", Reason::LevelNotGiven, Outcome::TooWeak),
        ("itsme is down", "&error=temporary_unavailable", Reason::ServerError, Outcome::Down),
        ("down", "&error=temporarily_unavailable", Reason::ServerError, Outcome::Down),
        ("wrong", "&error=invalid_scope", Reason::RequestRefused, Outcome::NotUnderstood),
        ("odd", "&error=%3Cscript%3E", Reason::UnknownError, Outcome::NotUnderstood),
        ("an error beside a code", "&code=c&error=access_denied", Reason::Declined, Outcome::Declined),
        ("nothing", "", Reason::CodeMissing, Outcome::NotUnderstood),
        ("empty code", "&code=", Reason::CodeMissing, Outcome::NotUnderstood),
    ] {
        let trip = accepted(what, world.begin("plain").await);
        let answer = format!("state={}{more}", trip.state());
        let refused = refused(what, world.finish("plain", trip.browser, &answer).await);
        let record = world.assert_refused(what, &refused, reason).await;
        assert_eq!(refused.outcome(), outcome, "{what}");
        assert!(!record.plain.to_string().contains("85073003328"), "{what}");
    }
    let long = accepted("begin", world.begin("plain").await);
    let answer = format!("state={}&code={}", long.state(), "c".repeat(4097));
    let refused = refused("long", world.finish("plain", long.browser, &answer).await);
    world.assert_refused("long", &refused, Reason::CodeMissing).await;
    // Where it says that it always names itself, silence is an attack.
    let trip = accepted("begin", world.begin("plain").await);
    let mut document = discovery(&own);
    document["authorization_response_iss_parameter_supported"] = true.into();
    hostile.plan.lock().unwrap().discovery = Reply::Json(document);
    world.federation().unreachable(world.app.now()).await;
    let unnamed =
        super::world::refused("unnamed", world.finish("plain", trip.browser, &answer_to(&trip)).await);
    world.assert_refused("unnamed", &unnamed, Reason::AnswerIssuerMissing).await;
}

#[tokio::test]
async fn a_token_endpoint_that_is_not_one_brings_nobody_in() {
    let Some((world, hostile)) = world().await else { return };
    let page = "<!doctype html><title>Oops</title>".to_owned();
    let far = || format!("{}/elsewhere", hostile.issuer);
    for (what, reply, reason) in [
        ("an error page", Reply::Text("text/html", page), Reason::NotJson),
        ("a page that says JSON", Reply::Text("application/json", "<html>".into()), Reason::NotJson),
        ("a list", Reply::Json(json!([])), Reason::NotJson),
        ("no tokens", Reply::Json(json!({})), Reason::NotJson),
        (
            "no ID token",
            Reply::Json(json!({ "access_token": "at", "token_type": "Bearer" })),
            Reason::TokenMissing,
        ),
        (
            "an ID token of another type",
            Reply::Json(json!({ "access_token": "at", "token_type": "Bearer", "id_token": ["a.b.c"] })),
            Reason::TokenForm,
        ),
        ("too much", Reply::Json(json!({ "id_token": "x".repeat(600_000) })), Reason::TooLarge),
        ("a redirect", Reply::Redirect(far()), Reason::Redirected),
        ("a failure", Reply::Status(500), Reason::ServerError),
        ("too many", Reply::Status(429), Reason::ServerError),
        ("silence", Reply::Silence, Reason::Silent),
    ] {
        let trip = accepted(what, world.begin("plain").await);
        hostile.gives(reply);
        let refused = refused(what, world.finish("plain", trip.browser, &answer_to(&trip)).await);
        world.assert_refused(what, &refused, reason).await;
        assert_eq!(refused.journey, Some(trip.journey), "{what}");
        // It is well again for the next one.
        hostile.gives(tokens("x"));
        world.app.advance(Duration::from_mins(5));
        world.federation().refresh(world.app.now()).await;
    }
}

#[tokio::test]
async fn userinfo_is_about_the_same_person_and_signed_where_it_must_be() {
    let Some((world, hostile)) = world().await else { return };
    let token = |claims: &Value| Reply::Text("application/jwt", hostile.signed(claims));
    let page = || Reply::Text("text/html", "<html>".into());
    let none = message(&json!({ "alg": "none" }), &json!({ "sub": SUBJECT }));
    for (what, name, reply, outcome) in [
        ("JSON", "asked", Reply::Json(json!({ "sub": SUBJECT })), Ok(())),
        ("a token", "asked", token(&json!({ "sub": SUBJECT })), Ok(())),
        ("a token", "signed", token(&json!({ "sub": SUBJECT, "iss": hostile.issuer })), Ok(())),
        (
            "a token that says JSON",
            "signed",
            Reply::Text("application/json", hostile.signed(&json!({ "sub": SUBJECT }))),
            Ok(()),
        ),
        ("JSON alone", "signed", Reply::Json(json!({ "sub": SUBJECT })), Err(Reason::UserinfoUnsigned)),
        ("another person", "asked", Reply::Json(json!({ "sub": "another" })), Err(Reason::UserinfoSubject)),
        ("another person", "signed", token(&json!({ "sub": "another" })), Err(Reason::UserinfoSubject)),
        ("nobody", "asked", Reply::Json(json!({})), Err(Reason::UserinfoSubject)),
        ("another issuer", "signed", token(&json!({ "sub": SUBJECT, "iss": "x" })), Err(Reason::Issuer)),
        ("for another", "signed", token(&json!({ "sub": SUBJECT, "aud": "x" })), Err(Reason::Audience)),
        ("none", "signed", Reply::Text("application/jwt", format!("{none}.")), Err(Reason::Unsigned)),
        ("a page", "asked", page(), Err(Reason::NotJson)),
        ("no", "asked", Reply::Status(401), Err(Reason::UserinfoRefused)),
    ] {
        let trip = accepted(what, world.begin(name).await);
        hostile.gives(tokens(&hostile.signed(&honest(&world, &hostile, &trip))));
        hostile.plan.lock().unwrap().userinfo = reply;
        let found = world.finish(name, trip.browser, &answer_to(&trip)).await;
        match outcome {
            Ok(()) => drop(accepted(what, found)),
            Err(reason) => {
                let refused = refused(what, found);
                world.assert_refused(what, &refused, reason).await;
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_is_new_there_is_asked_for_once_in_a_while() {
    let Some((world, hostile)) = world().await else { return };
    let (pair, next) = (stranger("theirs-2"), "theirs-2");
    // The key is unknown at first, and nobody can make us ask again and again.
    let trip = accepted("begin", world.begin("plain").await);
    hostile.gives(tokens(&pair.sign("JWT", &honest(&world, &hostile, &trip)).unwrap()));
    let unknown = refused(next, world.finish("plain", trip.browser, &answer_to(&trip)).await);
    world.assert_refused(next, &unknown, Reason::UnknownKey).await;
    let other = super::hostile::published(next);
    hostile.plan.lock().unwrap().keys = Reply::Json(json!({ "keys": [hostile.jwk, other.1] }));
    for (wait, known) in [(0, false), (31, true)] {
        world.app.advance(Duration::from_secs(wait));
        let trip = accepted("begin", world.begin("plain").await);
        hostile.gives(tokens(&other.0.sign("JWT", &honest(&world, &hostile, &trip)).unwrap()));
        let outcome = world.finish("plain", trip.browser, &answer_to(&trip)).await;
        assert_eq!(outcome.is_ok(), known, "after {wait} s");
    }
}
