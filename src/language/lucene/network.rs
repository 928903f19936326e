//! Addresses and networks, on fields of addresses and on texts.
//!
//! An IPv4 address has one text, so a network of them is a regular expression over texts:
//! `10.16.0.0/12` is `/10\.(1[6-9]|2[0-9]|3[01])\.…/`. An IPv6 address has many.

use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::ast::{Expression, Term};
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
            match Expression::new(expression(net.network(), net.broadcast())) {
                Some(expression) => field.is(Term::Regex(expression)),
                // INVARIANT: the expression has neither slashes nor a backslash at its end.
                None => field.refuse("cidr-on-text", "the network has no expression"),
            }
        }
        (FieldType::Keyword, IpNet::V6(_)) => {
            field.refuse("cidr-on-text", "IPv6 networks can only be told on `ip` fields")
        }
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
    use super::*;
    use crate::query::Regex;

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
