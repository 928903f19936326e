//! Expressions by hand.

use crosswalk::fields::Catalog;
use crosswalk::query::{Case, Cidr, Expr, Number, Op, Order, Part, Pattern, Test};

/// The table under test.
pub(super) fn cloudtrail() -> &'static Catalog {
    Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).expect("the table is shipped")
}

/// A test of one field.
pub(super) fn test(field: &str, op: Op) -> Expr {
    Test::field(field, op).into()
}

/// Exact equality.
pub(super) fn is(field: &str, text: &str) -> Expr {
    test(field, Op::is(text))
}

/// Exact equality with one of several texts.
pub(super) fn any_of(field: &str, texts: &[&str]) -> Expr {
    Expr::any_of(texts.iter().map(|text| is(field, text)))
}

/// Presence.
pub(super) fn exists(field: &str) -> Expr {
    test(field, Op::Exists)
}

/// Absence.
pub(super) fn absent(field: &str) -> Expr {
    exists(field).negated()
}

/// A pattern in which `*` and `?` are wildcards, in any letter case, as Sigma has it.
pub(super) fn glob(field: &str, pattern: &str) -> Expr {
    let pattern = pattern.chars().map(|c| match c {
        '*' => Part::Any,
        '?' => Part::One,
        c => Part::Literal(c.to_string()),
    });
    let pattern: Pattern = pattern.collect();
    test(field, Op::Matches { pattern, case: Case::Insensitive })
}

/// An address in a network.
pub(super) fn within(field: &str, network: &str) -> Expr {
    test(field, Op::Cidr(Cidr::parse(network).expect("a network")))
}

/// An order of numbers.
pub(super) fn compare(field: &str, order: Order, number: f64) -> Expr {
    test(field, Op::Compare { order, number: Number::new(number).expect("finite") })
}

/// All of them.
pub(super) fn all<const N: usize>(members: [Expr; N]) -> Expr {
    Expr::all(members)
}

/// At least one of them.
pub(super) fn some<const N: usize>(members: [Expr; N]) -> Expr {
    Expr::any_of(members)
}

/// The way in which rules say success.
pub(super) fn succeeded() -> Expr {
    all([absent("errorCode"), absent("errorMessage")])
}
