//! Whose password runs out when.

use super::execute::{Work, failed};
use super::shown_forecast::{DayShown, ForecastBoard, ForecastFigures, MonthShown, PersonForeseen};
use super::wire::Answer;
use crate::app::Failure;
use crate::authenticator::Readiness;
use crate::event::{Event, What};
use crate::policy::Action;

impl Work<'_> {
    pub(super) async fn forecast(&self) -> Result<Answer, Failure> {
        let (opened, now) = (self.opened, self.origin.now);
        let forecast = opened.expiry.forecast(now).await.map_err(failed)?;
        let mut figures = ForecastFigures {
            people: forecast.people.len(),
            share: forecast.share,
            beyond: forecast.beyond,
            ..ForecastFigures::default()
        };
        let mut people = vec![];
        for foreseen in &forecast.people {
            let account = &foreseen.account;
            let _permit = self.permit(Action::ViewAccount, &self.resource(account))?;
            let holdings = opened.authenticators.holdings(account.id, true, account.required_acr).await;
            let readiness = holdings.map_err(failed)?.readiness();
            let expired = foreseen.expires_at <= now;
            figures.expired += usize::from(expired);
            figures.without_day += usize::from(!expired && foreseen.day.is_none());
            figures.not_ready += usize::from(!expired && readiness == Readiness::NotReady);
            people.push(PersonForeseen {
                name: account.login.clone(),
                directory: account.directory.clone(),
                expires_at: foreseen.expires_at.iso(),
                change_by: foreseen.day.map(|day| day.to_string()),
                readiness,
            });
        }
        let ahead = forecast.days.range(forecast.today..);
        let days: Vec<DayShown> = ahead.map(|(day, load)| DayShown::of(day, *load)).collect();
        figures.most_expire = days.iter().map(|day| day.expire).max().unwrap_or(0);
        figures.most_asked = days.iter().map(|day| day.asked).max().unwrap_or(0);
        let met = forecast.met.into_iter().map(|(name, month)| (name, MonthShown::from(month))).collect();
        self.record(Event::new(What::CommandRun { command: "people forecast".to_owned() })).await?;
        let today = forecast.today.to_string();
        Ok(Answer::Forecast { board: Box::new(ForecastBoard { today, figures, people, days, met }) })
    }
}
