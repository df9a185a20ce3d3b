//! People come, move and go as the directory says.

use std::time::{Duration, Instant};

use cardea::account::State;
use cardea::jobs::Job;
use cardea::kernel::role::Role;

use super::{account, enrol, unread, world};
use crate::support::samba::SambaAd;

#[tokio::test]
async fn who_is_disabled_there_is_out_here_and_comes_back_when_enabled() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let browser = app.browser();
    enrol(&app, &browser, "right", "Right.Passw0rd1").await;
    assert!(browser.is_in().await);
    controller.tool(&["user", "disable", "right"]);
    app.run(Job::Directories).await;
    assert!(!browser.is_in().await);
    assert_eq!(account(&app, "right").await.map(|account| account.state), Some(State::Disabled));
    assert_eq!(app.records_of("signed_out").await.len(), 1);
    controller.tool(&["user", "enable", "right"]);
    app.run(Job::Directories).await;
    assert_eq!(account(&app, "right").await.map(|account| account.state), Some(State::Active));
    assert!(!browser.is_in().await, "what ended stays ended");
    assert_eq!(app.records_of("account_state_changed").await.len(), 3, "and the one whose account had ended");
}

#[tokio::test]
async fn somebody_renamed_and_moved_stays_the_same_account() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let before = account(&app, "right").await.unwrap();
    controller.tool(&[
        "user",
        "rename",
        "right",
        "--samaccountname=newright",
        "--mail-address=new.right@ministry.test",
        "--display-name=Rita New",
    ]);
    controller.tool(&["user", "move", "newright", "OU=Moved,OU=Staff,DC=ad,DC=test"]);
    app.run(Job::Directories).await;
    let after = account(&app, "newright").await.unwrap();
    assert_eq!((after.id, after.display_name.as_str()), (before.id, "Rita New"));
    assert!(account(&app, "right").await.is_none());
    enrol(&app, &app.browser(), "new.right@ministry.test", "Right.Passw0rd1").await;
}

#[tokio::test]
async fn members_of_nested_groups_get_their_role_and_lose_it_again() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let is_desk = || async {
        let helper = account(&app, "helper").await.unwrap();
        helper.grants.iter().any(|grant| grant.role == Role::Desk)
    };
    assert!(is_desk().await);
    controller.tool(&["group", "removemembers", "DeskTeam", "helper"]);
    app.run(Job::Directories).await;
    assert!(!is_desk().await);
}

#[tokio::test]
async fn who_is_gone_is_closed_with_the_next_full_reading() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    controller.tool(&["user", "delete", "young"]);
    app.advance(Duration::from_hours(2));
    app.run(Job::Directories).await;
    assert_eq!(account(&app, "young").await.map(|account| account.state), Some(State::Disabled));
}

#[tokio::test]
async fn a_name_of_somebody_else_is_not_taken_over() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = unread(&controller, |_| {}).await else { return };
    let own = app.person("right").build().await;
    app.run(Job::Directories).await;
    assert_eq!(account(&app, "right").await.map(|account| account.id), Some(own.id));
    assert!(account(&app, "right@ad.test").await.is_none());
    assert_eq!(app.records_of("directory_person_refused").await.len(), 1);
}

#[tokio::test]
async fn a_reading_is_quick() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let begun = Instant::now();
    app.run(Job::Directories).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
