//! `cardea keys …`: the ring of sealing keys, and what is derived from it or sealed under it. No secret
//! byte is ever shown.

use clap::{Args, Subcommand};
use serde_json::json;

use super::operator::{Answer, Asked, Request, call};
use super::output;
use super::place::{Installation, Place};
use crate::app::Failure;
use crate::app::open;
use crate::event::head::HeadSigner;
use crate::infra::sealing::{KeyRing, KeyRingError};
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;
use crate::oidc;

#[derive(Args)]
pub struct KeyCommands {
    #[command(flatten)]
    place: Place,
    /// Say what would be done, and change nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make the key ring of a new installation.
    Init,
    /// Add a sealing key; it seals from now on, the older ones go on opening.
    Rotate,
    /// Sealing keys, signing keys, and the public key of the log's heads.
    List,
}

pub async fn run(commands: KeyCommands) -> Result<(), Failure> {
    let KeyCommands { place, dry_run, command } = commands;
    let installation = place.find()?;
    match command {
        KeyCommand::Init => init(&installation, dry_run, place.json),
        KeyCommand::Rotate => {
            let asked = Asked { dry_run, request: Request::RotateKeys {} };
            if let Answer::Done(done) = call(&installation, asked).await? {
                tell(&done.done, dry_run, place.json);
            }
            Ok(())
        }
        KeyCommand::List => list(&installation, place.json).await,
    }
}

fn tell(done: &str, dry_run: bool, json: bool) {
    if json {
        output::json(&json!({ "done": done, "changed": !dry_run, "dry_run": dry_run }));
    } else {
        let start = if dry_run { "dry run, nothing was changed; otherwise: " } else { "" };
        output::line(&format!("{start}{done}"));
    }
}

fn init(installation: &Installation, dry_run: bool, json: bool) -> Result<(), Failure> {
    let path = &installation.config.keys.ring;
    if path.exists() {
        let path = path.clone();
        return Err(Failure::Input(format!("[keys] ring: {}", KeyRingError::Exists { path })));
    }
    if !dry_run {
        if let Some(folder) = path.parent() {
            open::make_folder(folder)?;
        }
        let made = KeyRing::create(path, Clock::System.now(), &Entropy::System);
        made.map_err(|error| Failure::Work(format!("[keys] ring: {error}")))?;
    }
    tell(&format!("the key ring {} was made; keep a copy in a safe place", path.display()), dry_run, json);
    Ok(())
}

async fn list(installation: &Installation, json: bool) -> Result<(), Failure> {
    let path = &installation.config.keys.ring;
    let ring = KeyRing::load(path).map_err(|error| Failure::Input(format!("[keys] ring: {error}")))?;
    let sealing = ring.summaries();
    let head = HeadSigner::new(&ring).map(|signer| signer.public_key());
    let opened = installation.open().await?;
    let signing = oidc::signing_keys(&opened.db, opened.clock.now()).await;
    let signing =
        signing.map_err(|error| Failure::Work(format!("the signing keys cannot be read: {error}")))?;
    if json {
        output::json(&json!({ "sealing_keys": sealing, "signing_keys": signing, "head_key": head }));
        return Ok(());
    }
    let mut rows = vec![["kind", "id", "algorithm", "active", "created"].map(str::to_owned).to_vec()];
    let word = |active: bool| if active { "yes" } else { "no" }.to_owned();
    rows.extend(sealing.iter().map(|key| {
        vec![
            "sealing".to_owned(),
            key.id.to_string(),
            "AES-256-GCM-SIV".to_owned(),
            word(key.current),
            key.created_at.clone(),
        ]
    }));
    rows.extend(signing.iter().map(|key| {
        vec![
            "signing".to_owned(),
            key.id.to_string(),
            key.algorithm.clone(),
            word(key.active),
            key.created_at.clone(),
        ]
    }));
    output::table(&rows);
    output::line(&format!("public key of the log's heads (Ed25519): {}", head.as_deref().unwrap_or("-")));
    Ok(())
}
