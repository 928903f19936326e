//! Tests of fields whose values are no texts: numbers and addresses.

use super::expression::{Comparison, Node};
use super::function::Function;
use super::literal::{Subject, call, folded, number, text, value};
use crate::language::kit::elasticsearch::address::{canonical, of_octets};
use crate::query::{Case, Cidr, FieldType, Number, Order, Pattern};

impl Subject<'_> {
    /// A pattern on a field of numbers: one number, as the field itself writes it.
    pub(super) fn number(&mut self, pattern: &Pattern) -> Node {
        let literal = pattern.as_literal().and_then(|text| text.parse().ok()).and_then(Number::new);
        match literal {
            Some(literal) if pattern.as_literal() == Some(&literal.to_string()) => {
                self.by_value("numbers");
                self.is(number(literal))
            }
            _ => self.refuse("not-a-number", "the field is a number, the pattern is none"),
        }
    }

    /// A pattern on a field of addresses: an address, as the field itself writes it, or octets
    /// that make a network.
    pub(super) fn address(&mut self, pattern: &Pattern, case: Case) -> Node {
        let Some(literal) = pattern.as_literal() else {
            return match of_octets(pattern) {
                Some(cidr) => self.network(cidr),
                None => self.refuse("not-an-address", "the field is an address, not the pattern"),
            };
        };
        let literal = folded(literal, case);
        if canonical(&literal).is_none() {
            return self.refuse("not-an-address", "the field is an address, the pattern is none");
        }
        // An IPv4 address has one form only.
        if literal.contains(':') {
            self.by_value("addresses");
        }
        self.is(text(literal))
    }

    pub(super) fn network(&mut self, cidr: Cidr) -> Node {
        let net = cidr.net();
        if net.prefix_len() == net.max_prefix_len() {
            return self.is(text(net.addr().to_string()));
        }
        call(Function::CidrMatch, false, vec![value(self.path), text(net.to_string())])
    }

    fn by_value(&mut self, what: &str) {
        let reason = format!(
            "the {what} in `{}` are always written in one way, so equal text is equal value",
            self.path
        );
        self.assume("canonical-form", reason);
    }

    pub(super) fn compare(&mut self, order: Order, literal: Number) -> Node {
        match self.facts.kind {
            FieldType::Number => self.compared(Comparison::of(order), number(literal)),
            FieldType::Keyword | FieldType::Flattened if order == Order::Equal => {
                self.by_value("numbers");
                self.is(text(literal.to_string()))
            }
            FieldType::Keyword if !self.facts.typed => {
                self.assume_type(FieldType::Number);
                self.compared(Comparison::of(order), number(literal))
            }
            _ => self.refuse(
                "numeric-comparison",
                "only number fields are compared as numbers; others go by characters or not at all",
            ),
        }
    }
}
