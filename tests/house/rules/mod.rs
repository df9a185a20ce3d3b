//! The rules of the house (ARCHITECTURE.md), held by reading the source: import floors, no circles, pure
//! models, who may touch the database and the environment, short files, templates without inline code.
//! Each rule is a function over sources; a test runs it on `src/`, another proves that it catches a sample.

mod circles;
mod conformance;
mod promises;
mod reading;
mod source;
mod templates;

use std::collections::BTreeSet;

use circles::circles;
use reading::rust_files;
use source::{NOTHING, Source, source, sources};
use templates::plain_templates;

/// Lines that a file may have, so that one reads it in one sitting.
const LINES_MAX: usize = 600;
const ROOF: u8 = 9;

/// The floors, from the roof to the ground. A room imports only rooms on lower floors.
const FLOORS: &[(u8, &[&str])] = &[
    (ROOF, &["main", "app", "jobs", "cli", "demo"]),
    (8, &["service_desk", "lifecycle", "admin"]),
    (7, &["sign_in", "password_reset", "portal", "help"]),
    (6, &["authenticator", "federation", "oidc", "gateway", "monitor", "audit"]),
    (5, &["journey", "session", "detection", "expiry"]),
    (4, &["account", "directory"]),
    (3, &["web"]),
    (2, &["event"]),
    (1, &["infra", "policy"]),
    (0, &["config", "kernel"]),
];

// ---------------------------------------------------------------------------------- the rules, on this house

/// A rule: what it finds wrong, a line each.
type Rule = fn(&[Source]) -> Vec<String>;

fn assert_kept(rule: Rule, extensions: &[&str]) {
    let broken = rule(&sources(extensions));
    assert!(broken.is_empty(), "{} broken:\n{}\n", broken.len(), broken.join("\n"));
}

#[test]
fn rooms_import_only_lower_floors() {
    assert_kept(floors, &["rs"]);
}

#[test]
fn rooms_and_files_make_no_circles() {
    assert_kept(circles, &["rs"]);
}

#[test]
fn models_are_pure() {
    assert_kept(pure_models, &["rs"]);
}

#[test]
fn only_stores_talk_to_the_database_and_only_config_to_the_environment() {
    assert_kept(reserved_imports, &["rs"]);
}

#[test]
fn proofs_and_addresses_are_attested_where_they_were_verified() {
    assert_kept(promises::only_verifiers_attest, &["rs"]);
}

#[test]
fn every_state_change_has_its_event_in_the_same_unit() {
    assert_kept(promises::every_write_has_its_event, &["rs"]);
}

#[test]
fn files_are_short() {
    assert_kept(short_files, &["rs", "html"]);
}

#[test]
fn templates_have_no_inline_code_or_style() {
    assert_kept(plain_templates, &["html", "svg"]);
}

// --------------------------------------------------------------------------------------------- import floors

