//! A network that is one address.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::language::sigma::{Modifier, Value};
use crate::query::Cidr;

code! {
    /// a network holds a single address
    ///
    /// `cidr` with nothing but `/32` (or `/128`) compares whole addresses, which a plain value
    /// does faster, and on platforms that know no networks too. Beside wider networks it is fine.
    /// An IPv6 address can be written in several ways, of which only `cidr` knows.
    ///
    /// ```yaml
    /// sourceIPAddress|cidr: 203.0.113.7/32    # bad
    /// sourceIPAddress: 203.0.113.7            # good
    /// ```
    SINGLE_ADDRESS = "single-address", Note;
}

pub(super) const CHECK: Check = Check { code: &SINGLE_ADDRESS, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in subject.items.iter().filter(|written| written.has(Modifier::Cidr)) {
        let values = &written.item.values;
        if !values.iter().all(|value| is_single(&value.value)) {
            continue;
        }
        let Some(cidr) = written.item.modifiers.iter().find(|one| one.value == Modifier::Cidr)
        else {
            continue;
        };
        let message = match values.len() {
            1 => "this network is one address",
            _ => "each of these networks is one address",
        };
        findings.add(&SINGLE_ADDRESS, cidr.span, message).help("compare with the address itself");
    }
}

fn is_single(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    Cidr::parse(text).is_some_and(|cidr| {
        let net = cidr.net();
        net.addr().is_ipv4() && net.prefix_len() == net.max_prefix_len()
    })
}
