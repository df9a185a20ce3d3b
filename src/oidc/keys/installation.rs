//! One database and as many nodes on it as a test wants.

use std::time::Duration;

use tempfile::TempDir;

use super::keeper::SigningKeys;
use crate::config::SigningConfig;
use crate::config::clients::{ClientConfig, from_register};
use crate::event::origin::Actor;
use crate::event::{EventLog, Origin};
use crate::infra::database::{Database, DatabaseOptions, migrations};
use crate::infra::geoip::GeoIp;
use crate::infra::sealing::KeyRing;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::RequestId;
use crate::kernel::time::Moment;

pub const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);

/// A schedule that turns quickly, and with no second to spare; tokens live for five minutes.
pub const RULES: SigningConfig = SigningConfig {
    signs_for: Duration::from_mins(8),
    published_before: SigningConfig::everywhere(Duration::from_mins(1)),
    published_after: Duration::from_secs(305),
    key_set_max_age: Duration::from_mins(1),
};

pub struct Installation {
    folder: TempDir,
    pub ring: KeyRing,
    pub rules: SigningConfig,
}

impl Installation {
    pub async fn new() -> Self {
        let ring = KeyRing::generate(NOW, &Entropy::seeded(1));
        let installation = Self { folder: tempfile::tempdir().unwrap(), ring, rules: RULES };
        migrations::migrate(&installation.options(), NOW).await.unwrap();
        installation
    }

    fn options(&self) -> DatabaseOptions {
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        DatabaseOptions { url, migration_url: None, connections_max: 2 }
    }

    /// A node, with nothing read yet.
    pub async fn node(&self, seed: u64) -> SigningKeys {
        self.node_under(&self.ring, seed).await
    }

    pub async fn node_under(&self, ring: &KeyRing, seed: u64) -> SigningKeys {
        let db = Database::open(&self.options()).await.unwrap();
        let entropy = Entropy::seeded(seed);
        let log = EventLog::new(db, ring, GeoIp::default(), entropy.clone(), Duration::from_mins(1)).unwrap();
        SigningKeys::new(log, ring.clone(), entropy, self.rules)
    }
}

pub fn origin(now: Moment) -> Origin {
    Origin::internal(now, RequestId::new(now, &Entropy::seeded(9)), Actor::Service)
}

/// A client that pinned keys.
pub fn client(id: &str, pins: &[String]) -> ClientConfig {
    let members = serde_json::json!({
        "client_id": id, "token_endpoint_auth_method": "none", "redirect_uris": ["https://app.example.be/cb"],
        "pinned_keys": pins,
    });
    from_register(&members.to_string()).unwrap()
}
