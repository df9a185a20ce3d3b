//! The whole configuration: read once at the start, then handed out by sections.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::config::directory::DirectoriesConfig;
use crate::config::document::{Origin, Outline, lay_over};
use crate::config::error::ConfigError;
use crate::config::outgoing::OutgoingConfig;
use crate::config::sections::{
    AssuranceConfig, ClientsConfig, DataConfig, DatabaseConfig, ExpiryConfig, GeoipConfig, HashingConfig,
    HouseConfig, KeysConfig, LogConfig, MailConfig, PasskeysConfig, PasswordsConfig, PoliciesConfig,
    ResetConfig, ServerConfig, SessionsConfig, SignInConfig, SigningConfig, StateConfig, TokensConfig,
};
use crate::config::source::{Surroundings, environment, read_file};
use crate::config::upstream::{FederationConfig, UpstreamsConfig};
use crate::kernel::secret::Secret;

const DEFAULT: &str = include_str!("../../config/default.toml");

/// Every setting of this installation. It has no `Debug`, for it holds secrets.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: ServerConfig,
    pub data: DataConfig,
    pub database: DatabaseConfig,
    pub state: StateConfig,
    pub keys: KeysConfig,
    pub hashing: HashingConfig,
    pub sign_in: SignInConfig,
    pub reset: ResetConfig,
    pub assurance: AssuranceConfig,
    pub sessions: SessionsConfig,
    pub tokens: TokensConfig,
    pub signing: SigningConfig,
    pub passkeys: PasskeysConfig,
    pub passwords: PasswordsConfig,
    pub expiry: ExpiryConfig,
    pub mail: MailConfig,
    pub log: LogConfig,
    pub geoip: GeoipConfig,
    pub policies: PoliciesConfig,
    pub clients: ClientsConfig,
    pub outgoing: OutgoingConfig,
    pub federation: FederationConfig,
    pub upstream: UpstreamsConfig,
    pub directory: DirectoriesConfig,
    pub house: HouseConfig,
    /// Where the operator's values stand, for findings.
    #[serde(skip)]
    pub(super) written: Written,
}

/// The operator's file and the lines of what it says.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub file: PathBuf,
    pub outline: Outline,
}

impl Config {
    /// Reads the operator's file over the defaults.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, has an unknown key or a value of another type, or names a
    /// source of a text that gives none.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read_file(path)?;
        Self::parse(&text, path, &environment)
    }

    /// The defaults alone, with relative paths from the given folder: what the demo starts from.
    ///
    /// # Errors
    /// None for the file that is compiled in; a test reads it.
    pub fn defaults(folder: &Path) -> Result<Self, ConfigError> {
        Self::parse("", &folder.join("default.toml"), &|_| None)
    }

    /// Takes the upstream providers of a file that says nothing else: what a demo is given.
    ///
    /// # Errors
    /// As [`Config::load`]; and a section of another name.
    pub fn take_upstreams(&mut self, file: &Path) -> Result<(), ConfigError> {
        let text = read_file(file)?;
        let (origin, over) = Origin::parse(file, &text)?;
        let sections = over.get_ref().keys().map(|key| key.get_ref().as_ref());
        if let Some(other) = sections.into_iter().find(|name| *name != "upstream") {
            return Err(origin.unknown_key(other, std::iter::once("upstream")));
        }
        let read = Self::parse(&text, file, &environment)?;
        (self.upstream, self.written) = (read.upstream, read.written);
        Ok(())
    }

    fn parse(
        text: &str,
        path: &Path,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let around = Surroundings { folder, variable };
        let (origin, over) = Origin::parse(path, text)?;
        let (_, base) = Origin::parse(Path::new("default.toml"), DEFAULT)?;
        let mut merged = base.into_inner();
        lay_over(&mut merged, over.into_inner(), &origin, &around)?;
        let merged = Spanned::new(0..text.len(), merged);
        let mut config =
            Self::deserialize(toml::Deserializer::from(merged)).map_err(|error| origin.refuse(&error))?;
        config.written = Written { file: path.to_owned(), outline: origin.outline };
        config.start_paths_at(folder);
        Ok(config)
    }

    /// Makes every relative path start at the folder.
    fn start_paths_at(&mut self, folder: &Path) {
        let always = [
            &mut self.data.folder,
            &mut self.keys.ring,
            &mut self.mail.folder,
            &mut self.log.copy,
            &mut self.log.heads,
            &mut self.geoip.folder,
            &mut self.clients.folder,
        ];
        let where_given = [
            &mut self.server.tls_certificate,
            &mut self.server.tls_key,
            &mut self.passkeys.metadata,
            &mut self.passwords.blocklist,
            &mut self.passwords.breach_filter,
            &mut self.policies.folder,
            &mut self.outgoing.ca,
        ];
        let of_directories = self.directory.values_mut().filter_map(|directory| directory.ca.as_mut());
        for path in always.into_iter().chain(where_given.into_iter().flatten()).chain(of_directories) {
            *path = folder.join(&path);
        }
        let databases = [Some(&mut self.database.url), self.database.migration_url.as_mut()];
        for url in databases.into_iter().flatten() {
            *url = sqlite_from(folder, url);
        }
    }
}

