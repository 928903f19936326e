//! Addresses and networks, on fields of addresses and on texts.
//!
//! An IPv4 address has one text, so a network of them is a regular expression over texts:
//! `10.16.0.0/12` is `/10\.(1[6-9]|2[0-9]|3[01])\.…/`. An IPv6 address has many texts, of which
//! RFC 5952 recommends one: a network is an expression over those if its prefix leaves no doubt
//! which groups of zeros are left out.

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

/// The expression of the texts of an IPv6 network: the groups of its prefix, of which none but the
/// last may be zero, as nobody could tell then which groups `::` stands for.
fn prefix(net: Ipv6Net) -> Option<String> {
    let length = net.prefix_len();
    // Behind the last group of an address stands no colon, so it cannot be part of a prefix.
    if length == 0 || length > 112 {
        return None;
    }
    let last = usize::from((length - 1) / 16);
    let open = (16 - length % 16) % 16;
    let segments = net.network().segments();
    let mut expression = String::new();
    for segment in segments.iter().take(last) {
        if *segment == 0 {
            return None;
        }
        expression.push_str(&format!("{segment:x}:"));
    }
    let group = match segments.get(last)? {
        0 => up_to(open, last == 0),
        group => digits(*group, open),
    };
    Some(expression + &group + ":.*")
}

/// The expression of a group whose last `open` bits are free and some of the others are not zero,
/// so that its numbers have equally many digits.
fn digits(group: u16, open: u8) -> String {
    let text = format!("{group:x}");
    let free = usize::from(open / 4);
    let partial = usize::from(!open.is_multiple_of(4));
    let known = text.len().saturating_sub(free + partial);
    let mut expression = text.get(..known).unwrap_or_default().to_owned();
    if partial > 0 {
        let low = group >> (4 * free) & 0xf;
        expression.push_str(&class(low, low + (1 << (open % 4)) - 1));
    }
    (0..free).for_each(|_| expression.push_str("[0-9a-f]"));
    expression
}

/// The expression of a group whose last `open` bits are free and the others zero. A group of zero
/// is a digit or nothing between two colons, the first of which is the group's own at the `start`.
fn up_to(open: u8, start: bool) -> String {
    let free = usize::from(open / 4);
    let mut all = if start { vec!["0".to_owned(), ":".to_owned()] } else { vec!["0?".to_owned()] };
    if free > 0 {
        let more = if free > 1 { format!("[0-9a-f]{{0,{}}}", free - 1) } else { String::new() };
        all.push(format!("[1-9a-f]{more}"));
    }
    if !open.is_multiple_of(4) {
        all.push(class(1, (1 << (open % 4)) - 1) + &"[0-9a-f]".repeat(free));
    }
    if all.len() == 1 { all.concat() } else { format!("({})", all.join("|")) }
}

/// The class of some hexadecimal digits.
fn class(low: u16, high: u16) -> String {
    let all = (low..=high).filter_map(|digit| char::from_digit(digit.into(), 16));
    format!("[{}]", all.collect::<String>())
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
            ("2620:1ec:8f8::/46", &["2620:1ec:8f8::", "2620:1ec:8fb::1"], &["2620:1ec:8fc::"]),
            ("2001:db8:800::/40", &["2001:db8:800::", "2001:db8:8ff:1::"], &["2001:db8:900::"]),
            (
                "2001:db8::/48",
                &["2001:db8::", "2001:db8:0:1:2:3:4:5", "2001:db8::1:0:0:1"],
                &["2001:db8:1::"],
            ),
            (
                "2603:1006::/37",
                &["2603:1006::1", "2603:1006:0:1:1:1:1:1", "2603:1006:7ff::", "2603:1006:1f::"],
                &["2603:1006:800::", "2603:1006:1000::", "2603:1007::"],
            ),
            ("::/8", &["::", "::1", "0:1::", "ff::", "f::", "::ffff:1.2.3.4"], &["100::", "f00::"]),
            ("::/3", &["::", "9::", "1fff::1", "fff::"], &["2000::", "2001:db8::"]),
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
        for net in ["::/0", "fe80::/64", "::ffff:0:0/96", "2001:db8::1:0/120"] {
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
