//! Registrations of applications: what the operator wants, read from `config/clients/*.toml` (one file a
//! client, strict) or from a JSON array in the member names of RFC 7591 (`--clients FILE`; members that we do
//! not know are ignored), and what the register keeps of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::algorithms::Algorithms;
pub use crate::config::client::{
    AuthMethod, ClientConfig, GrantType, LocalText, PreviousSecret, ResponseType, SigningAlg,
};
pub use crate::config::client_keys::ClientKeys;
pub use crate::config::client_text::with_other_secret;
use crate::config::document::{Origin, line_at};
use crate::config::error::{Cause, ConfigError, Finding, Place};
use crate::config::fields;
pub use crate::config::members::{Members, SECRETS};
pub use crate::config::registration::CLIENT_SECRET_CHARACTERS_MIN;
use crate::config::registration::{Fault, Registration, SecretRule};
use crate::config::source::{Surroundings, environment, read_file};

/// Most registered applications.
const CLIENTS_MAX: usize = 4096;

/// Stands in the place of the file of a registration that came from the register.
const REGISTER: &str = "register of clients";

/// A finding about a member of a registration: with the line that says it, or else that of the client's id.
pub fn finding(client: &ClientConfig, member: &str, value: Option<&str>, text: String) -> Finding {
    let written = std::fs::read_to_string(&client.file).unwrap_or_default();
    let line = if client.file.extension().is_some_and(|ending| ending == "toml") {
        line_of_member(&written, member).or_else(|| line_of_member(&written, "client_id"))
    } else {
        let id = format!("\"{}\"", client.client_id);
        let start = written.find(&id).unwrap_or_default();
        let said = format!("\"{}\"", value.unwrap_or(member));
        let offset = written.get(start..).and_then(|rest| rest.find(&said)).map(|offset| start + offset);
        offset.or_else(|| written.find(&said)).map(|offset| line_at(&written, offset))
    };
    let field = format!("{member} of client `{}`", client.client_id);
    Finding { file: client.file.clone(), line, field, text }
}

fn line_of_member(toml: &str, member: &str) -> Option<usize> {
    let says = |line: &str| {
        let rest = line.trim_start().strip_prefix(member);
        rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
    };
    toml.lines().position(says).map(|line| line + 1)
}

/// What all registrations together have to keep to: no id twice, resource servers that are registered, and
/// the algorithms of the installation.
///
/// # Errors
/// The first thing that they break, with its place.
pub fn ensure_sound(clients: &[ClientConfig], algorithms: Algorithms) -> Result<(), ConfigError> {
    ensure_unique(clients)?;
    match departures(clients, algorithms).next() {
        None => Ok(()),
        Some(finding) => Err(ConfigError {
            place: Place::new(&finding.file, finding.line),
            cause: Cause::Value { field: finding.field, text: finding.text },
        }),
    }
}

/// Everything in which registrations depart from each other and from the installation.
pub fn departures(clients: &[ClientConfig], algorithms: Algorithms) -> impl Iterator<Item = Finding> {
    let known: BTreeSet<&str> = clients.iter().map(|client| client.client_id.as_str()).collect();
    clients.iter().flat_map(move |client| {
        let stranger = client.audiences.iter().find(|audience| !known.contains(audience.as_str()));
        let unknown = stranger.map(|stranger| {
            let text = format!("`{stranger}` is no registered client");
            finding(client, "audiences", Some(stranger), text)
        });
        let departure = algorithms.departure(client);
        let departure = departure.map(|found| finding(client, found.member, None, found.text));
        unknown.into_iter().chain(departure)
    })
}

/// Reads every `.toml` file of a folder, by name; a folder that is not there has no clients.
///
/// # Errors
/// A file cannot be read or breaks a rule, or two register the same `client_id`.
pub fn from_folder(folder: &Path) -> Result<Vec<ClientConfig>, ConfigError> {
    let mut clients = vec![];
    for path in toml_files(folder)? {
        let text = read_file(&path)?;
        clients.push(from_toml(&text, &path, &environment)?);
    }
    ensure_unique(&clients)?;
    Ok(clients)
}

