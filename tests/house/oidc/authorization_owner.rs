//! A request that nobody may answer: who looks after the application is shown what is wrong with it, and
//! nobody else.

use axum::http::StatusCode;
use cardea::kernel::acr::Acr;
use cardea::kernel::role::Role;

use super::world::{Answer, CALLBACK, World};
use crate::support::html;

const WRONG: &str = "https://app.example.be/cb?tenant=2<b>";

fn case_code(answer: &Answer) -> String {
    let rest = answer.body.split("class=\"plate plate-s\" translate=\"no\">").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_looks_after_an_application_sees_what_came_beside_what_is_registered() {
    let world = World::new().await;
    let (emma, noor) = (world.person("emma").await, world.person("noor").await);
    let admin = world.person_as("admin", Role::Admin).await;
    let (_, owner) = world.session(&emma, Acr::Mfa).await;
    let (_, stranger) = world.session(&noor, Acr::Mfa).await;
    let (_, admin) = world.session(&admin, Acr::Mfa).await;
    let wrong = [("redirect_uri", WRONG)];
    for (client, cookies, sees) in [
        ("rooms", &owner, true),
        ("rooms", &admin, true),
        ("rooms", &stranger, false),
        ("rooms", &world.browser(), false),
        ("web", &owner, false),
        ("web", &admin, true),
    ] {
        let answer = world.authorize(client, &wrong, cookies).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""));
        let text = html::text(&answer.body);
        assert_eq!(text.contains(" redirect_uri "), sees, "{client}: {text}");
        assert_eq!(
            answer.body.contains(CALLBACK) || answer.body.contains("tenant="),
            sees,
            "{client}: {text}"
        );
        assert!(!answer.body.contains("<b>"), "{}", answer.body);
        if sees {
            let marked: Vec<&str> = answer
                .body
                .split("<mark>")
                .skip(1)
                .map(|rest| rest.split("</mark>").next().unwrap())
                .collect();
            assert_eq!(marked[..2], ["2", "1"], "the first difference is marked: {text}");
        }
        assert!(case_code(&answer).parse::<cardea::event::CaseCode>().is_ok());
    }
    // A client that nobody knows has no owner.
    for (cookies, sees) in [(&owner, false), (&admin, true)] {
        let answer = world.authorize("rooms-2", &[], cookies).await;
        assert_eq!(answer.body.contains("rooms-2"), sees, "{}", html::text(&answer.body));
    }
    // Where a person goes after signing out is compared with its own list.
    let wrong =
        "/oauth2/logout?client_id=web&post_logout_redirect_uri=https%3A%2F%2Fapp.example.be%2Fgoodbye";
    for (cookies, sees) in [(&owner, false), (&admin, true)] {
        let answer = world.get(wrong, cookies).await;
        let text = html::text(&answer.body);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(text.contains("post_logout_redirect_uri"), sees, "{text}");
        assert_eq!(text.contains("from=cardea"), sees, "{text}");
    }
    // Nothing came at all.
    let answer = world.authorize("rooms", &[("redirect_uri", "")], &owner).await;
    assert!(answer.body.contains("Niets"), "{}", html::text(&answer.body));
}

#[tokio::test]
async fn what_came_is_kept_in_the_personal_part_of_the_record_and_no_longer_than_a_bound() {
    let world = World::new().await;
    let long = format!("https://app.example.be/{}", "é".repeat(2000));
    for (number, (got, kept)) in [(WRONG, WRONG.len()), (&long, 1023)].into_iter().enumerate() {
        world.wait(60);
        let answer = world.authorize("rooms", &[("redirect_uri", got)], &world.browser()).await;
        let code = case_code(&answer).parse().unwrap();
        let records = world.opened.log.of_case_code(&code).await.unwrap();
        assert_eq!(records.len(), 1, "{number}");
        assert_eq!(records[0].text("error"), Some("unregistered_redirect_uri"));
        let ocsf = records[0].ocsf();
        let told = ocsf["http_request"]["args"].as_str().unwrap();
        assert!(got.starts_with(told) && told.len() == kept, "{told}");
        assert!(!records[0].plain.to_string().contains("tenant="), "{}", records[0].plain);
    }
    // One source has one case code a minute for each cause and application, whatever it sends.
    let same = async |client: &str, got: &str| {
        case_code(&world.authorize(client, &[("redirect_uri", got)], &world.browser()).await)
    };
    assert_eq!(same("rooms", "https://a.example/").await, same("rooms", "https://b.example/").await);
    assert_ne!(same("rooms", "https://a.example/").await, same("web", "https://a.example/").await);
}
