//! `cardea check` looks at what the configuration names: whether it answers, and whether it keeps what it
//! acknowledges. A line per finding, and code 2.

use super::site::Site;
use crate::support::children::free_port;
use crate::support::servers::{Postgres, Redis};

/// The findings, a line each; there have to be as many as there are texts, in whatever order.
fn assert_found(site: &Site, expected: &[&str]) {
    let ran = site.run(&["check"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    let findings: Vec<&str> = ran.out.lines().collect();
    assert_eq!(findings.len(), expected.len(), "{findings:#?}");
    for text in expected {
        let file = site.config().display().to_string();
        let fits = |finding: &&str| finding.starts_with(&file) && finding.contains(text);
        assert_eq!(findings.iter().filter(|finding| fits(finding)).count(), 1, "{text}: {findings:#?}");
    }
}

fn assert_in_order(site: &Site) {
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n");
}

fn on(url: &str, migration_url: Option<&str>) -> Site {
    let mut site = Site::new();
    site.set("database", "url", &format!("'{url}'"));
    if let Some(owner) = migration_url {
        site.set("database", "migration_url", &format!("'{owner}'"));
    }
    site.run(&["keys", "init"]).ok();
    site.run(&["migrate"]).ok();
    site
}

#[test]
fn what_does_not_answer_is_told_line_by_line() {
    let mut site = Site::ready();
    let (redis, mail) = (free_port(), free_port());
    site.set("state", "redis_url", &format!("'redis://127.0.0.1:{redis}/'"));
    assert_found(&site, &["Redis does not answer"]);
    site.set("mail", "kind", "'smtp'");
    site.set("mail", "host", "'127.0.0.1'");
    site.set("mail", "port", &mail.to_string());
    site.set("mail", "encryption", "'none'");
    assert_found(&site, &["Redis does not answer", "mail server does not answer"]);
    // What can be told of the file is told with them.
    site.set("hashing", "memory_kib", "64");
    let memory = format!("{}: hashing.memory_kib: ", site.place("hashing", "memory_kib"));
    assert_found(&site, &["Redis does not answer", "mail server does not answer", &memory]);
}

#[test]
fn what_answers_is_in_order() {
    let Some(redis) = Redis::shared() else { return };
    let mut site = Site::ready();
    site.set("state", "redis_url", &format!("'{}'", redis.url()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sink = runtime.block_on(crate::support::smtp::MailSink::start());
    site.set("mail", "kind", "'smtp'");
    site.set("mail", "host", "'127.0.0.1'");
    site.set("mail", "port", &sink.address().port().to_string());
    site.set("mail", "encryption", "'none'");
    assert_in_order(&site);
    assert!(sink.mails().is_empty(), "looking is no mail");
}

#[test]
fn a_postgres_that_may_lose_what_it_acknowledged_is_told() {
    // Tests that share a server have one that is quick and forgetful.
    let Some(postgres) = Postgres::shared() else { return };
    let database = postgres.database();
    let site = on(&database.node_url, Some(&database.owner_url));
    assert_found(&site, &["fsync=off, synchronous_commit=off, full_page_writes=off"]);
}

#[tokio::test]
async fn a_node_that_could_change_the_log_is_told() {
    let Some(postgres) = Postgres::durable() else { return };
    let database = postgres.database();
    let owner = on(&database.owner_url, None);
    assert_found(&owner, &["the node's login could change the log"]);
    let mut same = Site::new();
    same.set("database", "url", &format!("'{}'", database.owner_url));
    same.set("database", "migration_url", &format!("'{}'", database.owner_url));
    std::fs::copy(owner.file("keys.json"), same.file("keys.json")).unwrap();
    assert_found(&same, &["the node's login could change the log"]);
}

#[tokio::test]
async fn a_node_on_a_sound_postgres_is_in_order_and_serves() {
    let Some(postgres) = Postgres::durable() else { return };
    let database = postgres.database();
    let mut site = on(&database.node_url, Some(&database.owner_url));
    assert_in_order(&site);
    // The owner's address need not lie about on the node once the database is made.
    site.unset("database", "migration_url");
    assert_in_order(&site);
    site.add("anna");
    site.serve();
    site.visitor([127, 99, 0, 1].into()).arrive("anna").await;
    site.stop();
    assert!(site.verified() > 3);
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let mut site = Site::new();
    site.run(&["keys", "init"]).ok();
    let port = free_port();
    site.set("database", "url", &format!("'postgres://node:hush@127.0.0.1:{port}/cardea'"));
    for command in ["check", "serve", "migrate"] {
        let ran = site.run(&[command]);
        assert_eq!(ran.code, 2, "{command}: {}{}", ran.out, ran.err);
        let told = format!("{}{}", ran.out, ran.err);
        assert!(told.contains("database") && !told.contains("hush") && !told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_pin_of_no_key_is_told_at_its_registration() {
    let mut site = Site::ready();
    let text = "client_id = 'files'\ntoken_endpoint_auth_method = 'none'\n\
                redirect_uris = ['https://files.example.be/cb']\npinned_keys = ['gone']\n";
    let file = site.register("files.toml", text);
    site.serve();
    site.stop();
    let ran = site.run(&["check"]);
    let told = "pinned_keys of client `files`: no signing key of ours has the id gone";
    assert_eq!((ran.code, ran.out), (2, format!("{}:4: {told}\n", file.display())));
}
