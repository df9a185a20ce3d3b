//! What is told of passwords that run out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::authenticator::Readiness;
use crate::expiry::{DayLoad, Month};

#[derive(Serialize, Deserialize)]
pub struct ForecastBoard {
    /// As 2027-01-12, like all days here.
    pub today: String,
    pub figures: ForecastFigures,
    pub people: Vec<PersonForeseen>,
    /// Days from today on with somebody on them.
    pub days: Vec<DayShown>,
    /// Who met an expired password at the sign-in, by month.
    pub met: BTreeMap<String, MonthShown>,
}

#[derive(Default, Serialize, Deserialize)]
pub struct ForecastFigures {
    /// Whose password has a date.
    pub people: usize,
    /// Whose date has passed.
    pub expired: usize,
    /// For whom no good day is left before the date.
    pub without_day: usize,
    /// Of those whose date is ahead: who could not get back in alone.
    pub not_ready: usize,
    /// People that a day may have, by `expiry.percent_a_day`.
    pub share: usize,
    /// People beyond that, over all days: the rules cannot be kept.
    pub beyond: usize,
    /// Most people on one day from today on, by their dates and by their change-by days.
    pub most_expire: usize,
    pub most_asked: usize,
}

#[derive(Serialize, Deserialize)]
pub struct PersonForeseen {
    pub name: String,
    pub directory: String,
    /// The directory's own date, to the second.
    pub expires_at: String,
    pub change_by: Option<String>,
    pub readiness: Readiness,
}

#[derive(Serialize, Deserialize)]
pub struct DayShown {
    pub day: String,
    pub expire: usize,
    pub asked: usize,
}

#[derive(Serialize, Deserialize)]
pub struct MonthShown {
    pub at_home: usize,
    pub at_the_office: usize,
}

impl DayShown {
    pub fn of(day: &impl ToString, load: DayLoad) -> Self {
        Self { day: day.to_string(), expire: load.expire, asked: load.asked }
    }
}

impl From<Month> for MonthShown {
    fn from(month: Month) -> Self {
        Self { at_home: month.at_home, at_the_office: month.at_the_office }
    }
}
