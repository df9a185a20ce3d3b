//! `cardea client …`: the applications that sign people in here. Files say what is wanted, `plan` compares
//! them with the register, `apply` makes the register what they say.

mod add;
mod folder;
mod secret;
mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use self::add::NewClient;
use self::secret::NewSecret;
use super::operator::{Answer, Asked, Request, call};
use super::output;
use super::place::Place;
use crate::app::Failure;
use crate::config::clients;

#[derive(Args)]
pub struct ClientCommands {
    #[command(flatten)]
    place: Place,
    /// Say what would be done, and change nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    command: ClientCommand,
}

#[derive(Subcommand)]
enum ClientCommand {
    /// Every application, a line each, and whether its file says something else.
    List,
    /// One application, without its secret.
    Show { client_id: String },
    /// Check a file of registrations: TOML as in the folder of clients, or a JSON array.
    Check { file: PathBuf },
    /// Write the file of a new application, with a secret that is shown once.
    Add(Box<NewClient>),
    /// Make another secret for an application; the one before can go on counting for a while.
    Secret(NewSecret),
    /// Show what applying the files would change in the register.
    Plan,
    /// Make the register what the files say; every node acts on it within a second.
    Apply {
        /// End every application, because the folder has no file and that is meant.
        #[arg(long)]
        end_all: bool,
    },
    /// End everything that an application was given: tokens and what it keeps for people's absence. It stays
    /// registered.
    Revoke { client_id: String },
}

pub async fn run(commands: ClientCommands) -> Result<(), Failure> {
    let ClientCommands { place, dry_run, command } = commands;
    let request = match command {
        ClientCommand::Check { file } => return check(&file, place.json),
        ClientCommand::Add(new) => return add::run(&place.find()?, &new, dry_run, place.json),
        ClientCommand::Secret(new) => return secret::run(&place.find()?, &new, dry_run, place.json),
        ClientCommand::List => Request::ListClients {},
        ClientCommand::Show { client_id } => Request::ShowClient { client_id },
        ClientCommand::Plan => Request::PlanClients {},
        ClientCommand::Apply { end_all } => Request::ApplyClients { end_all },
        ClientCommand::Revoke { client_id } => Request::RevokeClient { client_id },
    };
    let answer = Box::pin(call(&place.find()?, Asked { dry_run, request })).await?;
    show(&answer, place.json);
    Ok(())
}

fn show(answer: &Answer, json: bool) {
    match answer {
        Answer::Clients { clients, files } => show::list(clients, files.as_deref(), json),
        Answer::Client { client } => show::one(client, json),
        Answer::Plan { plan, applied } => show::plan(plan, *applied, json),
        Answer::Done(done) if json => output::json(done),
        Answer::Done(done) => {
            let start = if done.dry_run { "dry run, nothing was changed; otherwise: " } else { "" };
            output::line(&format!("{start}{}", done.done));
        }
        // Those two ended the command before.
        Answer::Failed { text } | Answer::Wrong { text } => output::line(text),
        // No answer about clients.
        Answer::People { .. }
        | Answer::Person { .. }
        | Answer::Invited(_)
        | Answer::Links { .. }
        | Answer::Readiness { .. }
        | Answer::Forecast { .. }
        | Answer::Turned { .. } => {}
    }
}

fn check(file: &Path, json: bool) -> Result<(), Failure> {
    let clients = clients::from_file(file)?;
    if json {
        let ids: Vec<&str> = clients.iter().map(|client| client.client_id.as_str()).collect();
        output::json(&serde_json::json!({ "file": file, "in_order": ids }));
        return Ok(());
    }
    for client in &clients {
        output::line(&format!("{}: {} is in order", file.display(), client.client_id));
    }
    Ok(())
}
