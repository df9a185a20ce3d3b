//! A TOML document that remembers on which line everything stands, and how one is laid over another.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use crate::config::error::{Cause, ConfigError, Place};
use crate::config::source::Surroundings;

/// Most levels of tables that are walked: the settings have three.
const DEPTH_MAX: usize = 16;

/// Where each key of a text stands.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    /// From the key's first byte to the value's last.
    bytes: Range<usize>,
    line: usize,
}

impl Outline {
    pub fn of(text: &str, table: &DeTable<'_>) -> Self {
        let mut outline = Self::default();
        outline.add(text, table, "", 0);
        outline
    }

    /// The line of a key, given as `section.key`.
    pub fn line(&self, field: &str) -> Option<usize> {
        self.entries.get(field).map(|entry| entry.line)
    }

    /// The innermost key around a byte of the text.
    fn around(&self, offset: usize) -> Option<(&str, usize)> {
        self.entries
            .iter()
            .filter(|(_, entry)| entry.bytes.contains(&offset))
            .min_by_key(|(field, entry)| (entry.bytes.len(), std::cmp::Reverse(field.len())))
            .map(|(field, entry)| (field.as_str(), entry.line))
    }

    fn add(&mut self, text: &str, table: &DeTable<'_>, trail: &str, depth: usize) {
        for (key, value) in table {
            let field = joined(trail, key.get_ref());
            let bytes = key.span().start..value.span().end.max(key.span().end);
            let line = line_at(text, bytes.start);
            self.entries.insert(field.clone(), Entry { bytes, line });
            if let (Some(inner), true) = (value.get_ref().as_table(), depth < DEPTH_MAX) {
                self.add(text, inner, &field, depth + 1);
            }
        }
    }
}

/// A text, the file that it came from, and its outline: what an error needs to name its place.
pub struct Origin<'t> {
    pub file: &'t Path,
    pub text: &'t str,
    pub outline: Outline,
}

impl<'t> Origin<'t> {
    /// Reads the text as TOML.
    ///
    /// # Errors
    /// It is not TOML; the error names the line.
    pub fn parse(file: &'t Path, text: &'t str) -> Result<(Self, Spanned<DeTable<'t>>), ConfigError> {
        let table = DeTable::parse(text).map_err(|error| ConfigError {
            place: Place::new(file, error.span().map(|span| line_at(text, span.start))),
            cause: Cause::Syntax(format!("this is not TOML: {}", one_line(error.message()))),
        })?;
        let outline = Outline::of(text, table.get_ref());
        Ok((Self { file, text, outline }, table))
    }

    /// The place and the field of what the deserialiser did not like.
    pub fn refuse(&self, error: &Error) -> ConfigError {
        let around = error.span().and_then(|span| self.outline.around(span.start));
        let line = error.span().map(|span| line_at(self.text, span.start));
        let text = one_line(error.message());
        let cause = match around {
            Some((field, _)) => Cause::Value { field: field.to_owned(), text },
            None => Cause::Syntax(text),
        };
        ConfigError { place: Place::new(self.file, line), cause }
    }

    /// A key that nobody knows, with those that are known instead.
    pub fn unknown_key<'k>(&self, field: &str, known: impl Iterator<Item = &'k str>) -> ConfigError {
        let (section, key) = field.rsplit_once('.').unwrap_or(("", field));
        let section = if section.is_empty() { "the file".to_owned() } else { format!("[{section}]") };
        ConfigError {
            place: Place::new(self.file, self.outline.line(field)),
            cause: Cause::UnknownKey {
                key: key.to_owned(),
                section,
                known: known.collect::<Vec<_>>().join(", "),
            },
        }
    }

    /// A field whose value cannot be used.
    pub fn value(&self, field: &str, text: String) -> ConfigError {
        ConfigError {
            place: Place::new(self.file, self.outline.line(field)),
            cause: Cause::Value { field: field.to_owned(), text },
        }
    }
}

/// Lays a document over the base. Only keys that the base has are accepted; a text of the base may
/// come from a file or from the environment.
///
/// # Errors
/// An unknown key, or a source of a text that gives none.
pub fn lay_over<'t>(
    base: &mut DeTable<'t>,
    over: DeTable<'t>,
    origin: &Origin<'_>,
    around: &Surroundings<'_>,
) -> Result<(), ConfigError> {
    lay_section(base, over, "", &Layer { origin, around })
}

/// Sections whose own sections may have any name: each begins as the one of the base that its `kind` names.
const BY_NAME: [&str; 2] = ["upstream", "directory"];

fn pattern_of<'t>(base: &DeTable<'t>, section: &Spanned<DeValue<'t>>) -> Option<Spanned<DeValue<'t>>> {
    let kind = section.get_ref().as_table()?.get("kind")?.get_ref().as_str()?;
    base.get(kind).cloned()
}

fn no_kind(base: &DeTable<'_>) -> String {
    let known = base.keys().map(|known| known.get_ref().as_ref()).collect::<Vec<_>>().join(", ");
    format!("a section of this name says its kind, one of {known}")
}

struct Layer<'a> {
    origin: &'a Origin<'a>,
    around: &'a Surroundings<'a>,
}

fn lay_section<'t>(
    base: &mut DeTable<'t>,
    over: DeTable<'t>,
    trail: &str,
    layer: &Layer<'_>,
) -> Result<(), ConfigError> {
    for (key, value) in over {
        let field = joined(trail, key.get_ref());
        if BY_NAME.contains(&trail) && !base.contains_key(key.get_ref().as_ref()) {
            let pattern =
                pattern_of(base, &value).ok_or_else(|| layer.origin.value(&field, no_kind(base)))?;
            base.insert(key.clone(), pattern);
        }
        let Some(slot) = base.get_mut(key.get_ref().as_ref()) else {
            let known = base.keys().map(|known| known.get_ref().as_ref());
            return Err(layer.origin.unknown_key(&field, known));
        };
        let span = value.span();
        match (slot.get_mut(), value.into_inner()) {
            (DeValue::Table(inner), DeValue::Table(over)) => lay_section(inner, over, &field, layer)?,
            (DeValue::String(_), DeValue::Table(source)) => {
                let text = layer.around.text(&source).map_err(|text| layer.origin.value(&field, text))?;
                *slot = Spanned::new(span, DeValue::String(text.into()));
            }
            (_, value) => *slot = Spanned::new(span, value),
        }
    }
    Ok(())
}

/// The line of a byte, counted from one.
pub fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn joined(trail: &str, key: &str) -> String {
    if trail.is_empty() { key.to_owned() } else { format!("{trail}.{key}") }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
