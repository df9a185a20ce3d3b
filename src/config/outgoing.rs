//! Whom the service may call beside the open network.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use url::Url;

use crate::config::read;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutgoingConfig {
    pub allow: Vec<HostPort>,
    #[serde(deserialize_with = "read::optional_path")]
    pub ca: Option<PathBuf>,
    #[serde(deserialize_with = "read::duration")]
    pub call_time: Duration,
}

/// A host and a port of it, as an address names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    /// Reads `idp.example.be:443`, `127.0.0.1:8443` or `[::1]:8443`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let port: u16 = port.parse().ok().filter(|port| *port != 0)?;
        let url = Url::parse(&format!("https://{host}:{port}")).ok()?;
        // What the parser understands otherwise is no host.
        let plain = url.username().is_empty() && !host.contains('*');
        let sound = plain && url.host_str() == Some(host.to_lowercase().as_str());
        sound.then(|| Self { host: host.to_lowercase(), port })
    }

    pub fn is_of(&self, url: &Url) -> bool {
        url.host_str() == Some(self.host.as_str()) && url.port_or_known_default() == Some(self.port)
    }
}

impl std::fmt::Display for HostPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl serde::Serialize for HostPort {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostPort {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!("`{text}` is no host with a port, as idp.example.be:443"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{HostPort, Url};

    #[test]
    fn a_host_has_its_port_and_nothing_else() {
        for good in ["idp.example.be:443", "127.0.0.1:8443", "[::1]:8443", "LOCALHOST:1"] {
            let allowed = HostPort::parse(good).unwrap_or_else(|| panic!("{good}"));
            assert!(allowed.is_of(&Url::parse(&format!("https://{good}/x?y")).unwrap()), "{good}");
            assert!(!allowed.is_of(&Url::parse("https://idp.example.be:444").unwrap()), "{good}");
        }
        let usual = HostPort::parse("idp.example.be:443").unwrap();
        assert!(usual.is_of(&Url::parse("https://IDP.example.be/").unwrap()));
        assert!(!usual.is_of(&Url::parse("https://idp.example.be.evil.example/").unwrap()));
        for bad in ["", "host", "host:", "host:0", "host:70000", "::1:80", "a@host:1", "host/x:1", "*:443"] {
            assert_eq!(HostPort::parse(bad), None, "{bad}");
        }
    }
}
