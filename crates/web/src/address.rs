//! The address a request comes from, cut to the network that one household or phone has: what limits are counted by.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use foundation::staff::signing_in::UNREADABLE;
use ipnet::IpNet;

use crate::house::{House, Ways};

/// What an administrator is told of such a proxy.
pub(crate) const LACKING: &str = "It does not say where people come from, so floods cannot be told from people. Have it send \
                                  X-Forwarded-For, and name it in trusted_proxies.";

/// An address cut to a network: the whole of IPv4, the first 64 bits of IPv6.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network(pub String);

impl FromRequestParts<House> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // A proxy may add a line of its own below the client's: all of them are one list.
        let lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
        let forwarded = lines.collect::<Vec<_>>().join(",");
        let forwarded = Some(forwarded.as_str()).filter(|f| !f.is_empty());
        if peer.is_some_and(|peer| names_nobody(peer, forwarded, house.ways())) {
            house.lacks_an_address();
            return Ok(Self(UNREADABLE.into()));
        }
        Ok(Self::of(peer, forwarded, &house.ways().trusted_proxies))
    }
}

/// Whether the other end is a proxy that does not say for whom it asks: one that is named, or one on this machine where
/// people come by an address of their own. Everyone behind it would count as one.
fn names_nobody(peer: IpAddr, forwarded: Option<&str>, ways: &Ways) -> bool {
    let peer = peer.to_canonical();
    let is_named = ways.trusted_proxies.iter().any(|network| network.contains(&peer));
    let is_in_front = peer.is_loopback() && ways.public_url.starts_with("https://");
    (is_named && forwarded.is_none()) || (is_in_front && !is_named)
}

impl Network {
    /// The last address a trusted proxy did not write itself. What the client claims beyond that is not believed.
    pub fn of(peer: Option<IpAddr>, forwarded: Option<&str>, trusted: &[IpNet]) -> Self {
        let Some(peer) = peer else { return Self("unknown".into()) };
        let mut from = peer;
        if let Some(forwarded) = forwarded {
            for hop in forwarded.rsplit(',') {
                // A proxy that listens on IPv6 sees the addresses of IPv4 inside its own.
                let seen = from.to_canonical();
                if !trusted.iter().any(|network| network.contains(&seen)) {
                    break;
                }
                let Ok(ip) = hop.trim().parse() else { break };
                from = ip;
            }
        }
        Self(cut(from))
    }
}

fn cut(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            let mapped = v6.to_ipv4_mapped().map(|v4| v4.to_string());
            mapped.unwrap_or_else(|| format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(peer: &str, forwarded: Option<&str>) -> String {
        let trusted = ["127.0.0.1/32", "10.0.0.0/8"].map(|network| network.parse().unwrap());
        Network::of(Some(peer.parse().unwrap()), forwarded, &trusted).0
    }

    #[test]
    fn a_client_cannot_claim_another_address() {
        assert_eq!(network("203.0.113.9", Some("198.51.100.1")), "203.0.113.9");
        assert_eq!(network("127.0.0.1", Some("1.2.3.4, 198.51.100.7")), "198.51.100.7");
        assert_eq!(network("127.0.0.1", Some("nonsense")), "127.0.0.1");
        assert_eq!(network("127.0.0.1", Some("198.51.100.7, 10.1.2.3")), "198.51.100.7");
        assert_eq!(network("::ffff:10.1.2.3", Some("198.51.100.7")), "198.51.100.7");
    }

    #[test]
    fn one_household_counts_once_on_ipv6() {
        assert_eq!(network("2001:db8:1:2::7", None), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:ffff::8", None), "2001:db8:1:2::/64");
    }
}
