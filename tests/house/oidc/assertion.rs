//! Clients that prove themselves by their own signature.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
    RsaPublicKeyComponents,
};
use axum::http::StatusCode;
use cardea::kernel::digest::base64url;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::world::{ISSUER, World};
use crate::support::register::register;

/// A client's key with its public half.
struct Key {
    algorithm: Algorithm,
    private: EncodingKey,
    jwk: Value,
}

fn p256() -> Key {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap();
    let point = &pair.public_key().as_ref()[1..];
    let (x, y) = point.split_at(32);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "x": base64url(x), "y": base64url(y) });
    Key { algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(pkcs8.as_ref()), jwk }
}

fn ed25519() -> Key {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let jwk =
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": base64url(pair.public_key().as_ref()) });
    Key { algorithm: Algorithm::EdDSA, private: EncodingKey::from_ed_der(pkcs8.as_ref()), jwk }
}

fn rsa(algorithm: Algorithm) -> Key {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let jwk = json!({ "kty": "RSA", "kid": "rsa", "n": base64url(&parts.n), "e": base64url(&parts.e) });
    let der = data_encoding::BASE64.encode(pair.as_der().unwrap().as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    Key { algorithm, private: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(), jwk }
}

fn claims(world: &World) -> Value {
    let now = world.clock.now().unix_seconds();
    json!({ "iss": "pkj", "sub": "pkj", "aud": ISSUER, "exp": now + 60, "iat": now, "jti": "one" })
}

fn signed(key: &Key, claims: &Value) -> String {
    let header = Header { kid: key.jwk["kid"].as_str().map(str::to_owned), ..Header::new(key.algorithm) };
    jsonwebtoken::encode(&header, claims, &key.private).unwrap()
}

async fn with_keys(keys: &[&Key], more: Value) -> World {
    let mut client = json!({
        "client_id": "pkj", "token_endpoint_auth_method": "private_key_jwt", "scope": "files.read",
        "grant_types": ["client_credentials"],
        "jwks": { "keys": keys.iter().map(|key| &key.jwk).collect::<Vec<_>>() },
    });
    client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    World::with_client(client).await
}

async fn present(world: &World, assertion: &str) -> (StatusCode, String) {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", kind),
        ("client_assertion", assertion),
    ];
    let answer = world.post("/oauth2/token", "", &form).await;
    (answer.status, if answer.status == StatusCode::OK { String::new() } else { answer.error() })
}

