//! From expressions, whose `not` holds on events without the field, to conditions, whose `not`
//! does not.
//!
//! With the negations moved to the tests, only negated tests differ: where the field may be
//! missing, `not f == "x"` becomes `?f == null or f != "x"`. It may not be missing where a test
//! beside it asks for a value, and then the plain form says the same. Likewise an expression that
//! asks for a field and excludes values of it, which is what reading `f != "x"` gives, becomes just
//! that again.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::expression::{Comparison, Expression, Literal, Node};
use super::group;
use super::literal::raise_test;
use super::raise::{boolean, field};
use crate::query::{Expr, FieldPath, Ledger, Op, Schema, Test};

/// The condition that is true exactly where the expression holds.
pub(super) fn condition(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger) -> Node {
    let mut raising = Raising { schema, ledger };
    raising.raise(&normal(expr, false), &BTreeSet::new())
}

/// An expression whose negations stand at its tests.
enum Normal<'e> {
    Constant(bool),
    Is(&'e Test),
    IsNot(&'e Test),
    All(Vec<Normal<'e>>),
    Any(Vec<Normal<'e>>),
}

fn normal(expr: &Expr, negated: bool) -> Normal<'_> {
    match (expr, negated) {
        (Expr::True, _) => Normal::Constant(!negated),
        (Expr::False, _) => Normal::Constant(negated),
        (Expr::Test(test), false) => Normal::Is(test),
        (Expr::Test(test), true) => Normal::IsNot(test),
        (Expr::Not(inner), _) => normal(inner, !negated),
        (Expr::And(members), false) | (Expr::Or(members), true) => {
            Normal::All(flat_all(each(members, negated)))
        }
        (Expr::Or(members), false) | (Expr::And(members), true) => {
            Normal::Any(flat_any(each(members, negated)))
        }
    }
}

fn each(members: &[Expr], negated: bool) -> Vec<Normal<'_>> {
    members.iter().map(|member| normal(member, negated)).collect()
}

fn flat_all(members: Vec<Normal<'_>>) -> Vec<Normal<'_>> {
    let inner = |member| match member {
        Normal::All(inner) => inner,
        other => vec![other],
    };
    members.into_iter().flat_map(inner).collect()
}

fn flat_any(members: Vec<Normal<'_>>) -> Vec<Normal<'_>> {
    let inner = |member| match member {
        Normal::Any(inner) => inner,
        other => vec![other],
    };
    members.into_iter().flat_map(inner).collect()
}

type Fields<'e> = BTreeSet<&'e FieldPath>;

/// The fields that have to be there for a test to hold.
fn fields(test: &Test) -> Fields<'_> {
    let other = match &test.op {
        // `null` is no value.
        Op::Null => return Fields::new(),
        Op::Field { other, .. } => Some(other),
        _ => None,
    };
    test.path().into_iter().chain(other).collect()
}

/// The field whose presence is all that a test asks for.
fn presence(test: &Test) -> Option<&FieldPath> {
    match &test.op {
        Op::Exists => test.path(),
        Op::Matches { pattern, .. } if pattern.is_any() => test.path(),
        _ => None,
    }
}

/// The fields that are there wherever this holds.
fn implied<'e>(normal: &Normal<'e>) -> Fields<'e> {
    match normal {
        Normal::Is(test) => fields(test),
        Normal::All(members) => members.iter().flat_map(implied).collect(),
        Normal::Any(members) => {
            let mut sets = members.iter().map(implied);
            let first = sets.next().unwrap_or_default();
            sets.fold(first, |all, set| all.intersection(&set).copied().collect())
        }
        Normal::Constant(_) | Normal::IsNot(_) => Fields::new(),
    }
}

struct Raising<'a> {
    schema: &'a dyn Schema,
    ledger: &'a mut Ledger,
}

