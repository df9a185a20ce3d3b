//! Keeping change-by days, telling people in time, and looking ahead.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use ipnet::IpNet;
use jiff::civil::Date;

use super::calendar::{DaysOff, days_between};
use super::model::{Dated, DayLoad, Given, Notice, Plan, Rules, notice_due, plan};
use super::store::{self, change_by, expiry_met, expiry_notice};
use crate::account::notices::Notices;
use crate::account::{Account, Accounts};
use crate::config::ExpiryConfig;
use crate::directory::{Directories, Whose};
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;
use crate::web::calendar;
use crate::web::text::Text;

/// Days written in one unit.
const DAYS_PER_UNIT: usize = 500;
/// Notices of one round; the next round sends the others.
const NOTICES_PER_ROUND: usize = 500;
/// Hour of the day in Brussels from which notices go out.
const MORNING: i8 = 7;
/// Months of which it is told how many met an expired password.
const MONTHS: u32 = 12;
/// Condition that fails when another node has sent the notice.
const NOTICE_NEW: &str = "notice_not_sent";

/// What it is made of.
pub struct ExpiryParts {
    pub rules: Rules,
    pub office: Vec<IpNet>,
    /// The portal's configured address.
    pub issuer: String,
    pub log: EventLog,
    pub accounts: Accounts,
    pub directory: Directories,
    pub notices: Notices,
}

/// The dates of passwords, foreseen; cheap to clone.
#[derive(Clone)]
pub struct Expiry(Arc<ExpiryParts>);

/// What a person reads of the own password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub expires_at: Moment,
    /// Days until then, as days are counted in Brussels.
    pub days: u32,
    /// The change-by day, while it is ahead.
    pub day: Option<Date>,
}

/// One person of the forecast.
#[derive(Clone, Debug)]
pub struct Foreseen {
    pub account: Account,
    pub expires_at: Moment,
    pub end: Date,
    pub day: Option<Date>,
}

/// How many met an expired password in a month, each once for each date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Month {
    pub at_home: usize,
    pub at_the_office: usize,
}

/// Who, when, and how many on one day.
#[derive(Clone, Debug)]
pub struct Forecast {
    pub today: Date,
    /// By the date, then by name.
    pub people: Vec<Foreseen>,
    pub days: BTreeMap<Date, DayLoad>,
    /// People that a day may have.
    pub share: usize,
    /// People beyond it, over all days.
    pub beyond: usize,
    /// By month, as 2027-01.
    pub met: BTreeMap<String, Month>,
}

impl Rules {
    /// # Errors
    /// The text that is no day.
    pub fn of(config: &ExpiryConfig) -> Result<Self, String> {
        Ok(Self {
            notice_days: config.notice_days.clone(),
            asked_days: config.asked_days,
            percent_a_day: config.percent_a_day,
            margin_days: config.margin_days,
            spread_days: config.spread_days,
            days_off: DaysOff::parse(&config.days_off).map_err(str::to_owned)?,
        })
    }
}

impl Expiry {
    pub fn new(parts: ExpiryParts) -> Self {
        Self(Arc::new(parts))
    }

    /// Gives days to those who need one, and sends the notices that are due.
    ///
    /// # Errors
    /// The database does not take it; what was done stays.
    pub async fn keep(&self, origin: &Origin) -> Result<(), WriteError> {
        let people = self.people(origin.now).await.map_err(WriteError::Unavailable)?;
        let given = self.given().await.map_err(WriteError::Unavailable)?;
        let dated: Vec<Dated> = people.iter().map(|(_, dated)| *dated).collect();
        let plan = plan(&dated, &given, calendar::day_of(origin.now), &self.0.rules);
        self.put_days(&dated, &given, &plan).await?;
        self.tell(origin, &people, &plan).await
    }

