//! Who is at the other end: the address that counts, and the source that limits speak of.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// The client's address as far as it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddr(IpAddr);

/// A forwarding header that does not parse: refused rather than guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadForwarding;

/// Whom a limit counts. What is kept for each source speaks of its narrow name (`Display`); what is counted
/// is counted for its network too, since who has a /48 has 65,536 sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: String,
    network: Option<String>,
}

/// Most hops read of a forwarding header.
const HOPS_MAX: usize = 16;
/// Bits of one link's network: whoever is on it chooses the rest. Source: RFC 4291 §2.5.4.
const LINK_BITS: u32 = 64;
/// Bits of what a whole site may be given. Source: RFC 6177 §2.
const SITE_BITS: u32 = 48;

impl ClientAddr {
    pub fn from_peer(peer: IpAddr) -> Self {
        Self(peer.to_canonical())
    }

    /// The peer, or behind trusted proxies the right-most hop that is not one of them.
    ///
    /// # Errors
    /// A trusted proxy sent a list that is not one of addresses.
    pub fn behind(peer: IpAddr, forwarded_for: &[&str], trusted: &[IpNet]) -> Result<Self, BadForwarding> {
        let is_trusted = |addr: IpAddr| trusted.iter().any(|net| net.contains(&addr));
        let mut current = peer.to_canonical();
        let mut hops = forwarded_for.iter().rev().flat_map(|line| line.rsplit(','));
        let mut seen = 0;
        while is_trusted(current) {
            let Some(hop) = hops.next() else { break };
            seen += 1;
            if seen > HOPS_MAX {
                return Err(BadForwarding);
            }
            current = hop.trim().parse::<IpAddr>().map_err(|_| BadForwarding)?.to_canonical();
        }
        Ok(Self(current))
    }

    pub const fn ip(self) -> IpAddr {
        self.0
    }

    /// The unit that one party usually holds: an IPv4 address, an IPv6 /64 inside its /48.
    pub fn source(self) -> Source {
        match self.0 {
            IpAddr::V4(v4) => Source { name: v4.to_string(), network: None },
            IpAddr::V6(v6) => Source { name: prefix(v6, LINK_BITS), network: Some(prefix(v6, SITE_BITS)) },
        }
    }
}

fn prefix(address: Ipv6Addr, bits: u32) -> String {
    let kept = u128::from(address) & (u128::MAX << (u128::BITS - bits));
    format!("{}/{bits}", Ipv6Addr::from(kept))
}

impl Source {
    /// Work that no request asked for.
    pub fn internal() -> Self {
        Self { name: "internal".to_owned(), network: None }
    }

    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The network around an IPv6 source.
    pub fn network(&self) -> Option<&str> {
        self.network.as_deref()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{BadForwarding, ClientAddr};

    fn seen(peer: &str, header: &[&str], trusted: &[&str]) -> Result<String, BadForwarding> {
        let trusted: Vec<_> = trusted.iter().filter_map(|net| net.parse().ok()).collect();
        let peer = peer.parse().map_err(|_| BadForwarding)?;
        ClientAddr::behind(peer, header, &trusted).map(|addr| addr.ip().to_string())
    }

    #[test]
    fn a_stranger_cannot_choose_the_address_that_counts() {
        let ours = ["127.0.0.0/8"];
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &ours), Ok("203.0.113.9".into()));
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 198.51.100.1"], &ours), Ok("198.51.100.1".into()));
        assert_eq!(seen("127.0.0.1", &["6.6.6.6", "198.51.100.1"], &ours), Ok("198.51.100.1".into()));
        assert_eq!(seen("127.0.0.1", &["rubbish"], &ours), Err(BadForwarding));
        assert_eq!(seen("127.0.0.1", &[], &[]), Ok("127.0.0.1".into()));
    }

    #[test]
    fn an_ipv6_holder_of_a_64_is_one_source_inside_a_48() {
        let source = |text: &str| text.parse().map(|ip| ClientAddr::from_peer(ip).source()).unwrap();
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff"));
        assert_ne!(source("2001:db8:0:1::1"), source("2001:db8::1"));
        let one = source("2001:db8:7:ffff:1:2:3:4");
        assert_eq!((one.as_str(), one.network()), ("2001:db8:7:ffff::/64", Some("2001:db8:7::/48")));
        assert_eq!(one.to_string(), one.as_str());
        // An IPv4 address is one, however it is written, and its neighbours are others' for sure.
        let mapped = source("::ffff:192.0.2.1");
        assert_eq!((mapped.as_str(), mapped.network()), ("192.0.2.1", None));
    }
}
