//! What fields that no table knows must be, from how a rule tests them.
//!
//! A rule that asks for a network takes the field for an address, one that asks for more than five
//! takes it for a number. So must the platform, or the question makes no sense there: an assumption,
//! which [`Vocabulary`](super::Vocabulary) names.
//!
//! A rule that asks whether a field is 22 takes it for a number, too, but to most languages `22` is the
//! same on texts. Those to which it is not go by [`FieldFacts::taken_for`] and name that themselves.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::query::{
    Case, Expr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Part, Schema, Test,
};

/// Fields whose type follows from an expression over them; all others are exact keywords.
#[derive(Clone, Debug, Default)]
pub struct Inferred {
    kinds: BTreeMap<FieldPath, FieldType>,
    literals: BTreeMap<FieldPath, FieldType>,
}

impl Inferred {
    /// What expressions say about their fields, taken together.
    pub fn of<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Self {
        let all: Vec<&Test> = exprs.into_iter().flat_map(Expr::tests).collect();
        // Few rules ask for a type, and without any there is nothing to group.
        if !all.iter().any(|test| {
            asks_for_type(&test.op) || is_about_numbers(&test.op) || is_boolean(&test.op)
        }) {
            return Self::default();
        }
        let mut tests: BTreeMap<&FieldPath, Vec<&Op>> = BTreeMap::new();
        for Test { subject, op } in all {
            if let crate::query::Subject::Field(field) = subject {
                tests.entry(field).or_default().push(op);
            }
        }
        let all = |kind: fn(&[&Op]) -> Option<FieldType>| {
            tests.iter().filter_map(|(field, ops)| Some(((*field).clone(), kind(ops)?))).collect()
        };
        Self { kinds: all(kind), literals: all(literals) }
    }

    /// The fields with a type of their own.
    pub fn fields(&self) -> impl Iterator<Item = (&FieldPath, FieldType)> {
        self.kinds.iter().map(|(field, kind)| (field, *kind))
    }
}

impl Schema for Inferred {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = self.kinds.get(field).copied().unwrap_or_default();
        FieldFacts { kind, taken_for: self.literals.get(field).copied(), ..FieldFacts::default() }
    }
}

/// The type of the literals that a field is compared with: texts if they are of several, and none if
/// all are texts that could be nothing else.
fn literals(ops: &[&Op]) -> Option<FieldType> {
    let all = |fits: fn(&Op) -> bool| ops.iter().all(|op| fits(op) || is_presence(op));
    if !ops.iter().any(|op| is_about_numbers(op) || is_boolean(op)) {
        return None;
    }
    Some(match () {
        () if all(is_about_numbers) => FieldType::Number,
        () if all(is_boolean) => FieldType::Boolean,
        () => FieldType::Keyword,
    })
}

fn is_boolean(op: &Op) -> bool {
    let Op::Matches { pattern, case } = op else { return false };
    pattern.as_literal().is_some_and(|text| match case {
        Case::Sensitive => matches!(text, "true" | "false"),
        Case::Insensitive => ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text)),
    })
}

/// The type that all tests of a field go with, if one of them asks for it.
fn kind(ops: &[&Op]) -> Option<FieldType> {
    let all = |fits: fn(&Op) -> bool| ops.iter().all(|op| fits(op) || is_presence(op));
    if ops.iter().any(|op| matches!(op, Op::Cidr(_))) && all(is_about_addresses) {
        return Some(FieldType::Ip);
    }
    (ops.iter().any(|op| is_ordered(op)) && all(is_about_numbers)).then_some(FieldType::Number)
}

/// Whether a test may say what its field is.
fn asks_for_type(op: &Op) -> bool {
    matches!(op, Op::Cidr(_)) || is_ordered(op)
}

fn is_ordered(op: &Op) -> bool {
    matches!(op, Op::Compare { order, .. } if *order != Order::Equal)
}

fn is_presence(op: &Op) -> bool {
    matches!(op, Op::Exists | Op::Null)
}

fn is_about_addresses(op: &Op) -> bool {
    match op {
        Op::Cidr(_) => true,
        Op::Matches { pattern, .. } => match (pattern.as_literal(), pattern.parts()) {
            (Some(text), _) => text.parse::<IpAddr>().is_ok(),
            // `10.*`, which languages know to say as a network.
            (None, [Part::Literal(start), Part::Any]) => {
                start.ends_with('.') && start.chars().all(|c| c.is_ascii_digit() || c == '.')
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_about_numbers(op: &Op) -> bool {
    match op {
        Op::Compare { .. } => true,
        Op::Matches { pattern, .. } => pattern
            .as_literal()
            .and_then(|text| text.parse().ok().and_then(Number::new))
            .is_some_and(|number| Some(number.to_string().as_str()) == pattern.as_literal()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Cidr;

    #[test]
    fn a_type_needs_every_test_of_the_field() {
        let net = |field: &str| {
            Expr::from(Test::field(field, Op::Cidr(Cidr::parse("10.0.0.0/8").expect("a network"))))
        };
        let is = |field: &str, text: &str| Expr::from(Test::field(field, Op::is(text)));
        let expr = Expr::any_of([
            net("a"),
            is("a", "127.0.0.1"),
            net("b"),
            is("b", "localhost"),
            is("c", "x"),
        ]);
        let inferred = Inferred::of([&expr]);
        assert_eq!(inferred.fields().collect::<Vec<_>>(), [(&"a".into(), FieldType::Ip)]);
    }

    #[test]
    fn literals_tell_what_a_field_is_taken_for() {
        let is = |field: &str, text: &str| Expr::from(Test::field(field, Op::is(text)));
        let expr = Expr::any_of([
            is("a", "22"),
            is("a", "-1.5"),
            is("b", "true"),
            is("c", "22"),
            is("c", "x"),
            is("d", "007"),
        ]);
        let inferred = Inferred::of([&expr]);
        let taken_for = |field: &str| inferred.facts(&field.into()).taken_for;
        assert_eq!(taken_for("a"), Some(FieldType::Number));
        assert_eq!(taken_for("b"), Some(FieldType::Boolean));
        assert_eq!(taken_for("c"), Some(FieldType::Keyword));
        assert_eq!(taken_for("d"), None);
        assert_eq!(inferred.fields().count(), 0);
    }
}
