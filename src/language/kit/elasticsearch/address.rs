//! Addresses and networks, as Elasticsearch's `ip` type reads them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::query::{Cidr, Part, Pattern};

/// The network of a literal; a lone address is the network of itself. Elasticsearch masks host
/// bits away, and sees an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) as IPv4.
pub(in crate::language) fn network(text: &str) -> Option<Cidr> {
    let net = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => text.parse::<IpNet>().ok()?.trunc(),
    };
    Cidr::parse(&net.to_string())
}

/// The text, if it is an address in the form that addresses are usually written in.
pub(in crate::language) fn canonical(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    Some(address.to_string()).filter(|canonical| canonical == text)
}

/// The literal for a network: an address if it holds only one.
pub(in crate::language) fn literal(cidr: Cidr) -> String {
    let net = cidr.net();
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// The IPv4 network that a pattern of whole octets means: `10.1.*` is 10.1.0.0/16.
pub(in crate::language) fn of_octets(pattern: &Pattern) -> Option<Cidr> {
    let [Part::Literal(start), Part::Any] = pattern.parts() else { return None };
    let octets: Vec<&str> = start.strip_suffix('.')?.split('.').collect();
    let missing = 4_usize.checked_sub(octets.len()).filter(|missing| *missing > 0)?;
    let address = [start.as_str(), &vec!["0"; missing].join(".")].concat();
    network(&format!("{address}/{}", 8 * octets.len()))
}
