//! Rules of what people meet: passwords, pauses, sessions, mail, the name of the house.

use std::net::IpAddr;
use std::time::Duration;

use crate::config::findings::report::{Check, Report};
use crate::config::sections::{InLanguages, MailEncryption, MailKind};
use crate::config::settings::Config;
use crate::kernel::acr::Acr;
use crate::kernel::role::Role;

pub const CHECKS: &[Check] = &[
    hashing_is_strong,
    hashing_fits_the_machine,
    pauses_are_sound,
    refusals_take_their_time,
    resets_are_bounded,
    a_password_alone_is_for_the_demo,
    hardware_can_be_told,
    sessions_end,
    passwords_follow_the_standard,
    expiry_can_be_foreseen,
    mail_can_be_sent,
    the_house_has_a_name,
];

/// Least memory in KiB by the number of passes. Source: OWASP Password Storage (Argon2id).
const MEMORY_KIB_MIN: [(u32, u32); 5] = [(1, 47_104), (2, 19_456), (3, 12_288), (4, 9_216), (5, 7_168)];

fn hashing_is_strong(config: &Config, report: &mut Report<'_>) {
    let hashing = &config.hashing;
    report.within("hashing.passes", hashing.passes, (1, 64));
    let least = MEMORY_KIB_MIN.iter().rev().find(|(passes, _)| hashing.passes >= *passes);
    if let Some((_, least)) = least.filter(|(_, least)| hashing.memory_kib < *least) {
        let passes = hashing.passes;
        report.say(
            "hashing.memory_kib",
            format!("must be {least} or more with {passes} passes, or take more passes"),
        );
    }
}

fn hashing_fits_the_machine(config: &Config, report: &mut Report<'_>) {
    let hashing = &config.hashing;
    report.demand(
        hashing.memory_kib <= 1_048_576,
        "hashing.memory_kib",
        "must be at most 1048576 (one GiB a run)",
    );
    report.within("hashing.lanes", hashing.lanes, (1, 16));
    report.within("hashing.workers", hashing.workers, (0, 256));
    report.within("hashing.waiting_max", hashing.waiting_max, (2, 65_536));
}

/// Source: NIST SP 800-63B-4 §3.2.2 (at most 100 consecutive failures).
fn pauses_are_sound(config: &Config, report: &mut Report<'_>) {
    let sign_in = &config.sign_in;
    report.within("sign_in.failures_max", sign_in.failures_max, (1, 100));
    report.within("sign_in.attempts_before_pause", sign_in.attempts_before_pause, (1, sign_in.failures_max));
    let second = Duration::from_secs(1);
    report.span_within("sign_in.pause_first", sign_in.pause_first, (second, sign_in.pause_longest));
    report.span_within("sign_in.pause_longest", sign_in.pause_longest, (second, Duration::from_hours(24)));
    report.within("sign_in.attempts_per_source", sign_in.attempts_per_source, (1, 10_000));
    report.within("sign_in.journeys_per_source", sign_in.journeys_per_source, (1, 10_000));
    report.span_within("sign_in.source_span", sign_in.source_span, (second, Duration::from_hours(1)));
    report.within("sign_in.code_attempts_max", sign_in.code_attempts_max, (1, 10));
    let (minute, hour) = (Duration::from_mins(1), Duration::from_hours(1));
    report.span_within("sign_in.journey_time", sign_in.journey_time, (minute, hour));
    report.span_within("sign_in.case_code_time", sign_in.case_code_time, (hour, 24 * 31 * hour));
    if let Some(span) = sign_in.trusted_browser {
        report.span_within("sign_in.trusted_browser", span, (24 * hour, 24 * 90 * hour));
    }
}

fn refusals_take_their_time(config: &Config, report: &mut Report<'_>) {
    let (time, jitter) = (config.sign_in.refusal_time, config.sign_in.refusal_jitter);
    report.span_within("sign_in.refusal_time", time, (Duration::from_millis(100), Duration::from_secs(5)));
    report.span_within("sign_in.refusal_jitter", jitter, (Duration::from_millis(10), time));
}

