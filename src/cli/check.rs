//! `cardea check`: one line per finding; nothing is changed.

use std::ops::Deref;
use std::path::Path;

use super::output;
use super::running::{certificate, configuration, of_the_register};
use crate::app::open::Surroundings;
use crate::app::{Failure, OpenError, Opened};
use crate::config::{Config, Finding, clients};
use crate::demo;
use crate::infra::database::Durability;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;
use crate::oidc::{self, PinFinding, Plan};

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
    if let Err(error) = oidc::keys_fit(&opened.db, &opened.ring).await {
        findings.extend(OpenError::at(config, error.into()).finding);
    }
    if let Err(error) = opened.federation.keys_fit(opened.clock.now()).await {
        findings.extend(OpenError::at(config, error.into()).finding);
    }
    findings.extend(pins(opened).await);
    findings.extend(of_the_register(opened));
    match opened.register.plan(&opened.wanted).await {
        Ok(plan) => findings.extend(unapplied(config, &plan)),
        Err(error) => findings.push(config.at("database.url", error.to_string())),
    }
    for (name, reason) in opened.federation.unreachable(opened.clock.now()).await {
        let text = format!("the provider cannot be used: {}", reason.name());
        findings.push(config.at(&format!("upstream.{name}.issuer"), text));
    }
    findings.extend(directories(opened).await);
    if !opened.state.answers().await {
        findings.push(config.at("state.redis_url", "Redis does not answer".to_owned()));
    }
    if !opened.mailer.answers().await {
        findings.push(config.at("mail.host", "the mail server does not answer".to_owned()));
    }
    findings
}

/// Whether every controller answers, and lets the service account do what it has to.
async fn directories(opened: &Opened) -> Vec<Finding> {
    let mut findings = vec![];
    for directory in opened.directory.others() {
        let name = directory.name();
        for (controller, missing) in directory.missing_rights(opened.clock.now()).await {
            match missing {
                Ok(missing) => {
                    let told = missing.into_iter().map(|right| format!("{controller}: {}", right.missing()));
                    let field = format!("directory.{name}.bind_name");
                    findings.extend(told.map(|text| opened.config.at(&field, text)));
                }
                Err(failure) => {
                    let field = format!("directory.{name}.controllers");
                    findings.push(opened.config.at(&field, format!("{controller}: {failure}")));
                }
            }
        }
    }
    findings
}

/// What is wrong with the keys that clients pinned, each at the registration as the operator wants it.
async fn pins(opened: &Opened) -> Vec<Finding> {
    let found = oidc::pin_findings(&opened.db, &opened.clients, opened.clock.now()).await;
    let found = match found {
        Ok(found) => found,
        Err(error) => return vec![opened.config.at("database.url", error.to_string())],
    };
    let place = |wrong: PinFinding| {
        let wanted = opened.wanted.iter().find(|client| client.client_id == wrong.client);
        let registered = opened.clients.get(&wrong.client);
        let client = wanted.or(registered.as_deref().map(Deref::deref))?;
        Some(clients::finding(client, "pinned_keys", Some(&wrong.pin), wrong.text))
    };
    found.into_iter().filter_map(place).collect()
}

/// Registrations that count only when they are applied. Before its first start an installation has none.
fn unapplied(config: &Config, plan: &Plan) -> Option<Finding> {
    if plan.version == 0 || plan.is_empty() {
        return None;
    }
    let changes = plan.changes.iter().map(|change| format!("{} {}", change.client_id, change.kind.name()));
    let text = format!(
        "the files and the register of clients differ ({}): `cardea client plan` shows how, \
         `cardea client apply` applies the files",
        changes.collect::<Vec<_>>().join(", ")
    );
    Some(config.at("clients.folder", text))
}
