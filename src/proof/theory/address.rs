//! Addresses: what networks leave of all addresses, in both families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::value::{Ask, ops};
use crate::proof::boolean::Atoms;
use crate::query::Op;

/// Most gaps between networks that addresses are taken from.
const GAPS: usize = 16;

/// First and last address of a network, and whether it is one of IPv6.
type Span = (bool, u128, u128);

fn span(net: IpNet) -> Span {
    match net {
        IpNet::V4(net) => (false, net.network().to_bits().into(), net.broadcast().to_bits().into()),
        IpNet::V6(net) => (true, net.network().to_bits(), net.broadcast().to_bits()),
    }
}

fn address(v6: bool, bits: u128) -> Option<IpAddr> {
    match v6 {
        true => Some(Ipv6Addr::from_bits(bits).into()),
        false => Some(Ipv4Addr::from_bits(u32::try_from(bits).ok()?).into()),
    }
}

fn networks<'a>(tests: &'a [usize], atoms: &'a Atoms) -> impl Iterator<Item = (usize, Span)> {
    ops(tests, atoms).filter_map(|(atom, op)| match op {
        Op::Cidr(cidr) => Some((atom, span(cidr.net()))),
        _ => None,
    })
}

/// What is left; `None` if the value need not be an address.
fn left(ask: &Ask<'_>, atoms: &Atoms) -> Option<Vec<Span>> {
    networks(ask.all, atoms).next()?;
    let mut left = vec![(false, 0, u128::from(u32::MAX)), (true, 0, u128::MAX)];
    for (_, (v6, first, last)) in networks(ask.all, atoms) {
        left.retain_mut(|(own, low, high)| {
            (*low, *high) = ((*low).max(first), (*high).min(last));
            *own == v6 && *low <= *high
        });
    }
    for (_, (v6, first, last)) in networks(ask.none, atoms) {
        left = left.into_iter().flat_map(|own| without(own, (v6, first, last))).collect();
    }
    Some(left)
}

/// The pieces of a span outside of another.
fn without(own: Span, other: Span) -> Vec<Span> {
    let ((v6, low, high), (other_v6, first, last)) = (own, other);
    if v6 != other_v6 || last < low || first > high {
        return vec![own];
    }
    let before = (first > low).then(|| (v6, low, first - 1));
    let after = (last < high).then(|| (v6, last + 1, high));
    before.into_iter().chain(after).collect()
}

/// The tests that leave no address.
pub(super) fn clash(ask: &Ask<'_>, atoms: &Atoms) -> Option<Vec<usize>> {
    if !left(ask, atoms)?.is_empty() {
        return None;
    }
    let inside = |(v6, first, last): Span| {
        networks(ask.all, atoms)
            .any(|(_, (own, low, high))| own == v6 && first <= high && last >= low)
    };
    let out = networks(ask.none, atoms).filter(|(_, span)| inside(*span)).map(|(atom, _)| atom);
    Some(networks(ask.all, atoms).map(|(atom, _)| atom).chain(out).collect())
}

/// Addresses that the networks leave.
pub(super) fn candidates(ask: &Ask<'_>, atoms: &Atoms) -> Vec<String> {
    let Some(left) = left(ask, atoms) else { return Vec::new() };
    let mut all = Vec::new();
    for (v6, low, high) in left.into_iter().take(GAPS) {
        let near = [low.saturating_add(1).min(high), low, high, low + (high - low) / 2];
        all.extend(near.into_iter().filter_map(|bits| address(v6, bits)));
    }
    // An address of IPv6 may be written in many forms.
    let written = |address: &IpAddr| match address {
        IpAddr::V4(_) => vec![address.to_string()],
        IpAddr::V6(own) => {
            let full: Vec<String> =
                own.segments().iter().map(|segment| format!("{segment:04x}")).collect();
            let short: Vec<String> =
                own.segments().iter().map(|segment| format!("{segment:x}")).collect();
            let texts = [own.to_string(), full.join(":"), short.join(":")];
            texts.iter().flat_map(|text| [text.clone(), text.to_uppercase()]).collect()
        }
    };
    all.iter().flat_map(written).collect()
}