/// Source: NIST SP 800-63B-4 §4.2.1.3 (a code by mail lasts 24 hours at most; here it is asked for and typed at once).
fn resets_are_bounded(config: &Config, report: &mut Report<'_>) {
    let reset = &config.reset;
    let (second, minute, day) = (Duration::from_secs(1), Duration::from_mins(1), Duration::from_hours(24));
    report.span_within("reset.answer_time", reset.answer_time, (Duration::from_millis(10), 5 * second));
    report.span_within(
        "reset.answer_jitter",
        reset.answer_jitter,
        (Duration::from_millis(1), reset.answer_time),
    );
    report.within("reset.begun_per_hour", reset.begun_per_hour, (1, 1_000));
    report.span_within("reset.mail_code_time", reset.mail_code_time, (minute, 30 * minute));
    report.within("reset.mail_code_tries", reset.mail_code_tries, (1, 10));
    report.within("reset.mail_codes_per_hour", reset.mail_codes_per_hour, (1, 10));
    report.span_within("reset.not_me_time", reset.not_me_time, (day, 31 * day));
    report.within("reset.not_me_per_day", reset.not_me_per_day, (1, 20));
    let plain = |domain: &String| domain.contains('.') && !domain.contains(['@', ' ', '*']);
    report.demand(
        reset.mailboxes_behind_password.iter().all(plain),
        "reset.mailboxes_behind_password",
        "must be mail domains such as \"chancellery.example\"",
    );
}

/// Source: OWASP ASVS 5.0 §6.3.3.
fn a_password_alone_is_for_the_demo(config: &Config, report: &mut Report<'_>) {
    for role in Role::ALL {
        let field = format!("assurance.{}", role.name());
        let two = config.assurance.of(role) >= Acr::Mfa;
        report.demand(two, &field, "must be \"mfa\" or more: a password alone is for the demo");
    }
}

fn hardware_can_be_told(config: &Config, report: &mut Report<'_>) {
    let passkeys = &config.passkeys;
    report.is_file("passkeys.metadata", passkeys.metadata.as_deref());
    let paired = passkeys.hardware_models.is_empty() || passkeys.metadata.is_some();
    report.demand(paired, "passkeys.hardware_models", "needs the metadata that says who signs for them");
    let reachable = !passkeys.hardware_models.is_empty();
    for role in Role::ALL {
        let field = format!("assurance.{}", role.name());
        let fits = reachable || config.assurance.of(role) < Acr::Phrh;
        report.demand(fits, &field, "\"phrh\" needs passkeys.hardware_models: without them nobody gets in");
    }
}

fn sessions_end(config: &Config, report: &mut Report<'_>) {
    for (role, lifetimes) in &config.sessions {
        let longest = Duration::from_hours(24 * 30);
        report.span_within(
            &format!("sessions.{role}.absolute"),
            lifetimes.absolute,
            (Duration::from_mins(1), longest),
        );
        let sound = !lifetimes.idle.is_zero() && lifetimes.idle < lifetimes.absolute;
        report.demand(sound, &format!("sessions.{role}.idle"), "must be shorter than `absolute`");
    }
}

/// Source: NIST SP 800-63B-4 §3.1.1.2.
fn passwords_follow_the_standard(config: &Config, report: &mut Report<'_>) {
    let passwords = &config.passwords;
    report.within("passwords.length_max", passwords.length_max, (64, 256));
    report.within("passwords.length_min_alone", passwords.length_min_alone, (15, passwords.length_max));
    report.within(
        "passwords.length_min_with_second",
        passwords.length_min_with_second,
        (8, passwords.length_max),
    );
    report.within("passwords.strength_min", passwords.strength_min, (0, 4));
    report.is_file("passwords.blocklist", passwords.blocklist.as_deref());
    report.is_file("passwords.breach_filter", passwords.breach_filter.as_deref());
    let too_often = passwords.expires_after.is_some_and(|age| age < Duration::from_hours(24));
    report.demand(!too_often, "passwords.expires_after", "must be a day or more, or empty for never");
}

/// Source: of the days, `expiry::model`.
fn expiry_can_be_foreseen(config: &Config, report: &mut Report<'_>) {
    let expiry = &config.expiry;
    let sound = (1..=8).contains(&expiry.notice_days.len())
        && expiry.notice_days.iter().all(|days| (1..=60).contains(days));
    report.demand(sound, "expiry.notice_days", "must be one to eight numbers between 1 and 60");
    report.within("expiry.asked_days", expiry.asked_days, (1, 30));
    report.within("expiry.percent_a_day", expiry.percent_a_day, (1, 100));
    report.within("expiry.margin_days", expiry.margin_days, (1, 30));
    report.within("expiry.spread_days", expiry.spread_days, (expiry.margin_days.max(7), 90));
}

