//! What a demo was started with: kept in its folder, so that the demo can be administered while it runs
//! and after it ended.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::Failure;
use crate::config::{AssuranceConfig, Config, HostPort, MailKind};
use crate::demo::folder::Folder;
use crate::infra::files;
use crate::kernel::acr::Acr;
use crate::kernel::secret::Secret;

const NAME: &str = "start.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    pub listen: SocketAddr,
    pub issuer: String,
    /// A proxy on this machine stands in front.
    pub behind_proxy: bool,
    /// Further applications.
    pub clients: Option<PathBuf>,
    pub database: Option<String>,
    pub redis: Option<String>,
    /// Whom calls to others may reach beside the open network.
    #[serde(default)]
    pub outgoing_ca: Option<PathBuf>,
    #[serde(default)]
    pub outgoing_allow: Vec<HostPort>,
    /// The file of upstream providers.
    #[serde(default)]
    pub upstream: Option<PathBuf>,
}

impl Start {
    pub fn read(folder: &Folder) -> Result<Self, Failure> {
        let path = folder.file(NAME);
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::Input(format!("{}: {error}; start the demo once", path.display()))
        };
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&error))?;
        serde_json::from_str(&text).map_err(|error| wrong(&error))
    }

    pub fn write(&self, folder: &Folder) -> Result<(), Failure> {
        let path = folder.file(NAME);
        let cannot = |error: &dyn std::fmt::Display| Failure::Work(format!("{}: {error}", path.display()));
        let text = serde_json::to_string_pretty(self).map_err(|error| cannot(&error))?;
        files::write_private(&path, text.as_bytes()).map_err(|error| cannot(&error))
    }

    /// The defaults, with everything inside the demo's folder.
    pub fn config(&self, folder: &Folder) -> Result<Config, Failure> {
        let mut config = Config::defaults(&folder.path)?;
        if self.behind_proxy {
            config.server.trusted_proxies =
                ["127.0.0.0/8", "::1/128"].iter().filter_map(|net| net.parse().ok()).collect();
        }
        config.server.issuer.clone_from(&self.issuer);
        config.server.listen = self.listen;
        config.server.internal_listen.set_port(0);
        config.data.folder.clone_from(&folder.path);
        let embedded = format!("sqlite://{}", folder.file("cardea.db").display());
        config.database.url = Secret::new(self.database.clone().unwrap_or(embedded));
        config.state.redis_url = self.redis.clone().map(Secret::new);
        config.keys.ring = folder.file("keys.json");
        // `required_assurance` of a person may be a password alone, here and nowhere else.
        let any = Acr::Pwd;
        config.assurance = AssuranceConfig { staff: any, desk: any, analyst: any, auditor: any, admin: any };
        config.sign_in.trusted_browser = Some(Duration::from_hours(30 * 24));
        config.mail.kind = MailKind::Folder;
        config.mail.folder = folder.file("mail");
        config.log.copy = folder.file("events.jsonl");
        config.log.heads = folder.file("heads.jsonl");
        config.clients.folder = folder.file("clients");
        config.log.seal_every = Duration::from_millis(250);
        config.outgoing.ca.clone_from(&self.outgoing_ca);
        config.outgoing.allow.clone_from(&self.outgoing_allow);
        if let Some(file) = &self.upstream {
            config.take_upstreams(file)?;
            let findings = config.findings();
            if let Some(finding) = findings.iter().find(|finding| finding.field.starts_with("upstream.")) {
                return Err(Failure::Input(finding.to_string()));
            }
        }
        Ok(config)
    }
}
