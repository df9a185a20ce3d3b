//! `cardea breach …`: the file of passwords known from breaches. It needs no installation and no network.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::output;
use crate::app::Failure;
use crate::directory::breach::BreachFilter;
use crate::directory::breach::build::{self, BuildError, Built, Progress};

#[derive(Args)]
pub struct BreachCommands {
    #[command(subcommand)]
    command: BreachCommand,
}

#[derive(Subcommand)]
enum BreachCommand {
    /// Make the file of the public list: lines of a SHA-1 hash with `:` and a count, or without, in any order.
    Build {
        /// Files of lines, folders of such files, or `-` for standard input. A file named after five digits of a range
        /// (21BD1.txt) may have the other 35 in its lines.
        #[arg(required = true, value_name = "INPUT")]
        inputs: Vec<PathBuf>,
        /// The file to make; while it grows, its folder needs eight bytes more for each line.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// Read everything and say what would be made.
        #[arg(long)]
        dry_run: bool,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Compare every byte of a file with its sums and say what it holds.
    Show {
        file: PathBuf,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(commands: BreachCommands) -> Result<(), Failure> {
    // It computes and reads for minutes, and nothing else is at work here.
    let worked = tokio::task::spawn_blocking(move || match commands.command {
        BreachCommand::Build { inputs, output, dry_run, json } => build(&inputs, &output, dry_run, json),
        BreachCommand::Show { file, json } => show(&file, json),
    });
    worked.await.map_err(|error| Failure::Work(error.to_string()))?
}

fn build(inputs: &[PathBuf], output: &Path, dry_run: bool, json: bool) -> Result<(), Failure> {
    let mut told = |progress: Progress| match progress {
        Progress::Lines(lines) => tracing::info!(lines, "reading"),
        Progress::Shards { done, of } if done == of || done.is_multiple_of(16) => {
            tracing::info!(done, of, "making shards");
        }
        Progress::Shards { .. } => {}
    };
    let built =
        if dry_run { build::rehearse(inputs, &mut told) } else { build::build(inputs, output, &mut told) };
    let built = built.map_err(|error| failure(&error))?;
    if json {
        let mut value = json!(built);
        if let Some(map) = value.as_object_mut() {
            map.insert("dry_run".to_owned(), dry_run.into());
            map.insert("bytes_per_entry".to_owned(), built.bytes_per_entry().into());
        }
        output::json(&value);
        return Ok(());
    }
    output::line(&in_words(&built, output, dry_run));
    Ok(())
}

fn in_words(built: &Built, output: &Path, dry_run: bool) -> String {
    let Built { lines, entries, repeated, padding, shards, bytes } = built;
    if dry_run {
        return format!(
            "dry run, nothing was made; {lines} lines with {entries} hashes, repeated ones among them, would become \
             about {bytes} bytes in {shards} shards"
        );
    }
    format!(
        "{}: {entries} hashes in {bytes} bytes ({:.3} each) and {shards} shards, of {lines} lines; {repeated} were \
         there already, {padding} were seen no times. Name it in passwords.breach_filter and start the nodes anew.",
        output.display(),
        built.bytes_per_entry()
    )
}

fn show(path: &Path, json: bool) -> Result<(), Failure> {
    let filter = BreachFilter::open(path).map_err(|error| Failure::Input(error.to_string()))?;
    let (entries, bytes, shards) = (filter.entries(), filter.bytes(), filter.shards());
    if json {
        output::json(&json!({ "entries": entries, "bytes": bytes, "shards": shards }));
    } else {
        let path = path.display();
        output::line(&format!("{path} is whole: {entries} hashes in {bytes} bytes and {shards} shards"));
    }
    Ok(())
}

fn failure(error: &BuildError) -> Failure {
    match error {
        BuildError::Input { .. } | BuildError::Line { .. } | BuildError::Empty | BuildError::TooMany => {
            Failure::Input(error.to_string())
        }
        BuildError::Output { .. } | BuildError::Filter(_) => Failure::Work(error.to_string()),
    }
}
