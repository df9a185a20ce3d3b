//! Clients that take their time: they are shown out, and nobody else waits for them.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use reqwest::StatusCode;

use super::site::Site;
use super::visitor::Connection;

const MANY: u8 = 200;
/// The deadline for a head is one second in these tests; a busy machine may add some.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

fn impatient() -> Site {
    let mut site = Site::ready();
    site.set("server", "header_seconds_max", "1");
    site.set("server", "request_seconds_max", "5");
    site.serve();
    site
}

/// Opens many connections that each send the same beginning.
async fn many(site: &Site, text: &str) -> Vec<Connection> {
    let mut connections = vec![];
    for number in 1..=MANY {
        let visitor = site.visitor(Ipv4Addr::new(127, 95, 0, number));
        let mut connection = visitor.connect().await.unwrap();
        connection.send(text).await.unwrap();
        connections.push(connection);
    }
    connections
}

async fn all_are_closed(connections: Vec<Connection>) {
    for mut connection in connections {
        let told = connection.until_closed(CLOSED_WITHIN).await.unwrap_or_else(|error| panic!("{error}"));
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 4"), "{told}");
    }
}

#[tokio::test]
async fn two_hundred_halves_of_a_head_are_shown_out_and_nobody_waits_for_them() {
    let mut site = impatient();
    let connections = many(&site, "GET /sign-in HTTP/1.1\r\nHost: loc").await;
    let start = Instant::now();
    let page = site.visitor(Ipv4Addr::new(127, 95, 1, 1)).get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(start.elapsed() < ANSWERED_WITHIN, "answered after {:?}", start.elapsed());
    all_are_closed(connections).await;
    assert_eq!(site.visitor(Ipv4Addr::new(127, 95, 1, 1)).get("/sign-in").await.status, StatusCode::OK);
    site.stop();
}

#[tokio::test]
async fn a_head_that_drips_is_no_longer_than_one_that_stops() {
    let mut site = impatient();
    let mut connection = site.visitor(Ipv4Addr::new(127, 95, 2, 1)).connect().await.unwrap();
    connection.send("GET /sign-in HTTP/1.1\r\n").await.unwrap();
    let start = Instant::now();
    let mut drip = tokio::time::interval(Duration::from_millis(200));
    // The other side hangs up while there is still something to say.
    while connection.send("X-Slow: 1\r\n").await.is_ok() {
        assert!(start.elapsed() < CLOSED_WITHIN, "still listening after {:?}", start.elapsed());
        drip.tick().await;
    }
    site.stop();
}

/// Before the first byte, and at the beginning of what could be HTTP/2, it is not known yet which HTTP is
/// spoken: the deadline holds there as well, and for a connection on which nothing more is asked.
#[tokio::test]
async fn who_says_nothing_or_nothing_more_is_shown_out_too() {
    let mut site = impatient();
    let visitor = site.visitor(Ipv4Addr::new(127, 95, 3, 1));
    let (preface, settings) = ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\x04\0\0\0\0\0");
    let whole = format!("{preface}{settings}");
    let asked = visitor.head("GET", "/healthz", &[], "");
    let mut connections = vec![];
    for (what, text) in [
        ("not a byte", ""),
        ("a line end", "\r\n"),
        ("half the preface of HTTP/2", &preface[..16]),
        ("the preface of HTTP/2 and no request", &whole),
        ("one request and no other", &asked),
    ] {
        let mut connection = visitor.connect().await.unwrap();
        connection.send(text).await.unwrap();
        connections.push((what, connection));
    }
    let mut left = vec![];
    for (what, mut connection) in connections {
        if let Err(error) = connection.until_closed(CLOSED_WITHIN).await {
            left.push(format!("{what}: {error}"));
        }
    }
    assert!(left.is_empty(), "{left:#?}");
    site.stop();
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_the_request() {
    let mut site = impatient();
    let visitor = site.visitor(Ipv4Addr::new(127, 95, 4, 1));
    let form = visitor.get("/sign-in").await.form("/sign-in");
    let whole = visitor.head("POST", &form.action, &[], &"x".repeat(100));
    let (half, _) = whole.split_at(whole.len() - 50);
    let mut connection = visitor.connect().await.unwrap();
    connection.send(half).await.unwrap();
    let start = Instant::now();
    let page = visitor.answer(&mut connection, "/sign-in").await.unwrap();
    assert!(page.status.is_client_error() || page.status.is_server_error(), "{}", page.status);
    assert!(start.elapsed() < CLOSED_WITHIN, "{:?}", start.elapsed());
    site.stop();
}
