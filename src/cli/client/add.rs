//! `cardea client add`: the file of a new application.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use toml::{Table, Value};

use super::folder;
use crate::app::Failure;
use crate::cli::output;
use crate::cli::place::Installation;
use crate::cli::wanted::wanted;
use crate::config::clients::{self, AuthMethod, GrantType, SigningAlg};
use crate::config::{Cause, ConfigError};
use crate::kernel::secret::Secret;

#[derive(Args)]
pub struct NewClient {
    /// The name by which the application presents itself.
    client_id: String,
    /// How people know it.
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// A sentence for its tile on the home page.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Where people are sent back to after signing in; may be repeated.
    #[arg(long = "redirect-uri", value_name = "URL")]
    redirect_uris: Vec<String>,
    /// Where they may be sent after signing out; may be repeated.
    #[arg(long = "post-logout-redirect-uri", value_name = "URL")]
    post_logout_redirect_uris: Vec<String>,
    /// How it proves itself: `client_secret_basic`, `client_secret_post`, `private_key_jwt` (with --jwks) or `none`.
    #[arg(long, default_value = "client_secret_basic", value_parser = method)]
    method: AuthMethod,
    /// `authorization_code`, `refresh_token` or `client_credentials`; may be repeated. With `none` alone it is a
    /// resource server that only asks about tokens.
    #[arg(long = "grant", value_name = "GRANT", default_value = "authorization_code", value_parser = grant)]
    grants: Vec<Grant>,
    /// What it may ask for, separated by spaces.
    #[arg(long, value_name = "NAMES")]
    scope: Option<String>,
    /// A resource server that its access tokens are for; may be repeated.
    #[arg(long = "audience", value_name = "CLIENT")]
    audiences: Vec<String>,
    /// The login of somebody who looks after it; may be repeated.
    #[arg(long = "owner", value_name = "LOGIN")]
    owners: Vec<String>,
    /// A file with its public keys: a key set in JSON.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// How its ID tokens are signed: ES256, EdDSA, PS256 or RS256.
    #[arg(long, value_name = "ALG", value_parser = algorithm)]
    id_token_alg: Option<SigningAlg>,
    /// Where its tile on the home page leads.
    #[arg(long, value_name = "URL")]
    home_uri: Option<String>,
    /// It belongs to the house: people are not asked for their consent.
    #[arg(long)]
    trusted: bool,
    /// Its access tokens live shorter, so that a revocation acts within a minute.
    #[arg(long)]
    immediate: bool,
}

/// A grant, or none at all.
#[derive(Clone, Copy)]
struct Grant(Option<GrantType>);

/// Members whose options have another name.
const OPTIONS: [(&str, &str); 11] = [
    ("client_id", "CLIENT_ID"),
    ("redirect_uris", "--redirect-uri"),
    ("post_logout_redirect_uris", "--post-logout-redirect-uri"),
    ("token_endpoint_auth_method", "--method"),
    ("grant_types", "--grant"),
    ("scope", "--scope"),
    ("audiences", "--audience"),
    ("owners", "--owner"),
    ("jwks", "--jwks"),
    ("id_token_signed_response_alg", "--id-token-alg"),
    ("home_uri", "--home-uri"),
];

fn method(text: &str) -> Result<AuthMethod, String> {
    let known = AuthMethod::ALL.map(AuthMethod::name);
    AuthMethod::ALL.into_iter().find(|method| method.name() == text).ok_or_else(|| known.join(", "))
}

fn grant(text: &str) -> Result<Grant, String> {
    if text == "none" {
        return Ok(Grant(None));
    }
    let known = GrantType::ALL.map(GrantType::name);
    let grant = GrantType::ALL.into_iter().find(|grant| grant.name() == text);
    grant.map(|grant| Grant(Some(grant))).ok_or_else(|| format!("{} or none", known.join(", ")))
}

fn algorithm(text: &str) -> Result<SigningAlg, String> {
    let known = SigningAlg::ALL.map(SigningAlg::name);
    SigningAlg::from_name(text).ok_or_else(|| known.join(", "))
}

pub fn run(installation: &Installation, new: &NewClient, dry_run: bool, json: bool) -> Result<(), Failure> {
    let config = &installation.config;
    let path = config.clients.folder.join(format!("{}.toml", new.client_id));
    let secret = new.method.uses_secret().then(folder::make_secret);
    let mut members = members(new)?;
    // Checked with the secret in it, since the file that it will come from is not there yet.
    let whole = secret.as_ref().map(|secret| Value::from(secret.expose().as_str()));
    let checked = text(&members, whole);
    let client = clients::from_text(&checked, &path).map_err(wrong)?;
    let mut all = wanted(config)?;
    all.push(client);
    clients::ensure_sound(&all, config.tokens.algorithms).map_err(wrong)?;
    let secret_file = match &secret {
        Some(_) => Some(folder::secret_file(&config.clients.folder, &new.client_id)?),
        None => None,
    };
    if path.exists() {
        return Err(Failure::Input(format!("{}: is there already", path.display())));
    }
    if let Some(file) = &secret_file {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let source = Table::from_iter([("file".to_owned(), Value::from(name))]);
        members.push(("client_secret", source.into()));
    }
    let text = text(&members, None);
    if !dry_run {
        write(&path, &text, secret_file.as_deref().zip(secret.as_ref()))?;
    }
    let made =
        Made { client_id: &new.client_id, path: &path, text: &text, secret_file: secret_file.as_deref() };
    made.tell(secret.as_ref().filter(|_| !dry_run), dry_run, json);
    Ok(())
}

