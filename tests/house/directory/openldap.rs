//! `OpenLDAP` with its password policy.

use cardea::config::Config;
use cardea::directory::Whose;
use cardea::directory::model::{PolicyRefusal, Unlocked, Written};
use cardea::jobs::Job;

use super::writing::write;
use super::{account, enrol, reason};
use crate::support::app::TestApp;
use crate::support::slapd::Slapd;

async fn world(server: &Slapd) -> Option<TestApp> {
    let mut described = Config::defaults(std::path::Path::new("/")).unwrap_or_else(|error| panic!("{error}"));
    server.directory(&mut described);
    let directory = described.directory.remove("ldap").unwrap();
    let builder = TestApp::builder().with(move |config| {
        config.directory.insert("ldap".to_owned(), directory);
        config.passwords.strength_min = 0;
    });
    let app = builder.start().await?;
    app.run(Job::Directories).await;
    Some(app)
}

#[tokio::test]
async fn the_policy_control_says_what_is_wrong_with_a_password() {
    let Some(server) = Slapd::start() else { return };
    let Some(app) = world(&server).await else { return };
    assert_eq!(reason(&app, &app.browser().password("lena", "Lena.Passw0rd1").await).await, "locked");
    enrol(&app, &app.browser(), "ann@x.test", "Ann.Passw0rd1").await;
    assert_eq!(reason(&app, &app.browser().password("ann", "Wrong.Passw0rd1").await).await, "wrong");
    // The server locks at three, so a second wrong one of a stranger is not sent.
    assert_eq!(reason(&app, &app.browser().password("ann", "Wrong.Passw0rd2").await).await, "locked");
    for (name, password) in [("eva", "Eva.Passw0rd1"), ("max", "Max.Passw0rd1")] {
        let (_, page) = enrol(&app, &app.browser(), name, password).await;
        let form = page.form("/sign-in/password");
        assert!(form.value("journey").is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_new_password_is_written_by_the_extended_request_and_opens() {
    let Some(server) = Slapd::start() else { return };
    let Some(app) = world(&server).await else { return };
    let short = write(&app, "ann", "Too-sh0rt", Some("Ann.Passw0rd1")).await;
    assert_eq!(short, Written::Refused(PolicyRefusal::Length));
    assert_eq!(write(&app, "ann", "Brave-Otters-12", Some("Wrong.Passw0rd1")).await, Written::WrongOld);
    assert_eq!(write(&app, "ann", "Brave-Otters-12", Some("Ann.Passw0rd1")).await, Written::Done);
    let again = write(&app, "ann", "Ann.Passw0rd1", Some("Brave-Otters-12")).await;
    assert_eq!(again, Written::Refused(PolicyRefusal::History));
    assert_eq!(server.bind("ann", "Brave-Otters-12"), Ok(()));
}

#[tokio::test]
async fn a_lock_of_the_server_can_be_ended() {
    let Some(server) = Slapd::start() else { return };
    let Some(app) = world(&server).await else { return };
    let lena = account(&app, "lena").await.unwrap();
    let whose = Whose::kept_by(lena.id, "ldap");
    assert_eq!(app.opened.directory.unlock(whose, app.now()).await, Unlocked::Done);
    assert_eq!(server.bind("lena", "Lena.Passw0rd1"), Ok(()));
}
