//! Who is at the other end: the address that counts, and the bucket that limits speak of.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// The client's address as far as it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddr(IpAddr);

/// A forwarding header that does not parse: refused rather than guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadForwarding;

/// Most hops read of a forwarding header.
const HOPS_MAX: usize = 16;

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

    /// The unit that one party usually holds: an IPv4 address, an IPv6 /64.
    pub fn source(self) -> String {
        match self.0 {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let kept = u128::from(v6) & (u128::MAX << 64);
                format!("{}/64", Ipv6Addr::from(kept))
            }
        }
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
    fn an_ipv6_holder_of_a_64_is_one_source() {
        let source = |text: &str| text.parse().map(|ip| ClientAddr::from_peer(ip).source());
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff"));
        assert_ne!(source("2001:db8:0:1::1"), source("2001:db8::1"));
        assert_eq!(source("::ffff:192.0.2.1"), Ok("192.0.2.1".into()));
    }
}
