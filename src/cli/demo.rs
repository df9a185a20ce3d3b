//! `cardea demo`: a whole working service on the embedded default, in one process.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::operator::Lock;
use super::running;
use super::start::Start;
use crate::app::open::{self, Surroundings};
use crate::app::{Failure, Opened};
use crate::config::clients::ClientConfig;
use crate::config::{Config, HostPort};
use crate::demo::{applications, folder, people, sheet};
use crate::event::Origin;
use crate::event::origin::Actor;
use crate::infra::sealing::KeyRing;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::RequestId;
use crate::kernel::time::Clock;
use crate::oidc::RegisterError;

/// How often the register is read again when another demo changes it at the same time.
const APPLY_TRIES_MAX: u32 = 8;

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
    /// A certificate authority that calls to others trust, beside those of this machine.
    #[arg(long, value_name = "FILE")]
    outgoing_ca: Option<PathBuf>,
    /// A test server that calls to others may reach, although it is on this machine or has no TLS.
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    outgoing_allow: Vec<HostPort>,
    /// Upstream providers: a file with the sections `[upstream.…]` of a configuration and nothing else.
    #[arg(long, value_name = "FILE")]
    upstream: Option<PathBuf>,
}

pub async fn run(options: DemoOptions) -> Result<(), Failure> {
    if options.fresh && folder::is_demo(Some(&options.data)) {
        // Nothing is emptied under a demo that runs.
        drop(Lock::for_node(&options.data).await?);
    }
    let folder = folder::prepare(&options.data, options.fresh)?;
    let _lock = Lock::for_node(&folder.path).await?;
    let listener = running::listen(options.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::Work(format!("the listener has no address: {error}")))?;
    let start = start(&options, address)?;
    start.write(&folder)?;
    let config = start.config(&folder)?;
    let (wanted, shown) = clients(&options, &folder, &config)?;
    let (clock, entropy) = (Clock::System, Entropy::System);
    if !config.keys.ring.exists() {
        KeyRing::create(&config.keys.ring, clock.now(), &entropy)
            .map_err(|error| Failure::Work(error.to_string()))?;
    }
    open::migrate(&config, &clock).await?;
    let around = Surroundings { clients: wanted, clock, entropy };
    let opened = Opened::open(config, around).await?;
    let now = opened.clock.now();
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), Actor::Service);
    apply_clients(&opened, &origin).await?;
    let wanted = people::wanted(options.people.as_deref())?;
    let known = sheet::read(&folder);
    let people = people::make(&opened, &origin, wanted, known).await?;
    sheet::write(&folder, &opened.config, &people, &shown)?;
    running::run_until_told(&opened, listener).await
}

fn host_and_port(text: &str) -> Result<HostPort, &'static str> {
    HostPort::parse(text).ok_or("it is a host with its port, as 127.0.0.1:8443")
}

fn start(options: &DemoOptions, address: SocketAddr) -> Result<Start, Failure> {
    let whole = |path: &PathBuf| {
        path.canonicalize().map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
    };
    Ok(Start {
        listen: address,
        issuer: options.issuer.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port())),
        behind_proxy: options.issuer.is_some(),
        clients: options.clients.as_ref().map(whole).transpose()?,
        database: options.database.clone(),
        redis: options.redis.clone(),
        outgoing_ca: options.outgoing_ca.as_ref().map(whole).transpose()?,
        outgoing_allow: options.outgoing_allow.clone(),
        upstream: options.upstream.as_ref().map(whole).transpose()?,
    })
}

/// What is to be registered, and what the sheet shows of it.
fn clients(
    options: &DemoOptions,
    folder: &folder::Folder,
    config: &Config,
) -> Result<(Vec<ClientConfig>, Vec<Value>), Failure> {
    let mut shown = applications::make(folder)?;
    let more = options.clients.as_deref();
    if let Some(file) = more {
        shown.extend(applications::shown_of(file)?);
    }
    Ok((applications::wanted(folder, more, config)?, shown))
}

/// A demo registers at every start what it is told: nobody looks at a plan first.
async fn apply_clients(opened: &Opened, origin: &Origin) -> Result<(), Failure> {
    let cannot = |error: RegisterError| Failure::Work(format!("demo applications: {error}"));
    for _ in 0..APPLY_TRIES_MAX {
        let plan = opened.register.plan(&opened.wanted).await.map_err(cannot)?;
        match opened.register.apply(origin, &plan, &opened.wanted).await {
            // Another demo on the same database came in between.
            Err(RegisterError::Changed) => {}
            outcome => return outcome.map_err(cannot),
        }
    }
    Err(cannot(RegisterError::Changed))
}