#[tokio::test]
async fn each_algorithm_proves_a_client_once() {
    for key in [p256(), ed25519(), rsa(Algorithm::PS256), rsa(Algorithm::RS256)] {
        let world = with_keys(&[&key], json!({})).await;
        let assertion = signed(&key, &claims(&world));
        assert_eq!(present(&world, &assertion).await, (StatusCode::OK, String::new()), "{:?}", key.algorithm);
        let again = (StatusCode::UNAUTHORIZED, "invalid_client".to_owned());
        assert_eq!(present(&world, &assertion).await, again, "replayed");
        // The same name in a fresh signature is the same assertion.
        let mut longer = claims(&world);
        longer["exp"] = json!(longer["exp"].as_i64().unwrap() + 1);
        assert_eq!(present(&world, &signed(&key, &longer)).await, again);
        longer["jti"] = json!("two");
        assert_eq!(present(&world, &signed(&key, &longer)).await.0, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_present_one_assertion_one_is_served() {
    let key = p256();
    let world = std::sync::Arc::new(with_keys(&[&key], json!({})).await);
    let assertion = signed(&key, &claims(&world));
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (world, assertion) = (std::sync::Arc::clone(&world), assertion.clone());
        crowd.spawn(async move { present(&world, &assertion).await.0 });
    }
    let served = crowd.join_all().await.into_iter().filter(|status| *status == StatusCode::OK).count();
    assert_eq!(served, 1);
}

#[tokio::test]
async fn a_broken_rule_refuses_it() {
    let (key, stranger) = (p256(), p256());
    let world = with_keys(&[&key], json!({})).await;
    let now = world.clock.now().unix_seconds();
    let good = claims(&world);
    let changed = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(&key, &claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        signed(&key, &claims)
    };
    let bare = |header: Value, claims: &Value| {
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        format!("{}.{}.", part(&header), part(claims))
    };
    let by_header = |header: Header| jsonwebtoken::encode(&header, &good, &key.private).unwrap();
    let es256 = || Header { kid: Some("ec".to_owned()), ..Header::new(Algorithm::ES256) };
    let public = serde_json::to_vec(&key.jwk).unwrap();
    let confused =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good, &EncodingKey::from_secret(&public));
    let sound = signed(&key, &good);
    let (message, signature) = sound.rsplit_once('.').unwrap();
    let table = [
        ("another audience", changed("aud", json!("https://other.example"))),
        ("the endpoint as audience", changed("aud", json!(format!("{ISSUER}/oauth2/token")))),
        ("a slash more", changed("aud", json!(format!("{ISSUER}/")))),
        ("another audience in a list", changed("aud", json!(["https://other.example"]))),
        ("two audiences", changed("aud", json!([ISSUER, "https://other.example"]))),
        ("no audience", without("aud")),
        ("another subject", changed("sub", json!("web"))),
        ("another issuer", changed("iss", json!("web"))),
        ("no subject", without("sub")),
        ("no end", without("exp")),
        ("an end that is a text", changed("exp", json!("2100-01-01"))),
        ("over", changed("exp", json!(now - 61))),
        ("too long", changed("exp", json!(now + 7200))),
        ("not yet", changed("nbf", json!(now + 120))),
        ("made tomorrow", changed("iat", json!(now + 86_400))),
        ("no name", without("jti")),
        ("an empty name", changed("jti", json!(""))),
        ("a long name", changed("jti", json!("x".repeat(600)))),
        ("a huge one", changed("pad", json!("x".repeat(10_000)))),
        ("a foreign key", signed(&stranger, &good)),
        ("alg none", bare(json!({ "alg": "none" }), &good)),
        ("alg None", bare(json!({ "alg": "None" }), &good)),
        ("HS256 with the public key", confused.unwrap()),
        ("a foreign kid", by_header(Header { kid: Some("nobody".to_owned()), ..es256() })),
        (
            "a key set from elsewhere",
            by_header(Header { jku: Some("https://evil.example/jwks".to_owned()), ..es256() }),
        ),
        (
            "a certificate from elsewhere",
            by_header(Header { x5u: Some("https://evil.example/x".to_owned()), ..es256() }),
        ),
        (
            "a key that it brings along",
            by_header(Header { jwk: Some(serde_json::from_value(key.jwk.clone()).unwrap()), ..es256() }),
        ),
        ("a rule of its own", by_header(Header { crit: Some(vec!["exp".to_owned()]), ..es256() })),
        ("changed claims", format!("{}x.{signature}", &message[..message.len() - 1])),
        ("no signature", format!("{message}.")),
        ("three dots", format!("{sound}.x")),
        ("nothing", "x".to_owned()),
    ];
    for (why, assertion) in table {
        let expected = (StatusCode::UNAUTHORIZED, "invalid_client".to_owned());
        assert_eq!(present(&world, &assertion).await, expected, "{why}");
    }
    // None of this used the good one up.
    assert_eq!(present(&world, &sound).await.0, StatusCode::OK);
    // A list of us alone names us alone.
    let mut listed = good.clone();
    (listed["aud"], listed["jti"]) = (json!([ISSUER]), json!("two"));
    assert_eq!(present(&world, &signed(&key, &listed)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_one_client_used_up_another_one_may_still_use() {
    let (key, other) = (p256(), p256());
    let world = with_keys(&[&key], json!({})).await;
    let neighbour = json!({
        "client_id": "neighbour", "token_endpoint_auth_method": "private_key_jwt", "scope": "files.read",
        "grant_types": ["client_credentials"], "jwks": { "keys": [&other.jwk] },
    });
    register(&world.opened, &world.origin(), &neighbour).await;
    assert_eq!(present(&world, &signed(&key, &claims(&world))).await.0, StatusCode::OK);
    let mut theirs = claims(&world);
    (theirs["iss"], theirs["sub"]) = (json!("neighbour"), json!("neighbour"));
    assert_eq!(present(&world, &signed(&other, &theirs)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_registered_algorithm_is_the_only_one() {
    let (ec, ed) = (p256(), ed25519());
    let world = with_keys(&[&ec, &ed], json!({ "token_endpoint_auth_signing_alg": "EdDSA" })).await;
    assert_eq!(present(&world, &signed(&ec, &claims(&world))).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(present(&world, &signed(&ed, &claims(&world))).await.0, StatusCode::OK);
}