/// Reads a JSON array of registrations, as the demo takes them: their secrets may be short.
///
/// # Errors
/// The file cannot be read or a registration breaks a rule, or two have the same `client_id`.
pub fn from_json_file(path: &Path) -> Result<Vec<ClientConfig>, ConfigError> {
    let text = read_file(path)?;
    let clients = from_json(&text, path, &environment)?;
    ensure_unique(&clients)?;
    Ok(clients)
}

/// Reads one file of registrations: a `.toml` as in the folder, anything else as a JSON array.
///
/// # Errors
/// As [`from_folder`] and [`from_json_file`].
pub fn from_file(path: &Path) -> Result<Vec<ClientConfig>, ConfigError> {
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Ok(vec![from_toml(&read_file(path)?, path, &environment)?]);
    }
    from_json_file(path)
}

/// Reads one registration in TOML that is not in its file yet.
///
/// # Errors
/// As for one in a file of that name.
pub fn from_text(text: &str, path: &Path) -> Result<ClientConfig, ConfigError> {
    from_toml(text, path, &environment)
}

/// Reads a registration as the register keeps it ([`ClientConfig::members`]).
///
/// # Errors
/// It breaks a rule of this version, in words.
pub fn from_register(members: &str) -> Result<ClientConfig, String> {
    let registration: Registration = serde_json::from_str(members).map_err(|error| error.to_string())?;
    let around = Surroundings { folder: Path::new(""), variable: &|_| None };
    let client = registration.into_client(Path::new(REGISTER), &around, SecretRule::Kept);
    client.map_err(|fault| format!("{}: {}", fault.field, fault.text))
}

/// Refuses a `client_id` that is registered twice.
fn ensure_unique(clients: &[ClientConfig]) -> Result<(), ConfigError> {
    let mut first: BTreeMap<&str, &Path> = BTreeMap::new();
    for client in clients {
        if let Some(first) = first.insert(&client.client_id, &client.file) {
            let (client_id, first) = (client.client_id.clone(), first.display().to_string());
            let cause = Cause::DuplicateClient { client_id, first };
            return Err(ConfigError { place: Place::new(&client.file, None), cause });
        }
    }
    Ok(())
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let unreadable = |error| ConfigError { place: Place::new(folder, None), cause: Cause::Unreadable(error) };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths = vec![];
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    // Not cut off: what would be missing would be taken for ended.
    if paths.len() > CLIENTS_MAX {
        let text = format!("has {} registrations; at most {CLIENTS_MAX} are read", paths.len());
        return Err(ConfigError { place: Place::new(folder, None), cause: Cause::Syntax(text) });
    }
    paths.sort();
    Ok(paths)
}

