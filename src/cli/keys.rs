//! `cardea keys …`: the ring of sealing keys, the signing keys that are sealed under it, and what is derived
//! from it. No secret byte is ever shown.

use clap::{Args, Subcommand};
use serde_json::json;

use super::operator::{Answer, Asked, Request, SigningTurn, call};
use super::output;
use super::place::{Installation, Place};
use crate::app::Failure;
use crate::app::open;
use crate::config::clients::SigningAlg;
use crate::event::head::HeadSigner;
use crate::infra::sealing::{KeyRing, KeyRingError};
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;
use crate::oidc::{self, MadeKey, Pace, Pins, SigningKeySummary, Turned};

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
    /// Add a sealing key; it seals from now on, the older ones go on opening. With --signing: make the next
    /// signing keys, before the schedule does.
    Rotate(Rotation),
    /// Sealing keys, signing keys with their state and whoever pinned them, and the public key of the log's heads.
    List,
}

#[derive(Args)]
struct Rotation {
    /// Make the next signing key of each algorithm that applications need. It is published at once, signs when
    /// every copy of the key set has it, and the older ones stay accepted as long as what they signed lives: no
    /// verification fails.
    #[arg(long)]
    signing: bool,
    /// The next key of this algorithm alone: ES256, EdDSA, PS256 or RS256.
    #[arg(long, value_name = "ALG", requires = "signing", value_parser = algorithm)]
    alg: Option<SigningAlg>,
    /// Sign with it in 70 seconds: every node has it then, and no verification fails at an application that reads
    /// the key set again when it meets an unknown `kid`, as is usual. One that does not may refuse new tokens
    /// until its copy of the key set runs out.
    #[arg(long, requires = "signing")]
    now: bool,
    #[command(flatten)]
    leak: Leak,
}

#[derive(Args)]
struct Leak {
    /// FOR A LEAKED KEY: sign with the new key at once and retire every older one at once. Every token that they
    /// signed fails from then on, here and wherever the key set is read again; people have to sign in anew. Other
    /// nodes follow within five seconds.
    #[arg(long, requires = "signing")]
    retire_old: bool,
    /// Retire them although applications pinned them: their tokens fail until they pin the new key.
    #[arg(long, requires = "retire_old")]
    force: bool,
}

impl Rotation {
    fn request(&self) -> Request {
        if !self.signing {
            return Request::RotateKeys {};
        }
        let pace = match (self.leak.retire_old, self.now) {
            (true, _) => Pace::Instead,
            (false, true) => Pace::Soon,
            (false, false) => Pace::InTime,
        };
        Request::TurnSigningKeys(SigningTurn { algorithm: self.alg, pace, force: self.leak.force })
    }
}

fn algorithm(text: &str) -> Result<SigningAlg, String> {
    SigningAlg::from_name(text).ok_or_else(|| {
        let known = SigningAlg::ALL.map(SigningAlg::name).join(", ");
        format!("known algorithms: {known}")
    })
}

pub async fn run(commands: KeyCommands) -> Result<(), Failure> {
    let KeyCommands { place, dry_run, command } = commands;
    let installation = place.find()?;
    match command {
        KeyCommand::Init => init(&installation, dry_run, place.json),
        KeyCommand::Rotate(rotation) => {
            let answer =
                Box::pin(call(&installation, Asked { dry_run, request: rotation.request() })).await?;
            if let Answer::Done(done) = &answer {
                tell(&done.done, dry_run, place.json);
            }
            if let Answer::Turned { turned, .. } = &answer {
                tell_turned(turned, dry_run, place.json);
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

fn tell_turned(turned: &Turned, dry_run: bool, json: bool) {
    if json {
        output::json(&json!({ "turned": turned, "changed": !dry_run, "dry_run": dry_run }));
        return;
    }
    let mut lines: Vec<String> = turned.made.iter().map(made).collect();
    let retired = turned.retired.iter().map(|key| {
        format!("RETIRED AT ONCE: {key}: every token that it signed fails from now on, here and wherever the key set is read again")
    });
    lines.extend(retired);
    lines.extend(turned.pinned.iter().map(|pinned| {
        let (clients, key) = (pinned.clients.join(", "), pinned.key);
        if turned.retired.contains(&key) {
            format!("TOKENS FAIL at {clients}, until the new key is pinned in the place of {key}")
        } else {
            format!("{clients} pinned {key} and will get tokens of that key until the new one is pinned too")
        }
    }));
    let start = if dry_run { "dry run, nothing was changed; otherwise: " } else { "" };
    for line in lines {
        output::line(&format!("{start}{line}"));
    }
}

fn made(key: &MadeKey) -> String {
    let id = key.id.map_or_else(|| "the new key".to_owned(), |id| format!("the key {id}"));
    format!("{}: {id} is published, and signs from {}", key.algorithm.name(), key.active_from)
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
    let signer = HeadSigner::new(&ring);
    let head = signer.map_err(|error| Failure::Work(format!("[keys] ring: {error}")))?.public_key();
    let opened = installation.open().await?;
    let signing = oidc::signing_keys(&opened.db, &Pins::of(&opened.clients), opened.clock.now()).await;
    let signing =
        signing.map_err(|error| Failure::Work(format!("the signing keys cannot be read: {error}")))?;
    if json {
        output::json(&json!({ "sealing_keys": sealing, "signing_keys": signing, "head_key": head }));
        return Ok(());
    }
    let mut rows = vec![HEADS.map(str::to_owned).to_vec()];
    rows.extend(sealing.iter().map(|key| {
        let state = if key.current { "active" } else { "opens" };
        let id = key.id.to_string();
        let cells = ["sealing", &id, "AES-256-GCM-SIV", state, &key.created_at, "-", "-", "-"];
        cells.map(str::to_owned).to_vec()
    }));
    rows.extend(signing.iter().map(signing_row));
    output::table(&rows);
    output::line(&format!("public key of the log's heads (Ed25519): {head}"));
    Ok(())
}

/// Headings of the list.
const HEADS: [&str; 8] =
    ["kind", "id", "algorithm", "state", "created", "signs from", "retired from", "pinned by"];

fn signing_row(key: &SigningKeySummary) -> Vec<String> {
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let mark = |client: &String| {
        let why = if key.held_by.contains(client) { " (not retired for it)" } else { "" };
        format!("{client}{why}")
    };
    vec![
        "signing".to_owned(),
        key.id.to_string(),
        key.algorithm.clone(),
        key.state.name().to_owned(),
        key.created_at.clone(),
        key.active_from.clone(),
        or_none(key.retired_at.clone().unwrap_or_default()),
        or_none(key.pinned_by.iter().map(mark).collect::<Vec<_>>().join(", ")),
    ]
}
