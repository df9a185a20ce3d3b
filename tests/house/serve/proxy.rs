//! Behind Debian's nginx, which ends TLS.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use reqwest::StatusCode;
use rustls::ClientConfig;
use rustls::version::{TLS12, TLS13};

use super::site::{Authority, Site};
use super::visitor::{NEW_PASSWORD, Visitor, trust};
use crate::support::children::{PATIENCE, Running, bound, free_port, within};
use crate::support::servers::skipped;

const FORGED: &str = "198.51.100.7";

/// nginx in a folder of its own.
struct Proxy {
    port: u16,
    _folder: tempfile::TempDir,
    _running: Running,
}

impl Proxy {
    /// `None`, counted as a skip, where nginx is not installed.
    fn start(authority: &Authority, port: u16, upstream: u16) -> Option<Self> {
        if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
            skipped("nginx is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = authority.issue("proxy");
        // One process alone: a killed master would leave its workers behind.
        let text = format!(
            "daemon off; master_process off; pid ./nginx.pid; error_log ./err.log; events {{}}\n\
             http {{\n\
             access_log off; client_body_temp_path ./b; proxy_temp_path ./p; fastcgi_temp_path ./f;\n\
             uwsgi_temp_path ./u; scgi_temp_path ./s;\n\
             server {{ listen 127.0.0.1:{port} ssl;\n\
             ssl_certificate {}; ssl_certificate_key {};\n\
             location / {{ proxy_pass http://127.0.0.1:{upstream}; proxy_set_header Host $http_host;\n\
             proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }} }}\n",
            certificate.display(),
            key.display()
        );
        std::fs::write(folder.path().join("nginx.conf"), text).unwrap();
        let mut command = bound("nginx");
        command.arg("-p").arg(folder.path()).args(["-e", "./err.log", "-c", "nginx.conf"]);
        command.current_dir(folder.path()).stdin(Stdio::null()).stderr(Stdio::null());
        let running = Running::start(command);
        let answers = || std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        assert!(within(PATIENCE, answers), "nginx does not answer: {}", told(folder.path()));
        Some(Self { port, _folder: folder, _running: running })
    }
}

fn told(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("err.log")).unwrap_or_default()
}

struct World {
    site: Site,
    proxy: Proxy,
    trust: Arc<ClientConfig>,
}

impl World {
    fn start() -> Option<Self> {
        let authority = Authority::new()?;
        let mut site = Site::ready();
        let port = free_port();
        site.known_as(&format!("https://localhost:{port}"));
        // The proxy alone: the people of the test come from this machine too.
        site.set("server", "trusted_proxies", "['127.0.0.1']");
        let proxy = Proxy::start(&authority, port, site.port)?;
        site.serve();
        Some(Self { site, proxy, trust: trust(&authority.file("ca.pem"), &[&TLS12, &TLS13]) })
    }

    fn visitor(&self, source: Ipv4Addr) -> Visitor {
        Visitor::new(self.proxy.port, &self.site.issuer, source).trusting(Arc::clone(&self.trust))
    }
}

fn refusals_from(records: &[serde_json::Value], ip: &str) -> usize {
    let from = |record: &&serde_json::Value| {
        record.to_string().contains("password_refused") && record["src_endpoint"]["ip"] == ip
    };
    records.iter().filter(from).count()
}

#[tokio::test]
async fn a_person_signs_in_through_the_proxy_and_the_log_has_their_own_address() {
    let Some(mut world) = World::start() else { return };
    world.site.add("anna");
    let source = Ipv4Addr::new(127, 98, 0, 7);
    let visitor = world.visitor(source);
    let page = visitor.get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    visitor.arrive("anna").await;
    assert!(visitor.is_in().await);
    let refused = visitor.password("anna", "a wrong password").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());

    // An address that the client invents does not win over the one that the proxy saw.
    let other = Ipv4Addr::new(127, 98, 0, 8);
    let forger = world.visitor(other);
    let form = forger.get("/sign-in").await.form("/sign-in");
    for header in ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"] {
        let body = Visitor::filled(&form, &[("username", "anna"), ("password", "a wrong password")]);
        let value = if header == "Forwarded" { format!("for={FORGED}") } else { FORGED.to_owned() };
        let page = forger.ask("POST", &form.action, &[(header, &value)], &body).await;
        assert!(matches!(page.status.as_u16(), 422 | 429), "{header}: {}", page.text());
    }
    let records = world.site.export(|record| {
        record["src_endpoint"]["ip"] == other.to_string() && record.to_string().contains("password_refused")
    });
    assert_eq!(refusals_from(&records, &source.to_string()), 1);
    assert!(refusals_from(&records, &other.to_string()) >= 1);
    let text = serde_json::Value::Array(records).to_string();
    assert!(!text.contains(FORGED), "a forged address is in the log");
    assert!(text.contains(&format!("\"{source}\"")));

    let visitor = world.visitor(Ipv4Addr::new(127, 98, 0, 9));
    let page = visitor.password("anna", NEW_PASSWORD).await;
    assert!(page.status == StatusCode::SEE_OTHER || !page.case_codes().is_empty(), "{}", page.text());
    world.site.stop();
}

#[tokio::test]
async fn another_name_than_ours_is_refused_behind_the_proxy_and_beside_it() {
    let Some(mut world) = World::start() else { return };
    let visitor = world.visitor(Ipv4Addr::new(127, 98, 1, 1));
    for host in ["localhost", "evil.example", "localhost:1", "127.0.0.1"] {
        let page = visitor.ask("GET", "/sign-in", &[("Host", host)], "").await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{host}: {}", page.text());
        let forwarded = [("Host", host), ("X-Forwarded-Host", "localhost"), ("X-Forwarded-Proto", "https")];
        let page = visitor.ask("GET", "/sign-in", &forwarded, "").await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{host}: {}", page.text());
    }
    // Who goes past the proxy is an address like any other, and its headers are not believed.
    let past = Visitor::new(world.site.port, &world.site.issuer, Ipv4Addr::new(127, 98, 1, 2));
    let form = past.get("/sign-in").await.form("/sign-in");
    let body = Visitor::filled(&form, &[("username", "nobody"), ("password", "a wrong password")]);
    let page = past.ask("POST", &form.action, &[("X-Forwarded-For", FORGED)], &body).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let records = world.site.export(|record| record["src_endpoint"]["ip"] == "127.98.1.2");
    assert!(!serde_json::Value::Array(records).to_string().contains(FORGED));
    world.site.stop();
}
