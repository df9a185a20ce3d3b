//! Rules of what is kept: database, shared state, the log.

use std::time::Duration;

use crate::config::findings::report::{Check, Report};
use crate::config::settings::Config;

pub const CHECKS: &[Check] = &[database_is_known, state_is_known, the_log_is_prompt, the_clients_are_there];

/// Addresses are not repeated: they may hold a password.
fn database_is_known(config: &Config, report: &mut Report<'_>) {
    const SQLITE: &[&str] = &["sqlite:"];
    const POSTGRES: &[&str] = &["postgres:", "postgresql:"];
    let database = &config.database;
    let is = |url: &str, schemes: &[&str]| schemes.iter().any(|scheme| url.starts_with(scheme));
    let url = database.url.expose();
    let known = is(url, SQLITE) || is(url, POSTGRES);
    report.demand(known, "database.url", "must begin with sqlite:// or postgres://");
    let migration = database.migration_url.as_ref().map(|url| url.expose().as_str());
    let alike = migration.is_none_or(|url| is(url, POSTGRES)) && (migration.is_none() || is(url, POSTGRES));
    report.demand(
        alike || !known,
        "database.migration_url",
        "is for PostgreSQL alone, as database.url must then be",
    );
    report.within("database.connections_max", database.connections_max, (1, 256));
}

/// The default folder may be missing: then there are no applications yet. One that was written down may not.
fn the_clients_are_there(config: &Config, report: &mut Report<'_>) {
    let folder = &config.clients.folder;
    if report.is_written("clients.folder") && !folder.is_dir() {
        report.say("clients.folder", format!("{} is no folder", folder.display()));
    }
}

fn state_is_known(config: &Config, report: &mut Report<'_>) {
    let state = &config.state;
    let known = state
        .redis_url
        .as_ref()
        .is_none_or(|url| ["redis://", "rediss://"].iter().any(|scheme| url.expose().starts_with(scheme)));
    report.demand(known, "state.redis_url", "must begin with redis:// or rediss://");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let sound = (1..=32).contains(&state.prefix.len()) && state.prefix.chars().all(plain);
    report.demand(sound, "state.prefix", "must be 1 to 32 letters, digits, - or _");
}

fn the_log_is_prompt(config: &Config, report: &mut Report<'_>) {
    let log = &config.log;
    let least = Duration::from_millis(10);
    report.span_within("log.seal_every", log.seal_every, (least, Duration::from_secs(1)));
    report.span_within("log.head_every", log.head_every, (least, Duration::from_mins(1)));
    report.within("log.personal_months", log.personal_months, (1, 120));
    report.demand(log.copy != log.heads, "log.heads", "must not be the same file as log.copy");
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::Config;
    use crate::kernel::secret::Secret;

    type Change = fn(&mut Config);

    #[test]
    fn each_wrong_value_is_told_once_by_its_key_and_no_address_is_repeated() {
        let table: &[(&str, Change)] = &[
            ("database.url", |c| c.database.url = Secret::new("mysql://u:hush@h/d".into())),
            ("database.migration_url", |c| {
                c.database.migration_url = Some(Secret::new("postgres://u:hush@h/d".into()));
            }),
            ("database.connections_max", |c| c.database.connections_max = 0),
            ("state.redis_url", |c| c.state.redis_url = Some(Secret::new("http://u:hush@h".into()))),
            ("state.prefix", |c| c.state.prefix = "a:b".into()),
            ("log.seal_every", |c| c.log.seal_every = Duration::from_secs(2)),
            ("log.head_every", |c| c.log.head_every = Duration::ZERO),
            ("log.heads", |c| c.log.heads.clone_from(&c.log.copy)),
        ];
        for (field, change) in table {
            let mut config =
                Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
            change(&mut config);
            let found = config.findings();
            assert_eq!(found.iter().map(|finding| finding.field.as_str()).collect::<Vec<_>>(), [*field]);
            assert!(found.iter().all(|finding| !finding.to_string().contains("hush")));
        }
    }
}
