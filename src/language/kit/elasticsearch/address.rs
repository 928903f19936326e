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

/// Most patterns that one network is told by.
const MAX_PATTERNS: u8 = 64;

/// The patterns of the addresses in a network, where a field holds them as text in the form that
/// addresses are usually written in. `None` where that takes too many, or where the form leaves
/// zeros out.
pub(in crate::language) fn patterns(cidr: Cidr) -> Option<Vec<Pattern>> {
    let net = cidr.net();
    let prefix = net.prefix_len();
    if prefix == net.max_prefix_len() {
        return Some(vec![Pattern::literal(net.addr().to_string())]);
    }
    match net.addr() {
        IpAddr::V4(address) => of_v4(address.octets(), prefix),
        IpAddr::V6(address) => of_v6(*address.segments().first()?, prefix),
    }
}

/// Whole octets, then each octet that the rest of the prefix allows: `172.16.*` to `172.31.*`.
fn of_v4(octets: [u8; 4], prefix: u8) -> Option<Vec<Pattern>> {
    let whole = usize::from(prefix / 8);
    let fixed: String = octets.iter().take(whole).map(|octet| format!("{octet}.")).collect();
    let first = octets.get(whole)?;
    // Nothing is said of the next octet: `10.*`.
    let Some(free) = (8 - prefix % 8).checked_rem(8).filter(|free| *free > 0) else {
        return Some(vec![Pattern::literal(fixed).with_any_after()]).filter(|_| prefix > 0);
    };
    let last = first.checked_add((1_u8 << free) - 1)?;
    let pattern = |octet: u8| match whole {
        3 => Pattern::literal(format!("{fixed}{octet}")),
        _ => Pattern::literal(format!("{fixed}{octet}.")).with_any_after(),
    };
    (last - first < MAX_PATTERNS).then(|| (*first..=last).map(pattern).collect())
}

/// The digits of the first group, of which the prefix may leave some free: `fe8?:*` to `feb?:*`.
/// A group that starts with a zero is written shorter, and what stands behind the first may be
/// left out.
fn of_v6(group: u16, prefix: u8) -> Option<Vec<Pattern>> {
    if !(1..=16).contains(&prefix) || group < 0x1000 {
        return None;
    }
    let digits = usize::from(prefix.div_ceil(4));
    let shift = 4 * (4 - u32::try_from(digits).ok()?);
    let first = group >> shift;
    let last = first + (1 << (digits * 4 - usize::from(prefix))) - 1;
    let pattern = |start: u16| {
        std::iter::once(Part::Literal(format!("{start:x}")))
            .chain((digits..4).map(|_| Part::One))
            .chain([Part::Literal(":".to_owned()), Part::Any])
            .collect()
    };
    Some((first..=last).map(pattern).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_by_patterns() {
        for (network, expected) in [
            ("10.0.0.0/8", Some("10.*")),
            ("192.168.0.0/16", Some("192.168.*")),
            ("10.1.2.0/24", Some("10.1.2.*")),
            ("10.1.2.4/30", Some("10.1.2.4 10.1.2.5 10.1.2.6 10.1.2.7")),
            ("172.16.0.0/14", Some("172.16.* 172.17.* 172.18.* 172.19.*")),
            ("10.1.2.3/32", Some("10.1.2.3")),
            ("::1/128", Some("::1")),
            ("fe80::/10", Some("fe8?:* fe9?:* fea?:* feb?:*")),
            ("fc00::/7", Some("fc??:* fd??:*")),
            ("2001::/16", Some("2001:*")),
            ("0.0.0.0/0", None),
            ("10.0.0.0/1", None),
            ("2001:db8::/32", None),
            ("::/8", None),
        ] {
            let cidr =
                network.parse::<IpNet>().ok().and_then(|net| Cidr::parse(&net.trunc().to_string()));
            let found = patterns(cidr.expect(network))
                .map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expected, "{network}");
        }
    }
}
