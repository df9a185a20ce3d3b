//! The demo's applications, in the form that they are registered in.

use std::path::Path;

use serde_json::{Value, json};

use super::folder::Folder;
use super::key_pair;
use crate::app::Failure;
use crate::config::Config;
use crate::config::clients::{self, ClientConfig};
use crate::infra::files;

/// Known to everyone who reads this: production refuses them.
const WEB_SECRET: &str = "demo-secret-of-the-web-application-known-to-all";
const MACHINE_SECRET: &str = "demo-secret-of-the-machine-application-known-to-all";
const RESOURCE_SECRET: &str = "demo-secret-of-the-resource-server-known-to-all";
/// What the sign-in applications may ask for.
const SCOPE: &str = "openid profile email address phone offline_access";

/// The file of the built-in applications.
const BUILT_IN: &str = "applications.json";

/// Makes the file of the built-in applications, the way any application is registered. Gives what the sheet
/// shows of them: the private key of `pkj` beside its public one.
pub fn make(folder: &Folder) -> Result<Vec<Value>, Failure> {
    let pair = key_pair::of_folder(folder)?;
    let clients = built_in(&pair.public);
    let path = folder.file(BUILT_IN);
    files::write_private(&path, format!("{clients:#}\n").as_bytes())
        .map_err(|error| Failure::Work(format!("{}: {error}", path.display())))?;
    let mut shown: Vec<Value> = clients.as_array().into_iter().flatten().map(shown_whole).collect();
    for client in shown.iter_mut().filter_map(Value::as_object_mut) {
        if client.get("client_id") == Some(&json!("pkj")) {
            client.insert("private_jwks".to_owned(), pair.private.clone());
        }
    }
    Ok(shown)
}

/// What the sheet shows of the applications of a file.
pub fn shown_of(file: &Path) -> Result<Vec<Value>, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let clients: Vec<Value> = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    Ok(clients.iter().map(shown_whole).collect())
}

/// Everything that a demo registers: what is built in, a further file, and its folder of clients.
pub fn wanted(folder: &Folder, more: Option<&Path>, config: &Config) -> Result<Vec<ClientConfig>, Failure> {
    let mut wanted = clients::from_json_file(&folder.file(BUILT_IN))?;
    if let Some(more) = more {
        wanted.extend(clients::from_json_file(more)?);
    }
    wanted.extend(clients::from_folder(&config.clients.folder)?);
    clients::ensure_sound(&wanted, config.tokens.algorithms)?;
    Ok(wanted)
}

fn built_in(public_keys: &Value) -> Value {
    let signs_in = |client_id: &str, name: &str, method: &str, port: u16| {
        json!({
            "client_id": client_id,
            "client_name": name,
            "token_endpoint_auth_method": method,
            "redirect_uris": [format!("http://localhost:{port}/callback")],
            "post_logout_redirect_uris": [format!("http://localhost:{port}/")],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": SCOPE,
            "audiences": ["rs"],
            "trusted": true,
        })
    };
    let with = |mut client: Value, member: &str, value: Value| {
        if let Some(members) = client.as_object_mut() {
            members.insert(member.to_owned(), value);
        }
        client
    };
    let web = signs_in("web", "Demo web application", "client_secret_basic", 3001);
    let pkj = signs_in("pkj", "Demo application with a key", "private_key_jwt", 3003);
    json!([
        with(web, "client_secret", json!(WEB_SECRET)),
        signs_in("spa", "Demo single-page application", "none", 3002),
        with(pkj, "jwks", public_keys.clone()),
        {
            "client_id": "m2m",
            "client_name": "Demo machine",
            "client_secret": MACHINE_SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
            "redirect_uris": [],
            "grant_types": ["client_credentials"],
            "scope": "demo.read demo.write",
            "audiences": ["rs"],
        },
        {
            "client_id": "rs",
            "client_name": "Demo resource server",
            "client_secret": RESOURCE_SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
            "redirect_uris": [],
            "grant_types": [],
            "scope": "",
        },
    ])
}

/// A secret that everyone knows, or a key pair that lies in the open folder of a demo.
pub fn has_demo_secret(client: &ClientConfig) -> bool {
    let known = [WEB_SECRET, MACHINE_SECRET, RESOURCE_SECRET];
    known.iter().any(|secret| client.holds(secret))
        || client.jwks.as_ref().is_some_and(key_pair::is_of_a_demo)
}

/// Every member that the sheet promises, with RFC 7591's defaults where nothing is said.
fn shown_whole(client: &Value) -> Value {
    let member = |name: &str, default: Value| client.get(name).cloned().unwrap_or(default);
    json!({
        "client_id": member("client_id", Value::Null),
        "client_secret": member("client_secret", Value::Null),
        "token_endpoint_auth_method": member("token_endpoint_auth_method", json!("client_secret_basic")),
        "redirect_uris": member("redirect_uris", json!([])),
        "post_logout_redirect_uris": member("post_logout_redirect_uris", json!([])),
        "grant_types": member("grant_types", json!(["authorization_code"])),
        "scope": member("scope", json!("openid")),
        "jwks": member("jwks", Value::Null),
        "private_jwks": member("private_jwks", Value::Null),
    })
}
