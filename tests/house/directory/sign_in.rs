//! Signing in by a bind: every name of a person, and everything that a controller can say.

use reqwest::StatusCode;

use super::{account, enrol, reason, world, world_with};
use crate::support::samba::SambaAd;

#[tokio::test]
async fn every_name_of_a_person_leads_to_one_account_and_its_password_opens() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let own = account(&app, "right").await.unwrap();
    assert_eq!(own.directory, "ad");
    for name in ["RIGHT", "ADTEST\\right", "right@ad.test", "right@ministry.test"] {
        assert_eq!(account(&app, name).await.map(|account| account.id), Some(own.id), "{name}");
    }
    let browser = app.browser();
    let (_, page) = enrol(&app, &browser, "ADTEST\\right", "Right.Passw0rd1").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(browser.is_in().await);
}

#[tokio::test]
async fn each_answer_of_the_controller_has_its_reason_in_the_log_and_one_page_for_strangers() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    for _ in 0..5 {
        assert!(controller.bind("locked", "wrong").is_err());
    }
    let table = [
        ("right", "Wrong.Passw0rd1", "wrong"),
        ("disabled", "Disabled.Passw0rd1", "disabled"),
        ("ended", "Ended.Passw0rd1", "ended"),
        ("locked", "Locked.Passw0rd1", "locked"),
        ("nobody", "Any.Passw0rd1", "unknown_name"),
    ];
    let mut pages = vec![];
    for (name, password, expected) in table {
        let page = app.browser().password(name, password).await;
        assert_eq!(reason(&app, &page).await, expected, "{name}");
        pages.push(page.masked(name));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "a stranger reads the same of all");
    // Right, and good for nothing but choosing another one.
    for (name, password) in [("expired", "Expired.Passw0rd2"), ("mustchange", "Must.Passw0rd1")] {
        let (_, page) = enrol(&app, &app.browser(), name, password).await;
        assert!(page.has_form("/sign-in/password"), "{name}: {}", page.text());
    }
}

#[tokio::test]
async fn another_authority_is_refused_and_starttls_does() {
    let Some(controller) = SambaAd::start() else { return };
    let (url, other) = (controller.starttls_url(), controller.file("tls/other.pem"));
    let Some(app) = world_with(&controller, move |config| {
        config.directory.get_mut("ad").unwrap().controllers = vec![url];
    })
    .await
    else {
        return;
    };
    enrol(&app, &app.browser(), "right", "Right.Passw0rd1").await;
    // Read by one who trusts another authority: nobody comes in.
    let mut config = app.opened.config.clone();
    let directory = config.directory.get_mut("ad").unwrap();
    directory.ca = Some(other);
    let stranger = cardea::directory::LdapDirectory::new("ad", directory, app.opened.db.clone())
        .unwrap_or_else(|e| panic!("{e}"));
    let failed = stranger.changes(None, app.now()).await.err().map(|error| error.to_string());
    assert!(failed.is_some_and(|text| text.contains("UnknownIssuer")), "the certificate was believed");
}

#[tokio::test]
async fn an_empty_password_and_the_letters_of_filters_reach_no_controller() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    assert_eq!(reason(&app, &app.browser().password("right", "").await).await, "empty");
    for name in ["*", "ri*", "right)(objectClass=*", "right\\2a", "CN=Rita Right,OU=Staff,DC=ad,DC=test"] {
        let page = app.browser().password(name, "Right.Passw0rd1").await;
        assert_eq!(reason(&app, &page).await, "unknown_name", "{name}");
    }
    assert_eq!(controller.bad_passwords("right"), 0);
}
