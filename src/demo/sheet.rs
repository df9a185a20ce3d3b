//! The demo sheet: what there is, for any tool to drive.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::folder::Folder;
use super::passkey::SheetPasskey;
use crate::app::Failure;
use crate::config::Config;
use crate::infra::files;

/// A person as the sheet shows one, and as `--people` takes one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub username: String,
    pub password: String,
    #[serde(default)]
    pub display_name: String,
    #[serde(default)]
    pub language: Option<crate::kernel::language::Language>,
    #[serde(default)]
    pub roles: Vec<crate::kernel::role::Role>,
    #[serde(default)]
    pub email: Option<String>,
    /// Base32.
    #[serde(default)]
    pub totp_secret: Option<String>,
    #[serde(default)]
    pub recovery_codes: Vec<String>,
    #[serde(default)]
    pub passkeys: Vec<SheetPasskey>,
    #[serde(default)]
    pub organisation: Option<String>,
    #[serde(default)]
    pub directory: Option<String>,
    #[serde(default)]
    pub note: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub claims: Map<String, Value>,
    /// `pwd` is for the demo alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_assurance: Option<crate::kernel::acr::Acr>,
}

/// The people of an earlier start, by user name; none where there was none.
pub fn read(folder: &Folder) -> HashMap<String, Person> {
    let Ok(text) = std::fs::read_to_string(folder.file("demo.json")) else { return HashMap::new() };
    let sheet: Value = serde_json::from_str(&text).unwrap_or_default();
    let people = sheet.get("people").cloned().unwrap_or_default();
    let people: Vec<Person> = serde_json::from_value(people).unwrap_or_default();
    people.into_iter().map(|person| (person.username.clone(), person)).collect()
}

pub fn write(folder: &Folder, config: &Config, people: &[Person], clients: &[Value]) -> Result<(), Failure> {
    let sheet = json!({
        "issuer": config.server.issuer,
        "people": people,
        "clients": clients,
        "mailbox": config.mail.folder,
        "event_log": config.log.copy,
    });
    let path = folder.file("demo.json");
    files::write_private(&path, format!("{sheet:#}\n").as_bytes())
        .map_err(|error| Failure::Work(format!("{}: {error}", path.display())))
}
