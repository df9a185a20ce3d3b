//! Reads policies and lets none pass that is not valid, named and explained.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cedar_policy::ffi::DetailedError;
use cedar_policy::{ParseErrors, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};

const SCHEMA_FILE: &str = "policies/cardea.cedarschema";
const SCHEMA: &str = include_str!("../../policies/cardea.cedarschema");

/// The policies of the program, one file for each audience.
const BUILT_IN: [(&str, &str); 7] = [
    ("policies/person.cedar", include_str!("../../policies/person.cedar")),
    ("policies/desk.cedar", include_str!("../../policies/desk.cedar")),
    ("policies/analyst.cedar", include_str!("../../policies/analyst.cedar")),
    ("policies/auditor.cedar", include_str!("../../policies/auditor.cedar")),
    ("policies/admin.cedar", include_str!("../../policies/admin.cedar")),
    ("policies/operator.cedar", include_str!("../../policies/operator.cedar")),
    ("policies/limits.cedar", include_str!("../../policies/limits.cedar")),
];

/// Largest file of policies, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Most files of policies in a folder.
const FILES_MAX: usize = 256;

/// Why policies cannot be used: file, line and reason in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{}: cannot be read: {cause}", file.display())]
    Unreadable { file: PathBuf, cause: std::io::Error },
    #[error("{}: there is no policy (*.cedar) of less than {FILE_BYTES_MAX} bytes", folder.display())]
    Empty { folder: PathBuf },
    #[error("{}:{line}: {text}", file.display())]
    Invalid { file: PathBuf, line: usize, text: String },
}

/// Valid policies, the schema they were held against, and each one's sentence by its id.
pub struct Loaded {
    pub set: PolicySet,
    pub schema: Schema,
    pub sentences: BTreeMap<String, String>,
}

/// The policies that are compiled in.
///
/// # Errors
/// None, as long as a test reads them.
pub fn built_in() -> Result<Loaded, PolicyError> {
    let mut loading = Loading::begin()?;
    for (file, text) in BUILT_IN {
        loading.add(Path::new(file), text)?;
    }
    Ok(loading.loaded)
}

/// Every `.cedar` file of a folder, in place of those compiled in.
///
/// # Errors
/// A file cannot be read, or a policy is not valid; without any policy nobody could do anything.
pub fn from_folder(folder: &Path) -> Result<Loaded, PolicyError> {
    let unreadable = |file: &Path| {
        let file = file.to_owned();
        move |cause| PolicyError::Unreadable { file, cause }
    };
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))?.take(FILES_MAX) {
        let file = entry.map_err(unreadable(folder))?.path();
        let size = std::fs::metadata(&file).map_err(unreadable(&file))?.len();
        if file.extension().is_some_and(|ending| ending == "cedar") && size <= FILE_BYTES_MAX {
            files.push(file);
        }
    }
    files.sort();
    let mut loading = Loading::begin()?;
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(unreadable(&file))?;
        loading.add(&file, &text)?;
    }
    if loading.loaded.sentences.is_empty() {
        return Err(PolicyError::Empty { folder: folder.to_owned() });
    }
    Ok(loading.loaded)
}

struct Loading {
    loaded: Loaded,
    validator: Validator,
}

impl Loading {
    fn begin() -> Result<Self, PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)
            .map_err(|error| invalid(Path::new(SCHEMA_FILE), SCHEMA, &DetailedError::from(&error)))?;
        let validator = Validator::new(schema.clone());
        let loaded = Loaded { set: PolicySet::new(), schema, sentences: BTreeMap::new() };
        Ok(Self { loaded, validator })
    }

    fn add(&mut self, file: &Path, text: &str) -> Result<(), PolicyError> {
        let set =
            PolicySet::from_str(text).map_err(|error| invalid(file, text, &DetailedError::from(&error)))?;
        self.validate(file, text, &set)?;
        if let Some(template) = set.templates().next() {
            return Err(at(file, text, &template.to_string(), "a template has no place here"));
        }
        for policy in set.policies() {
            self.take(file, text, policy)?;
        }
        Ok(())
    }

    /// Strict, and a warning counts as much: a policy that can never apply is a mistake.
    fn validate(&self, file: &Path, text: &str, set: &PolicySet) -> Result<(), PolicyError> {
        let result = self.validator.validate(set, ValidationMode::Strict);
        let errors = result.validation_errors().map(DetailedError::from);
        let warnings = result.validation_warnings().map(DetailedError::from);
        errors.chain(warnings).next().map_or(Ok(()), |error| Err(invalid(file, text, &error)))
    }

    fn take(&mut self, file: &Path, text: &str, policy: &Policy) -> Result<(), PolicyError> {
        let refuse = |reason: &str| at(file, text, &policy.to_cedar().unwrap_or_default(), reason);
        let annotation = |key| policy.annotation(key).filter(|value: &&str| !value.trim().is_empty());
        let id = annotation("id").ok_or_else(|| refuse("the policy has no @id(\"…\")"))?;
        let why = annotation("why").ok_or_else(|| refuse("the policy has no @why(\"one sentence\")"))?;
        if self.loaded.sentences.insert(id.to_owned(), why.to_owned()).is_some() {
            return Err(refuse(&format!("the id `{id}` is taken")));
        }
        let named = policy.new_id(PolicyId::new(id));
        self.loaded.set.add(named).map_err(|error| refuse(&error.to_string()))
    }
}

