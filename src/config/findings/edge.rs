//! Rules of the edge: the name of the service, who may speak for others, TLS, limits.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use url::{Host, Url};

use crate::config::findings::report::{Check, Report};
use crate::config::settings::Config;

pub const CHECKS: &[Check] = &[
    issuer_is_an_origin,
    trusted_proxies_are_not_everyone,
    internal_listener_is_internal,
    tls_files_come_in_pairs,
    somebody_ends_tls,
    request_limits_are_sound,
    token_lives_are_short,
];

/// Networks wider than these are "everyone" in disguise.
const V4_PREFIX_MIN: u8 = 8;
const V6_PREFIX_MIN: u8 = 7;

/// Source: OIDC Discovery §3 (`issuer`), narrowed to an origin: cookies and CSRF rules speak of origins.
fn issuer_is_an_origin(config: &Config, report: &mut Report<'_>) {
    const FIELD: &str = "server.issuer";
    let issuer = &config.server.issuer;
    let Ok(url) = Url::parse(issuer) else {
        return report.say(FIELD, "must be an address such as https://sign-in.example.be");
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    report.demand(safe, FIELD, "must begin with https:// unless its host is this machine itself");
    let origin = url.origin().ascii_serialization();
    if safe && origin != *issuer {
        report.say(FIELD, format!("must be scheme, host and port alone, so {origin}"));
    }
}

fn trusted_proxies_are_not_everyone(config: &Config, report: &mut Report<'_>) {
    for network in &config.server.trusted_proxies {
        let least = match network {
            IpNet::V4(_) => V4_PREFIX_MIN,
            IpNet::V6(_) => V6_PREFIX_MIN,
        };
        if network.prefix_len() < least {
            report.say(
                "server.trusted_proxies",
                format!("{network} is nearly everyone: name the proxies alone"),
            );
        }
    }
}

fn internal_listener_is_internal(config: &Config, report: &mut Report<'_>) {
    let internal = match config.server.internal_listen.ip() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    report.demand(
        internal,
        "server.internal_listen",
        "must be an address of this machine itself or of a private network",
    );
    let (outer, inner) = (config.server.listen, config.server.internal_listen);
    report.demand(
        outer != inner || outer.port() == 0,
        "server.internal_listen",
        "must differ from server.listen",
    );
}

fn tls_files_come_in_pairs(config: &Config, report: &mut Report<'_>) {
    let (certificate, key) = (config.server.tls_certificate.as_deref(), config.server.tls_key.as_deref());
    let missing = match (certificate, key) {
        (Some(_), None) => "server.tls_key",
        (None, Some(_)) => "server.tls_certificate",
        (Some(_), Some(_)) | (None, None) => "",
    };
    report.demand(missing.is_empty(), missing, "certificate and key come together or not at all");
    report.is_file("server.tls_certificate", certificate);
    report.is_file("server.tls_key", key);
}

/// An https issuer without TLS here needs a proxy, and a proxy has to be known: otherwise everyone
/// has the proxy's address and shares its limits.
fn somebody_ends_tls(config: &Config, report: &mut Report<'_>) {
    let server = &config.server;
    let here = server.tls_certificate.is_some() || server.tls_key.is_some();
    let held = here || !server.issuer.starts_with("https:") || !server.trusted_proxies.is_empty();
    report.demand(
        held,
        "server.trusted_proxies",
        "the issuer is https, so give a certificate and its key, or name the proxy that has them",
    );
}

fn request_limits_are_sound(config: &Config, report: &mut Report<'_>) {
    let server = &config.server;
    report.within("server.body_bytes_max", server.body_bytes_max, (4_096, 16_777_216));
    report.within("server.header_seconds_max", server.header_seconds_max, (1, 60));
    report.within("server.request_seconds_max", server.request_seconds_max, (5, 300));
}

/// Source: RFC 6749 §4.1.2 (codes live ten minutes at most), RFC 9700 §2.2.
fn token_lives_are_short(config: &Config, report: &mut Report<'_>) {
    let tokens = &config.tokens;
    let (second, hour) = (Duration::from_secs(1), Duration::from_hours(1));
    report.span_within("tokens.code", tokens.code, (second, Duration::from_mins(10)));
    report.span_within("tokens.access_token", tokens.access_token, (second, hour));
    report.span_within(
        "tokens.access_token_immediate",
        tokens.access_token_immediate,
        (second, tokens.access_token),
    );
    report.span_within("tokens.id_token", tokens.id_token, (second, hour));
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;

    fn findings(change: impl FnOnce(&mut Config)) -> Vec<String> {
        let mut config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        change(&mut config);
        config.findings().iter().map(|finding| format!("{}: {}", finding.field, finding.text)).collect()
    }

    #[test]
    fn an_issuer_is_an_origin_and_https_outside_of_this_machine() {
        for good in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:99", "https://id.example.be"]
        {
            let found = findings(|config| {
                config.server.issuer = good.to_owned();
                config.server.trusted_proxies = vec!["10.0.0.1/32".parse().unwrap()];
            });
            assert!(found.is_empty(), "{good}: {found:?}");
        }
        for bad in [
            "",
            "id.example.be",
            "http://id.example.be",
            "https://id.example.be/",
            "https://id.example.be/x",
            "https://id.example.be?x",
            "https://id.example.be#x",
            "https://ID.example.be",
            "https://a@id.example.be",
            "https://id.example.be:443",
            "ftp://localhost",
            "http://localhost.example.be",
            "file:///etc",
        ] {
            let found = findings(|config| {
                config.server.issuer = bad.to_owned();
                config.server.trusted_proxies = vec!["10.0.0.1/32".parse().unwrap()];
            });
            assert!(found.len() == 1 && found[0].starts_with("server.issuer: "), "{bad}: {found:?}");
        }
    }

    #[test]
    fn everyone_is_not_a_proxy_and_metrics_stay_inside() {
        for everyone in ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/7", "2000::/3"] {
            let found = findings(|config| config.server.trusted_proxies = vec![everyone.parse().unwrap()]);
            assert_eq!(found.len(), 1, "{everyone}: {found:?}");
        }
        for (address, wrong) in [
            ("127.0.0.1:1", 0),
            ("10.2.3.4:1", 0),
            ("[fd00::1]:1", 0),
            ("0.0.0.0:1", 1),
            ("[::]:1", 1),
            ("193.191.245.1:1", 1),
            ("127.0.0.1:8080", 1),
        ] {
            let found = findings(|config| config.server.internal_listen = address.parse().unwrap());
            assert_eq!(found.len(), wrong, "{address}: {found:?}");
        }
    }

    #[test]
    fn tls_is_whole_and_somewhere() {
        let found = findings(|config| config.server.tls_key = Some("/nowhere/key.pem".into()));
        assert_eq!(found.len(), 2, "{found:?}");
        let found = findings(|config| config.server.issuer = "https://id.example.be".into());
        assert!(found.len() == 1 && found[0].starts_with("server.trusted_proxies"), "{found:?}");
    }
}
