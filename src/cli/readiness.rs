//! How `cardea people readiness` is shown.

use super::operator::ReadinessBoard;
use super::output;

pub fn show(board: &ReadinessBoard, json: bool) {
    if json {
        return output::json(board);
    }
    let head = ["name", "readiness", "password", "apps", "passkeys", "security keys", "recovery codes"];
    let rows = board.people.iter().map(|person| {
        vec![
            person.name.clone(),
            person.readiness.name().replace('_', " "),
            if person.password { "yes" } else { "no" }.to_owned(),
            person.apps.to_string(),
            person.passkeys.to_string(),
            person.security_keys.to_string(),
            person.recovery_codes.to_string(),
        ]
    });
    let all: Vec<Vec<String>> = std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect();
    output::table(&all);
    let figures = &board.figures;
    output::line(&format!(
        "{} people: {} ready, {} almost ready, {} not ready",
        figures.people, figures.ready, figures.almost, figures.not_ready
    ));
}
