//! Answers that travel as a form: for the registered address alone, and nowhere kept.

use axum::http::{StatusCode, header};
use cardea::kernel::acr::Acr;

use super::world::{Answer, CALLBACK, ISSUER, World};
use crate::support::html::{self, Form};

/// The form of a page that goes on to the application.
fn form(answer: &Answer) -> Form {
    assert_eq!((answer.status, answer.location()), (StatusCode::OK, ""), "{}", answer.body);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("; form-action https://app.example.be; "), "{policy}");
    assert!(policy.contains("script-src 'self';") && policy.contains("default-src 'none';"), "{policy}");
    assert!(answer.body.contains("<script src=\"/assets/answer.js\" defer></script>"), "{}", answer.body);
    let mut forms = html::forms(&answer.body);
    assert_eq!(forms.len(), 1, "one form and no other: {}", answer.body);
    let form = forms.remove(0);
    assert_eq!((form.action.as_str(), form.method.as_str()), (CALLBACK, "post"));
    assert!(form.fields.iter().all(|field| field.kind == "hidden"), "{form:?}");
    form
}

#[tokio::test]
async fn a_code_travels_as_a_form_to_the_registered_address_alone() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let state = "\"><script>alert(1)</script>&amp;'é";
    let changes = [("response_mode", "form_post"), ("state", state)];
    let answer = world.authorize("web", &changes, &cookies).await;
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
    let form = form(&answer);
    let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert_eq!((form.value("state"), form.value("iss")), (Some(state), Some(ISSUER)));
    assert_eq!(world.redeem("web", form.value("code").unwrap(), &[]).await.status, StatusCode::OK);
    let script = world.get("/assets/answer.js", "").await;
    assert_eq!(script.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn errors_travel_by_the_same_way_and_a_way_that_is_unknown_is_one() {
    let world = World::new().await;
    for (change, error) in [
        (("prompt", "none"), "login_required"),
        (("scope", "email"), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
    ] {
        let answer =
            world.authorize("web", &[("response_mode", "form_post"), change], &world.browser()).await;
        let form = form(&answer);
        let told = ["error", "state", "iss"].map(|name| form.value(name));
        assert_eq!(told, [Some(error), Some("s&t"), Some(ISSUER)]);
        assert_eq!(form.value("code"), None);
    }
    for unknown in ["fragment", "web_message", "form_post.jwt"] {
        let answer = world.authorize("web", &[("response_mode", unknown)], &world.browser()).await;
        let told = ["error", "state", "iss"].map(|name| answer.sent(name).unwrap_or_default());
        assert_eq!(told, ["invalid_request", "s&t", ISSUER], "{unknown}");
    }
    // Nobody may be sent anywhere, so nobody is.
    let changes = [("response_mode", "form_post"), ("redirect_uri", "https://evil.example/cb")];
    let answer = world.authorize("web", &changes, &world.browser()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(html::forms(&answer.body).iter().all(|form| form.action.starts_with('/')), "{}", answer.body);
}

#[tokio::test]
async fn the_way_stays_the_same_over_signing_in_and_agreeing() {
    let world = World::new().await;
    let noor = world.person("noor").await;
    let mode = ("response_mode", "form_post");
    let begun = world.authorize("rooms", &[mode], &world.browser()).await;
    let page = world.get(begun.location(), &world.browser()).await;
    // The form of signing in goes nowhere but here: what comes after it is a page of ours.
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let journey = super::authorization::finished(&world, noor.id, "rooms", &[mode]).await.to_string();
    let (_, cookies) = world.session(&noor, Acr::Mfa).await;
    let question = world.get(&format!("/oauth2/authorize/continue?journey={journey}"), &cookies).await;
    let policy = question.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(question.status == StatusCode::OK && policy.contains("form-action 'self';"), "{policy}");
    let fields = [("journey", journey.as_str()), ("decision", "allow")];
    let answer = world.submit("/oauth2/authorize/consent", &fields, &cookies).await;
    assert!(form(&answer).value("code").is_some());
    let again = [mode, ("prompt", "consent")];
    let journey = world.authorize("rooms", &again, &cookies).await.sent("journey").unwrap();
    let fields = [("journey", journey.as_str()), ("decision", "refuse")];
    let answer = world.submit("/oauth2/authorize/consent", &fields, &cookies).await;
    assert_eq!(form(&answer).value("error"), Some("access_denied"));
}
