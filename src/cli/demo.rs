//! `cardea demo`: a whole working service on the embedded default, in one process.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::running;
use crate::app::open::{self, Surroundings};
use crate::app::{Failure, Opened};
use crate::config::{Config, MailKind, clients};
use crate::demo::{applications, folder, people, sheet};
use crate::event::Origin;
use crate::event::origin::Actor;
use crate::infra::sealing::KeyRing;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::RequestId;
use crate::kernel::secret::Secret;
use crate::kernel::time::Clock;

#[derive(Args)]
pub struct DemoOptions {
    /// Address and port to answer on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of everything that the demo keeps.
    #[arg(long, value_name = "DIR", default_value = "var/demo")]
    data: PathBuf,
    /// Empty the folder first (only one that the demo made itself).
    #[arg(long)]
    fresh: bool,
    /// The address that others know, when a proxy on this machine stands in front.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Further applications: a JSON array in RFC 7591 member names.
    #[arg(long, value_name = "FILE")]
    clients: Option<PathBuf>,
    /// Further people: a JSON array in the demo sheet's members.
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// PostgreSQL in the place of the embedded database.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Redis in the place of in-process state.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
}

pub async fn run(options: DemoOptions) -> Result<(), Failure> {
    let folder = folder::prepare(&options.data, options.fresh)?;
    let listener = running::listen(options.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::Work(format!("the listener has no address: {error}")))?;
    let issuer = options.issuer.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let config = config(&options, &folder, address, issuer)?;
    let applications = clients(&options, &folder)?;
    let (clock, entropy) = (Clock::System, Entropy::System);
    if !config.keys.ring.exists() {
        KeyRing::create(&config.keys.ring, clock.now(), &entropy)
            .map_err(|error| Failure::Work(error.to_string()))?;
    }
    open::migrate(&config, &clock).await?;
    let around = Surroundings { clients: applications.registered, clock, entropy };
    let opened = Opened::open(config, around).await?;
    let now = opened.clock.now();
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), Actor::Service);
    let wanted = people::wanted(options.people.as_deref())?;
    let known = sheet::read(&folder);
    let people = people::make(&opened, &origin, wanted, known).await?;
    sheet::write(&folder, &opened.config, &people, &applications.shown)?;
    running::run_until_told(&opened, listener).await
}

/// The defaults, with everything inside the demo's folder.
fn config(
    options: &DemoOptions,
    folder: &folder::Folder,
    address: SocketAddr,
    issuer: String,
) -> Result<Config, Failure> {
    let mut config = Config::defaults(&folder.path)?;
    if options.issuer.is_some() {
        config.server.trusted_proxies =
            ["127.0.0.0/8", "::1/128"].iter().filter_map(|net| net.parse().ok()).collect();
    }
    config.server.issuer = issuer;
    config.server.listen = address;
    config.server.internal_listen.set_port(0);
    config.data.folder.clone_from(&folder.path);
    let embedded = format!("sqlite://{}", folder.file("cardea.db").display());
    config.database.url = Secret::new(options.database.clone().unwrap_or(embedded));
    config.state.redis_url = options.redis.clone().map(Secret::new);
    config.keys.ring = folder.file("keys.json");
    config.mail.kind = MailKind::Folder;
    config.mail.folder = folder.file("mail");
    config.log.copy = folder.file("events.jsonl");
    config.log.heads = folder.file("heads.jsonl");
    config.log.seal_every = Duration::from_millis(250);
    Ok(config)
}

fn clients(options: &DemoOptions, folder: &folder::Folder) -> Result<applications::Applications, Failure> {
    let mut applications = applications::built_in(folder)?;
    if let Some(path) = &options.clients {
        applications.add(path)?;
    }
    clients::ensure_unique(&applications.registered)?;
    Ok(applications)
}