/// The secret first: a registration never names a file that is not there.
fn write(path: &Path, text: &str, secret: Option<(&Path, &Secret<String>)>) -> Result<(), Failure> {
    if let Some((file, secret)) = secret {
        folder::write_new(file, &format!("{}\n", secret.expose()))?;
    }
    let written = folder::write_new(path, text);
    if let (Err(_), Some((file, _))) = (&written, secret) {
        // Nothing names it.
        let _ = std::fs::remove_file(file);
    }
    written
}

struct Made<'a> {
    client_id: &'a str,
    path: &'a Path,
    text: &'a str,
    secret_file: Option<&'a Path>,
}

impl Made<'_> {
    fn tell(&self, secret: Option<&Secret<String>>, dry_run: bool, json: bool) {
        let Self { client_id, path, text, secret_file } = self;
        let secret = secret.map(|secret| secret.expose().as_str());
        if json {
            return output::json(&json!({
                "client_id": client_id, "client_secret": secret, "file": path, "secret_file": secret_file,
                "text": text, "dry_run": dry_run, "next": super::secret::NEXT,
            }));
        }
        if dry_run {
            output::line(&format!("dry run, nothing was written; otherwise {} would be:", path.display()));
            return output::line(text.trim_end());
        }
        output::line(&format!("{} was written", path.display()));
        if let Some(file) = secret_file {
            output::line(&format!("{} holds the secret, which is shown once:", file.display()));
        }
        if let Some(secret) = secret {
            output::line(&format!("client_secret: {secret}"));
        }
        output::line(&format!("next: {}", super::secret::NEXT));
    }
}

/// Members in the order in which they are explained.
type Lines = Vec<(&'static str, Value)>;

fn members(new: &NewClient) -> Result<Lines, Failure> {
    let mut members = vec![];
    let mut put = |name: &'static str, value: Value| members.push((name, value));
    put("client_id", new.client_id.as_str().into());
    put("client_name", new.name.as_str().into());
    put("token_endpoint_auth_method", new.method.name().into());
    let grants: Vec<&str> =
        new.grants.iter().filter_map(|Grant(grant)| *grant).map(GrantType::name).collect();
    put("grant_types", grants.into());
    put("redirect_uris", new.redirect_uris.clone().into());
    let lists = [
        ("post_logout_redirect_uris", &new.post_logout_redirect_uris),
        ("audiences", &new.audiences),
        ("owners", &new.owners),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        put(name, list.clone().into());
    }
    let texts = [
        ("description", new.description.as_deref()),
        ("scope", new.scope.as_deref()),
        ("home_uri", new.home_uri.as_deref()),
        ("id_token_signed_response_alg", new.id_token_alg.map(SigningAlg::name)),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            put(name, text.into());
        }
    }
    for (name, flag) in [("trusted", new.trusted), ("immediate", new.immediate)] {
        if flag {
            put(name, true.into());
        }
    }
    if let Some(file) = &new.jwks {
        put("jwks", public_keys(file)?);
    }
    Ok(members)
}

fn public_keys(file: &Path) -> Result<Value, Failure> {
    let wrong = |error: String| Failure::Input(format!("--jwks: {}: {error}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let set: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| wrong(format!("is no JSON: {error}")))?;
    Value::try_from(set).map_err(|error| wrong(error.to_string()))
}

/// One member a line, so that a difference shows which one it is.
fn text(members: &Lines, secret: Option<Value>) -> String {
    let mut text = String::from(
        "# Written by `cardea client add`. README.md in config/clients explains every member.\n",
    );
    let secret = secret.map(|secret| ("client_secret", secret));
    for (name, value) in members.iter().chain(&secret) {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

/// A rule was broken by an option: its name is more to the point than a line of a file that is not there.
fn wrong(error: ConfigError) -> Failure {
    let Cause::Value { field, text } = &error.cause else { return error.into() };
    let member = field.split(' ').next().unwrap_or_default();
    let option = OPTIONS.iter().find(|(name, _)| *name == member).map_or(member, |(_, option)| option);
    Failure::Input(format!("{option}: {text}"))
}
