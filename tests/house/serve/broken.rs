//! A configuration that is wrong: the start is refused with code 2 and one sentence that names the file, the
//! line and the field; nothing was begun. `check` tells the same.

use std::net::TcpListener;

use super::site::{Authority, Site};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// What `serve`, and in its own words `check`, say of a setting.
struct Sentence {
    section: &'static str,
    key: &'static str,
    says: &'static str,
}

const fn of(section: &'static str, key: &'static str, says: &'static str) -> Sentence {
    Sentence { section, key, says }
}

fn assert_refused(site: &Site, expected: &Sentence) {
    let Sentence { section, key, says } = expected;
    let place = site.place(section, key);
    let names_it = |text: &str| {
        let field =
            text.contains(&format!("{section}.{key}")) || text.contains(&format!("[{section}] {key}"));
        text.contains(&place) && (field || text.contains(&format!("`{key}`"))) && text.contains(says)
    };
    let before = files(site);
    let told = site.run(&["serve"]).refused(2);
    assert!(names_it(&told), "serve told `{told}`, not {place}, {section}.{key}, `{says}`");
    let ran = site.run(&["check"]);
    assert_eq!(ran.code, 2, "check: {}{}", ran.out, ran.err);
    let told = format!("{}{}", ran.out, ran.err);
    assert!(told.lines().any(names_it), "check told `{told}`, not {place}, {section}.{key}, `{says}`");
    assert!(!ran.out.contains("in order"), "{told}");
    let made: Vec<String> = files(site).into_iter().filter(|name| !before.contains(name)).collect();
    // The lock stays, SQLite keeps two files beside a database that it opened, and the folder of mails is
    // made for whoever comes that far.
    let had_database = before.iter().any(|name| name == "cardea.db");
    let usual = |name: &String| match name.as_str() {
        "cardea.lock" | "mail" => true,
        "cardea.db-wal" | "cardea.db-shm" => had_database,
        _ => false,
    };
    assert!(made.iter().all(usual), "made on the way: {made:?}");
}

fn files(site: &Site) -> Vec<String> {
    let mut names = vec![];
    for folder in [site.path().to_owned(), site.file("data")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            names.push(entry.unwrap().file_name().to_string_lossy().into_owned());
        }
    }
    names.retain(|name| name != "data");
    names
}

