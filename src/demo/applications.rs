//! The demo's applications, in the form that they are registered in.

use std::path::Path;

use serde_json::{Value, json};

use super::folder::Folder;
use crate::app::Failure;
use crate::config::clients::{self, ClientConfig};
use crate::infra::files;

/// Known to everyone who reads this: production refuses it.
const WEB_SECRET: &str = "demo-secret-of-the-web-application-known-to-all";

pub struct Applications {
    pub registered: Vec<ClientConfig>,
    /// As the sheet shows them.
    pub shown: Vec<Value>,
}

impl Applications {
    /// Adds the applications of a file to the demo's own.
    pub fn add(&mut self, path: &Path) -> Result<(), Failure> {
        self.registered.extend(clients::from_json_file(path)?);
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
        let shown: Vec<Value> = serde_json::from_str(&text)
            .map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
        self.shown.extend(shown.iter().map(shown_whole));
        Ok(())
    }
}

/// Registered the way any application is: through a file.
pub fn built_in(folder: &Folder) -> Result<Applications, Failure> {
    let clients = json!([
        {
            "client_id": "web",
            "client_name": "Demo web application",
            "client_secret": WEB_SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
            "redirect_uris": ["http://localhost:3001/callback"],
            "post_logout_redirect_uris": ["http://localhost:3001/"],
            "grant_types": ["authorization_code"],
            "scope": "openid profile email address phone",
        },
        {
            "client_id": "spa",
            "client_name": "Demo single-page application",
            "token_endpoint_auth_method": "none",
            "redirect_uris": ["http://localhost:3002/callback"],
            "post_logout_redirect_uris": ["http://localhost:3002/"],
            "grant_types": ["authorization_code"],
            "scope": "openid profile email",
        },
    ]);
    let path = folder.file("applications.json");
    files::write_private(&path, format!("{clients:#}\n").as_bytes())
        .map_err(|error| Failure::Work(format!("{}: {error}", path.display())))?;
    let mut applications = Applications { registered: vec![], shown: vec![] };
    applications.add(&path)?;
    Ok(applications)
}

pub fn has_demo_secret(client: &ClientConfig) -> bool {
    client.secret_matches(WEB_SECRET)
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
