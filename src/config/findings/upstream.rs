//! Rules of upstream providers and of calls to others.

use std::time::Duration;

use url::Url;

use crate::config::client::SigningAlg;
use crate::config::findings::edge::is_loopback;
use crate::config::findings::report::{Check, Report};
use crate::config::settings::Config;
use crate::config::upstream::{UpstreamConfig, UpstreamKind};

pub const CHECKS: &[Check] =
    &[calls_end, keys_last_long_enough, sign_ins_end, each_name_is_plain, each_provider_in_use_is_whole];

/// Calls that one answer to a person may wait for: the code's exchange and the userinfo endpoint.
const CALLS_IN_A_ROW: u32 = 2;
/// How long providers keep a copy of our key set at the most. Source: itsme, Login API, JWK Set.
const COPIES_KEPT: Duration = Duration::from_hours(24);

fn calls_end(config: &Config, report: &mut Report<'_>) {
    let request = Duration::from_secs(config.server.request_seconds_max);
    let in_use = config.upstream.values().any(UpstreamConfig::is_in_use);
    // A request that waits for nobody sets no bound.
    let most = if in_use { request / (CALLS_IN_A_ROW + 1) } else { Duration::from_mins(1) };
    report.span_within("outgoing.call_time", config.outgoing.call_time, (Duration::from_secs(1), most));
    report.is_file("outgoing.ca", config.outgoing.ca.as_deref());
}

fn keys_last_long_enough(config: &Config, report: &mut Report<'_>) {
    let federation = &config.federation;
    let (minute, day) = (Duration::from_mins(1), Duration::from_hours(24));
    report.span_within("federation.key_set_max_age", federation.key_set_max_age, (minute, day));
    let least = COPIES_KEPT.max(federation.key_set_max_age);
    report.span_within("federation.keys_overlap", federation.keys_overlap, (least, 30 * day));
    report.span_within(
        "federation.keys_last",
        federation.keys_last,
        (2 * federation.keys_overlap, 800 * day),
    );
    report.span_within("federation.read_again_after", federation.read_again_after, (minute, day));
}

fn sign_ins_end(config: &Config, report: &mut Report<'_>) {
    let most = config.sign_in.journey_time;
    report.span_within(
        "federation.sign_in_time",
        config.federation.sign_in_time,
        (Duration::from_mins(1), most),
    );
}

fn each_name_is_plain(config: &Config, report: &mut Report<'_>) {
    for name in config.upstream.keys() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let sound = (1..=32).contains(&name.len()) && name.chars().all(plain);
        let text = "a provider's name must be 1 to 32 small letters, digits or -";
        report.demand(sound, &format!("upstream.{name}"), text);
    }
}

fn each_provider_in_use_is_whole(config: &Config, report: &mut Report<'_>) {
    for (name, upstream) in config.upstream.iter().filter(|(_, upstream)| upstream.is_in_use()) {
        let field = |key: &str| format!("upstream.{name}.{key}");
        issuer_is_exact(upstream, &field("issuer"), report);
        let secret = upstream.client_secret.is_some();
        if upstream.client_auth.needs_secret() {
            report.demand(
                secret,
                &field("client_secret"),
                "client_auth is by a secret, so there must be one",
            );
        } else {
            report.demand(
                !secret,
                &field("client_secret"),
                "client_auth is private_key_jwt, so leave it out",
            );
        }
        levels_are_told(upstream, &field, report);
        of_itsme(upstream, &field, report);
        for word in &upstream.scope {
            let sound =
                !word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
            report.demand(sound, &field("scope"), "each is one word of RFC 6749 §3.3");
        }
    }
}

