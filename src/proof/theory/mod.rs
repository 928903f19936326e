//! Which tests can hold together: one theory per field.
//!
//! In the reference evaluator an event may hold any set of values at any path (dotted keys lie
//! beside nested ones), so fields are independent of one another but for two things: tests of the
//! whole event, which look at the values of all fields, and tests that compare two fields. The
//! first forbid values everywhere, or ask for a value in a field that no test speaks of; the
//! second get values in both fields that are the same.

mod address;
mod field;
mod number;
mod related;
mod search;
mod text;
mod time;
mod value;

use std::collections::BTreeMap;

use serde_json::Value;

use super::boolean::{Atoms, Literal};
use super::facts::{Domain, Facts};
use super::limits::{Limit, Limits};
use crate::query::{FieldPath, Op, Subject};
pub(super) use value::Values;

/// Values by field.
pub(super) type Model = BTreeMap<FieldPath, Vec<Value>>;

/// What the theories say of some tests.
#[derive(Debug)]
pub(super) enum Verdict {
    /// An event on which they are as asked.
    Model(Model),
    /// Some of them clash: each list cannot be as asked on any event.
    Clash(Vec<Vec<Literal>>),
    /// They could not tell.
    Open(Limit, Vec<Literal>),
}

/// The tests of one field, as asked.
#[derive(Debug, Default)]
struct Asked {
    exists: Option<Literal>,
    null: Option<Literal>,
    /// Tests of values that must hold.
    all: Vec<usize>,
    /// Tests of values that must not, with those of the whole event.
    none: Vec<usize>,
    /// Comparisons with another field that must hold.
    related: Vec<usize>,
    /// Those that must not.
    unrelated: Vec<usize>,
}

/// All theories over the tests of some expressions.
#[derive(Debug)]
pub(super) struct Theory {
    facts: Facts,
    values: Values,
    /// A field that no test speaks of.
    fresh: FieldPath,
}

impl Theory {
    pub(super) fn new(atoms: &Atoms, facts: Facts, limits: &Limits) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for (_, atom) in atoms.iter() {
            names.extend(atom.test.path().map(FieldPath::as_str));
            if let Op::Field { other, .. } = &atom.test.op {
                names.push(other.as_str());
            }
        }
        let numbered = (2..).map(|number| format!("message{number}"));
        let mut fresh = std::iter::once("message".to_owned()).chain(numbered);
        let is_free = |name: &String| !names.iter().any(|own| own.starts_with(name.as_str()));
        let fresh = fresh.find(is_free).unwrap_or_default();
        Self { facts, values: Values::new(limits), fresh: FieldPath::new(fresh) }
    }

    fn domain(&self, field: &FieldPath) -> Domain {
        Domain::of(&self.facts.get(field))
    }

    /// Looks for values that make the literals true.
    pub(super) fn judge(&mut self, literals: &[Literal], atoms: &Atoms) -> Verdict {
        let asked = self.sort(literals, atoms);
        let mut model = Model::new();
        let mut clashes = Vec::new();
        let mut open = None;
        for (field, asked) in &asked {
            match self.field(field, asked, atoms) {
                Verdict::Model(own) => model.extend(own),
                Verdict::Clash(own) => clashes.extend(own),
                Verdict::Open(limit, own) => open = open.or(Some((limit, own))),
            }
        }
        if !clashes.is_empty() {
            return Verdict::Clash(clashes);
        }
        if let Some((limit, own)) = open {
            return Verdict::Open(limit, own);
        }
        if let Err(verdict) = self.relate(&asked, atoms, &mut model) {
            return verdict;
        }
        Verdict::Model(model)
    }

    /// The literals by field.
    fn sort(&self, literals: &[Literal], atoms: &Atoms) -> BTreeMap<FieldPath, Asked> {
        let mut fields: BTreeMap<FieldPath, Asked> = BTreeMap::new();
        let mut everywhere = Vec::new();
        for literal in literals {
            let Some(atom) = atoms.get(literal.atom) else { continue };
            let field = match (&atom.test.subject, literal.holds) {
                (Subject::Field(field), _) => field,
                (Subject::Event, true) => &self.fresh,
                (Subject::Event, false) => {
                    everywhere.push(literal.atom);
                    continue;
                }
            };
            let own = fields.entry(field.clone()).or_default();
            match (&atom.test.op, literal.holds) {
                // A test of the whole event sees scalars only.
                (Op::Exists, true) if atom.test.subject == Subject::Event => {
                    own.all.push(literal.atom);
                }
                (Op::Exists, _) => own.exists = Some(*literal),
                (Op::Null, _) => own.null = Some(*literal),
                (Op::Field { other, .. }, true) => {
                    let other = other.clone();
                    own.related.push(literal.atom);
                    fields.entry(other).or_default();
                }
                (Op::Field { .. }, false) => own.unrelated.push(literal.atom),
                (_, true) => own.all.push(literal.atom),
                (_, false) => own.none.push(literal.atom),
            }
        }
        for own in fields.values_mut() {
            own.none.extend(&everywhere);
        }
        fields
    }
}

/// These tests hold.
fn hold(atoms: &[usize]) -> impl Iterator<Item = Literal> {
    atoms.iter().map(|atom| Literal { atom: *atom, holds: true })
}

/// These tests do not hold.
fn fail(atoms: &[usize]) -> impl Iterator<Item = Literal> {
    atoms.iter().map(|atom| Literal { atom: *atom, holds: false })
}
