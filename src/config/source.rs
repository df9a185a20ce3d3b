//! Texts that stand elsewhere: in a file or in the environment. The only reader of the environment.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use toml::de::DeTable;
use zeroize::Zeroizing;

use crate::config::error::{Cause, ConfigError, Place};

/// Largest file of settings, in bytes.
pub const FILE_BYTES_MAX: u64 = 1 << 20;
/// Largest text from a file or a variable, in bytes.
const TEXT_BYTES_MAX: u64 = 1 << 16;

/// Where relative paths start and what variables there are.
pub struct Surroundings<'a> {
    pub folder: &'a Path,
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Surroundings<'_> {
    /// The text behind `{ file = "path" }` or `{ env = "NAME" }`; one line end at its end is not part of it.
    ///
    /// # Errors
    /// A sentence without the text itself.
    pub fn text(&self, table: &DeTable<'_>) -> Result<String, String> {
        let mut keys = table.iter();
        let (Some((kind, target)), None) = (keys.next(), keys.next()) else {
            return Err(
                "a text comes from { file = \"path\" } or from { env = \"NAME\" }, one of both".into()
            );
        };
        let target = target.get_ref().as_str().ok_or("the name of a file or a variable is a text")?;
        match kind.get_ref().as_ref() {
            "file" => self.file(Path::new(target)),
            "env" => self.named_variable(target),
            other => Err(format!("a text comes from `file` or from `env`, not from `{other}`")),
        }
    }

    pub fn file(&self, path: &Path) -> Result<String, String> {
        let path = self.folder.join(path);
        let read =
            read_bounded(&path, TEXT_BYTES_MAX).map_err(|cause| format!("{}: {cause}", path.display()))?;
        let text = without_line_end(&read);
        if text.is_empty() {
            Err(format!("{}: the file is empty", path.display()))
        } else {
            Ok(text.to_owned())
        }
    }

    pub fn named_variable(&self, name: &str) -> Result<String, String> {
        let text = Zeroizing::new((self.variable)(name).unwrap_or_default());
        if text.is_empty() {
            return Err(format!("the environment variable {name} is not set"));
        }
        Ok(without_line_end(&text).to_owned())
    }
}

/// A variable of the environment, where it is text.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads a whole file of settings.
///
/// # Errors
/// It cannot be read, or it is larger than [`FILE_BYTES_MAX`].
pub fn read_file(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    read_bounded(path, FILE_BYTES_MAX).map_err(|cause| ConfigError { place: Place::new(path, None), cause })
}

fn read_bounded(path: &Path, bytes_max: u64) -> Result<Zeroizing<String>, Cause> {
    let mut text = Zeroizing::new(String::new());
    let file = File::open(path).map_err(Cause::Unreadable)?;
    file.take(bytes_max + 1).read_to_string(&mut text).map_err(Cause::Unreadable)?;
    if text.len() as u64 > bytes_max { Err(Cause::TooLarge { bytes_max }) } else { Ok(text) }
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