fn floor_of(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

fn may_import(from: &str, to: &str) -> bool {
    let (Some(here), Some(there)) = (floor_of(from), floor_of(to)) else {
        return false;
    };
    from == to
        || there < here
        // The roof is one composition root in several files; circles among them are the next rule's.
        || (here == ROOF && there == ROOF && to != "main")
        || (from, to) == ("config", "kernel")
}

fn floors(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for file in rust_files(sources) {
        // lib.rs only declares the rooms.
        let Some(room) = file.module.first().cloned() else {
            continue;
        };
        if floor_of(&room).is_none() {
            broken.push(format!(
                "{}: the room `{room}` has no floor; give it one in tests/house/rules.rs",
                file.path
            ));
        }
        for reference in &file.references {
            let Some(to) = reference.room() else { continue };
            if floor_of(&room).is_some() && !may_import(&room, to) {
                broken.push(format!("{}: `{room}` may not import `{to}`", reference.place(&file)));
            }
        }
    }
    broken
}

#[test]
fn the_floor_rule_catches() {
    let sample = |path: &str, text: &str| floors(&[source(path, text)]);
    assert_eq!(
        sample("src/account/service.rs", "use crate::{infra::database, kernel::{id, time}, event};"),
        NOTHING
    );
    assert_eq!(sample("src/config/mod.rs", "use crate::kernel::time::Time;"), NOTHING);
    assert_eq!(sample("src/app.rs", "use crate::cli; use crate::sign_in;"), NOTHING);
    assert_eq!(sample("src/account/service.rs", "use super::model::A; use crate::account::store;"), NOTHING);
    for (path, text) in [
        ("src/account/service.rs", "use crate::sign_in::routes;"),
        ("src/account/service.rs", "use crate::{kernel::id, session::Session};"),
        ("src/account/service.rs", "fn f() -> crate::oidc::Token { todo!() }"),
        ("src/account/service.rs", "fn f() { super::super::session::open() }"),
        ("src/account/service.rs", "fn f() { let x = vec![crate::session::open()]; }"),
        ("src/account/mod.rs", "mod inner { use super::super::portal::Page; }"),
        ("src/account/mod.rs", "#[cfg(test)] mod tests { use crate::portal::Page; }"),
        ("src/policy/mod.rs", "use crate::infra::state;"),
        ("src/infra/state.rs", "use crate::policy::Decision;"),
        ("src/kernel/id.rs", "use crate::config::Config;"),
        ("src/portal/routes.rs", "use crate::app::App;"),
        ("src/cli/mod.rs", "use crate::main;"),
        ("src/manager/mod.rs", ""),
        ("src/account/mod.rs", "use crate::utils::do_it;"),
    ] {
        assert_eq!(sample(path, text).len(), 1, "{path}: {text}");
    }
}

// ----------------------------------------------------------------------------------------------- pure models

fn pure_models(sources: &[Source]) -> Vec<String> {
    let forbidden = [
        "std::fs",
        "std::net::TcpStream",
        "std::net::TcpListener",
        "std::net::UdpSocket",
        "std::env",
        "std::process",
        "std::thread",
    ];
    let mut broken = Vec::new();
    for file in rust_files(sources).iter().filter(|file| file.path.ends_with("/model.rs")) {
        for reference in &file.references {
            let path = reference.path.join("::");
            let is_io = forbidden.iter().any(|prefix| starts_with_path(&path, prefix));
            let names_one =
                |names: &[&str]| reference.path.iter().any(|segment| names.contains(&segment.as_str()));
            if is_io || names_one(&["sea_orm", "sqlx", "tokio", "Clock"]) {
                broken.push(format!(
                    "{}: a model does no I/O and has no clock, but names `{path}`",
                    reference.place(file)
                ));
            }
        }
        for line in &file.async_lines {
            broken.push(format!("{}:{line}: a model waits for nothing, but is `async`", file.path));
        }
    }
    broken
}

fn starts_with_path(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn the_model_rule_catches() {
    let sample = |text: &str| pure_models(&[source("src/account/model.rs", text)]).len();
    assert_eq!(
        sample(
            "/// async, Clock and std::fs in words\nuse std::net::IpAddr; fn decide(now: Time) -> bool { true }"
        ),
        0
    );
    for text in [
        "async fn f() {}",
        "fn f() { let x = async { 1 }; }",
        "fn f() { vec![async { 1 }]; }",
        "use sea_orm::DbErr;",
        "#[derive(sea_orm::FromQueryResult)] struct Row;",
        "fn f(clock: &Clock) {}",
        "use std::{fmt, fs};",
        "fn f() { std::net::TcpStream::connect(a); }",
        "fn f() { println!(\"{}\", std::env::var(a)); }",
    ] {
        assert_eq!(sample(text), 1, "{text}");
    }
    assert_eq!(pure_models(&[source("src/account/service.rs", "async fn f() {}")]), NOTHING);
}

// ------------------------------------------------------------------------------------------ reserved imports

fn reserved_imports(sources: &[Source]) -> Vec<String> {
    let mut broken = BTreeSet::new();
    for file in rust_files(sources) {
        let may_use_database = file.path.starts_with("src/infra/")
            || file.path.ends_with("/store.rs")
            || file.path.contains("/store/")
            || ["src/event/chain.rs", "src/event/sealer.rs"].contains(&file.path.as_str());
        let may_read_environment = file.path.starts_with("src/config/");
        let may_call_others = file.path.starts_with("src/infra/outgoing/");
        for reference in &file.references {
            let first = reference.path.first().map_or("", String::as_str);
            if ["sea_orm", "sqlx", "sea_query"].contains(&first) && !may_use_database {
                broken.insert(format!("{}: only a store names `{first}`", reference.place(&file)));
            }
            if first == "reqwest" && !may_call_others {
                broken.insert(format!(
                    "{}: calls to others go through infra::outgoing",
                    reference.place(&file)
                ));
            }
            if starts_with_path(&reference.path.join("::"), "std::env") && !may_read_environment {
                broken.insert(format!("{}: only config reads the environment", reference.place(&file)));
            }
        }
    }
    broken.into_iter().collect()
}

#[test]
fn the_reservation_rule_catches() {
    let sample = |path: &str, text: &str| reserved_imports(&[source(path, text)]).len();
    for path in [
        "src/account/store.rs",
        "src/account/store/people.rs",
        "src/infra/database/unit.rs",
        "src/event/chain.rs",
    ] {
        assert_eq!(sample(path, "use sea_orm::DbErr;"), 0, "{path}");
    }
    assert_eq!(sample("src/config/read.rs", "use std::env;"), 0);
    for text in [
        "use sea_orm::DbErr;",
        "fn f(e: sqlx::Error) {}",
        "#[derive(sea_orm::FromJson)] struct A;",
        "use sea_orm as orm;",
        "#[sea_orm(x)] struct A;",
    ] {
        assert_eq!(sample("src/account/service.rs", text), 1, "{text}");
    }
    assert_eq!(sample("src/infra/outgoing/mod.rs", "use reqwest::Client;"), 0);
    assert_eq!(sample("src/infra/mailer.rs", "use reqwest::Client;"), 1);
    for text in ["use std::{env, fmt};", "fn f() { std::env::var(\"X\"); }", "use std::env::var as read;"] {
        assert_eq!(sample("src/cli/mod.rs", text), 1, "{text}");
    }
}

// ---------------------------------------------------------------------------------------------------- length

fn short_files(sources: &[Source]) -> Vec<String> {
    let lines = sources.iter().map(|source| (source, source.text.lines().count()));
    let long = lines.filter(|(_, lines)| *lines >= LINES_MAX);
    long.map(|(source, lines)| format!("{}: {lines} lines; fewer than {LINES_MAX} are allowed", source.path))
        .collect()
}

#[test]
fn the_length_rule_catches() {
    assert_eq!(short_files(&[source("src/a.rs", &"\n".repeat(LINES_MAX - 1))]), NOTHING);
    assert_eq!(short_files(&[source("src/a.rs", &"\n".repeat(LINES_MAX))]).len(), 1);
}
