//! Spans of time as an operator writes them: a number and its unit.

use std::time::Duration;

/// Longest accepted span, in milliseconds: a hundred years of 365 days.
const SPAN_MS_MAX: u64 = 36_500 * 86_400_000;

/// Reads `250ms`, `60s`, `15m`, `12h` or `30d`; `None` for anything else.
pub fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let ms: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let total = number.parse::<u64>().ok()?.checked_mul(ms)?;
    (total <= SPAN_MS_MAX).then(|| Duration::from_millis(total))
}

#[cfg(test)]
mod tests {
    use super::{Duration, parse};

    #[test]
    fn a_span_is_a_number_and_its_unit() {
        for (text, ms) in [
            ("0ms", 0),
            ("250ms", 250),
            ("60s", 60_000),
            ("15m", 900_000),
            ("72h", 259_200_000),
            ("1d", 86_400_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(ms)), "{text}");
        }
        for text in
            ["", "5", "s", "-5s", "1.5h", "5 s", "5S", "5min", "1h30m", "99999999999999999999s", "40000d"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
