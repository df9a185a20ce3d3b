//! TLS of one's own: with a certificate of an authority that is thrown away afterwards.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use cardea::app::serve::serve;
use cardea::infra::tls::{Certificate, TlsListener};
use reqwest::StatusCode;
use rustls::version::{TLS12, TLS13};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::site::{Authority, Site};
use super::visitor::{NEW_PASSWORD, Visitor, trust};

/// More than the handshakes that the service does at the same time.
const SILENT: usize = 300;
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

pub fn with_tls(authority: &Authority) -> Site {
    let mut site = Site::ready();
    let (certificate, key) = authority.issue("server");
    site.known_as(&format!("https://localhost:{}", site.port));
    site.set("server", "tls_certificate", &format!("'{}'", certificate.display()));
    site.set("server", "tls_key", &format!("'{}'", key.display()));
    site
}

#[tokio::test]
async fn a_person_signs_in_over_tls_of_our_own() {
    let Some(authority) = Authority::new() else { return };
    let mut site = with_tls(&authority);
    site.add("anna");
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n");
    site.serve();
    let trust = trust(&authority.file("ca.pem"), &[&TLS12, &TLS13]);
    let visitor = || site.visitor(Ipv4Addr::new(127, 96, 0, 1)).trusting(Arc::clone(&trust));
    let browser = visitor();
    let page = browser.get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
    browser.arrive("anna").await;
    assert!(browser.cookie("__Host-session").is_some());
    assert!(!visitor().is_in().await, "without the cookie nobody is in");
    // A form of a page that came without TLS is not our own page.
    let form = visitor().get("/sign-in").await.form("/sign-in");
    let body = Visitor::filled(&form, &[("username", "anna"), ("password", NEW_PASSWORD)]);
    let head = visitor().head("POST", &form.action, &[], &body).replace("Origin: https:", "Origin: http:");
    let mut connection = visitor().connect().await.unwrap();
    connection.send(&head).await.unwrap();
    assert_eq!(visitor().answer(&mut connection, "/sign-in").await.unwrap().status, StatusCode::FORBIDDEN);
    // Without TLS there is no answer at this port.
    let plain = site.visitor(Ipv4Addr::new(127, 96, 0, 2));
    let mut connection = plain.connect().await.unwrap();
    connection.send(&plain.head("GET", "/sign-in", &[], "")).await.unwrap();
    let told = connection.until_closed(ANSWERED_WITHIN).await.unwrap();
    assert!(!told.contains("HTTP/"), "{told}");
    let discovery = browser.get("/.well-known/openid-configuration").await;
    assert!(discovery.body.contains(&format!("\"{}\"", site.issuer)), "{}", discovery.body);
    site.stop();
}

/// Whether `openssl s_client` gets through with these versions.
fn handshake(port: u16, authority: &Path, versions: &[&str]) -> bool {
    let output = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}"), "-servername", "localhost"])
        .args(["-verify_return_error", "-cipher", "ALL:@SECLEVEL=0", "-CAfile"])
        .arg(authority)
        .args(versions)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    output.status.success()
}

#[tokio::test]
async fn tls_is_1_2_or_newer_and_silent_clients_block_nobody() {
    let Some(authority) = Authority::new() else { return };
    let mut site = with_tls(&authority);
    site.serve();
    let ca = authority.file("ca.pem");
    for (versions, gets_through) in
        [(&["-tls1_3"][..], true), (&["-tls1_2"], true), (&["-tls1_1"], false), (&["-tls1"], false)]
    {
        assert_eq!(handshake(site.port, &ca, versions), gets_through, "{versions:?}");
    }
    for version in [&TLS12, &TLS13] {
        let visitor = site.visitor(Ipv4Addr::new(127, 97, 0, 1)).trusting(trust(&ca, &[version]));
        assert_eq!(visitor.get("/healthz").await.status, StatusCode::OK);
    }
    let silent: Vec<TcpStream> =
        (0..SILENT).map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, site.port)).unwrap()).collect();
    let start = Instant::now();
    let visitor = site.visitor(Ipv4Addr::new(127, 97, 0, 2)).trusting(trust(&ca, &[&TLS13]));
    assert_eq!(visitor.get("/sign-in").await.status, StatusCode::OK);
    let took = start.elapsed();
    assert!(took < ANSWERED_WITHIN, "answered after {took:?}, behind {} silent clients", silent.len());
    drop(silent);
    site.stop();
}

/// The node looks once a minute; here the looking is done by a call, on the same parts.
#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_no_connection_is_cut() {
    let Some(authority) = Authority::new() else { return };
    let (first, first_key) = authority.issue("first");
    let (second, second_key) = authority.issue("second");
    let place = tempfile::tempdir().unwrap();
    let (chain, key) = (place.path().join("chain.pem"), place.path().join("key.pem"));
    let put = |from: &Path, to: &Path| std::fs::copy(from, to).map(drop).unwrap();
    put(&first, &chain);
    put(&first_key, &key);
    let certificate = Certificate::load(&chain, &key).unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = tcp.local_addr().unwrap().port();
    let listener = TlsListener::start(tcp, Arc::clone(&certificate)).unwrap();
    let (tell, stop) = watch::channel(false);
    let router = Router::new().route("/", get(|| async { "answered" }));
    let serving = tokio::spawn(serve(listener, router, Duration::from_secs(20), stop));

    let issuer = format!("https://localhost:{port}");
    let trust = trust(&authority.file("ca.pem"), &[&TLS12, &TLS13]);
    let visitor = Visitor::new(port, &issuer, Ipv4Addr::LOCALHOST).trusting(trust);
    let shown = async || visitor.connect().await.unwrap().certificate.unwrap();
    let mut open = visitor.connect().await.unwrap();
    let old = open.certificate.clone().unwrap();
    let answered = "the open connection";
    assert_eq!(visitor.ask_over(&mut open, "GET", "/", &[], "").await.expect(answered).body, "answered");

    // Half a renewal and broken ones: the old certificate stays in use.
    put(&second, &chain);
    certificate.reload().unwrap_err();
    assert_eq!(shown().await, old);
    put(&second_key, &key);
    for (broken, text) in [(&chain, "no PEM"), (&chain, ""), (&key, "no PEM"), (&key, "")] {
        let kept = std::fs::read(broken).unwrap();
        std::fs::write(broken, text).unwrap();
        certificate.reload().unwrap_err();
        assert_eq!(shown().await, old);
        std::fs::remove_file(broken).unwrap();
        certificate.reload().unwrap_err();
        std::fs::write(broken, kept).unwrap();
    }
    assert_eq!(visitor.ask_over(&mut open, "GET", "/", &[], "").await.expect(answered).body, "answered");

    certificate.reload().unwrap();
    let new = shown().await;
    assert_ne!(new, old);
    assert_eq!(visitor.ask_over(&mut open, "GET", "/", &[], "").await.expect(answered).body, "answered");
    tell.send(true).unwrap();
    drop(open);
    serving.await.unwrap();
}
