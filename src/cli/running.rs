//! `cardea serve` and `cardea migrate`, and what `cardea demo` shares with them: running the service
//! until it is told to end.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::operator::{Channel, Lock};
use super::output;
use crate::app::open::{self, Surroundings};
use crate::app::serve::serve;
use crate::app::{App, Failure, Opened};
use crate::config::clients::{self, ClientConfig};
use crate::config::{Config, Finding};
use crate::demo;
use crate::infra::sealing::KeyRing;
use crate::infra::tls::{Certificate, TlsListener};
use crate::jobs::Jobs;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;

/// How often a renewed certificate is looked for.
const CERTIFICATE_EVERY: Duration = Duration::from_mins(1);
/// How often a new key in the ring's file is looked for.
const KEYS_EVERY: Duration = Duration::from_millis(500);

/// Reads the configuration of a production start, with everything in it that can be told before anything
/// is opened.
pub fn configuration(path: &Path) -> Result<(Config, Vec<ClientConfig>), Failure> {
    let config = Config::load(path)?;
    let clients = clients::from_folder(&config.clients.folder)?;
    clients::ensure_sound(&clients, config.tokens.algorithms)?;
    Ok((config, clients))
}

pub async fn migrate(path: &Path) -> Result<(), Failure> {
    let (config, _) = configuration(path)?;
    let _lock = Lock::for_migration(&config.data.folder).await?;
    let ran = open::migrate(&config, &Clock::System).await?;
    output::line(if ran == 0 {
        "the database is at this version"
    } else {
        "the database was brought to this version"
    });
    Ok(())
}

pub async fn run(path: &Path) -> Result<(), Failure> {
    let (config, clients) = configuration(path)?;
    if let Some(finding) = config.findings().first() {
        return Err(Failure::Input(finding.to_string()));
    }
    if let Some(finding) = demo::of_the_demo(&config, &clients) {
        return Err(Failure::Input(finding.to_string()));
    }
    let _lock = Lock::for_node(&config.data.folder).await?;
    let listener = listen(config.server.listen).await?;
    let around = Surroundings { clients, clock: Clock::System, entropy: Entropy::System };
    let opened = Opened::open(config, around).await?;
    if let Some(finding) = of_the_register(&opened).first() {
        return Err(Failure::Input(finding.to_string()));
    }
    run_until_told(&opened, listener).await
}

/// What production refuses of what is registered: files may say something else by now.
pub fn of_the_register(opened: &Opened) -> Vec<Finding> {
    let registered: Vec<ClientConfig> = opened.clients.all().map(|client| (**client).clone()).collect();
    let mut findings: Vec<Finding> = demo::of_the_demo(&opened.config, &registered).into_iter().collect();
    findings.extend(clients::departures(&registered, opened.config.tokens.algorithms));
    findings
}

/// The certificate of our own TLS, where the configuration names one.
///
/// # Errors
/// It cannot be used; the finding says where it is named.
pub fn certificate(config: &Config) -> Result<Option<Arc<Certificate>>, Box<Finding>> {
    let server = &config.server;
    let Some((certificate, key)) = server.tls_certificate.as_deref().zip(server.tls_key.as_deref()) else {
        return Ok(None);
    };
    let loaded = Certificate::load(certificate, key);
    loaded.map(Some).map_err(|error| Box::new(config.at("server.tls_certificate", error.to_string())))
}

/// Binds an address; port 0 takes a free one.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Work(format!("cannot listen on {address}: {error}")))
}

/// Serves until SIGTERM or SIGINT, then lets requests under way end and seals the log.
pub async fn run_until_told(opened: &Opened, listener: TcpListener) -> Result<(), Failure> {
    let app = App::compose(opened).await?;
    // What can still be refused comes before anything that a refused start would leave behind.
    let certificate = certificate(&opened.config).map_err(|finding| Failure::Input(finding.to_string()))?;
    let channel = Channel::open(&opened.config.data.folder)?;
    let server = opened.config.server.clone();
    let (tell, stop) = watch::channel(false);
    let (tell_jobs, stop_jobs) = watch::channel(false);
    let jobs = Jobs::new(opened, app.oidc).start(&stop_jobs).await;
    let channel = tokio::spawn(channel.serve(opened.clone(), stop.clone()));
    tokio::spawn(take_up_keys(opened.ring.clone(), opened.config.keys.ring.clone(), stop.clone()));
    let head = Duration::from_secs(server.header_seconds_max);
    let internal = match TcpListener::bind(server.internal_listen).await {
        Ok(listener) => Some(tokio::spawn(serve(listener, app.internal, head, stop.clone()))),
        Err(error) => {
            tracing::warn!(address = %server.internal_listen, %error, "no internal listener: metrics are not to be had");
            None
        }
    };
    let answering = match certificate {
        Some(certificate) => {
            tokio::spawn(renew(Arc::clone(&certificate), stop.clone()));
            let listener = TlsListener::start(listener, certificate)
                .map_err(|error| Failure::Work(format!("the listener cannot be used: {error}")))?;
            tokio::spawn(serve(listener, app.router, head, stop))
        }
        None => tokio::spawn(serve(listener, app.router, head, stop)),
    };
    // Listened for before anyone is told that there is something to end.
    let told = told_to_end()?;
    output::line(&format!("ready {}", server.issuer));
    told.await;
    tracing::info!("told to end; requests under way are finished");
    // Those who listen may have ended by themselves: then there is nobody to tell.
    let _ = tell.send(true);
    for task in [Some(answering), internal, Some(channel)].into_iter().flatten() {
        finish(task).await;
    }
    let _ = tell_jobs.send(true);
    finish(jobs).await;
    Ok(())
}

async fn finish(task: tokio::task::JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a part of the service ended badly");
    }
}

fn told_to_end() -> Result<impl Future<Output = ()>, Failure> {
    let cannot = |error| Failure::Work(format!("signals cannot be received: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Takes up keys that were added to the ring's file, by whatever node, within a second.
async fn take_up_keys(ring: KeyRing, path: PathBuf, mut stop: watch::Receiver<bool>) {
    let written = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let mut known = written(&path);
    loop {
        tokio::select! {
            () = tokio::time::sleep(KEYS_EVERY) => {}
            _ = stop.changed() => return,
        }
        let found = written(&path);
        if found == known {
            continue;
        }
        known = found;
        if let Err(error) = ring.reload(&path) {
            tracing::error!(%error, "the key ring cannot be read again; the keys in use stay");
        }
    }
}

/// Takes up a renewed certificate, within a minute.
async fn renew(certificate: Arc<Certificate>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(CERTIFICATE_EVERY) => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = certificate.reload() {
            tracing::error!(%error, "the certificate cannot be read again; the one in use stays");
        }
    }
}
