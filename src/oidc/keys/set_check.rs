//! What the keys sign, and what they read.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::error::KeysError;
use super::installation::{Installation, NOW, client, origin};
use super::pins::Pins;
use super::schedule::KeyTimes;
use super::set::{Expected, KeySet, SigningKey};
use super::turns::{Pace, Turn};
use crate::config::SigningConfig;
use crate::config::clients::SigningAlg;
use crate::infra::jose::jws::{Pair, Signer};
use crate::infra::sealing::KeyRing;
use crate::kernel::digest::{base64url, from_base64url};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::SigningKeyId;

fn expected(kind: &'static str, issuer: &'static str, audience: &'static str) -> Expected<'static> {
    Expected { kind, issuer, audience: Some(audience) }
}

fn claims() -> Value {
    json!({ "iss": "i", "aud": "a", "exp": 0, "n": 7 })
}

/// The `kid` in the header of a token.
fn kid(token: &str) -> String {
    let header = from_base64url(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn signed(set: &KeySet, algorithm: SigningAlg) -> String {
    set.sign(algorithm, "at+jwt", &claims(), NOW).unwrap()
}

#[tokio::test]
async fn two_nodes_that_start_share_one_key_of_each_algorithm_and_read_each_other() {
    let installation = Installation::new().await;
    let (first, second) = (installation.node(2).await, installation.node(3).await);
    let all = SigningAlg::ALL;
    let (one, other) = tokio::join!(first.ensure(&all, NOW), second.ensure(&all, NOW));
    one.and(other).unwrap();
    let (first, second) = (first.current(NOW).await, second.current(NOW).await);
    assert_eq!((first.keys().len(), second.keys().len()), (4, 4));
    for algorithm in all {
        let token = signed(&first, algorithm);
        let read = |expected| second.verify::<Value>(&token, &expected);
        assert_eq!(read(expected("at+jwt", "i", "a")), Some(claims()), "{}", algorithm.name());
        assert_eq!(read(expected("JWT", "i", "a")), None);
        assert_eq!(read(expected("at+jwt", "x", "a")), None);
        assert_eq!(read(expected("at+jwt", "i", "x")), None);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let forged = format!("{}.{signature}", message.replacen('.', ".e", 1));
        assert_eq!(second.verify::<Value>(&forged, &expected("at+jwt", "i", "a")), None);
    }
    let stranger = installation.node_under(&KeyRing::generate(NOW, &Entropy::seeded(4)), 5).await;
    let refused = stranger.ensure(&all, NOW).await;
    assert!(matches!(refused.err(), Some(KeysError::DoesNotOpen { .. })));
}

#[tokio::test]
async fn a_token_is_read_by_the_one_algorithm_of_its_key() {
    let installation = Installation::new().await;
    let node = installation.node(2).await;
    node.ensure(&SigningAlg::ALL, NOW).await.unwrap();
    let set = node.current(NOW).await;
    let body = base64url(claims().to_string().as_bytes());
    for algorithm in SigningAlg::ALL {
        let token = signed(&set, algorithm);
        let key = set.keys().iter().find(|key| key.id().to_string() == kid(&token)).unwrap();
        // What the key can be used for is in the key set, and nothing else.
        assert_eq!((&key.jwk()["alg"], &key.jwk()["use"]), (&json!(algorithm.name()), &json!("sig")));
        assert!(key.jwk().get("d").is_none());
        for other in ["none", "HS256", "ES256", "EdDSA", "PS256", "RS256"] {
            if other == algorithm.name() {
                continue;
            }
            let header = json!({ "alg": other, "typ": "at+jwt", "kid": kid(&token) });
            let message = format!("{}.{body}", base64url(header.to_string().as_bytes()));
            let public = key.jwk().to_string();
            let under_the_public_key =
                crate::kernel::digest::hmac_sha256(public.as_bytes(), message.as_bytes());
            let own = token.rsplit_once('.').unwrap().1;
            for signature in [own, "", &base64url(&under_the_public_key)] {
                let forged = format!("{message}.{signature}");
                assert_eq!(set.verify::<Value>(&forged, &expected("at+jwt", "i", "a")), None, "{other}");
            }
        }
    }
}

#[test]
fn a_key_serves_one_of_two_algorithms_that_it_could_serve() {
    let private = Pair::generate(SigningAlg::Rs256).unwrap();
    let pair = |algorithm| Pair::parse(algorithm, private.expose()).unwrap();
    for (own, other) in [(SigningAlg::Rs256, SigningAlg::Ps256), (SigningAlg::Ps256, SigningAlg::Rs256)] {
        let id = SigningKeyId::new(NOW, &Entropy::seeded(1));
        let times = KeyTimes { id, algorithm: own, active_from: NOW, retired_at: None };
        let key = Arc::new(SigningKey::new(times, pair(own)).unwrap());
        let set = KeySet::new(vec![key], Duration::ZERO, Arc::default());
        let read = |algorithm| {
            let token = Signer::new(pair(algorithm), &id.to_string(), &[]).sign("JWT", &claims()).unwrap();
            set.verify::<Value>(&token, &expected("JWT", "i", "a")).is_some()
        };
        assert!(read(own) && !read(other), "{}", own.name());
    }
}

#[tokio::test]
async fn a_token_may_be_for_one_or_for_several() {
    let installation = Installation::new().await;
    let node = installation.node(2).await;
    node.ensure(&[SigningAlg::Es256], NOW).await.unwrap();
    let set = node.current(NOW).await;
    let read = |audience: Value, wanted: Option<&'static str>| {
        let claims = json!({ "iss": "i", "aud": audience, "exp": 0 });
        let token = set.sign(SigningAlg::Es256, "JWT", &claims, NOW).unwrap();
        set.verify::<Value>(&token, &Expected { kind: "JWT", issuer: "i", audience: wanted }).is_some()
    };
    for (audience, wanted, is_read) in [
        (json!("a"), Some("a"), true),
        (json!(["b", "a"]), Some("a"), true),
        (json!(["b", "a"]), Some("c"), false),
        (json!(["ab"]), Some("a"), false),
        (json!([]), Some("a"), false),
        (json!(7), Some("a"), false),
        (json!([["a"]]), Some("a"), false),
        (json!("b"), None, true),
        (json!(null), None, false),
    ] {
        assert_eq!(read(audience.clone(), wanted), is_read, "{audience} {wanted:?}");
    }
}

#[tokio::test]
async fn a_client_that_pinned_keys_gets_the_newest_of_them_that_signs() {
    let installation = Installation::new().await;
    let node = installation.node(2).await;
    node.ensure(&[SigningAlg::Es256, SigningAlg::EdDsa], NOW).await.unwrap();
    let set = node.current(NOW).await;
    let mut kids = vec![kid(&signed(&set, SigningAlg::Es256))];
    for seconds in [0, 1] {
        let turn =
            Turn { algorithms: vec![SigningAlg::Es256], pace: Pace::InTime, force: false, dry_run: false };
        let at = NOW.plus(Duration::from_secs(seconds));
        let turned = node.turn(&turn, &Pins::default(), &origin(at)).await.unwrap();
        kids.push(turned.made[0].id.unwrap().to_string());
    }
    let set = node.current(NOW).await;
    let later = NOW.plus(SigningConfig::SOONEST).plus(Duration::from_secs(1));
    let gets = |pins: &[String], algorithm, now| {
        kid(&set.sign_for(&client("pins", pins), algorithm, "JWT", &claims(), now).unwrap())
    };
    let es256 = SigningAlg::Es256;
    assert_eq!(gets(&[], es256, later), kids[2]);
    assert_eq!(gets(&[kids[0].clone()], es256, later), kids[0], "older, and pinned");
    assert_eq!(gets(&[kids[1].clone(), kids[0].clone()], es256, later), kids[1]);
    assert_eq!(gets(&[kids[1].clone(), kids[0].clone()], es256, NOW), kids[0], "not before it signs");
    assert_eq!(gets(&[kids[1].clone()], es256, NOW), kids[0], "none of its pins signs");
    assert_eq!(gets(&["nosuchkey".to_owned()], es256, later), kids[2]);
    let ed_dsa = kid(&signed(&set, SigningAlg::EdDsa));
    assert_eq!(gets(&kids, SigningAlg::EdDsa, later), ed_dsa, "none of its pins is of this algorithm");
}

#[tokio::test]
async fn a_key_of_another_node_is_known_at_its_first_token() {
    let installation = Installation::new().await;
    let (first, second) = (installation.node(2).await, installation.node(3).await);
    let fourth = installation.node(5).await;
    for node in [&first, &second, &fourth] {
        node.ensure(&[SigningAlg::Es256], NOW).await.unwrap();
    }
    // A client that was registered a moment ago needs another algorithm, which signs at once.
    let mut new = client("new", &[]);
    new.access_token_signed_response_alg = SigningAlg::EdDsa;
    let token = signed(&*first.current_for(&new, NOW).await, SigningAlg::EdDsa);
    let moment = NOW.plus(Duration::from_secs(1));
    assert_eq!(fourth.current(moment).await.keys().len(), 1);
    assert_eq!(fourth.published(moment).await.keys().len(), 2, "whoever meets the key asks for the key set");
    let expected = expected("at+jwt", "i", "a");
    assert_eq!(second.current(NOW).await.verify::<Value>(&token, &expected), None, "not read again yet");
    assert_eq!(second.verify::<Value>(&token, &expected, NOW).await, Some(claims()));
    assert_eq!(second.current_for(&new, NOW).await.keys().len(), 2, "it is made once");
    // Of keys that nobody has, the database is asked once a second.
    let stranger = "00000000-0000-7000-8000-000000000000";
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": stranger }).to_string();
    let unknown = format!("{}.e30.AAAA", base64url(header.as_bytes()));
    let third = installation.node(4).await;
    third.ensure(&[SigningAlg::Es256, SigningAlg::EdDsa], NOW).await.unwrap();
    assert_eq!(third.verify::<Value>(&unknown, &expected, NOW).await, None);
    let turn =
        Turn { algorithms: vec![SigningAlg::Es256], pace: Pace::Instead, force: false, dry_run: false };
    first.turn(&turn, &Pins::default(), &origin(NOW)).await.unwrap();
    let token = signed(&*first.current(NOW).await, SigningAlg::Es256);
    assert_eq!(third.verify::<Value>(&token, &expected, NOW).await, None, "a flood of unknown keys");
    let soon = NOW.plus(Duration::from_secs(1));
    assert_eq!(third.verify::<Value>(&token, &expected, soon).await, Some(claims()));
}
