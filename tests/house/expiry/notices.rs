//! Mails before the date: each once, in the person's language, with no address but the portal's.

use cardea::jobs::Job;
use cardea::kernel::language::Language;
use reqwest::StatusCode;

use super::{DAY, a_day, lasts_until, to};
use crate::support::app::TestApp;
use crate::support::smtp::Mail;

#[tokio::test]
async fn each_notice_goes_out_once_in_the_language_of_its_person() {
    // Nobody has to go early, so nobody is asked to before the first notice.
    let Some(app) = TestApp::builder().with(|config| config.expiry.percent_a_day = 100).start().await else {
        return;
    };
    let mut people = vec![];
    let subjects = [
        (Language::Nl, ["over 14 dagen", "over 7 dagen", "over 3 dagen", "morgen"]),
        (Language::Fr, ["dans 14 jours", "dans 7 jours", "dans 3 jours", "demain"]),
        (Language::De, ["in 14 Tagen", "in 7 Tagen", "in 3 Tagen", "morgen"]),
        (Language::En, ["in 14 days", "in 7 days", "in 3 days", "tomorrow"]),
    ];
    let end = app.now().plus(DAY * 20);
    for (language, subjects) in subjects {
        let person = app.person(&format!("anna-{}", language.code())).language(language).build().await;
        lasts_until(&app, &person, end).await;
        people.push((person, subjects));
    }
    let mut mails = vec![];
    for _ in 0..25 {
        // A second round on the same day, by the node that holds the lease, tells nobody again.
        app.run(Job::Expiry).await;
        mails = a_day(&app).await;
    }
    for (person, subjects) in &people {
        let hers = to(&mails, person);
        assert_eq!(hers.len(), 4, "{}", person.username);
        for (mail, words) in hers.iter().zip(subjects) {
            let (subject, text) = (mail.header("Subject").unwrap(), mail.text());
            assert!(subject.contains(words), "{subject}");
            let links: Vec<&str> = text.split_whitespace().filter(|word| word.contains("://")).collect();
            assert_eq!(links, [format!("{}/account/password", app.issuer)], "{text}");
            assert!(!text.contains('⟦') && !subject.contains('⟦'), "{text}");
        }
    }
    assert_eq!(app.records_of("expiry_notice_sent").await.len(), 16);
}

#[tokio::test]
async fn whoever_was_missed_gets_the_most_urgent_notice_alone() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").build().await;
    lasts_until(&app, &anna, app.now().plus(DAY * 6)).await;
    let mails = a_day(&app).await;
    let hers = to(&mails, &anna);
    assert_eq!(hers.len(), 1);
    assert!(hers[0].header("Subject").unwrap().contains("in 6 days"));
}

#[tokio::test]
async fn nodes_at_the_same_moment_tell_each_person_once() {
    let Some(app) = TestApp::start().await else { return };
    let mut people = vec![];
    for number in 0..12 {
        let person = app.person(&format!("anna{number}")).build().await;
        lasts_until(&app, &person, app.now().plus(DAY * 14)).await;
        people.push(person);
    }
    // As if the lease were no help: it may run out under a slow node.
    let (expiry, origin) = (&app.opened.expiry, app.origin());
    let (one, two, three) = tokio::join!(expiry.keep(&origin), expiry.keep(&origin), expiry.keep(&origin));
    for kept in [one, two, three] {
        kept.unwrap();
    }
    let mails = app.delivered().await;
    assert_eq!(mails.len(), people.len());
    assert_eq!(app.records_of("expiry_notice_sent").await.len(), people.len());
}

#[tokio::test]
async fn a_new_password_ends_the_notices_and_its_own_date_has_new_ones() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    lasts_until(&app, &anna, app.now().plus(DAY * 7)).await;
    assert_eq!(to(&a_day(&app).await, &anna).len(), 1);
    lasts_until(&app, &anna, app.now().plus(DAY * 90)).await;
    for _ in 0..6 {
        assert_eq!(to(&a_day(&app).await, &anna).len(), 1);
    }
    lasts_until(&app, &anna, app.now().plus(DAY * 7)).await;
    assert_eq!(to(&a_day(&app).await, &anna).len(), 2);
}

#[tokio::test]
async fn nobody_is_woken_at_night_and_nobody_who_is_closed_is_told() {
    let Some(app) = TestApp::start().await else { return };
    let (anna, berta) = (app.person("anna").build().await, app.person("berta").disabled().build().await);
    for person in [&anna, &berta] {
        lasts_until(&app, person, app.now().plus(DAY * 3)).await;
    }
    // 9:00 in Brussels; half past two in the next night.
    app.advance(DAY / 24 * 35 / 2);
    app.run(Job::Expiry).await;
    assert!(app.delivered().await.is_empty());
    app.advance(DAY / 24 * 5);
    let mails = a_day(&app).await;
    assert_eq!((to(&mails, &anna).len(), to(&mails, &berta).len()), (1, 0));
}

#[tokio::test]
async fn whoever_has_an_early_day_is_told_a_week_before_it_and_reads_it_on_the_portal() {
    let Some(app) = TestApp::builder().with(|config| config.expiry.percent_a_day = 1).start().await else {
        return;
    };
    let end = app.now().plus(DAY * 40);
    let mut people = vec![];
    for number in 0..8 {
        let person = app.person(&format!("anna{number}")).with_totp().build().await;
        lasts_until(&app, &person, end).await;
        people.push(person);
    }
    // The first day that the portal speaks of it to somebody.
    app.run(Job::Expiry).await;
    let forecast = app.opened.expiry.forecast(app.now()).await.unwrap();
    let first = forecast.people.iter().min_by_key(|foreseen| foreseen.day).unwrap();
    let first = people.iter().find(|person| person.id == first.account.id).unwrap();
    let (browser, mut mails) = (app.browser(), vec![]);
    browser.sign_in(&app, first).await;
    let mut days_quiet = 0;
    app.run(Job::Expiry).await;
    let about = |mails: &[Mail]| {
        let mut own = to(mails, first).into_iter();
        own.find(|mail| mail.header("Subject").is_some_and(|subject| subject.contains("your password")))
            .cloned()
    };
    while about(&mails).is_none() {
        assert!(!browser.get("/").await.text().contains("Please change it by"), "day {days_quiet}");
        days_quiet += 1;
        assert!(days_quiet < 40, "nobody was told");
        app.advance(DAY);
        app.run(Job::Expiry).await;
        mails = app.delivered().await;
        browser.sign_in(&app, first).await;
    }
    let mail = about(&mails).unwrap();
    assert!(
        mail.header("Subject").unwrap().starts_with("Please change your password by "),
        "{}",
        mail.text()
    );
    let page = browser.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Please change it by"), "{}", page.text());
    assert_eq!(forecast.beyond, 0);
    assert!(forecast.days.values().all(|load| load.asked <= 1));
}