/// Source: OIDC Discovery §3 (`issuer`): https, no query, no fragment. It need not be a host alone.
fn issuer_is_exact(upstream: &UpstreamConfig, field: &str, report: &mut Report<'_>) {
    let Ok(url) = Url::parse(&upstream.issuer) else {
        return report.say(field, "must be the provider's address, as its discovery document says it");
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    report.demand(safe, field, "must begin with https:// unless its host is this machine itself");
    let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    report.demand(bare, field, "must have no query, no fragment and no user");
}

fn levels_are_told(upstream: &UpstreamConfig, field: &dyn Fn(&str) -> String, report: &mut Report<'_>) {
    let told = upstream.kind == UpstreamKind::Fas || !upstream.gives_mfa.is_empty();
    let text = "must name the values of acr or amr by which this provider says that two factors were used";
    report.demand(told, &field("gives_mfa"), text);
}

fn of_itsme(upstream: &UpstreamConfig, field: &dyn Fn(&str) -> String, report: &mut Report<'_>) {
    if upstream.kind != UpstreamKind::Itsme {
        return;
    }
    report.demand(
        upstream.service.is_some(),
        &field("service"),
        "itsme answers no request without a service",
    );
    let signs = upstream.needs_signing_key() && upstream.signing_alg != SigningAlg::Rs256;
    report.demand(!signs, &field("signing_alg"), "itsme reads RS256 alone");
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::Config;
    use crate::config::upstream::{UpstreamAuth, UpstreamConfig};
    use crate::kernel::secret::Secret;

    fn findings(change: impl FnOnce(&mut Config)) -> Vec<String> {
        let mut config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        change(&mut config);
        config.findings().into_iter().map(|finding| finding.field).collect()
    }

    fn of(name: &str, change: impl FnOnce(&mut UpstreamConfig)) -> Vec<String> {
        findings(|config| {
            let upstream = config.upstream.get_mut(name).unwrap();
            upstream.client_id = Some("ours".into());
            upstream.service = Some("CODE".into());
            upstream.issuer = "https://idp.example.be/fas/oauth2".into();
            change(upstream);
        })
    }

    #[test]
    fn a_provider_that_is_in_use_is_whole() {
        let none: [&str; 0] = [];
        assert_eq!(of("fas", |_| {}), none);
        assert_eq!(of("itsme", |_| {}), none);
        assert_eq!(of("oidc", |_| {}), ["upstream.oidc.gives_mfa"]);
        assert_eq!(of("itsme", |u| u.service = None), ["upstream.itsme.service"]);
        assert_eq!(
            of("fas", |u| u.client_auth = UpstreamAuth::ClientSecretBasic),
            ["upstream.fas.client_secret"]
        );
        assert_eq!(
            of("fas", |u| u.client_secret = Some(Secret::new("x".into()))),
            ["upstream.fas.client_secret"]
        );
        for bad in
            ["", "idp.example.be", "http://idp.example.be", "https://idp.example.be?x", "https://a@b.be/"]
        {
            assert_eq!(of("fas", |u| u.issuer = bad.into()), ["upstream.fas.issuer"], "{bad}");
        }
        assert_eq!(of("fas", |u| u.issuer = "http://127.0.0.1:99/x".into()), none);
        // What is not in use may be anything.
        assert_eq!(findings(|config| config.upstream.get_mut("fas").unwrap().issuer = "?".into()), none);
    }

    #[test]
    fn spans_of_federation_are_sound() {
        type Change = fn(&mut Config);
        let table: &[(&str, Change)] = &[
            ("outgoing.call_time", |c| c.outgoing.call_time = Duration::from_secs(61)),
            ("outgoing.call_time", |c| c.outgoing.call_time = Duration::from_millis(999)),
            ("outgoing.ca", |c| c.outgoing.ca = Some("/nowhere/ca.pem".into())),
            ("federation.keys_overlap", |c| c.federation.keys_overlap = Duration::from_hours(23)),
            ("federation.keys_last", |c| c.federation.keys_last = Duration::from_hours(90)),
            ("federation.key_set_max_age", |c| c.federation.key_set_max_age = Duration::ZERO),
            ("federation.sign_in_time", |c| c.federation.sign_in_time = Duration::from_hours(1)),
            ("federation.read_again_after", |c| c.federation.read_again_after = Duration::from_secs(1)),
        ];
        for (field, change) in table {
            assert_eq!(findings(change), [*field]);
        }
        // An answer to a person waits for two calls, where a provider is in use.
        let waiting = |seconds| {
            findings(|config| {
                config.upstream.get_mut("fas").unwrap().client_id = Some("ours".into());
                config.outgoing.call_time = Duration::from_secs(seconds);
            })
        };
        assert_eq!((waiting(11), waiting(9).len()), (vec!["outgoing.call_time".to_owned()], 0));
        let named = findings(|config| {
            let again = config.upstream["oidc"].clone();
            config.upstream.insert("Not plain".into(), again);
        });
        assert_eq!(named, ["upstream.Not plain"]);
    }
}