fn mail_can_be_sent(config: &Config, report: &mut Report<'_>) {
    let mail = &config.mail;
    report.demand(mail.from.contains('@'), "mail.from", "must be a mail address");
    report.within("mail.per_person_per_hour", mail.per_person_per_hour, (1, 1_000));
    report.within("mail.tries_max", mail.tries_max, (1, 100));
    if mail.kind != MailKind::Smtp {
        return;
    }
    report.demand(!mail.host.is_empty(), "mail.host", "kind = \"smtp\" needs the host of the mail server");
    report.demand(mail.port != 0, "mail.port", "must not be 0");
    let open = mail.encryption == MailEncryption::None && !is_this_machine(&mail.host);
    report.demand(!open, "mail.encryption", "may be \"none\" only for a mail server on this machine");
    let paired = mail.user.is_some() == mail.password.is_some();
    report.demand(paired, "mail.password", "user and password come together or not at all");
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn the_house_has_a_name(config: &Config, report: &mut Report<'_>) {
    let house = &config.house;
    report.demand(!house.phone.trim().is_empty(), "house.phone", "must not be empty");
    for (part, texts) in [("name", &house.name), ("hours", &house.hours)] {
        let InLanguages { nl, fr, de, en } = texts;
        for (code, text) in [("nl", nl), ("fr", fr), ("de", de), ("en", en)] {
            report.demand(!text.trim().is_empty(), &format!("house.{part}.{code}"), "must not be empty");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::{Config, MailEncryption, MailKind};
    use crate::kernel::acr::Acr;

    type Change = fn(&mut Config);

    #[test]
    fn each_wrong_value_is_told_once_by_its_key() {
        let table: &[(&str, Change)] = &[
            ("hashing.memory_kib", |c| c.hashing.memory_kib = 19_455),
            ("hashing.memory_kib", |c| c.hashing.passes = 1),
            ("hashing.passes", |c| c.hashing.passes = 0),
            ("sign_in.failures_max", |c| c.sign_in.failures_max = 101),
            ("sign_in.attempts_before_pause", |c| c.sign_in.attempts_before_pause = 0),
            ("sign_in.pause_first", |c| c.sign_in.pause_first = Duration::from_hours(2)),
            ("sign_in.refusal_time", |c| c.sign_in.refusal_time = Duration::from_millis(60)),
            ("sign_in.trusted_browser", |c| c.sign_in.trusted_browser = Some(Duration::from_hours(1))),
            ("reset.answer_time", |c| c.reset.answer_time = Duration::from_secs(6)),
            ("reset.mail_code_time", |c| c.reset.mail_code_time = Duration::from_hours(2)),
            ("reset.mail_code_tries", |c| c.reset.mail_code_tries = 11),
            ("reset.mailboxes_behind_password", |c| {
                c.reset.mailboxes_behind_password = vec!["*@chancellery.example".into()];
            }),
            ("assurance.auditor", |c| c.assurance.auditor = Acr::Pwd),
            ("assurance.admin", |c| c.assurance.admin = Acr::Phrh),
            ("passkeys.metadata", |c| c.passkeys.metadata = Some("/nowhere/blob.jwt".into())),
            ("passkeys.hardware_models", |c| c.passkeys.hardware_models = vec![uuid::Uuid::nil()]),
            ("sessions.desk.idle", |c| c.sessions.get_mut("desk").unwrap().idle = Duration::from_hours(10)),
            ("sessions.desk.idle", |c| c.sessions.get_mut("desk").unwrap().idle = Duration::ZERO),
            ("passwords.length_min_alone", |c| c.passwords.length_min_alone = 14),
            ("passwords.length_min_with_second", |c| c.passwords.length_min_with_second = 7),
            ("passwords.length_max", |c| c.passwords.length_max = 257),
            ("passwords.strength_min", |c| c.passwords.strength_min = 5),
            ("passwords.blocklist", |c| c.passwords.blocklist = Some("/nowhere/list".into())),
            ("passwords.breach_filter", |c| c.passwords.breach_filter = Some("/nowhere/list".into())),
            ("expiry.notice_days", |c| c.expiry.notice_days = vec![14, 0]),
            ("expiry.percent_a_day", |c| c.expiry.percent_a_day = 0),
            ("expiry.spread_days", |c| c.expiry.spread_days = 2),
            ("mail.host", |c| c.mail.kind = MailKind::Smtp),
            ("mail.encryption", |c| {
                c.mail.kind = MailKind::Smtp;
                c.mail.host = "mail.example.be".into();
                c.mail.encryption = MailEncryption::None;
            }),
            ("mail.password", |c| {
                c.mail.kind = MailKind::Smtp;
                c.mail.host = "mail.example.be".into();
                c.mail.user = Some("cardea".into());
            }),
            ("house.hours.de", |c| c.house.hours.de.clear()),
        ];
        for (field, change) in table {
            let mut config =
                Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
            change(&mut config);
            let found: Vec<String> = config.findings().into_iter().map(|finding| finding.field).collect();
            assert_eq!(found, [*field]);
        }
    }

    #[test]
    fn more_passes_make_up_for_less_memory() {
        let mut config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        (config.hashing.memory_kib, config.hashing.passes) = (7_168, 6);
        assert_eq!(config.findings(), vec![]);
    }
}
