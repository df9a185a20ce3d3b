//! What the page of a new password says, and that a damaged file stops the start.

use cardea::kernel::language::Language;
use reqwest::StatusCode;

use super::{built, lines, sha1, written};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::people::Person;

const KNOWN: &str = "seven quiet lighthouses";

/// A service with a list in which one password is known.
async fn with_list() -> Option<TestApp> {
    let builder = TestApp::builder().with(|config| {
        let folder = config.data.folder.clone();
        let list = written(&folder, "list.txt", &format!("{}{}:7\n", lines(5, 200), sha1(KNOWN)));
        let file = folder.join("known.filter");
        built(&[list], &file).unwrap();
        config.passwords.breach_filter = Some(file);
    });
    builder.start().await
}

async fn change(browser: &Browser, person: &Person, new: &str) -> Page {
    let form = browser.get("/account/password").await.form("/account/password");
    let typed =
        [("current_password", person.password.as_str()), ("new_password", new), ("new_password_again", new)];
    browser.submit(&form, &typed).await
}

#[tokio::test]
async fn a_breached_password_is_refused_with_a_may_be_in_four_languages() {
    let Some(app) = with_list().await else { return };
    let says = [
        (Language::Nl, "staat, of staat misschien, op een lijst"),
        (Language::Fr, "figure, ou figure peut-être, sur une liste"),
        (Language::De, "steht, oder steht vielleicht, auf einer Liste"),
        (Language::En, "appears, or may appear, in a list"),
    ];
    for (language, words) in says {
        let person =
            app.person(&format!("p{}", language.code())).language(language).with_totp().build().await;
        let browser = app.browser();
        browser.speak(language.code());
        browser.sign_in(&app, &person).await;
        let answer = change(&browser, &person, KNOWN).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(words), "{}", answer.text());
        assert!(!answer.body.contains(KNOWN), "the page repeats the password");
        let answer = change(&browser, &person, "eight quiet lighthouses").await;
        assert_eq!(answer.location(), "/account", "{}", answer.text());
    }
    assert!(!app.database_holds(KNOWN).await);
}

#[tokio::test]
async fn what_is_a_persons_own_or_everybodys_is_refused() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("annabel").email("a.vandenbossche@chancellery.example").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &person).await;
    for (new, words) in [
        ("lebanna is mijn naam", "something of your own"),
        ("V@nd3nb0ssch3 in bad", "something of your own"),
        ("chancellery-of-the-north", "something of your own"),
        ("Zomer2026!!Zomer2026", "easy to guess"),
    ] {
        let answer = change(&browser, &person, new).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(answer.text().contains(words), "{new}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_previous_password_with_a_few_changes_is_none() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("annabel").password("zeven groene eenden").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &person).await;
    for new in ["zeven groene eenden1", "Zeven-Groene-Eenden!", "z3v3n groene eenden", "nednee eneorg nevez"]
    {
        let answer = change(&browser, &person, new).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(answer.text().contains("too much like your present one"), "{new}: {}", answer.text());
    }
    assert_eq!(change(&browser, &person, "twaalf gele fietspompen").await.location(), "/account");
}

#[tokio::test]
async fn a_wrong_present_password_says_nothing_of_how_near_the_new_one_is() {
    let Some(app) = TestApp::start().await else { return };
    let person = app.person("annabel").password("zeven groene eenden").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &person).await;
    let guess = Person { password: "vijf groene eenden".to_owned(), ..person };
    let answer = change(&browser, &guess, "vijf groene eenden1").await;
    assert!(answer.text().contains("could not confirm your present password"), "{}", answer.text());
    assert!(!answer.text().contains("too much like"));
}

#[tokio::test]
async fn a_damaged_file_stops_the_start_and_names_its_setting() {
    let builder = TestApp::builder().with(|config| {
        let folder = config.data.folder.clone();
        let path = folder.join("known.filter");
        built(&[written(&folder, "list.txt", &lines(6, 200))], &path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        config.passwords.breach_filter = Some(path);
    });
    let Some(refused) = builder.refused().await else { return };
    assert!(refused.contains("passwords.breach_filter"), "{refused}");
    assert!(refused.contains("is damaged or cut off"), "{refused}");
}

#[tokio::test]
async fn a_file_that_is_damaged_later_lets_nobody_choose_and_nobody_be_told_a_lie() {
    let Some(app) = with_list().await else { return };
    let person = app.person("annabel").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &person).await;
    let path = app.opened.config.passwords.breach_filter.clone().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[16..300].fill(0);
    std::fs::write(&path, bytes).unwrap();
    for new in [KNOWN, "twaalf gele fietspompen"] {
        let answer = change(&browser, &person, new).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    }
    let other = app.browser();
    other.sign_in(&app, &person).await;
    assert!(other.is_in().await, "signing in asks the file");
}
