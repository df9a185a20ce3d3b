//! `cardea client …`: the registered applications. They are registered by files, so these commands read.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::output;
use super::place::Place;
use crate::app::Failure;
use crate::config::clients::{self, ClientConfig, GrantType};
use crate::kernel::language::Language;

#[derive(Args)]
pub struct ClientCommands {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: ClientCommand,
}

#[derive(Subcommand)]
enum ClientCommand {
    /// Every application, a line each.
    List,
    /// One application, without its secret.
    Show { client_id: String },
    /// Check a file of registrations: TOML as in the folder of clients, or a JSON array.
    Check { file: PathBuf },
}

pub fn run(commands: ClientCommands) -> Result<(), Failure> {
    let ClientCommands { place, command } = commands;
    match command {
        ClientCommand::Check { file } => check(&file, place.json),
        ClientCommand::List => {
            let clients = place.find()?.clients;
            if place.json {
                output::json(&clients.iter().map(shown).collect::<Vec<_>>());
                return Ok(());
            }
            let head = ["client", "method", "grants", "name"].map(str::to_owned).to_vec();
            let rows = clients.iter().map(|client| {
                vec![
                    client.client_id.clone(),
                    client.token_endpoint_auth_method.name().to_owned(),
                    grants(client).join(","),
                    client.client_name.get(Language::En).to_owned(),
                ]
            });
            output::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
            Ok(())
        }
        ClientCommand::Show { client_id } => {
            let clients = place.find()?.clients;
            let client = clients.iter().find(|client| client.client_id == client_id);
            let client =
                client.ok_or_else(|| Failure::Input(format!("no application has the id `{client_id}`")))?;
            show(&shown(client), place.json);
            Ok(())
        }
    }
}

fn check(file: &std::path::Path, json: bool) -> Result<(), Failure> {
    let clients = clients::from_file(file)?;
    if json {
        output::json(&clients.iter().map(shown).collect::<Vec<_>>());
        return Ok(());
    }
    for client in &clients {
        output::line(&format!("{}: {} is in order", file.display(), client.client_id));
    }
    Ok(())
}

fn grants(client: &ClientConfig) -> Vec<&'static str> {
    client.grant_types.iter().map(|grant: &GrantType| grant.name()).collect()
}

/// A registration in the member names of RFC 7591; of the secret only that there is one.
fn shown(client: &ClientConfig) -> Value {
    json!({
        "client_id": client.client_id,
        "client_name": client.client_name.get(Language::En),
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "has_secret": client.secret_digest.is_some(),
        "jwks": client.jwks,
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "grant_types": client.grant_types,
        "response_types": client.response_types,
        "scope": client.scope,
        "id_token_signed_response_alg": client.id_token_signed_response_alg,
        "trusted": client.trusted,
        "immediate": client.immediate,
        "home_uri": client.home_uri,
        "file": client.file,
    })
}

fn show(client: &Value, json: bool) {
    if json {
        return output::json(client);
    }
    let rows = client.as_object().into_iter().flatten().map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => "-".to_owned(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        vec![name.clone(), text]
    });
    output::table(&rows.collect::<Vec<_>>());
}
