//! New passwords in a directory: taken, refused, and what is said where nobody knows.

use cardea::directory::directories::About;
use cardea::directory::model::{How, PolicyRefusal, Unlocked, Written};
use cardea::directory::rules::Company;
use cardea::directory::{Asker, Whose};
use cardea::kernel::secret::Password;
use reqwest::StatusCode;

use super::{account, enrol, world, world_with};
use crate::support::app::TestApp;
use crate::support::samba::SambaAd;

/// Writes a password as a reset or a change does, and keeps it where it counts.
pub async fn write(app: &TestApp, name: &str, new: &str, old: Option<&str>) -> Written {
    let account = account(app, name).await.unwrap();
    let whose = Whose::kept_by(account.id, &account.directory);
    let about = About { names: &[], company: Company::WithSecond };
    let (directory, now) = (&app.opened.directory, app.now());
    let password = Password::parse(new).unwrap();
    let prepared = directory.prepare(whose, &password, about, Asker::known("test"), now).await;
    let prepared = prepared.unwrap_or_else(|error| panic!("{new}: {error}"));
    let old = old.map(|old| Password::parse(old).unwrap());
    let how = old.as_ref().map_or(How::Reset, |old| How::Change { old });
    let written = directory.write(whose, &prepared, how, now).await;
    if written.is_done() {
        let mut unit = app.opened.db.unit();
        directory.put(&mut unit, prepared);
        app.opened.db.write(unit).await.unwrap();
    }
    written
}

#[tokio::test]
async fn expired_at_home_leads_to_a_new_password_that_opens_in_the_directory() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let browser = app.browser();
    let (_, page) = enrol(&app, &browser, "expired", "Expired.Passw0rd2").await;
    let form = page.form("/sign-in/password");
    // The fine-grained policy of this person asks for twelve characters.
    let short =
        browser.submit(&form, &[("new_password", "Nine-chr.9"), ("new_password_again", "Nine-chr.9")]);
    let short = short.await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("too short for your organisation"), "{}", short.text());
    let new = "Otters.Brave-12";
    let done = browser.submit(&form, &[("new_password", new), ("new_password_again", new)]).await;
    assert!(done.lets_in(), "{}", done.text());
    assert!(browser.is_in().await);
    assert_eq!(controller.bind("expired", new), Ok(()));
    assert!(controller.bind("expired", "Expired.Passw0rd2").is_err());
    // The short one had left for the directory as well.
    assert_eq!(app.records_of("password_write_sent").await.len(), 2);
    assert_eq!(app.records_of("password_set").await.len(), 1);
}

#[tokio::test]
async fn each_refusal_of_the_policy_has_its_name() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let refused = Written::Refused;
    assert_eq!(write(&app, "right", "Too-sh0rt", None).await, refused(PolicyRefusal::Length));
    assert_eq!(write(&app, "right", "twelve brave otters", None).await, refused(PolicyRefusal::Complexity));
    assert_eq!(write(&app, "right", "Brave-Otters-12", Some("Wrong.Passw0rd9")).await, Written::WrongOld);
    assert_eq!(write(&app, "right", "Brave-Otters-12", Some("Right.Passw0rd1")).await, Written::Done);
    assert_eq!(write(&app, "right", "Calm-Badgers-34", Some("Brave-Otters-12")).await, Written::Done);
    let again = write(&app, "right", "Brave-Otters-12", Some("Calm-Badgers-34")).await;
    assert_eq!(again, refused(PolicyRefusal::History));
    let young = write(&app, "young", "Brave-Otters-12", Some("Young.Passw0rd1")).await;
    assert_eq!(young, refused(PolicyRefusal::Age));
    assert_eq!(controller.bind("right", "Calm-Badgers-34"), Ok(()));
}

#[tokio::test]
async fn who_administers_others_is_refused_whatever_rights_we_hold() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world_with(&controller, |config| {
        config.directory.get_mut("ad").unwrap().base = "DC=ad,DC=test".to_owned();
    })
    .await
    else {
        return;
    };
    assert_eq!(write(&app, "boss", "Brave-Otters-12", None).await, Written::Protected);
    let boss = account(&app, "boss").await.unwrap();
    let whose = Whose::kept_by(boss.id, "ad");
    assert_eq!(app.opened.directory.unlock(whose, app.now()).await, Unlocked::Protected);
    assert_eq!(controller.bind("boss", "Boss.Passw0rd1"), Ok(()));
}

#[tokio::test]
async fn without_the_right_nothing_is_written_and_it_is_said_so() {
    let Some(controller) = SambaAd::start() else { return };
    let weak = |config: &mut cardea::config::Config| {
        config.directory.get_mut("ad").unwrap().bind_name = Some("svcweak@ad.test".to_owned());
    };
    let Some(app) = world_with(&controller, weak).await else { return };
    assert_eq!(write(&app, "right", "Brave-Otters-12", None).await, Written::NotAllowed);
    assert_eq!(controller.bind("right", "Right.Passw0rd1"), Ok(()));
}

#[tokio::test]
async fn a_lock_ends_by_itself_alone_or_with_a_new_password() {
    let Some(controller) = SambaAd::start() else { return };
    let Some(app) = world(&controller).await else { return };
    let locked = account(&app, "locked").await.unwrap();
    let whose = Whose::kept_by(locked.id, "ad");
    assert_eq!(app.opened.directory.unlock(whose, app.now()).await, Unlocked::NotLocked);
    let lock = || {
        for _ in 0..5 {
            assert!(controller.bind("locked", "wrong").is_err());
        }
    };
    lock();
    assert!(controller.bind("locked", "Locked.Passw0rd1").unwrap_err().contains("775"));
    assert_eq!(app.opened.directory.unlock(whose, app.now()).await, Unlocked::Done);
    assert_eq!(controller.bind("locked", "Locked.Passw0rd1"), Ok(()));
    lock();
    assert_eq!(write(&app, "locked", "Brave-Otters-12", None).await, Written::Done);
    assert_eq!(controller.bind("locked", "Brave-Otters-12"), Ok(()));
}

#[tokio::test]
async fn a_dead_controller_writes_nothing_and_another_one_takes_over() {
    let Some(mut first) = SambaAd::start() else { return };
    let second = SambaAd::another();
    let (first_url, second_url) = (first.url(), second.url());
    // Both are believed: the certificate of each was signed by the domain's authority.
    let Some(app) = world_with(&first, move |config| {
        config.directory.get_mut("ad").unwrap().controllers = vec![first_url, second_url];
    })
    .await
    else {
        return;
    };
    first.kill();
    assert_eq!(write(&app, "right", "Brave-Otters-12", None).await, Written::Done);
    assert_eq!(second.bind("right", "Brave-Otters-12"), Ok(()));
    enrol(&app, &app.browser(), "right", "Brave-Otters-12").await;
    drop(second);
    assert_eq!(write(&app, "right", "Quiet-Otters-34", None).await, Written::Unreachable);
    first.come_back();
    assert_eq!(first.bind("right", "Right.Passw0rd1"), Ok(()));
}