fn from_toml(
    text: &str,
    path: &Path,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<ClientConfig, ConfigError> {
    let (origin, table) = Origin::parse(path, text)?;
    let known = fields::names::<Registration>();
    for key in table.get_ref().keys() {
        if !known.contains(&key.get_ref().as_ref()) {
            return Err(origin.unknown_key(key.get_ref(), known.iter().copied()));
        }
    }
    let registration = Registration::deserialize(toml::Deserializer::from(table));
    let registration = registration.map_err(|error| origin.refuse(&error))?;
    let around = Surroundings { folder: path.parent().unwrap_or(Path::new("")), variable };
    registration.into_client(path, &around, SecretRule::Strong).map_err(|fault| {
        let line = line_of_value(text, &fault).or_else(|| origin.outline.line(fault.field));
        refused(path, line, fault.field.to_owned(), fault.text)
    })
}

fn from_json(
    text: &str,
    path: &Path,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<ClientConfig>, ConfigError> {
    let registrations: Vec<Registration> = serde_json::from_str(text).map_err(|error| ConfigError {
        place: Place::new(path, Some(error.line())),
        cause: Cause::Syntax(format!("this is no array of registrations: {error}")),
    })?;
    let around = Surroundings { folder: path.parent().unwrap_or(Path::new("")), variable };
    let mut clients = vec![];
    for registration in registrations {
        let id = registration.client_id().to_owned();
        let client = registration.into_client(path, &around, SecretRule::Any).map_err(|fault| {
            let line = line_of_value(text, &fault);
            refused(path, line, format!("{} of client `{id}`", fault.field), fault.text)
        })?;
        clients.push(client);
    }
    Ok(clients)
}

/// The first line that holds the offending value as a quoted text.
fn line_of_value(text: &str, fault: &Fault) -> Option<usize> {
    let value = fault.value.as_deref()?;
    let quoted = [format!("\"{value}\""), format!("'{value}'")];
    quoted.iter().find_map(|quoted| text.find(quoted.as_str())).map(|offset| line_at(text, offset))
}

fn refused(path: &Path, line: Option<usize>, field: String, text: String) -> ConfigError {
    ConfigError { place: Place::new(path, line), cause: Cause::Value { field, text } }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{
        AuthMethod, ClientConfig, GrantType, SigningAlg, ensure_unique, from_folder, from_json, from_toml,
    };
    use crate::kernel::digest;
    use crate::kernel::language::Language;
    use crate::kernel::time::Moment;

    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);
    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn toml(text: &str) -> Result<ClientConfig, String> {
        let variable = |name: &str| (name == "WEB_SECRET").then(|| SECRET.to_owned());
        from_toml(text, Path::new("clients/web.toml"), &variable).map_err(|error| error.to_string())
    }

    fn json(text: &str) -> Result<Vec<ClientConfig>, String> {
        from_json(text, Path::new("clients.json"), &|_| None).map_err(|error| error.to_string())
    }

    #[test]
    fn a_small_registration_has_sound_defaults() {
        let client = toml(
            "client_id = 'web'\nclient_name = 'Files'\n'client_name#fr' = 'Dossiers'\n\
             client_secret = { env = 'WEB_SECRET' }\nredirect_uris = ['https://files.example.be/cb']\n",
        );
        let client = client.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(client.client_name.get(Language::Fr), "Dossiers");
        assert_eq!(client.client_name.get(Language::De), "Files");
        assert_eq!(client.token_endpoint_auth_method, AuthMethod::ClientSecretBasic);
        assert_eq!(client.id_token_signed_response_alg, SigningAlg::Es256);
        assert_eq!(client.secret_digest, Some(digest::sha256(SECRET.as_bytes())));
        assert!(client.secret_matches(SECRET, NOW) && !client.secret_matches(&SECRET.to_uppercase(), NOW));
        assert_eq!(client.grant_types, [GrantType::AuthorizationCode]);
        assert_eq!((client.scope.as_str(), client.trusted, client.immediate), ("openid", false, false));
    }

    #[test]
    fn a_refusal_names_file_line_and_field() {
        let table = [
            (
                "client_id = 'a'\nredirect_uri = []",
                "clients/web.toml:2: unknown key `redirect_uri` in the file; known: client_id, client_name, ",
            ),
            ("client_name = 'a'", "missing field `client_id`"),
            ("client_id = 'a b'", ":1: client_id: must be"),
            ("client_id = 'a'", ": client_secret: client_secret_basic needs one"),
            (
                "client_id = 'a'\nclient_secret = 'short'",
                ":2: client_secret: must have at least 32 characters",
            ),
            ("client_id = 'a'\nclient_secret = 7", ":2: client_secret: "),
            (
                "client_id = 'a'\nclient_secret = { env = 'NOT_SET' }",
                ":2: client_secret: the environment variable NOT_SET",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'none'",
                ": redirect_uris: the grant authorization_code needs",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'tls'",
                ":2: token_endpoint_auth_method: unknown variant `tls`",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'none'\nclient_secret = 'x'",
                ":3: client_secret: none uses none",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'none'\nredirect_uris = [\n'https://a.be/',\n'http://a.be/']",
                ":5: redirect_uris: `http://a.be/` must begin with https://",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'private_key_jwt'",
                ": jwks: private_key_jwt needs",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'private_key_jwt'\njwks = { keys = [{ kty = 'EC', d = 'x' }] }",
                ":3: jwks: a key has the private member `d`",
            ),
            (
                "client_id = 'a'\ntoken_endpoint_auth_method = 'none'\ngrant_types = ['client_credentials']",
                ":3: grant_types: client_credentials is not for",
            ),
            ("client_id = 'a'\ngrant_types = ['password']", ":2: grant_types: unknown variant `password`"),
            ("client_id = 'a'\nresponse_types = ['token']", ":2: response_types: unknown variant `token`"),
        ];
        for (text, expected) in table {
            let refusal = toml(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert!(refusal.contains(expected), "{text}\n gave: {refusal}\n not: {expected}");
            assert!(!refusal.contains("short"), "{refusal}");
        }
    }

    #[test]
    fn the_members_of_the_demo_sheet_are_read_and_strangers_ignored() {
        let clients = json(&format!(
            r#"[{{"client_id": "web", "client_secret": "{SECRET}", "token_endpoint_auth_method": "client_secret_basic",
                  "redirect_uris": ["http://localhost:9/cb"], "post_logout_redirect_uris": ["http://localhost:9/bye"],
                  "grant_types": ["authorization_code", "refresh_token"], "scope": "openid  profile",
                  "jwks": null, "private_jwks": null, "logo_uri": "https://a.be/logo"}},
                {{"client_id": "rs", "client_secret": "{SECRET}", "redirect_uris": [], "grant_types": []}}]"#
        ));
        let clients = clients.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(clients[0].scope, "openid profile");
        assert!(clients[0].may_use(GrantType::RefreshToken) && clients[1].response_types.is_empty());
    }

    #[test]
    fn a_refused_json_registration_is_found() {
        let table = [
            ("{}", "clients.json:1: this is no array of registrations"),
            (
                "[{\"client_id\": \"a\",\n\"scope\": 7}]",
                "clients.json:2: this is no array of registrations: invalid type",
            ),
            (
                "[{\"client_id\": \"a\", \"token_endpoint_auth_method\": \"none\", \"redirect_uris\":\n[\"javascript:x\"]}]",
                "clients.json:2: redirect_uris of client `a`: `javascript:x` must begin with",
            ),
        ];
        for (text, expected) in table {
            let refusal = json(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn a_client_is_registered_once() {
        let folder = tempfile::tempdir().unwrap();
        let text = "client_id = 'a'\ntoken_endpoint_auth_method = 'none'\nredirect_uris = ['https://a.be/']";
        std::fs::write(folder.path().join("one.toml"), text).unwrap();
        std::fs::write(folder.path().join("README.md"), "no client").unwrap();
        let clients = from_folder(folder.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(clients.len(), 1);
        assert!(ensure_unique(&[clients[0].clone(), clients[0].clone()]).is_err());
        std::fs::write(folder.path().join("two.toml"), text).unwrap();
        let refusal = from_folder(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refusal.contains("two.toml: client_id: `a` is already registered in"), "{refusal}");
        assert!(from_folder(&folder.path().join("none")).is_ok_and(|clients| clients.is_empty()));
    }

    /// The example of the manual is one that works.
    #[test]
    fn the_example_of_the_manual_is_accepted() {
        let manual = include_str!("../../config/clients/README.md");
        let example = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let client = toml(example).unwrap_or_else(|error| panic!("{error}"));
        for field in super::fields::names::<super::Registration>() {
            assert!(manual.contains(field.split('#').next().unwrap()), "{field} is not explained");
        }
        assert!(client.home_uri.is_some());
    }
}
