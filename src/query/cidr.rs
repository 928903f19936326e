//! Address ranges.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

/// A network in CIDR notation, IPv4 or IPv6, host bits cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr(IpNet);

impl Cidr {
    /// Reads `10.0.0.0/8`, `fe80::/10` or a single address. `None` also if host bits are set: a
    /// network such as `10.0.0.1/8` is a slip, and both pySigma and Datadog refuse it.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Some(Self(IpNet::from(address)));
        }
        let net: IpNet = text.parse().ok()?;
        (net.addr() == net.network()).then_some(Self(net))
    }

    /// The network.
    pub fn net(self) -> IpNet {
        self.0
    }

    /// Whether a text is an address inside the network. An IPv4 address written as
    /// `::ffff:10.0.0.1` is an IPv6 address, as in the platforms' own `ip` types.
    pub fn contains(self, text: &str) -> bool {
        text.parse::<IpAddr>().is_ok_and(|address| self.0.contains(&address))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
