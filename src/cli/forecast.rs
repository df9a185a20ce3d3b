//! How `cardea people forecast` is shown.

use super::operator::ForecastBoard;
use super::output;

pub fn show(board: &ForecastBoard, json: bool) {
    if json {
        return output::json(board);
    }
    let head = ["name", "directory", "expires", "change by", "readiness"].map(str::to_owned).to_vec();
    let people = board.people.iter().map(|person| {
        vec![
            person.name.clone(),
            person.directory.clone(),
            person.expires_at.clone(),
            person.change_by.clone().unwrap_or_else(|| "-".to_owned()),
            person.readiness.name().replace('_', " "),
        ]
    });
    output::table(&std::iter::once(head).chain(people).collect::<Vec<_>>());
    output::line("");
    let head = ["day", "expire", "asked to change by"].map(str::to_owned).to_vec();
    let days = board.days.iter();
    let days = days.map(|day| vec![day.day.clone(), day.expire.to_string(), day.asked.to_string()]);
    output::table(&std::iter::once(head).chain(days).collect::<Vec<_>>());
    output::line("");
    let head = ["month", "met expired at home", "at the office"].map(str::to_owned).to_vec();
    let months = board.met.iter();
    let months = months
        .map(|(name, month)| vec![name.clone(), month.at_home.to_string(), month.at_the_office.to_string()]);
    output::table(&std::iter::once(head).chain(months).collect::<Vec<_>>());
    output::line("");
    let figures = &board.figures;
    output::line(&format!(
        "{} people with a date: {} past it, {} without a day that is left, {} not ready; at most {} on a day by their \
         dates, {} as asked",
        figures.people,
        figures.expired,
        figures.without_day,
        figures.not_ready,
        figures.most_expire,
        figures.most_asked
    ));
    if figures.beyond > 0 {
        output::line(&format!(
            "{} people are beyond the share of {} a day: raise expiry.percent_a_day or expiry.spread_days, or live with it",
            figures.beyond, figures.share
        ));
    }
}
