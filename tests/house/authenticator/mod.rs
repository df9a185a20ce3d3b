//! Passkeys and security keys: bound, used, refused, taken away.

mod attested;
mod bind;
mod passkey;
mod refused;
mod second;
mod step_up;

use cardea::kernel::role::Role;

use crate::support::app::TestApp;
use crate::support::client::Browser;
use crate::support::people::Person;
use crate::support::soft_key::SoftKey;

/// A person with an app who has bound a passkey, and the browser in which that was done.
async fn with_passkey(app: &TestApp, name: &str, key: &mut SoftKey) -> (Person, Browser) {
    let person = app.person(name).with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(app, &person).await;
    let answer = browser.add_key(app, key, "passkey", "My laptop").await;
    assert_eq!(answer.location(), "/account", "{}", answer.text());
    (person, browser)
}

/// The same who works at a console.
async fn administrator(app: &TestApp, name: &str) -> Person {
    app.person(name).roles(&[Role::Staff, Role::Admin]).with_totp().build().await
}
