//! Collects findings and adds the place to each.

use std::path::Path;
use std::time::Duration;

use crate::config::error::Finding;
use crate::config::settings::{Config, Written};

/// One rule: looks at the settings and says what is wrong.
pub type Check = fn(&Config, &mut Report<'_>);

pub struct Report<'c> {
    written: &'c Written,
    findings: Vec<Finding>,
}

impl<'c> Report<'c> {
    pub fn new(written: &'c Written) -> Self {
        Self { written, findings: vec![] }
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    pub fn say(&mut self, field: &str, text: impl Into<String>) {
        self.findings.push(Finding {
            file: self.written.file.clone(),
            line: self.written.outline.line(field),
            field: field.to_owned(),
            text: text.into(),
        });
    }

    /// Whether the operator wrote the key down.
    pub fn is_written(&self, field: &str) -> bool {
        self.written.outline.line(field).is_some()
    }

    /// Says it unless it holds.
    pub fn demand(&mut self, holds: bool, field: &str, text: &str) {
        if !holds {
            self.say(field, text);
        }
    }

    pub fn within<N: Copy + PartialOrd + std::fmt::Display>(&mut self, field: &str, value: N, range: (N, N)) {
        let (least, most) = range;
        if value < least || value > most {
            self.say(field, format!("must lie between {least} and {most}"));
        }
    }

    pub fn span_within(&mut self, field: &str, value: Duration, range: (Duration, Duration)) {
        let (least, most) = range;
        if value < least || value > most {
            let (least, most) = (least.as_millis(), most.as_millis());
            self.say(field, format!("must lie between {least}ms and {most}ms"));
        }
    }

    pub fn is_file(&mut self, field: &str, path: Option<&Path>) {
        if let Some(path) = path.filter(|path| !path.is_file()) {
            self.say(field, format!("{} is no file", path.display()));
        }
    }
}
