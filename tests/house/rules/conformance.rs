//! The table of what the standards demand names tests that are there.

use std::collections::BTreeSet;

use super::source::{sources, sources_of};

/// Names in code marks that have the length and the form of a test's.
fn named(table: &str) -> BTreeSet<String> {
    let is_test = |name: &&str| {
        name.len() >= 20 && name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let rows = table.lines().filter(|line| line.starts_with('|')).filter_map(|line| line.rsplit('|').nth(1));
    rows.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter(is_test).map(str::to_owned).collect()
}

#[test]
fn every_test_of_the_table_of_demands_is_there() {
    let table = std::fs::read_to_string("docs/conformance.md").unwrap();
    let named = named(&table);
    assert!(named.len() > 40, "only {} tests are named", named.len());
    let files = sources(&["rs"]).into_iter().chain(sources_of("tests", &["rs"]));
    let sources: String = files.map(|file| file.text).collect();
    let missing: Vec<&String> =
        named.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "no test has these names: {missing:?}");
}

#[test]
fn every_demand_has_a_test() {
    let table = std::fs::read_to_string("docs/conformance.md").unwrap();
    let is_demand =
        |line: &&str| line.starts_with("| ") && !line.starts_with("| section") && !line.starts_with("| ---");
    let rows = table.lines().filter(is_demand);
    let bare: Vec<&str> = rows.filter(|row| named(row).is_empty()).collect();
    assert!(bare.is_empty(), "demands without a test: {bare:?}");
}
