//! Methods that nobody knows: a method may be any word, so nothing is kept of one.

use std::net::Ipv4Addr;

use reqwest::StatusCode;

use super::site::Site;

const METHODS: usize = 10_000;
const PATHS: [&str; 5] = ["/", "/sign-in", "/oauth2/token", "/healthz", "/nowhere"];

/// The figures without their values: one line for each set of labels.
fn labels(figures: &str) -> Vec<&str> {
    figures.lines().map(|line| line.rsplit_once(' ').map_or(line, |(labels, _)| labels)).collect()
}

#[tokio::test]
async fn unknown_methods_are_refused_and_leave_nothing_behind() {
    let mut site = Site::ready();
    site.serve();
    let visitor = site.visitor(Ipv4Addr::new(127, 92, 1, 1));
    let before = site.figures().await;
    assert_eq!(site.figure("cardea_limits_kept").await, 0);
    let mut connection = visitor.connect().await.unwrap();
    for number in 0..METHODS {
        let (method, path) = (format!("GUESS-{number}-{}", "LONG".repeat(50)), PATHS[number % PATHS.len()]);
        let page = visitor.ask_over(&mut connection, &method, path, &[], "").await.unwrap();
        assert_eq!(page.status, StatusCode::NOT_IMPLEMENTED, "{method} {path}");
        assert!(!page.body.contains("GUESS"), "{}", page.body);
        assert!(page.cookies_set().is_empty(), "{method} {path}");
    }
    let after = site.figures().await;
    assert_eq!(labels(&after), labels(&before));
    assert_eq!(site.figure("cardea_limits_kept").await, 0);
    let told = std::fs::read_to_string(site.file("errors")).unwrap();
    assert!(!told.contains("GUESS"), "a stranger's words are in the program's log");
    // What is known is counted, once for each address and source.
    for _ in 0..3 {
        assert_eq!(visitor.get("/sign-in").await.status, StatusCode::OK);
    }
    assert_eq!(site.figure("cardea_limits_kept").await, 1);
    site.stop();
}
