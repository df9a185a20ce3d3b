//! `cardea client secret`: another secret for an application, without a moment in which none counts.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::folder;
use crate::app::Failure;
use crate::cli::output;
use crate::cli::place::Installation;
use crate::cli::wanted::wanted;
use crate::config::clients::{self, ClientConfig};
use crate::config::parse_span;
use crate::kernel::secret::Secret;
use crate::kernel::time::Clock;

/// What makes a written file count.
pub const NEXT: &str = "cardea client apply";
/// Longest time in which two secrets count.
const KEPT_MAX: Duration = Duration::from_hours(90 * 24);

#[derive(Args)]
pub struct NewSecret {
    client_id: String,
    /// How long the secret of before goes on counting: "12h", "7d", at most "90d". Without it, it ends when the
    /// file is applied.
    #[arg(long, value_name = "TIME", value_parser = kept)]
    keep_old: Option<Duration>,
}

fn kept(text: &str) -> Result<Duration, String> {
    let span = parse_span(text).filter(|span| (Duration::from_secs(1)..=KEPT_MAX).contains(span));
    span.ok_or_else(|| "a span of time such as 12h or 7d, at most 90d".to_owned())
}

pub fn run(installation: &Installation, new: &NewSecret, dry_run: bool, json: bool) -> Result<(), Failure> {
    let config = &installation.config;
    let client = find(&wanted(config)?, &new.client_id)?;
    let method = client.token_endpoint_auth_method;
    if !method.uses_secret() {
        return Err(Failure::Input(format!(
            "{} proves itself by {}: it has no secret",
            new.client_id,
            method.name()
        )));
    }
    if client.file.parent() != Some(&config.clients.folder) {
        let file = client.file.display();
        return Err(Failure::Input(format!("{} is registered in {file}: change it there", new.client_id)));
    }
    let secret = folder::make_secret();
    let secret_file = folder::secret_file(&config.clients.folder, &new.client_id)?;
    let name = secret_file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = format!("{{ file = {} }}", toml::Value::from(name));
    let until = new.keep_old.map(|span| Clock::System.now().plus(span).iso());
    let text = std::fs::read_to_string(&client.file)
        .map_err(|error| Failure::Work(format!("{}: {error}", client.file.display())))?;
    let text = clients::with_other_secret(&client.file, &text, &source, until.as_deref())?;
    if !dry_run {
        write(&client.file, &text, &secret_file, &secret)?;
    }
    let shown = (!dry_run).then(|| secret.expose().as_str());
    if json {
        output::json(&json!({
            "client_id": new.client_id, "client_secret": shown, "file": client.file, "secret_file": secret_file,
            "old_counts_until": until, "dry_run": dry_run, "next": NEXT,
        }));
        return Ok(());
    }
    let start = if dry_run { "dry run, nothing was written; otherwise: " } else { "" };
    let file = client.file.display();
    output::line(&format!("{start}{file} names another secret, which is in {}", secret_file.display()));
    output::line(&match &until {
        Some(until) => format!("the secret of before counts too, until {until}"),
        None => "the secret of before ends when this is applied".to_owned(),
    });
    if let Some(secret) = shown {
        output::line("the secret is shown once:");
        output::line(&format!("client_secret: {secret}"));
        output::line(&format!("next: {NEXT}"));
    }
    Ok(())
}

fn find(clients: &[ClientConfig], id: &str) -> Result<ClientConfig, Failure> {
    let found = clients.iter().find(|client| client.client_id == id);
    found.cloned().ok_or_else(|| Failure::Input(format!("no application has the id `{id}` in the files")))
}

/// The secret first: a registration never names a file that is not there. What is written is read back.
fn write(file: &Path, text: &str, secret_file: &Path, secret: &Secret<String>) -> Result<(), Failure> {
    folder::write_new(secret_file, &format!("{}\n", secret.expose()))?;
    let sound = clients::from_text(text, file).map_err(Failure::from);
    let written = sound.and_then(|_| folder::replace(file, text));
    if written.is_err() {
        // Nothing names it.
        let _ = std::fs::remove_file(secret_file);
    }
    written
}
