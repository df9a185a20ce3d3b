//! No circles: neither between rooms nor between the files of a room.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::reading::{RustFile, rust_files};
use super::source::{NOTHING, Source, source};

pub fn circles(sources: &[Source]) -> Vec<String> {
    let files = rust_files(sources);
    let mut between_rooms = Graph::default();
    let mut between_files = Graph::default();
    let modules: BTreeMap<&[String], &RustFile> =
        files.iter().map(|file| (file.module.as_slice(), file)).collect();
    for file in &files {
        let Some(room) = file.module.first() else { continue };
        for reference in file.references.iter().filter(|reference| !reference.in_test) {
            if let Some(to) = reference.room() {
                between_rooms.edge(room, to, reference.place(file));
            }
            let only_passed_on =
                reference.passed_on.as_ref().is_some_and(|name| !file.names_used.contains(name));
            if only_passed_on || reference.room() != Some(room) {
                continue;
            }
            if let Some(to) = owner(&reference.path, &modules) {
                between_files.edge(&file.path, &to.path, reference.place(file));
            }
        }
    }
    let rooms = between_rooms.circles().into_iter().map(|circle| format!("a circle of rooms: {circle}"));
    let files = between_files.circles().into_iter().map(|circle| format!("a circle of files: {circle}"));
    rooms.chain(files).collect()
}

/// The file in which the thing with this path is written: modules on the way are entered, and what a module
/// only passes on (`pub use`) is looked for where it comes from.
fn owner<'a>(path: &[String], modules: &BTreeMap<&[String], &'a RustFile>) -> Option<&'a RustFile> {
    let mut path = path.strip_prefix(&["crate".to_owned()]).unwrap_or(path).to_vec();
    // Each turn follows one re-export; more of them than files are a circle of re-exports.
    for _ in 0..=modules.len() {
        let depth = (1..=path.len()).rev().find(|depth| modules.contains_key(&path[..*depth]))?;
        let file = modules[&path[..depth]];
        let exported = path.get(depth).and_then(|name| file.exports.get(name));
        let Some(target) = exported else { return Some(file) };
        path = [&target[1..], &path[depth + 1..]].concat();
    }
    None
}

#[derive(Default)]
struct Graph {
    edges: BTreeMap<String, BTreeMap<String, String>>,
}

impl Graph {
    fn edge(&mut self, from: &str, to: &str, place: String) {
        if from != to {
            self.edges.entry(from.to_owned()).or_default().entry(to.to_owned()).or_insert(place);
        }
    }

    /// The shortest circle through each node, each circle once, with the places that make it.
    fn circles(&self) -> BTreeSet<String> {
        let mut told = BTreeSet::new();
        let mut found = BTreeSet::new();
        for start in self.edges.keys() {
            let Some(circle) = self.circle_through(start) else {
                continue;
            };
            if told.insert(circle.iter().cloned().collect::<BTreeSet<_>>()) {
                let hops = circle.iter().zip(circle.iter().cycle().skip(1));
                found.insert(
                    hops.map(|(from, to)| format!("{from} -> {to} ({})", self.edges[from][to]))
                        .collect::<Vec<_>>()
                        .join(", "),
                );
            }
        }
        found
    }

    fn circle_through(&self, start: &String) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&String, &String> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(node) = waiting.pop_front() {
            for next in self.edges.get(node).into_iter().flat_map(BTreeMap::keys) {
                if next == start {
                    let mut circle = vec![node.clone()];
                    let mut at = node;
                    while at != start {
                        at = came_from[at];
                        circle.push(at.clone());
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if !came_from.contains_key(next) {
                    came_from.insert(next, node);
                    waiting.push_back(next);
                }
            }
        }
        None
    }
}

#[test]
fn the_circle_rule_catches() {
    let rooms = [
        source("src/app.rs", "use crate::demo::run;"),
        source("src/cli/mod.rs", "use crate::app::App;"),
        source("src/demo/mod.rs", "fn run() { crate::cli::run() }"),
    ];
    assert_eq!(circles(&rooms).len(), 1, "{:?}", circles(&rooms));
    assert_eq!(circles(&rooms[..2]), NOTHING);

    let files = [
        source("src/account/model.rs", "use super::store::Row;"),
        source("src/account/store.rs", "use crate::account::service::Accounts;"),
        source("src/account/service.rs", "use crate::account::model::Account;"),
    ];
    assert_eq!(circles(&files).len(), 1, "{:?}", circles(&files));
    assert_eq!(circles(&files[1..]), NOTHING);

    let parent_and_child = [
        source("src/account/mod.rs", "mod store; pub struct Name; fn f() { store::read() }"),
        source("src/account/store.rs", "use super::Name; pub fn read() {}"),
    ];
    assert_eq!(circles(&parent_and_child).len(), 1, "{:?}", circles(&parent_and_child));
}

#[test]
fn passing_a_name_on_is_no_circle() {
    let passed_on = [
        source("src/account/mod.rs", "mod store; mod model; pub use model::Name; pub use self::store::read;"),
        source("src/account/model.rs", "pub struct Name;"),
        source("src/account/store.rs", "use super::Name; pub fn read() {}"),
    ];
    assert_eq!(circles(&passed_on), NOTHING);
    let and_used = [
        source("src/account/mod.rs", "mod store; pub use store::Rows; pub struct Name; fn f(_: Rows) {}"),
        source("src/account/store.rs", "use super::Name; pub struct Rows;"),
    ];
    assert_eq!(circles(&and_used).len(), 1);
    let used_in_tests = [
        source(
            "src/account/mod.rs",
            "mod store; pub use store::Rows; pub struct Name; #[cfg(test)] mod tests { fn f(_: super::Rows) { Rows::new() } }",
        ),
        source("src/account/store.rs", "use super::Name; pub struct Rows;"),
    ];
    assert_eq!(circles(&used_in_tests), NOTHING);
    let tests_may = [
        source("src/account/model.rs", "#[cfg(test)] mod tests { use crate::account::store::read; }"),
        source("src/account/store.rs", "use super::model::Name; pub fn read() {}"),
    ];
    assert_eq!(circles(&tests_may), NOTHING);
}
