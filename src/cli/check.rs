//! `cardea check`: one line per finding; nothing is changed.

use std::path::Path;

use super::output;
use super::running::configuration;
use crate::app::open::Surroundings;
use crate::app::{Failure, Opened};
use crate::infra::database::Durability;
use crate::infra::tls::Certificate;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;

pub async fn run(path: &Path) -> Result<(), Failure> {
    let (config, clients) = configuration(path)?;
    let mut findings: Vec<String> = config.findings().iter().map(ToString::to_string).collect();
    if let Some((certificate, key)) =
        config.server.tls_certificate.as_deref().zip(config.server.tls_key.as_deref())
        && let Err(error) = Certificate::load(certificate, key)
    {
        findings.push(format!("{}: [server] tls: {error}", path.display()));
    }
    let owner = config.database.migration_url.is_some();
    let around = Surroundings { clients, clock: Clock::System, entropy: Entropy::System };
    match Opened::open(config, around).await {
        Err(error) => findings.push(format!("{}: {error}", path.display())),
        Ok(opened) => findings.extend(reach(&opened, owner, path).await),
    }
    for finding in &findings {
        output::line(finding);
    }
    if findings.is_empty() {
        output::line("everything is in order");
        return Ok(());
    }
    Err(Failure::Input(format!("{} finding(s)", findings.len())))
}

/// Whether what the configuration names answers, and keeps what it acknowledges.
async fn reach(opened: &Opened, owner: bool, path: &Path) -> Vec<String> {
    let path = path.display();
    let mut findings = vec![];
    match opened.db.durability().await {
        Ok(Durability::Durable) => {}
        Ok(Durability::Less(settings)) => {
            let settings = settings.join(", ");
            findings.push(format!("{path}: [database] url: acknowledged writes can be lost: {settings}"));
        }
        Err(error) => findings.push(format!("{path}: [database] url: {error}")),
    }
    if opened.db.is_shared() && !owner {
        findings.push(format!(
            "{path}: [database] migration_url: the node's login owns the log and could change it; \
             give the owner another login"
        ));
    }
    if !opened.state.answers().await {
        findings.push(format!("{path}: [state] redis_url: Redis does not answer"));
    }
    if !opened.mailer.answers().await {
        findings.push(format!("{path}: [mail]: the mail server does not answer"));
    }
    findings
}
