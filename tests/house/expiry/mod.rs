//! Passwords that run out, foreseen: notices each once, a day for everybody, a forecast that is the directory's.

mod ahead;
mod notices;

use std::time::Duration;

use cardea::jobs::Job;
use cardea::kernel::secret::Password;
use cardea::kernel::time::Moment;

use crate::support::app::TestApp;
use crate::support::people::Person;
use crate::support::smtp::Mail;

pub const DAY: Duration = Duration::from_hours(24);

/// Gives a person the same password again, with a date.
pub async fn lasts_until(app: &TestApp, person: &Person, end: Moment) {
    let (opened, now) = (&app.opened, app.now());
    let password = Password::parse(&person.password).unwrap();
    let prepared = opened.directory.prepare_unchecked(person.id, &password, "test", now).await.unwrap();
    let mut unit = opened.db.unit();
    opened.directory.put(&mut unit, prepared.lasting_until(end));
    opened.db.write(unit).await.unwrap();
}

/// One day of the service's life: notices, and all mails so far.
pub async fn a_day(app: &TestApp) -> Vec<Mail> {
    app.run(Job::Expiry).await;
    // Held back by nothing but their number in an hour.
    let mails = app.delivered().await;
    app.advance(DAY);
    mails
}

pub fn to<'a>(mails: &'a [Mail], person: &Person) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.to.iter().any(|to| to.contains(&person.email))).collect()
}