/// The names of types that the program speaks of do not parse.
pub fn broken_names(error: &ParseErrors) -> PolicyError {
    PolicyError::Invalid { file: PathBuf::from(SCHEMA_FILE), line: 1, text: error.to_string() }
}

fn invalid(file: &Path, text: &str, error: &DetailedError) -> PolicyError {
    let offset = error.source_locations.first().map_or(0, |label| label.loc.start);
    let help = error.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    let message = format!("{}{help}", error.message).split_whitespace().collect::<Vec<_>>().join(" ");
    PolicyError::Invalid { file: file.to_owned(), line: line_at(text, offset), text: message }
}

/// An error at the first line of a policy's own text.
fn at(file: &Path, text: &str, policy: &str, reason: &str) -> PolicyError {
    let line = line_at(text, text.find(policy).unwrap_or(0));
    PolicyError::Invalid { file: file.to_owned(), line, text: reason.to_owned() }
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{Loading, SCHEMA, from_folder};
    use crate::policy::model::Action;

    fn refusal(text: &str) -> String {
        let added = Loading::begin().unwrap().add(Path::new("policies/own.cedar"), text);
        added.err().unwrap_or_else(|| panic!("accepted: {text}")).to_string()
    }

    #[test]
    fn an_invalid_policy_is_refused_with_file_and_line() {
        let head = "@id(\"a\")\n@why(\"Because.\")\n";
        let table = [
            ("permit (principal, action, resource)".to_owned(), ":1: unexpected end of input"),
            (format!("{head}permit (principal is Ghost, action, resource);"), ":"),
            (format!("{head}permit (principal, action == Action::\"fly\", resource);"), ":3: "),
            (
                format!(
                    "{head}permit (principal is Account, action, resource)\nwhen {{ principal.secret }};"
                ),
                ":4: ",
            ),
            (
                format!(
                    "{head}permit (principal is Account, action, resource)\nwhen {{ principal.state == 3 }};"
                ),
                ":4: ",
            ),
            ("\n\npermit (principal, action, resource);".to_owned(), ":3: the policy has no @id"),
            ("@id(\"a\")\npermit (principal, action, resource);".to_owned(), ":1: the policy has no @why"),
            (
                format!("{head}permit (principal == ?principal, action, resource);"),
                ": a template has no place here",
            ),
            (
                format!(
                    "{head}permit (principal, action, resource);\n{head}forbid (principal, action, resource);"
                ),
                ":4: the id `a` is taken",
            ),
            (
                format!("{head}permit (principal is Operator, action == Action::\"signIn\", resource);"),
                "policies/own.cedar:",
            ),
        ];
        for (text, expected) in table {
            let refusal = refusal(&text);
            assert!(
                refusal.starts_with("policies/own.cedar:") && refusal.contains(expected),
                "{text}\n gave: {refusal}"
            );
            assert!(!refusal.contains('\n'), "{refusal}");
        }
    }

    #[test]
    fn a_folder_takes_the_place_of_all() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            from_folder(folder.path()).is_err_and(|error| error.to_string().contains("there is no policy"))
        );
        let policy = "@id(\"all\")\n@why(\"A test.\")\npermit (principal, action, resource);";
        std::fs::write(folder.path().join("all.cedar"), policy).unwrap();
        let loaded = from_folder(folder.path()).unwrap();
        assert_eq!(loaded.sentences.keys().collect::<Vec<_>>(), ["all"]);
        assert!(from_folder(&folder.path().join("none")).is_err());
    }

    #[test]
    fn program_and_schema_know_the_same_actions() {
        let loading = Loading::begin().unwrap();
        let known: BTreeSet<&str> = loading.loaded.schema.actions().map(|uid| uid.id().unescaped()).collect();
        let names: BTreeSet<&str> = Action::all().map(Action::name).collect();
        assert_eq!(known, names, "{SCHEMA}");
    }
}