    /// What the person is to read on the portal; `None` while the date is far.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ahead(&self, account: &Account, now: Moment) -> Result<Option<Ahead>, DbErr> {
        let whose = Whose::kept_by(account.id, &account.directory);
        let standing = self.0.directory.standing(whose, now).await?;
        let Some(expires_at) = standing.and_then(|standing| standing.expires_at) else { return Ok(None) };
        let row = store::day_of(self.0.log.db(), account.id.uuid()).await?;
        let day =
            row.filter(|row| row.expires_at == expires_at.micros()).and_then(|row| row.day.parse().ok());
        let (today, end) = (calendar::day_of(now), calendar::day_of(expires_at));
        let near = end <= today || notice_due(end, day, today, &self.0.rules).is_some();
        let days = u32::try_from(days_between(today, end)).unwrap_or(0);
        Ok(near.then_some(Ahead { expires_at, days, day: day.filter(|day| *day >= today) }))
    }

    /// # Errors
    /// The database does not answer.
    pub async fn forecast(&self, now: Moment) -> Result<Forecast, DbErr> {
        let (people, given, today) = (self.people(now).await?, self.given().await?, calendar::day_of(now));
        let dated: Vec<Dated> = people.iter().map(|(_, dated)| *dated).collect();
        let plan = plan(&dated, &given, today, &self.0.rules);
        let day = |account: &AccountId| plan.days.get(account).copied().flatten();
        let mut foreseen: Vec<Foreseen> = people
            .into_iter()
            .map(|(account, dated)| Foreseen {
                day: day(&account.id),
                account,
                expires_at: dated.expires_at,
                end: dated.end,
            })
            .collect();
        foreseen.sort_by(|a, b| (a.end, &a.account.login).cmp(&(b.end, &b.account.login)));
        let (share, beyond) = (plan.share, plan.beyond);
        Ok(Forecast { today, people: foreseen, days: plan.loads, share, beyond, met: self.met(now).await? })
    }

    /// Adds to the unit of a right password that it was met expired: where, and once for its date.
    ///
    /// # Errors
    /// The event cannot be sealed.
    pub async fn meet(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: &Account,
        expired_at: Moment,
    ) -> Result<(), WriteError> {
        let at_home =
            !origin.ip().is_some_and(|ip| self.0.office.iter().any(|network| network.contains(&ip)));
        unit.run(&store::meet(expiry_met::Model {
            account_id: account.id.uuid(),
            expires_at: expired_at.micros(),
            met_at: origin.now.micros(),
            at_home,
        }));
        let what = What::PasswordMetExpired { at_home };
        self.0.log.record(unit, origin, Event::of(what, account.id).named(&account.login)).await.map(|_| ())
    }

    /// Takes away notices about dates before a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_notices(before.micros()));
    }

    /// Everybody whose account is open and whose password has a date.
    async fn people(&self, now: Moment) -> Result<Vec<(Account, Dated)>, DbErr> {
        let by_account: HashMap<AccountId, Moment> =
            self.0.directory.all_dates().await?.into_iter().collect();
        if by_account.is_empty() {
            return Ok(vec![]);
        }
        let accounts = self.0.accounts.all().await?;
        let open = accounts.into_iter().filter(|account| account.gate(now).is_ok());
        let dated = open.filter_map(|account| {
            let expires_at = *by_account.get(&account.id)?;
            let dated = Dated { account: account.id, expires_at, end: calendar::day_of(expires_at) };
            Some((account, dated))
        });
        Ok(dated.collect())
    }

    async fn given(&self) -> Result<HashMap<AccountId, Given>, DbErr> {
        let rows = store::all_days(self.0.log.db().read()).await?;
        let given = rows.into_iter().filter_map(|row| {
            let given = Given { expires_at: Moment::from_micros(row.expires_at), day: row.day.parse().ok()? };
            Some((AccountId::from_uuid(row.account_id), given))
        });
        Ok(given.collect())
    }

    async fn put_days(
        &self,
        people: &[Dated],
        given: &HashMap<AccountId, Given>,
        plan: &Plan,
    ) -> Result<(), WriteError> {
        let new = |person: &&Dated| {
            let day = plan.days.get(&person.account).copied().flatten();
            let had = given.get(&person.account).map(|given| (given.day, given.expires_at));
            day.map(|day| (day, person.expires_at)) != had
        };
        let dated: HashSet<AccountId> = people.iter().map(|person| person.account).collect();
        let gone: Vec<&AccountId> = given.keys().filter(|account| !dated.contains(account)).collect();
        let changed: Vec<&Dated> = people.iter().filter(new).collect();
        for some in changed.chunks(DAYS_PER_UNIT) {
            let mut unit = self.0.log.db().unit();
            for person in some {
                let account_id = person.account.uuid();
                match plan.days.get(&person.account).copied().flatten() {
                    Some(day) => {
                        let (expires_at, day) = (person.expires_at.micros(), day.to_string());
                        unit.run(&store::put_day(change_by::Model { account_id, expires_at, day }));
                    }
                    None => unit.run(&store::take_day(account_id)),
                }
            }
            // No event: a day that was reckoned; the notice that tells the person of it has one.
            self.0.log.db().write(unit).await?;
        }
        for some in gone.chunks(DAYS_PER_UNIT) {
            let mut unit = self.0.log.db().unit();
            for account in some {
                unit.run(&store::take_day(account.uuid()));
            }
            // No event: the password has no date any more, or the account is closed, which has its own.
            self.0.log.db().write(unit).await?;
        }
        Ok(())
    }

    async fn tell(
        &self,
        origin: &Origin,
        people: &[(Account, Dated)],
        plan: &Plan,
    ) -> Result<(), WriteError> {
        if calendar::hour_of(origin.now) < MORNING {
            return Ok(());
        }
        let today = calendar::day_of(origin.now);
        let sent = store::notices(self.0.log.db().read(), origin.now.micros()).await;
        let sent: HashSet<_> = sent.map_err(WriteError::Unavailable)?.into_iter().collect();
        let due = people.iter().filter(|(_, dated)| dated.expires_at > origin.now).filter_map(
            |(account, dated)| {
                let day = plan.days.get(&account.id).copied().flatten();
                let notice = notice_due(dated.end, day, today, &self.0.rules)?;
                let key = (account.id.uuid(), dated.expires_at.micros(), notice.number());
                (!sent.contains(&key)).then_some((account, dated, day, notice))
            },
        );
        for (account, dated, day, notice) in due.take(NOTICES_PER_ROUND) {
            let day = day.filter(|day| *day >= today);
            match self.tell_one(origin, account, dated, day, notice).await {
                // Another node was quicker.
                Ok(()) | Err(WriteError::Refused(NOTICE_NEW)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn tell_one(
        &self,
        origin: &Origin,
        account: &Account,
        dated: &Dated,
        day: Option<Date>,
        notice: Notice,
    ) -> Result<(), WriteError> {
        let mut unit = self.0.log.db().unit();
        let row = expiry_notice::Model {
            account_id: account.id.uuid(),
            expires_at: dated.expires_at.micros(),
            notice: notice.number(),
            sent_at: origin.now.micros(),
        };
        unit.insert_once(NOTICE_NEW, row);
        let text = Text::new(account.language);
        let left = u32::try_from(days_between(calendar::day_of(origin.now), dated.end)).unwrap_or(0);
        let args = vec![
            ("days", left.into()),
            ("date", text.date(dated.expires_at).into()),
            ("asked", if day.is_some() { "yes" } else { "no" }.into()),
            ("day", day.map(|day| text.day(day)).unwrap_or_default().into()),
            ("link", format!("{}/account/password", self.0.issuer).into()),
        ];
        let id = match notice {
            Notice::Asked => "mail-expiry-asked",
            Notice::Left(_) => "mail-expiry-left",
        };
        self.0.notices.tell(&mut unit, account, id, args, origin.now)?;
        let what = What::ExpiryNoticeSent { days: left };
        self.0.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        self.0.log.db().write(unit).await.map(|_| ())
    }

    async fn met(&self, now: Moment) -> Result<BTreeMap<String, Month>, DbErr> {
        let first = now.months_ago(MONTHS - 1);
        let from = calendar::start_of_day(&format!("{first}-01")).unwrap_or(now);
        let mut months: BTreeMap<String, Month> =
            (0..MONTHS).map(|ago| (now.months_ago(ago), Month::default())).collect();
        for row in store::met_since(self.0.log.db().read(), from.micros()).await? {
            let month = months.entry(Moment::from_micros(row.met_at).month()).or_default();
            if row.at_home { month.at_home += 1 } else { month.at_the_office += 1 }
        }
        Ok(months)
    }
}
