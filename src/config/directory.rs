//! Directories beside our own: a section for each, under a name of the operator's choice; two stand in the
//! defaults, and every other one begins as one of those (`kind`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::config::read;
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::secret::Secret;

/// Directories by their names, which accounts carry.
pub type DirectoriesConfig = BTreeMap<String, DirectoryConfig>;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryConfig {
    pub kind: DirectoryKind,
    /// Empty: the directory is not in use.
    pub controllers: Vec<String>,
    #[serde(deserialize_with = "read::optional_path")]
    pub ca: Option<PathBuf>,
    #[serde(deserialize_with = "read::optional_text")]
    pub bind_name: Option<String>,
    #[serde(deserialize_with = "read::optional_secret")]
    pub bind_password: Option<Secret<String>>,
    pub base: String,
    pub person_filter: String,
    pub login_attribute: String,
    pub display_name_attribute: String,
    pub mail_attribute: String,
    pub language_attribute: String,
    pub language: Language,
    pub desk_groups: Vec<String>,
    pub analyst_groups: Vec<String>,
    pub auditor_groups: Vec<String>,
    pub admin_groups: Vec<String>,
    pub lockout_threshold_unknown: u32,
    #[serde(deserialize_with = "read::duration")]
    pub connect_time: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub answer_time: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub refresh_every: Duration,
    #[serde(deserialize_with = "read::duration")]
    pub read_all_every: Duration,
    pub page_entries: u16,
    pub people_max: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DirectoryKind {
    /// Active Directory.
    Ad,
    /// Any LDAP server with RFC 3062, and its password policy where it has one.
    Ldap,
}

impl DirectoryKind {
    pub const ALL: [Self; 2] = [Self::Ad, Self::Ldap];

    /// The name of its section in the defaults.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ad => "ad",
            Self::Ldap => "ldap",
        }
    }
}

impl DirectoryConfig {
    pub const fn is_in_use(&self) -> bool {
        !self.controllers.is_empty()
    }

    /// The groups that each role comes from, by their distinguished names.
    pub fn groups(&self) -> [(Role, &[String]); 4] {
        [
            (Role::Desk, &self.desk_groups),
            (Role::Analyst, &self.analyst_groups),
            (Role::Auditor, &self.auditor_groups),
            (Role::Admin, &self.admin_groups),
        ]
    }
}
