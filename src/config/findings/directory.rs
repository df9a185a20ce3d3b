//! Rules of directories beside our own.

use std::time::Duration;

use url::Url;

use crate::config::directory::DirectoryConfig;
use crate::config::findings::report::{Check, Report};
use crate::config::settings::Config;

pub const CHECKS: &[Check] = &[each_name_is_plain, each_directory_in_use_is_whole, previous_is_kept_a_while];

/// The directory of our own.
const OUR_OWN: &str = "local";
/// Calls in a row that one sign-in may wait for: look-up and bind, at two controllers.
const CALLS_IN_A_ROW: u32 = 4;
/// What is disabled there is closed here within a minute, the reading itself included.
const REFRESH_MOST: Duration = Duration::from_secs(45);

fn each_name_is_plain(config: &Config, report: &mut Report<'_>) {
    for name in config.directory.keys() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let sound = (1..=32).contains(&name.len()) && name.chars().all(plain) && name != OUR_OWN;
        let text = "a directory's name must be 1 to 32 small letters, digits or -, and not `local`";
        report.demand(sound, &format!("directory.{name}"), text);
    }
}

fn each_directory_in_use_is_whole(config: &Config, report: &mut Report<'_>) {
    for (name, directory) in config.directory.iter().filter(|(_, directory)| directory.is_in_use()) {
        let field = |key: &str| format!("directory.{name}.{key}");
        for controller in &directory.controllers {
            let sound = Url::parse(controller)
                .is_ok_and(|url| ["ldap", "ldaps"].contains(&url.scheme()) && url.has_host());
            let text = "each is ldaps://HOST, or ldap://HOST which then begins with StartTLS";
            report.demand(sound, &field("controllers"), text);
        }
        report.demand(
            directory.ca.is_some(),
            &field("ca"),
            "must name the authorities of the controllers; those of the system are not asked",
        );
        report.is_file(&field("ca"), directory.ca.as_deref());
        let named = directory.bind_name.is_some() && directory.bind_password.is_some();
        report.demand(named, &field("bind_name"), "the service account needs a name and a password");
        report.demand(!directory.base.is_empty(), &field("base"), "must say where people are");
        let filter = directory.person_filter.trim();
        let bracketed = filter.starts_with('(') && filter.ends_with(')');
        report.demand(bracketed, &field("person_filter"), "must be a filter in brackets (RFC 4515)");
        times_fit(config, directory, &field, report);
    }
}

fn times_fit(
    config: &Config,
    directory: &DirectoryConfig,
    field: &dyn Fn(&str) -> String,
    report: &mut Report<'_>,
) {
    let second = Duration::from_secs(1);
    let most = Duration::from_secs(config.server.request_seconds_max) / CALLS_IN_A_ROW;
    report.span_within(&field("connect_time"), directory.connect_time, (second / 2, most));
    report.span_within(&field("answer_time"), directory.answer_time, (second / 2, most));
    report.span_within(&field("refresh_every"), directory.refresh_every, (second, REFRESH_MOST));
    let day = Duration::from_hours(24);
    report.span_within(&field("read_all_every"), directory.read_all_every, (60 * second, day));
    report.within(&field("page_entries"), directory.page_entries, (1, 5000));
    report.within(&field("people_max"), directory.people_max, (1, 1_000_000));
    report.within(&field("lockout_threshold_unknown"), directory.lockout_threshold_unknown, (1, 5));
}

fn previous_is_kept_a_while(config: &Config, report: &mut Report<'_>) {
    if let Some(kept) = config.passwords.previous_kept {
        let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
        report.span_within("passwords.previous_kept", kept, (hour, 90 * day));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::Config;
    use crate::config::directory::DirectoryConfig;
    use crate::kernel::secret::Secret;

    fn of(change: impl FnOnce(&mut DirectoryConfig)) -> Vec<String> {
        let mut config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        let directory = config.directory.get_mut("ad").unwrap();
        directory.controllers = vec!["ldaps://dc1.example.be".into()];
        directory.ca = Some("/etc/hostname".into());
        directory.bind_name = Some("svc@example.be".into());
        directory.bind_password = Some(Secret::new("secret".into()));
        directory.base = "dc=example,dc=be".into();
        change(directory);
        config.findings().into_iter().map(|finding| finding.field).collect()
    }

    #[test]
    fn a_directory_in_use_is_whole_and_never_plain() {
        type Change = fn(&mut DirectoryConfig);
        let broken = of(|_| {});
        assert!(!broken.iter().any(|field| field.starts_with("directory.")), "{broken:?}");
        let table: [(&str, Change); 7] = [
            ("directory.ad.controllers", |ad| ad.controllers.push("http://dc1".into())),
            ("directory.ad.ca", |ad| ad.ca = None),
            ("directory.ad.bind_name", |ad| ad.bind_password = None),
            ("directory.ad.base", |ad| ad.base = String::new()),
            ("directory.ad.person_filter", |ad| ad.person_filter = "objectClass=user".into()),
            ("directory.ad.refresh_every", |ad| ad.refresh_every = Duration::from_mins(1)),
            ("directory.ad.lockout_threshold_unknown", |ad| ad.lockout_threshold_unknown = 6),
        ];
        for (field, change) in table {
            assert!(of(change).contains(&field.to_owned()), "{field}");
        }
    }
}