impl Raising<'_> {
    /// The condition for an expression on events that have the fields `present`; on all others it
    /// does not matter.
    fn raise<'e>(&mut self, normal: &Normal<'e>, present: &Fields<'e>) -> Node {
        match normal {
            Normal::Constant(value) => boolean(*value),
            Normal::Is(test) => raise_test(test, self.schema, self.ledger),
            Normal::IsNot(_) => self.any(std::slice::from_ref(normal), present),
            Normal::All(members) => self.all(members, present),
            Normal::Any(members) => self.any(members, present),
        }
    }

    /// Notes what it takes for "is there" to say "matches anything".
    fn note_presence(&mut self, test: &Test) {
        if let (Some(path), Op::Matches { .. }) = (presence(test), &test.op) {
            self.ledger.assume_no_object(path, &self.schema.facts(path));
        }
    }

    /// The negation of a test whose fields are there.
    fn is_not(&mut self, test: &Test) -> Node {
        let schema = self.schema;
        self.ledger.negated(|ledger| raise_test(test, schema, ledger)).negated()
    }

    fn any<'e>(&mut self, members: &[Normal<'e>], present: &Fields<'e>) -> Node {
        // A field whose absence is asked for is there in all other alternatives. Those of negated
        // tests are asked for because the test is made here, unless they are known already.
        let mut known = present.clone();
        known.extend(members.iter().filter_map(absence));
        let mut absent: Fields<'e> = Fields::new();
        for member in members {
            if let Normal::IsNot(test) = member
                && absence(member).is_none()
            {
                absent.extend(fields(test).difference(&known));
            }
        }
        known.extend(&absent);
        let mut nodes = Vec::new();
        for member in members {
            match member {
                Normal::IsNot(test) if absence(member).is_some() => {
                    self.note_presence(test);
                    nodes.extend(fields(test).into_iter().map(is_null));
                }
                Normal::IsNot(test) => {
                    let own = fields(test);
                    nodes.extend(own.into_iter().filter(|path| absent.remove(path)).map(is_null));
                    nodes.push(self.is_not(test));
                }
                other => nodes.push(self.raise(other, &known)),
            }
        }
        group::any(nodes)
    }

    fn all<'e>(&mut self, members: &[Normal<'e>], present: &Fields<'e>) -> Node {
        let mut known = present.clone();
        known.extend(members.iter().flat_map(implied));
        let plain = |test: &Test| fields(test).iter().all(|path| known.contains(path));
        // What asks for a field by asking for more.
        let asked: Fields<'e> = members
            .iter()
            .flat_map(|member| match member {
                Normal::Is(test) if presence(test).is_some() => Fields::new(),
                Normal::IsNot(test) if absence(member).is_none() && plain(test) => fields(test),
                other => implied(other),
            })
            .collect();
        // Negated tests of fields that may be missing, together for each field.
        let mut unsure: IndexMap<Fields<'e>, Vec<&'e Test>> = IndexMap::new();
        for member in members {
            if let Normal::IsNot(test) = member
                && absence(member).is_none()
                && !plain(test)
            {
                let missing = fields(test).difference(&known).copied().collect();
                unsure.entry(missing).or_default().push(test);
            }
        }
        let mut nodes = Vec::new();
        for member in members {
            match member {
                Normal::Is(test) if presence(test).is_some_and(|path| asked.contains(path)) => {
                    self.note_presence(test);
                }
                Normal::IsNot(test) if absence(member).is_some() => {
                    self.note_presence(test);
                    nodes.extend(fields(test).into_iter().map(is_null));
                }
                Normal::IsNot(test) if plain(test) => nodes.push(self.is_not(test)),
                Normal::IsNot(test) => {
                    let missing: Fields<'e> = fields(test).difference(&known).copied().collect();
                    // All of them stand where the first one stood.
                    let tests = unsure.get_mut(&missing).map(std::mem::take).unwrap_or_default();
                    if !tests.is_empty() {
                        nodes.push(self.unless_missing(&tests, &missing));
                    }
                }
                other => nodes.push(self.raise(other, &known)),
            }
        }
        group::all(nodes)
    }

    /// Negated tests where some of their fields may be missing: `?f == null or f not in (...)`.
    fn unless_missing(&mut self, tests: &[&Test], missing: &Fields<'_>) -> Node {
        let absent = missing.iter().map(|path| is_null(path));
        let excluded = group::all(tests.iter().map(|test| self.is_not(test)).collect());
        group::any(absent.chain([excluded]).collect())
    }
}

/// The field whose absence this asks for.
fn absence<'e>(normal: &Normal<'e>) -> Option<&'e FieldPath> {
    match normal {
        Normal::IsNot(test) => presence(test),
        _ => None,
    }
}

/// `?field == null`
fn is_null(path: &FieldPath) -> Node {
    let mut field = field(path);
    field.optional = true;
    Expression::Compare {
        left: Box::new(Expression::Field(field).into()),
        operator: Comparison::Equal,
        right: Box::new(Expression::Literal(Literal::Null).into()),
    }
    .into()
}
