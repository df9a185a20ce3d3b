//! What was seen, as a table for people and as JSON for programs.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::load::Turn;
use crate::machine;
use crate::run::Case;

/// From this part of all processors on nobody waits for anything else.
const BUSY: f64 = 0.8;

/// One thing that was measured, against what it shall be.
#[derive(Serialize)]
pub struct Row {
    #[serde(serialize_with = "name")]
    pub case: Case,
    /// As a person reads it.
    pub seen: String,
    pub target: String,
    /// `None`: not measured.
    pub met: Option<bool>,
    /// What stood in the way of more, or why there is no figure.
    pub note: String,
    /// All that it was computed from.
    pub figures: Value,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn name<S: serde::Serializer>(case: &Case, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(case.name())
}

impl Row {
    pub fn unmeasured(case: Case, target: &str, why: String) -> Self {
        let (seen, target) = ("-".to_owned(), target.to_owned());
        Self { case, seen, target, met: None, note: why, figures: Value::Null }
    }

    /// Something that shall not be more.
    pub fn at_most(case: Case, unit: &str, seen: f64, limit: f64) -> Self {
        Self {
            case,
            seen: format!("{seen:.1} {unit}"),
            target: format!("at most {limit:.0} {unit}"),
            met: Some(seen <= limit),
            note: String::new(),
            figures: json!({ "seen": seen, "limit": limit, "unit": unit }),
        }
    }
}

pub fn turns(turns: &[Turn]) -> Value {
    json!({
        "per_second": median_of(turns, Turn::per_second),
        "per_processor_second": median_of(turns, Turn::per_processor_second),
        "errors": turns.iter().map(|turn| turn.errors).sum::<u64>(),
        "limit": limit(turns),
        "rounds": turns,
    })
}

/// What kept the rate from being higher, by who had the processors.
pub fn limit(turns: &[Turn]) -> String {
    let sum = |of: fn(&Turn) -> f64| turns.iter().map(of).sum::<f64>();
    let processors = f64::from(u16::try_from(machine::processors()).unwrap_or(u16::MAX));
    let all = (sum(|turn| turn.wall_seconds) * processors).max(f64::MIN_POSITIVE);
    let server = sum(|turn| turn.server_seconds) / all;
    let generator = sum(|turn| turn.generator_seconds) / all;
    let limit = if server + generator < BUSY {
        "waiting was the limit"
    } else if generator > server {
        "the generator was the limit"
    } else {
        "the server was the limit"
    };
    format!("server {} and generator {} of all processors: {limit}", percent(server), percent(generator))
}

pub fn median_of(turns: &[Turn], of: impl Fn(&Turn) -> f64) -> f64 {
    median(&turns.iter().map(of).collect::<Vec<_>>())
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

pub fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

/// The rows in columns, each with its explanation below.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let case = width(|row| row.case.title());
    let seen = width(|row| &row.seen);
    let target = width(|row| &row.target);
    for row in rows {
        let met = match row.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not measured",
        };
        // Writing to a text cannot fail.
        let title = row.case.title();
        let _ = writeln!(text, "{title:case$}  {:>seen$}  {:target$}  {met}", row.seen, row.target);
        if !row.note.is_empty() {
            let _ = writeln!(text, "    {}", row.note);
        }
    }
    text
}