#[test]
fn what_the_file_says_wrong_is_told_with_its_line() {
    let site = Site::ready();
    site.run(&["check"]).ok();
    let table = [
        (of("server", "tiemout", "unknown key `tiemout`"), "3"),
        (of("server", "request_seconds_max", "expected u64"), "'long'"),
        (of("server", "request_seconds_max", "between"), "4"),
        (of("server", "listen", "socket address"), "'here'"),
        (of("server", "trusted_proxies", "0.0.0.0/0 is nearly everyone"), "['0.0.0.0/0']"),
        (of("server", "trusted_proxies", "neither an address nor a network"), "['all']"),
        (of("server", "issuer", "https://"), "'http://sign-in.example.be'"),
        (of("server", "issuer", "scheme, host and port alone"), "'http://localhost:8080/'"),
        (of("server", "internal_listen", "this machine itself"), "'0.0.0.0:9090'"),
        (of("mail", "kind", "unknown variant"), "'pigeon'"),
        (of("mail", "password", "is not set"), "{ env = 'CARDEA_TEST_NOT_SET' }"),
        (of("mail", "password", "cannot be read"), "{ file = 'nowhere' }"),
        (of("hashing", "memory_kib", "must be 19456 or more"), "64"),
        (of("tokens", "code", "is not a span of time"), "'60'"),
        (of("database", "url", "sqlite:// or postgres://"), "'mysql://u:hush@h/d'"),
        (of("state", "redis_url", "redis://"), "'http://u:hush@h'"),
        (of("log", "heads", "must not be the same file"), "'data/events.jsonl'"),
        (of("keys", "rnig", "unknown key `rnig`"), "'x'"),
    ];
    for (expected, value) in table {
        // The same installation with one line changed.
        let mut wrong = Site::new();
        std::fs::copy(site.file("keys.json"), wrong.file("keys.json")).unwrap();
        wrong.set(expected.section, expected.key, value);
        assert_refused(&wrong, &expected);
        for command in ["serve", "check", "migrate"] {
            let ran = wrong.run(&[command]);
            assert!(!ran.err.contains("hush") && !ran.out.contains("hush"), "{}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_file_that_is_not_there_or_is_no_toml_is_told() {
    let site = Site::ready();
    std::fs::write(site.config(), "[server\n").unwrap();
    for command in ["serve", "check", "migrate"] {
        let told = site.run(&[command]).refused(2);
        assert!(told.contains(&format!("{}:1: this is not TOML", site.config().display())), "{told}");
    }
    std::fs::remove_file(site.config()).unwrap();
    for command in ["serve", "check", "migrate"] {
        let told = site.run(&[command]).refused(2);
        assert!(
            told.contains(&site.config().display().to_string()) && told.contains("cannot be read"),
            "{told}"
        );
    }
    std::fs::create_dir(site.config()).unwrap();
    assert!(site.run(&["serve"]).refused(2).contains("cannot be read"));
}

#[test]
fn an_application_that_is_registered_wrongly_is_told_with_its_line() {
    let uri = "redirect_uris = ['https://a.example/cb']";
    let table = [
        (
            format!("client_id = 'a'\nclient_secret = 'short'\n{uri}\n"),
            ":2: client_secret: ",
            "32 characters",
        ),
        (
            format!(
                "client_id = 'a'\nclient_secret = '{SECRET}'\nredirect_uris = ['https://*.a.example/cb']\n"
            ),
            ":3: redirect_uris: ",
            "must not hold a *",
        ),
        (
            format!("client_id = 'a'\nclient_secret = '{SECRET}'\nredirect_uri = ''\n"),
            ":3: ",
            "`redirect_uri`",
        ),
        (
            format!("client_id = 'a'\nclient_secret = {{ env = 'CARDEA_TEST_NOT_SET' }}\n{uri}\n"),
            ":2: client_secret: ",
            "CARDEA_TEST_NOT_SET is not set",
        ),
        (
            format!("client_id = 'a'\nclient_secret = {{ file = 'nowhere.secret' }}\n{uri}\n"),
            ":2: client_secret: ",
            "nowhere.secret",
        ),
        (format!("client_name = 'a'\n{uri}\n"), ":", "client_id"),
    ];
    let site = Site::ready();
    for (text, place, says) in table {
        let path = site.register("a.toml", &text);
        for command in ["serve", "check"] {
            let told = site.run(&[command]).refused(2);
            let expected = format!("{}{place}", path.display());
            assert!(told.starts_with(&expected) && told.contains(says), "{text}: {told}");
            assert!(!told.contains("short"), "a secret is repeated: {told}");
        }
    }
    let text = format!("client_id = 'a'\nclient_secret = '{SECRET}'\n{uri}\n");
    let (first, second) = (site.register("a.toml", &text), site.register("b.toml", &text));
    for command in ["serve", "check"] {
        let told = site.run(&[command]).refused(2);
        assert!(told.contains(&format!("{}: client_id: `a`", second.display())), "{told}");
        assert!(told.contains(&first.display().to_string()), "{told}");
    }
    std::fs::remove_file(second).unwrap();
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n");
}

/// A slip of the pen must not start a service without any application.
#[test]
fn a_folder_of_applications_that_is_named_has_to_be_there() {
    let mut site = Site::ready();
    site.set("clients", "folder", "'cleints'");
    assert_refused(&site, &of("clients", "folder", "cleints"));
}

#[test]
fn a_key_ring_that_cannot_be_read_is_told() {
    let site = Site::ready();
    let ring = std::fs::read_to_string(site.file("keys.json")).unwrap();
    let half = &ring[..ring.len() / 2];
    for (text, says) in [(Some(half), "not a key ring"), (Some("{}"), "not a key ring"), (None, "keys.json")]
    {
        std::fs::remove_file(site.file("keys.json")).unwrap();
        if let Some(text) = text {
            std::fs::write(site.file("keys.json"), text).unwrap();
        }
        assert_refused(&site, &of("keys", "ring", says));
        std::fs::write(site.file("keys.json"), "").unwrap();
    }
    std::fs::remove_file(site.file("keys.json")).unwrap();
    std::fs::create_dir(site.file("keys.json")).unwrap();
    assert_refused(&site, &of("keys", "ring", "keys.json"));
}

#[test]
fn a_ring_of_another_installation_is_told_before_anything_is_opened_with_it() {
    let mut site = Site::ready();
    site.serve();
    site.stop();
    let other = Site::new();
    other.run(&["keys", "init"]).ok();
    std::fs::copy(other.file("keys.json"), site.file("keys.json")).unwrap();
    assert_refused(&site, &of("keys", "ring", "does not open"));
}

#[tokio::test]
async fn a_database_of_another_version_is_told() {
    let site = Site::ready();
    site.sql("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)").await;
    let place = site.place("database", "url");
    let told = site.run(&["migrate"]).refused(2);
    assert!(told.contains("newer than this program") && told.contains(&place), "{told}");
    assert_refused(&site, &of("database", "url", "newer than this program"));
}

#[test]
fn a_database_that_was_not_made_yet_is_told_and_not_made() {
    let site = Site::new();
    site.run(&["keys", "init"]).ok();
    assert_refused(&site, &of("database", "url", "cardea migrate"));
    std::fs::create_dir_all(site.file("data")).unwrap();
    assert_refused(&site, &of("database", "url", "cardea migrate"));
}

#[test]
fn a_certificate_goes_with_its_key() {
    let Some(authority) = Authority::new() else { return };
    let (certificate, key) = authority.issue("one");
    let (other, _) = authority.issue("other");
    let mut site = Site::ready();
    site.known_as(&format!("https://localhost:{}", site.port));
    let quoted = |path: &std::path::Path| format!("'{}'", path.display());
    site.set("server", "tls_certificate", &quoted(&certificate));
    let told = site.run(&["serve"]).refused(2);
    assert!(told.contains("server.tls_key: certificate and key come together"), "{told}");
    site.set("server", "tls_key", &quoted(&key));
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n");
    site.set("server", "tls_key", "'nowhere.pem'");
    assert_refused(&site, &of("server", "tls_key", "is no file"));
    site.set("server", "tls_key", &quoted(&key));
    site.set("server", "tls_certificate", &quoted(&other));
    assert_refused(&site, &of("server", "tls_certificate", "do not fit"));
    site.set("server", "tls_certificate", "'cardea.toml'");
    assert_refused(&site, &of("server", "tls_certificate", "certificate"));
}

#[test]
fn what_the_demo_made_is_refused() {
    let mut site = Site::ready();
    std::fs::create_dir(site.file("demo")).unwrap();
    std::fs::write(site.file("demo/.cardea-demo"), "").unwrap();
    std::fs::rename(site.file("keys.json"), site.file("demo/keys.json")).unwrap();
    site.set("keys", "ring", "'demo/keys.json'");
    assert_refused(&site, &of("keys", "ring", "demo"));
    site.set("keys", "ring", "'keys.json'");
    std::fs::rename(site.file("demo/keys.json"), site.file("keys.json")).unwrap();
    site.set("data", "folder", "'demo'");
    assert_refused(&site, &of("data", "folder", "demo"));
    site.set("data", "folder", "'data'");
    let secret = "demo-secret-of-the-web-application-known-to-all";
    let text =
        format!("client_id = 'a'\nclient_secret = '{secret}'\nredirect_uris = ['https://a.example/cb']\n");
    let path = site.register("a.toml", &text);
    let told = site.run(&["serve"]).refused(2);
    assert!(told.starts_with(&path.display().to_string()) && told.contains("client_secret"), "{told}");
    assert!(told.contains(":2: client_secret"), "no line: {told}");
    let ran = site.run(&["check"]);
    assert_eq!(ran.code, 2, "check does not see the demo's secret: {}", ran.out);
}

#[test]
fn a_port_that_is_taken_is_a_failure_and_no_mistake() {
    let mut site = Site::ready();
    let taken = TcpListener::bind(("127.0.0.1", site.port)).unwrap();
    let told = site.run(&["serve"]).refused(1);
    assert!(told.contains(&format!("127.0.0.1:{}", site.port)), "{told}");
    drop(taken);
    site.serve();
    // A second node on the same data, at another port.
    let port = crate::support::children::free_port();
    site.set("server", "listen", &format!("'127.0.0.1:{port}'"));
    let told = site.run(&["serve"]).refused(2);
    assert!(told.contains("another cardea process works on this data folder"), "{told}");
    site.stop();
}
