//! Recognising the tests that a platform has computed already.
//!
//! Rules say success as "no error code and no error message". Both platforms have a field of
//! their own for that, and their users expect to see it. It may replace the tests only where it
//! says the same, which for ECS excludes the events that report an outcome themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Derived, Except};
use crate::query::{Expr, Op, Test};

/// Whether the events that are an exception to a derived field are out of question at some place
/// of an expression, because everything around it is false for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exclusion {
    /// They may match.
    #[default]
    None,
    /// They cannot, provided that they always come with the values that the table says.
    Assumed,
    /// They cannot.
    Certain,
}

impl Derived {
    /// The members of a junction that together say that some field is present (`absent` false,
    /// a disjunction) or that none is (`absent` true, a conjunction); `None` unless every field
    /// that the derived one looks at is among them.
    pub(super) fn covered(&self, members: &[Expr], absent: bool) -> Option<BTreeSet<usize>> {
        let tested: Vec<(usize, &str)> = members
            .iter()
            .enumerate()
            .filter_map(|(index, member)| Some((index, presence(member, absent)?)))
            .filter(|(_, field)| self.present.iter().any(|present| present == field))
            .collect();
        let all = self.present.iter().all(|present| tested.iter().any(|(_, f)| f == present));
        all.then(|| tested.into_iter().map(|(index, _)| index).collect())
    }

    /// Whether an expression excludes the exceptional events.
    pub(super) fn exclusion(&self, expr: &Expr) -> Exclusion {
        let Some(except) = &self.except else { return Exclusion::Certain };
        if known(expr, &except.partial(false)) == Some(false) {
            Exclusion::Certain
        } else if known(expr, &except.partial(true)) == Some(false) {
            Exclusion::Assumed
        } else {
            Exclusion::None
        }
    }
}

impl Except {
    /// What is known of an exceptional event: its fields as one flat object.
    fn partial(&self, with_assumed: bool) -> Value {
        let none = BTreeMap::new();
        let assumed = if with_assumed { &self.comes_with } else { &none };
        let fields = self.event.iter().chain(assumed);
        Value::Object(fields.map(|(k, v)| (k.clone(), v.clone().into())).collect::<Map<_, _>>())
    }

    /// What holds of every record: an exceptional event comes with the values that the table says.
    pub(super) fn always(&self) -> Expr {
        let tests = |fields: &BTreeMap<String, String>| {
            let test = |(field, value): (&String, &String)| {
                Expr::from(Test::field(field.as_str(), Op::is(value)))
            };
            Expr::all(fields.iter().map(test).collect::<Vec<_>>())
        };
        Expr::any_of([tests(&self.event).negated(), tests(&self.comes_with)])
    }

    /// The assumption in words.
    pub(super) fn assumption(&self) -> String {
        let pairs = |fields: &BTreeMap<String, String>| {
            let pairs: Vec<_> = fields.iter().map(|(k, v)| format!("`{k}` `{v}`")).collect();
            pairs.join(" and ")
        };
        format!("events with {} always have {}", pairs(&self.event), pairs(&self.comes_with))
    }
}

/// The field whose presence (or absence) is all that an expression asks for.
fn presence(expr: &Expr, absent: bool) -> Option<&str> {
    let test = match (expr, absent) {
        (Expr::Test(test), false) => test,
        (Expr::Not(inner), true) => match inner.as_ref() {
            Expr::Test(test) => test,
            _ => return None,
        },
        _ => return None,
    };
    let asks = match &test.op {
        Op::Exists => true,
        Op::Matches { pattern, .. } => pattern.is_any(),
        _ => false,
    };
    asks.then(|| test.path().map(|path| path.as_str())).flatten()
}

/// The value of an expression on every event that has these fields, if it is the same on all:
/// three-valued logic, in which tests of other fields are unknown.
fn known(expr: &Expr, partial: &Value) -> Option<bool> {
    match expr {
        Expr::True => Some(true),
        Expr::False => Some(false),
        Expr::Test(test) => is_about(test, partial).then(|| test.eval(partial)),
        Expr::Not(inner) => known(inner, partial).map(|value| !value),
        Expr::And(members) => junction(members, partial, false),
        Expr::Or(members) => junction(members, partial, true),
    }
}

/// A junction is settled by one member with the `deciding` value, or by all having the other.
fn junction(members: &[Expr], partial: &Value, deciding: bool) -> Option<bool> {
    let mut result = Some(!deciding);
    for member in members {
        match known(member, partial) {
            Some(value) if value == deciding => return Some(deciding),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

/// Whether a test looks at nothing but one of the known fields.
fn is_about(test: &Test, partial: &Value) -> bool {
    let known = test.path().is_some_and(|path| partial.get(path.as_str()).is_some());
    known && !matches!(test.op, Op::Field { .. })
}
