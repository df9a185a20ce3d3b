//! New passwords in a directory: taken, refused, and what is said where nobody knows.

use cardea::directory::directories::About;
use cardea::directory::model::{How, PolicyRefusal, Unlocked, Written};
use cardea::directory::rules::Company;
use cardea::directory::{Asker, Prepared, Whose};
use cardea::kernel::secret::Password;
use reqwest::StatusCode;

use super::{account, enrol, world, world_with};
use crate::support::app::TestApp;
use crate::support::samba::SambaAd;
use crate::support::severed::{Cut, Line};

/// A new password that is prepared, with nothing written yet.
async fn prepared(app: &TestApp, name: &str, new: &str) -> (cardea::account::Account, Prepared) {
    let account = account(app, name).await.unwrap();
    let whose = Whose::kept_by(account.id, &account.directory);
    let about = About { names: &[], company: Company::WithSecond };
    let password = Password::parse(new).unwrap();
    let directory = &app.opened.directory;
    let prepared = directory.prepare(whose, &password, about, Asker::known("test"), app.now()).await;
    (account, prepared.unwrap_or_else(|error| panic!("{new}: {error}")))
}

/// Writes a password as a reset or a change does, and keeps it where it counts.
pub async fn write(app: &TestApp, name: &str, new: &str, old: Option<&str>) -> Written {
    let (account, prepared) = prepared(app, name, new).await;
    let whose = Whose::kept_by(account.id, &account.directory);
    let (directory, now) = (&app.opened.directory, app.now());
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
    assert_eq!(app.records_of("password_write_sent").await.len(), 2);
    let told = app.records_of("password_not_written").await;
    assert_eq!(told.iter().map(|record| record.text("reason")).collect::<Vec<_>>(), [Some("length")]);
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
    assert_eq!(write(&app, "right", "Quiet-Otters-34", Some("Brave-Otters-12")).await, Written::Done);
    let again = write(&app, "right", "Brave-Otters-12", Some("Quiet-Otters-34")).await;
    assert_eq!(again, refused(PolicyRefusal::History));
    let young = write(&app, "young", "Brave-Otters-12", Some("Young.Passw0rd1")).await;
    assert_eq!(young, refused(PolicyRefusal::Age));
    assert_eq!(controller.bind("right", "Quiet-Otters-34"), Ok(()));
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

#[tokio::test]
async fn a_controller_that_dies_at_each_step_leaves_nothing_half_done_and_no_false_word() {
    let Some(controller) = SambaAd::start() else { return };
    let line = Line::to(controller.socket()).await;
    let url = format!("{}:{}", controller.url(), line.port);
    let Some(app) = world_with(&controller, move |config| {
        config.directory.get_mut("ad").unwrap().controllers = vec![url];
    })
    .await
    else {
        return;
    };
    let mut present = "Right.Passw0rd1".to_owned();
    let table = [
        (Cut::Refused, Written::Unreachable, false),
        (Cut::BeforeNextRequest, Written::Doubtful, false),
        (Cut::BeforeItsAnswer, Written::Doubtful, true),
        (Cut::AfterItsAnswer, Written::DoneUnverified, true),
        (Cut::BeforeItsAnswerOnce, Written::Done, true),
        (Cut::Never, Written::Done, true),
    ];
    for (number, (cut, expected, is_new)) in table.into_iter().enumerate() {
        line.cut(Cut::Never);
        let new = format!("Brave-Otters-{number}");
        let (account, prepared) = prepared(&app, "right", &new).await;
        let whose = Whose::kept_by(account.id, &account.directory);
        if cut == Cut::Refused {
            // The line that stands is cut too.
            line.cut(Cut::BeforeNextRequest);
            for _ in 0..4 {
                app.opened.directory.rules_for(whose, Company::WithSecond, app.now()).await.unwrap();
            }
        }
        line.cut(cut);
        let written = app.opened.directory.write(whose, &prepared, How::Reset, app.now()).await;
        assert_eq!(written, expected, "{cut:?}");
        if is_new {
            present = new;
        }
        assert_eq!(controller.bind("right", &present), Ok(()), "{cut:?}");
    }
}
