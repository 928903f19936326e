//! Addresses and networks, on fields of addresses and on texts.
//!
//! An IPv4 address has one text, so a network of them is a regular expression over texts:
//! `10.16.0.0/12` is `/10\.(1[6-9]|2[0-9]|3[01])\.…/`. An IPv6 address has many texts, of which
//! RFC 5952 recommends one: a network is an expression over those if its prefix leaves no doubt
//! where groups of zeros are left out.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv6Net};

use super::ast::Term;
use super::atom::Expression;
use super::literal::{Field, folded, plain};
use super::raise::Raised;
use crate::language::kit::elasticsearch::address;
use crate::query::{Case, Cidr, FieldType, Pattern};

/// A test against a network.
pub(super) fn raise(cidr: Cidr, field: &mut Field<'_>) -> Raised {
    match (field.facts.kind, cidr.net()) {
        (FieldType::Ip, _) => field.is(Term::Phrase { text: address::literal(cidr), slop: None }),
        (FieldType::Keyword, IpNet::V4(net)) if net.prefix_len() == 32 => {
            field.is(plain(&net.addr().to_string()))
        }
        (FieldType::Keyword, IpNet::V4(net)) => {
            told(&expression(net.network(), net.broadcast()), field)
        }
        (FieldType::Keyword, IpNet::V6(net)) if net.prefix_len() == 128 => {
            field.by_value("addresses");
            field.is(plain(&net.addr().to_string()))
        }
        (FieldType::Keyword, IpNet::V6(net)) => match prefix(net) {
            Some(prefix) => {
                field.by_value("addresses");
                told(&prefix, field)
            }
            None => {
                let reason = "texts of this IPv6 network have no common start";
                field.refuse("cidr-on-text", reason)
            }
        },
        _ => field.refuse("cidr-on-text", "networks can only be told on `ip` and keyword fields"),
    }
}

/// A pattern on a field of addresses: an address, as the field itself writes it, or octets that
/// make a network.
pub(super) fn of_pattern(pattern: &Pattern, case: Case, field: &mut Field<'_>) -> Raised {
    let text = match pattern.as_literal() {
        Some(text) => address::canonical(&folded(text, case)),
        None => address::of_octets(pattern).map(address::literal),
    };
    let Some(text) = text else {
        return field.refuse("not-an-address", "the field is an address, the pattern is none");
    };
    // An IPv4 address has one form only.
    if text.contains(':') {
        field.by_value("addresses");
    }
    field.is(Term::Phrase { text, slop: None })
}

fn told(expression: &str, field: &mut Field<'_>) -> Raised {
    match Expression::new(expression) {
        Some(expression) => field.is(Term::Regex(expression)),
        // INVARIANT: the expression has neither slashes nor a backslash at its end.
        None => field.refuse("cidr-on-text", "the network has no expression"),
    }
}

/// The expression of the texts of an IPv6 network: the groups of its prefix, of which none may
/// be zero, and the digits that are left of the last one, which must have all four.
fn prefix(net: Ipv6Net) -> Option<String> {
    let groups = usize::from(net.prefix_len() / 16);
    let segments = net.network().segments();
    let mut expression = String::new();
    for segment in segments.iter().take(groups) {
        if *segment == 0 {
            return None;
        }
        expression.push_str(&format!("{segment:x}:"));
    }
    let bits = net.prefix_len() % 16;
    if bits > 0 {
        expression.push_str(&digits(*segments.get(groups)?, bits)?);
        expression.push(':');
    }
    // Behind the last group stands no colon, so it cannot be part of a prefix.
    let whole = net.prefix_len() > 112 || net.prefix_len() == 0;
    (!whole).then(|| expression + ".*")
}

/// The expression of the four digits of a group whose first `bits` are known.
fn digits(group: u16, bits: u8) -> Option<String> {
    if group < 0x1000 {
        return None;
    }
    let text = format!("{group:x}");
    let known = usize::from(bits / 4);
    let mut expression = text.get(..known)?.to_owned();
    let mut open = 4 - known;
    if !bits.is_multiple_of(4) {
        let low = u32::from(group >> (12 - 4 * known) & 0xf);
        let high = low + (1 << (4 - bits % 4)) - 1;
        let all: String = (low..=high).filter_map(|digit| char::from_digit(digit, 16)).collect();
        expression.push_str(&format!("[{all}]"));
        open -= 1;
    }
    (0..open).for_each(|_| expression.push_str("[0-9a-f]"));
    Some(expression)
}

