//! The forecast: the directory's own dates, how the days were before and after spreading, and who was met expired.

use std::collections::HashMap;
use std::time::Instant;

use cardea::jobs::Job;
use cardea::kernel::entropy::Entropy;
use cardea::kernel::id::AccountId;
use cardea::kernel::time::Moment;

use super::{DAY, lasts_until};
use crate::support::app::TestApp;

const PEOPLE: u32 = 1_000;

/// A thousand people whose passwords were set in clumps, as after a rollout; always the same.
async fn crowd(app: &TestApp) -> HashMap<AccountId, Moment> {
    let entropy = Entropy::seeded(2_027);
    let mut dates = HashMap::new();
    for number in 0..PEOPLE {
        let person = app.person(&format!("p{number}")).build().await;
        let clumps = [30, 44, 45, 60, 75, 90];
        let clump = clumps[usize::try_from(entropy.below(6)).unwrap()];
        let days = if entropy.below(4) == 0 { 10 + entropy.below(85) } else { clump };
        let end = app.now().plus(DAY * days).plus(DAY / 86_400 * entropy.below(20_000));
        lasts_until(app, &person, end).await;
        dates.insert(person.id, end);
    }
    dates
}

#[tokio::test]
async fn the_forecast_is_the_directorys_own_for_a_thousand_people() {
    let Some(app) = TestApp::start().await else { return };
    let dates = crowd(&app).await;
    let started = Instant::now();
    app.opened.expiry.keep(&app.origin()).await.unwrap();
    let kept = started.elapsed();
    let forecast = app.opened.expiry.forecast(app.now()).await.unwrap();
    assert_eq!(forecast.people.len(), dates.len());
    for foreseen in &forecast.people {
        assert_eq!(Some(&foreseen.expires_at), dates.get(&foreseen.account.id));
        let day = foreseen.day.expect("a day");
        assert!(day < foreseen.end, "{day} is not before {}", foreseen.end);
    }
    let most =
        |count: fn(&cardea::expiry::DayLoad) -> usize| forecast.days.values().map(count).max().unwrap();
    let (before, after) = (most(|load| load.expire), most(|load| load.asked));
    println!("{PEOPLE} people: at most {before} a day by their dates, {after} as asked; kept in {kept:?}");
    assert!(before > 100 && after <= forecast.share && forecast.share == 30, "{before} {after}");
    assert_eq!(forecast.beyond, 0);
    // The next day, and a person less and a person more, everybody else has the same day.
    app.advance(DAY);
    app.person("another").build().await;
    app.run(Job::Expiry).await;
    let again = app.opened.expiry.forecast(app.now()).await.unwrap();
    let days = |people: &[cardea::expiry::Foreseen]| -> HashMap<AccountId, String> {
        people.iter().map(|one| (one.account.id, format!("{:?}", one.day))).collect()
    };
    assert_eq!(days(&forecast.people), days(&again.people));
}

#[tokio::test]
async fn an_expired_password_that_is_met_counts_once_and_says_where() {
    let office = "127.88.0.0/16";
    let Some(app) = TestApp::builder()
        .with(|config| config.expiry.office_networks = vec![office.parse().unwrap()])
        .start()
        .await
    else {
        return;
    };
    let (anna, berta) =
        (app.person("anna").expired().with_totp().build().await, app.person("berta").expired().build().await);
    for _ in 0..2 {
        app.browser().password("anna", &anna.password).await;
    }
    app.browser().password("anna", "a wrong password").await;
    app.browser_from([127, 88, 0, 9].into()).password("berta", &berta.password).await;
    let forecast = app.opened.expiry.forecast(app.now()).await.unwrap();
    let month = &forecast.met["2027-01"];
    assert_eq!((month.at_home, month.at_the_office, forecast.met.len()), (1, 1, 12));
    let records = app.records_of("password_met_expired").await;
    let places: Vec<_> = records.iter().map(|record| record.plain["at_home"].as_bool().unwrap()).collect();
    assert_eq!(places, [true, true, false]);
}

#[tokio::test]
async fn whoever_is_erased_leaves_no_day_and_no_notice() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").expired().build().await;
    app.browser().password("anna", &anna.password).await;
    lasts_until(&app, &anna, app.now().plus(DAY * 14)).await;
    app.run(Job::Expiry).await;
    for table in ["change_by", "expiry_notice", "expiry_met"] {
        assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
    let account = anna.account(&app).await;
    app.opened.accounts.erase(&app.origin(), &account, |_| {}).await.unwrap();
    for table in ["change_by", "expiry_notice", "expiry_met"] {
        assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}
