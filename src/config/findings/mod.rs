//! What is well-formed and yet wrong: each rule one small function in an ordered list.

mod directory;
mod edge;
mod people;
mod report;
mod signing;
mod storage;
mod upstream;

use crate::config::error::Finding;
use crate::config::settings::Config;

use report::{Check, Report};

impl Config {
    /// Everything that `cardea check` tells of the settings. `cardea serve` starts only when it is empty.
    pub fn findings(&self) -> Vec<Finding> {
        let mut report = Report::new(&self.written);
        let lists: [&[Check]; 6] = [
            directory::CHECKS,
            edge::CHECKS,
            people::CHECKS,
            signing::CHECKS,
            storage::CHECKS,
            upstream::CHECKS,
        ];
        for check in lists.into_iter().flatten() {
            check(self, &mut report);
        }
        report.into_findings()
    }

    /// Something that a setting names turned out wrong: the finding with its place.
    pub fn at(&self, field: &str, text: String) -> Finding {
        Finding {
            file: self.written.file.clone(),
            line: self.written.outline.line(field),
            field: field.to_owned(),
            text,
        }
    }
}