/// The expression of all addresses of a network: each octet of its own, because a network is a
/// box of octets.
fn expression(first: Ipv4Addr, last: Ipv4Addr) -> String {
    let octets = first.octets().into_iter().zip(last.octets());
    let octets: Vec<String> = octets.map(|(low, high)| octet(low, high)).collect();
    octets.join("\\.")
}

/// The expression of the numbers from `low` to `high`, without leading zeros.
fn octet(low: u8, high: u8) -> String {
    if low == high {
        return low.to_string();
    }
    let mut alternatives = Vec::new();
    let mut start = u16::from(low);
    let high = u16::from(high);
    while start <= high {
        let end = last_of_run(start, high);
        alternatives.push(run(start, end));
        start = end + 1;
    }
    match alternatives.as_slice() {
        [single] => single.clone(),
        _ => format!("({})", alternatives.join("|")),
    }
}

/// The last number of the run that starts here and has one expression: a ten, several full tens
/// of one length, or what is left of a ten.
fn last_of_run(start: u16, high: u16) -> u16 {
    let end_of_ten = start - start % 10 + 9;
    if !start.is_multiple_of(10) || start == 0 || end_of_ten > high {
        return end_of_ten.min(high);
    }
    let end_of_hundred = if start < 100 { 99 } else { start - start % 100 + 99 };
    if end_of_hundred <= high { end_of_hundred } else { (high + 1) / 10 * 10 - 1 }
}

/// The expression of one run, whose numbers differ in the last digit or in the last two.
fn run(start: u16, end: u16) -> String {
    let class = |low: u16, high: u16| match high - low {
        0 => low.to_string(),
        1 => format!("[{low}{high}]"),
        _ => format!("[{low}-{high}]"),
    };
    let digits = |number: u16| if number == 0 { String::new() } else { number.to_string() };
    if start / 10 == end / 10 {
        return digits(start / 10) + &class(start % 10, end % 10);
    }
    digits(start / 100) + &class(start / 10 % 10, end / 10 % 10) + "[0-9]"
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;
    use crate::query::Regex;

    #[test]
    fn an_ipv6_network_is_its_addresses_as_they_are_usually_written() {
        for (net, inside, outside) in [
            ("fe80::/10", &["fe80::1", "febf:ffff::"][..], &["fec0::1", "fe7f::"][..]),
            ("fc00::/7", &["fc00::", "fdff::a"], &["fe00::"]),
            ("2620:83:8000::/48", &["2620:83:8000::", "2620:83:8000:1::"], &["2620:83:8001::"]),
            ("2001:db8:a000::/35", &["2001:db8:bfff::1"], &["2001:db8:c000::"]),
        ] {
            let net: Ipv6Net = net.parse().expect("a network");
            let source = format!("^{}$", prefix(net).expect("an expression"));
            let regex = Regex::new(&source, "").expect("a regular expression");
            let texts = inside.iter().map(|t| (t, true)).chain(outside.iter().map(|t| (t, false)));
            for (text, expected) in texts {
                let address: Ipv6Addr = text.parse().expect("an address");
                assert_eq!(net.contains(&address), expected, "{net} {text}");
                assert_eq!(regex.is_match(&address.to_string()), expected, "{source} {text}");
            }
        }
        for net in ["::/0", "2001:db8::/48", "::ffff:0:0/96", "2001:db8:800::/40"] {
            assert_eq!(prefix(net.parse().expect("a network")), None, "{net}");
        }
    }

    #[test]
    fn an_octet_is_its_numbers_and_no_others() {
        for (low, high) in [(0, 255), (0, 127), (128, 255), (16, 31), (96, 111), (4, 5), (0, 1)] {
            let source = format!("^{}$", octet(low, high));
            let regex = Regex::new(&source, "").expect("a regular expression");
            for number in 0..=999_u16 {
                let expected = (u16::from(low)..=u16::from(high)).contains(&number);
                assert_eq!(regex.is_match(&number.to_string()), expected, "{source} {number}");
                assert!(number > 9 || !regex.is_match(&format!("0{number}")), "{source}");
            }
        }
    }
}
