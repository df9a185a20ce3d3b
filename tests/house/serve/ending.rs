//! The end in order: what was accepted gets its answer, nothing new is begun, and the log is sealed to its
//! last event.

use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use reqwest::StatusCode;
use rustix::process::Signal;
use rustls::version::TLS13;

use super::site::{Authority, Site};
use super::tls::with_tls;
use super::visitor::{Visitor, trust};
use crate::support::children::{PATIENCE, within};

const AT_ONCE: u8 = 16;

/// A hash that takes a while, one after the other.
fn slow(site: &mut Site) {
    site.set("hashing", "memory_kib", "131072");
    site.set("hashing", "passes", "2");
    site.set("hashing", "workers", "1");
    site.set("sign_in", "refusal_time", "'100ms'");
    site.set("sign_in", "refusal_jitter", "'10ms'");
    // Whatever is left at the end is sealed by the end alone.
    site.set("log", "seal_every", "'1s'");
}

#[tokio::test]
async fn told_to_end_it_answers_what_it_accepted_and_seals_the_log() {
    ends_in_order(Site::ready(), |visitor| visitor).await;
}

#[tokio::test]
async fn over_tls_it_ends_the_same() {
    let Some(authority) = Authority::new() else { return };
    let trust = trust(&authority.file("ca.pem"), &[&TLS13]);
    ends_in_order(with_tls(&authority), |visitor| visitor.trusting(Arc::clone(&trust))).await;
}

async fn ends_in_order(mut site: Site, equipped: impl Fn(Visitor) -> Visitor) {
    slow(&mut site);
    site.serve();
    let mut under_way = vec![];
    for number in 1..=AT_ONCE {
        let visitor = equipped(site.visitor(Ipv4Addr::new(127, 93, 0, number)));
        let mut connection = visitor.connect().await.unwrap();
        // Over this connection an answer came already, so it is accepted for sure.
        let page = visitor.ask_over(&mut connection, "GET", "/sign-in", &[], "").await.unwrap();
        let form = page.form("/sign-in");
        let name = format!("nobody.{number}");
        let body = Visitor::filled(&form, &[("username", &name), ("password", "a wrong password")]);
        connection.send(&visitor.head("POST", &form.action, &[], &body)).await.unwrap();
        under_way.push((visitor, connection));
    }
    // Each try is counted before its hash, so by then all of them are under way.
    let counted = "SELECT COUNT(*) FROM attempt";
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while site.number(counted).await < i64::from(AT_ONCE) {
        assert!(tokio::time::Instant::now() < deadline, "not all tries are counted");
    }
    let refusals = "SELECT COUNT(*) FROM event WHERE plain LIKE '%password_refused%'";
    let answered_before = site.number(refusals).await;
    site.signal(Signal::TERM);

    let refused = || TcpStream::connect((Ipv4Addr::LOCALHOST, site.port)).is_err();
    assert!(within(PATIENCE, refused), "new connections are still taken");
    let answered_when_closed = site.number(refusals).await;
    for (visitor, mut connection) in under_way {
        let page = visitor.answer(&mut connection, "/sign-in").await;
        let page = page.unwrap_or_else(|error| panic!("an accepted request was cut: {error}"));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
        assert!(page.body.contains("</html>"), "half a page");
        page.case_code();
        assert_eq!(connection.until_closed(PATIENCE).await.as_deref(), Ok(""));
    }
    assert_eq!(site.ended(), 0);
    assert!(answered_before < i64::from(AT_ONCE), "nothing was under way any more");
    assert!(answered_when_closed < i64::from(AT_ONCE), "the door was shut only after the last answer");
    assert_eq!(site.number(refusals).await, i64::from(AT_ONCE));
    let left = "SELECT (SELECT COUNT(*) FROM event) - (SELECT COUNT(*) FROM event_seal)";
    assert_eq!(site.number(left).await, 0, "events without a place in the chain");
    let records = site.number("SELECT COUNT(*) FROM event").await;
    assert_eq!(site.verified(), records);
    assert!(!site.file("data/admin.sock").exists());
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_end() {
    let mut site = Site::ready();
    site.serve();
    let visitor = site.visitor(Ipv4Addr::new(127, 94, 0, 1));
    let mut idle = visitor.connect().await.unwrap();
    visitor.ask_over(&mut idle, "GET", "/healthz", &[], "").await.unwrap();
    let _silent = visitor.connect().await.unwrap();
    let mut half = visitor.connect().await.unwrap();
    half.send("GET / HTTP/1.1\r\nHost: loc").await.unwrap();
    let start = std::time::Instant::now();
    site.signal(Signal::TERM);
    assert_eq!(site.ended(), 0);
    let took = start.elapsed();
    assert!(took.as_secs() < 15, "the end took {took:?}, for connections on which nothing was asked");
}

#[tokio::test]
async fn the_interrupt_key_ends_it_in_order_too() {
    let mut site = Site::ready();
    site.serve();
    site.signal(Signal::INT);
    assert_eq!(site.ended(), 0);
    site.verified();
}
