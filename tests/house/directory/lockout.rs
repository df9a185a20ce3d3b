//! An attacker cannot lock out an account of a directory through us, and its owner still gets in.

use std::net::Ipv4Addr;
use std::time::Duration;

use reqwest::StatusCode;

use super::{account, enrol, reason, world, world_with};
use crate::support::samba::SambaAd;

#[tokio::test]
async fn a_thousand_guesses_of_strangers_leave_the_account_open_to_its_owner() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world_with(&controller, |config| {
        // No pause of ours helps: what holds here is the count of what was sent.
        config.sign_in.attempts_before_pause = 1_000_000;
        config.sign_in.failures_max = 1_000_000;
    })
    .await
    else {
        return;
    };
    let owner = app.browser();
    let (totp, _) = enrol(&app, &owner, "guessed", "Guessed.Passw0rd1").await;
    for number in 0..1000_u16 {
        // A few tries from each address: more of one are not even looked at.
        let [high, low] = (number / 4).to_be_bytes();
        let stranger = app.browser_from(Ipv4Addr::new(127, 9, high, low));
        let page = stranger.password("guessed", &format!("Guess.Number{number}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    }
    let counted = controller.bad_passwords("guessed");
    assert!(counted < 5, "the directory has counted {counted} of 5");
    let answer = owner.password("guessed", "Guessed.Passw0rd1").await;
    let page = owner.follow(answer).await;
    app.advance(Duration::from_mins(1));
    let answer = owner.code(&page, &totp.next(&app)).await;
    assert!(answer.lets_in(), "{}", answer.text());
    assert_eq!(controller.bind("guessed", "Guessed.Passw0rd1"), Ok(()));
}

#[tokio::test]
async fn what_others_sent_to_the_controller_counts_too() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    for _ in 0..4 {
        assert!(controller.bind("right", "wrong").is_err());
    }
    let page = app.browser().password("right", "Wrong.Passw0rd1").await;
    assert_eq!(reason(&app, &page).await, "locked");
    assert_eq!(controller.bad_passwords("right"), 4);
}

#[tokio::test]
async fn the_password_before_the_present_one_is_known_and_sent_nowhere() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    enrol(&app, &app.browser(), "right", "Right.Passw0rd1").await;
    controller.tool(&["user", "setpassword", "right", "--newpassword=Brave-Otters-12"]);
    let answer = app.browser().password("right", "Brave-Otters-12").await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    let before = controller.bad_passwords("right");
    for _ in 0..20 {
        let page = app.browser().password("right", "Right.Passw0rd1").await;
        assert_eq!(reason(&app, &page).await, "previous_password");
    }
    assert_eq!(controller.bad_passwords("right"), before);
    let account = account(&app, "right").await.unwrap();
    let told = app.records_of("password_refused").await;
    assert!(told.iter().all(|record| record.subject == Some(account.id)));
}
