//! Rules of the signing keys: nobody meets a key that is not published yet, or not any more.

use std::time::Duration;

use crate::config::findings::report::{Check, Report};
use crate::config::sections::SigningConfig;
use crate::config::settings::Config;

pub const CHECKS: &[Check] = &[keys_are_known_before_they_sign, keys_outlive_what_they_signed];

fn keys_are_known_before_they_sign(config: &Config, report: &mut Report<'_>) {
    let signing = &config.signing;
    let (second, day) = (Duration::from_secs(1), Duration::from_hours(24));
    report.span_within("signing.key_set_max_age", signing.key_set_max_age, (second, day));
    let least = SigningConfig::everywhere(signing.key_set_max_age).max(SigningConfig::SOONEST);
    report.span_within("signing.published_before", signing.published_before, (least, 30 * day));
    report.span_within("signing.signs_for", signing.signs_for, (signing.published_before, 400 * day));
}

fn keys_outlive_what_they_signed(config: &Config, report: &mut Report<'_>) {
    const FIELD: &str = "signing.published_after";
    let tokens = &config.tokens;
    let signed = [tokens.access_token, tokens.access_token_immediate, tokens.id_token];
    let sessions = config.sessions.values().map(|lifetimes| lifetimes.absolute);
    let longest = signed.into_iter().chain(sessions).max().unwrap_or_default();
    let least = longest.saturating_add(SigningConfig::CLOCKS_APART_MAX);
    report.span_within(FIELD, config.signing.published_after, (least, Duration::from_hours(24 * 400)));
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::Config;

    type Change = fn(&mut Config);

    fn findings(change: Change) -> Vec<String> {
        let mut config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        change(&mut config);
        config.findings().into_iter().map(|finding| finding.field).collect()
    }

    #[test]
    fn a_key_is_published_longer_than_copies_are_kept_and_tokens_live() {
        let table: &[(&[&str], Change)] = &[
            (&[], |c| c.signing.published_before = Duration::from_secs(310)),
            (&["signing.published_before"], |c| c.signing.published_before = Duration::from_secs(309)),
            (&["signing.published_before"], |c| {
                c.signing.key_set_max_age = Duration::from_secs(1);
                c.signing.published_before = Duration::from_secs(69);
            }),
            (&["signing.published_before"], |c| c.signing.key_set_max_age = Duration::from_mins(15)),
            (&["signing.key_set_max_age"], |c| c.signing.key_set_max_age = Duration::ZERO),
            (&["signing.signs_for"], |c| c.signing.signs_for = Duration::from_mins(14)),
            (&[], |c| c.signing.published_after = Duration::from_secs(12 * 3600 + 5)),
            (&["signing.published_after"], |c| c.signing.published_after = Duration::from_hours(12)),
            (&["signing.published_after"], |c| {
                c.sessions.get_mut("staff").unwrap().absolute = Duration::from_hours(24);
            }),
        ];
        for (expected, change) in table {
            assert_eq!(findings(*change), *expected);
        }
    }
}
