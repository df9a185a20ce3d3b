//! `cardea check`: one line per finding; nothing is changed.

use std::path::Path;

use super::output;
use super::running::{certificate, configuration};
use crate::app::open::Surroundings;
use crate::app::{Failure, OpenError, Opened};
use crate::config::{Config, Finding};
use crate::demo;
use crate::infra::database::Durability;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;
use crate::oidc;

pub async fn run(path: &Path) -> Result<(), Failure> {
    let (config, clients) = configuration(path)?;
    let mut findings: Vec<String> = config.findings().iter().map(ToString::to_string).collect();
    findings.extend(demo::of_the_demo(&config, &clients).map(|finding| finding.to_string()));
    findings.extend(certificate(&config).err().map(|finding| finding.to_string()));
    let around = Surroundings { clients, clock: Clock::System, entropy: Entropy::System };
    match Opened::open(config, around).await {
        Err(error) => findings.push(error.to_string()),
        Ok(opened) => findings.extend(reach(&opened).await.iter().map(ToString::to_string)),
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

/// Whether what the configuration names answers, fits, and keeps what it acknowledges.
async fn reach(opened: &Opened) -> Vec<Finding> {
    let config: &Config = &opened.config;
    let mut findings = vec![];
    match opened.db.durability().await {
        Ok(Durability::Durable) => {}
        Ok(Durability::Less(settings)) => {
            let text = format!("acknowledged writes can be lost: {}", settings.join(", "));
            findings.push(config.at("database.url", text));
        }
        Err(error) => findings.push(config.at("database.url", error.to_string())),
    }
    match opened.db.may_change_log().await {
        Ok(false) => {}
        Ok(true) => {
            let text = "the node's login could change the log; give the owner another login (migration_url)";
            findings.push(config.at("database.url", text.to_owned()));
        }
        Err(error) => findings.push(config.at("database.url", error.to_string())),
    }
    if let Err(error) = oidc::keys_fit(&opened.db, &opened.ring, opened.clock.now()).await {
        findings.extend(OpenError::at(config, error.into()).finding);
    }
    if !opened.state.answers().await {
        findings.push(config.at("state.redis_url", "Redis does not answer".to_owned()));
    }
    if !opened.mailer.answers().await {
        findings.push(config.at("mail.host", "the mail server does not answer".to_owned()));
    }
    findings
}