/// `sqlite://var/x.db` starts at the folder too; an absolute path and any other address stay as they are.
fn sqlite_from(folder: &Path, url: &Secret<String>) -> Secret<String> {
    match url.expose().strip_prefix("sqlite://") {
        Some(path) if !path.starts_with([':', '/']) => {
            Secret::new(format!("sqlite://{}", folder.join(path).display()))
        }
        _ => url.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use toml::{Table, Value};

    use super::{Config, DEFAULT, Deserialize};
    use crate::config::{MailEncryption, MailKind, UpstreamKind};

    fn read(text: &str) -> Result<Config, String> {
        let variable = |name: &str| (name == "MAIL_PASSWORD").then(|| "from the environment\n".to_owned());
        Config::parse(text, Path::new("/etc/cardea/cardea.toml"), &variable)
            .map_err(|error| error.to_string())
    }

    fn refusal(text: &str) -> String {
        read(text).err().unwrap_or_else(|| panic!("accepted: {text}"))
    }

    fn leaves(table: &Table, trail: &[String], found: &mut Vec<Vec<String>>) {
        for (key, value) in table {
            let field = [trail, std::slice::from_ref(key)].concat();
            if let Some(inner) = value.as_table() {
                leaves(inner, &field, found);
            } else {
                found.push(field);
            }
        }
    }

    /// Takes a key out; whatever then remains has to miss it.
    fn without(table: &Table, field: &[String]) -> Table {
        let mut table = table.clone();
        match field {
            [key] => drop(table.remove(key)),
            [key, rest @ ..] => {
                let inner = table[key].as_table().unwrap();
                let inner = without(inner, rest);
                table.insert(key.clone(), Value::Table(inner));
            }
            [] => {}
        }
        table
    }

    #[test]
    fn the_default_file_has_every_key_and_no_other() {
        let default: Table = DEFAULT.parse().unwrap();
        assert!(Config::deserialize(default.clone()).is_ok());
        let mut fields = vec![];
        leaves(&default, &[], &mut fields);
        assert!(fields.len() > 70, "the walk found only {}", fields.len());
        for field in fields {
            let missing = Config::deserialize(without(&default, &field)).err();
            let missing = missing.unwrap_or_else(|| panic!("{field:?} has a second default in the code"));
            assert!(missing.message().contains("missing field"), "{field:?}: {missing}");
        }
    }

    #[test]
    fn every_key_of_the_default_file_is_explained_on_the_line_above() {
        let lines: Vec<&str> = DEFAULT.lines().collect();
        let mut sections = BTreeSet::new();
        for (above, line) in lines.iter().zip(lines.iter().skip(1)) {
            if line.starts_with('[') {
                assert!(sections.insert(*line), "{line} stands twice");
            } else if line.contains(" = ") && !line.starts_with('#') {
                assert!(above.starts_with("# ") && above.ends_with(['.', '"']), "no comment above `{line}`");
            }
        }
    }

    #[test]
    fn an_empty_file_gives_the_defaults_and_paths_start_at_its_folder() {
        let config = read("").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(config.server.issuer, "http://localhost:8080");
        assert_eq!(config.sessions["admin"].idle, Duration::from_mins(15));
        assert_eq!(config.passwords.expires_after, None);
        assert_eq!(config.database.url.expose(), "sqlite:///etc/cardea/var/cardea/cardea.db");
        assert!(config.database.migration_url.is_none() && config.state.redis_url.is_none());
        assert_eq!(config.keys.ring, PathBuf::from("/etc/cardea/keys.json"));
        assert!(config.log.copy.is_absolute() && config.log.heads.is_absolute());
        assert_eq!(config.findings(), vec![]);
    }

    #[test]
    fn what_the_operator_writes_counts_and_the_rest_stays() {
        let config = read(
            "[server]\nlisten = '[::1]:443'\ntrusted_proxies = ['10.0.0.0/24', '192.0.2.9']\n\
             [sessions.desk]\nidle = '5m'\n[database]\nurl = 'postgres://db/cardea'\n\
             [mail]\nkind = 'smtp'\npassword = { env = 'MAIL_PASSWORD' }\n",
        );
        let config = config.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(config.server.listen.port(), 443);
        assert_eq!(config.server.trusted_proxies.len(), 2);
        assert_eq!(config.sessions["desk"].idle, Duration::from_mins(5));
        assert_eq!(config.sessions["desk"].absolute, Duration::from_hours(10));
        assert_eq!(config.database.url.expose(), "postgres://db/cardea");
        assert_eq!((config.mail.kind, config.mail.encryption), (MailKind::Smtp, MailEncryption::Starttls));
        let password = config.mail.password.map(|secret| secret.expose().clone());
        assert_eq!(password.as_deref(), Some("from the environment"));
    }

    #[test]
    fn a_provider_of_any_name_begins_as_its_kind() {
        let config = read(
            "[upstream.partner]\nkind = 'fas'\nclient_id = 'ours'\n[upstream.itsme]\nservice = 'CODE'\n\
             client_secret = { env = 'MAIL_PASSWORD' }\n",
        );
        let config = config.unwrap_or_else(|error| panic!("{error}"));
        let (partner, itsme) = (&config.upstream["partner"], &config.upstream["itsme"]);
        assert_eq!((partner.kind, partner.client_id.as_deref()), (UpstreamKind::Fas, Some("ours")));
        assert_eq!(partner.issuer, config.upstream["fas"].issuer);
        assert_eq!(itsme.service.as_deref(), Some("CODE"));
        assert!(itsme.client_secret.is_some() && !itsme.is_in_use());
        for kind in UpstreamKind::ALL {
            assert_eq!(config.upstream[kind.name()].kind, kind);
        }
    }

    #[test]
    fn a_refusal_names_file_line_and_field() {
        let table = [
            (
                "[server]\ntiemout = 3",
                "/etc/cardea/cardea.toml:2: unknown key `tiemout` in [server]; known: body_bytes_max, header",
            ),
            (
                "\n\n[serwer]\nlisten = ''",
                ":3: unknown key `serwer` in the file; known: assurance, clients, data, ",
            ),
            (
                "[sessions.boss]\nidle = '1h'",
                ":1: unknown key `boss` in [sessions]; known: admin, analyst, auditor, desk, staff",
            ),
            ("[tokens]\n\ncode = '60'", ":3: tokens.code: `60` is not a span of time such as"),
            ("[server]\nlisten = 'here'", ":2: server.listen: invalid socket address syntax"),
            (
                "[server]\ntrusted_proxies = [\n '10.0.0.0/8',\n 'all']",
                ": server.trusted_proxies: `all` is neither",
            ),
            ("[mail]\nport = 70000", ":2: mail.port: invalid value: integer `70000`, expected u16"),
            ("[mail]\nencryption = 'ssl'", ":2: mail.encryption: unknown variant `ssl`"),
            (
                "[upstream.partner]\nissuer = 'x'",
                ":1: upstream.partner: a section of this name says its kind, one of",
            ),
            (
                "[upstream.partner]\nkind = 'saml'",
                ":1: upstream.partner: a section of this name says its kind, one of",
            ),
            (
                "[upstream.partner]\nkind = 'fas'\nissuers = 1",
                ":3: unknown key `issuers` in [upstream.partner]",
            ),
            ("[upstream.fas]\nkind = 'saml'", ":2: upstream.fas.kind: unknown variant `saml`"),
            (
                "[outgoing]\nallow = ['idp.internal']",
                ":2: outgoing.allow: `idp.internal` is no host with a port",
            ),
            ("server = 3", ":1: server: invalid type: integer `3`"),
            (
                "[mail]\npassword = { env = 'NOT_SET' }",
                ":2: mail.password: the environment variable NOT_SET is not set",
            ),
            ("[mail]\npassword = { file = 'none' }", ":2: mail.password: /etc/cardea/none: cannot be read"),
            (
                "[mail]\npassword = { vault = 'x' }",
                ":2: mail.password: a text comes from `file` or from `env`",
            ),
            ("[mail\n", ":1: this is not TOML: "),
            ("[mail]\nport = 1\nport = 2", ":3: this is not TOML: duplicate key"),
        ];
        for (text, expected) in table {
            let refusal = refusal(text);
            assert!(refusal.contains(expected), "{text}\n gave: {refusal}\n not: {expected}");
            assert!(!refusal.contains('\n'), "{refusal}");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_a_secret() {
        for text in ["[mail]\npassword = 271828", "[database]\nurl = 271828", "[state]\nredis_url = [271828]"]
        {
            let refusal = refusal(text);
            assert!(refusal.contains("must be a text") && !refusal.contains("271828"), "{refusal}");
        }
    }

    #[test]
    fn a_text_may_come_from_a_file_beside_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pw"), "s3cret\r\n").unwrap();
        let path = folder.path().join("cardea.toml");
        std::fs::write(&path, "[mail]\npassword = { file = 'pw' }\n").unwrap();
        let config = Config::load(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(config.mail.password.map(|secret| secret.expose().clone()).as_deref(), Some("s3cret"));
        assert!(config.data.folder.starts_with(folder.path()));
    }
}
