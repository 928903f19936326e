//! Fields compared with one another: a value that both hold satisfies every such test.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::value::{Answer, Ask, rejecting};
use super::{Asked, Model, Theory, Verdict, fail, hold};
use crate::proof::boolean::{Atoms, Literal};
use crate::proof::event::flat;
use crate::proof::limits::Limit;
use crate::query::{Affix, Case, FieldPath, Op};

/// What a field may hold instead of what another holds; no part of one another.
const OTHERS: [&str; 5] = ["other", "else", "y", "2", "3"];

/// The texts of a field in capitals, so that it equals another in no case but its own.
fn in_capitals(model: &mut Model, field: &FieldPath) {
    for value in model.get_mut(field).into_iter().flatten() {
        if let Some(text) = value.as_str() {
            *value = json!(text.to_uppercase());
        }
    }
}

impl Theory {
    /// Gives fields that are compared a value of both.
    pub(super) fn relate(
        &mut self,
        asked: &BTreeMap<FieldPath, Asked>,
        atoms: &Atoms,
        model: &mut Model,
    ) -> Result<(), Verdict> {
        for (field, own) in asked {
            for atom in &own.related {
                let Some(Op::Field { other, affix, case }) = atoms.get(*atom).map(|a| &a.test.op)
                else {
                    continue;
                };
                let exact = *affix == Affix::Whole && *case == Case::Sensitive;
                self.share(*atom, [field, other], exact, asked, atoms, model)?;
                let exactly =
                    Op::Field { other: other.clone(), affix: *affix, case: Case::Sensitive };
                let differs = |atom: &usize| atoms.get(*atom).is_some_and(|a| a.test.op == exactly);
                if !exact && own.unrelated.iter().any(differs) {
                    in_capitals(model, field);
                }
            }
        }
        for own in asked.values() {
            for atom in &own.unrelated {
                self.part(*atom, asked, atoms, model);
            }
        }
        Ok(())
    }

    /// Gives one of two fields that must not be related another value, where it may have any.
    fn part(
        &mut self,
        atom: usize,
        asked: &BTreeMap<FieldPath, Asked>,
        atoms: &Atoms,
        model: &mut Model,
    ) {
        let Some(test) = atoms.get(atom).map(|atom| &atom.test) else { return };
        let Op::Field { other, .. } = &test.op else { return };
        if !test.eval(&flat(model)) {
            return;
        }
        for field in test.path().into_iter().chain([other]) {
            let Some(own) = asked.get(field).filter(|own| own.all.is_empty()) else { continue };
            let domain = self.domain(field);
            let ask = Ask { all: &[], none: &own.none, domain: &domain };
            for text in OTHERS.iter().filter(|text| rejecting(&ask, text, atoms).is_none()) {
                let mut changed = model.clone();
                changed.insert(field.clone(), vec![json!(text)]);
                if !test.eval(&flat(&changed)) {
                    *model = changed;
                    return;
                }
            }
        }
    }

    fn share(
        &mut self,
        atom: usize,
        fields: [&FieldPath; 2],
        exact: bool,
        asked: &BTreeMap<FieldPath, Asked>,
        atoms: &Atoms,
        model: &mut Model,
    ) -> Result<(), Verdict> {
        let test = Literal { atom, holds: true };
        let mut reasons = vec![test];
        let (mut all, mut none): (Vec<usize>, Vec<usize>) = Default::default();
        for field in fields {
            let Some(own) = asked.get(field) else { continue };
            if let Some(absent) = own.exists.filter(|literal| !literal.holds) {
                return Err(Verdict::Clash(vec![vec![test, absent]]));
            }
            if self.facts.get(field).single {
                all.extend(&own.all);
                if let Some(null) = own.null.filter(|literal| literal.holds) {
                    return Err(Verdict::Clash(vec![vec![test, null]]));
                }
            }
            none.extend(&own.none);
        }
        let [left, right] = fields.map(|field| self.domain(field));
        reasons.extend(hold(&all).chain(fail(&none)));
        // What one of the fields holds already may do for both.
        let ask = Ask { all: &all, none: &none, domain: &left };
        let text = match self.values.find(&ask, atoms) {
            Answer::Text(text) if right.admits(&text) => text,
            Answer::Clash(core) if exact => {
                let literal = |atom: usize| Literal { atom, holds: all.contains(&atom) };
                let core = core.into_iter().map(literal).chain([test]);
                return Err(Verdict::Clash(vec![core.collect()]));
            }
            _ => return Err(Verdict::Open(Limit::FieldToField, reasons)),
        };
        for field in fields {
            let values = model.entry(field.clone()).or_default();
            if self.facts.get(field).single {
                values.clear();
            }
            let value = json!(text);
            // An object that only stood for presence is needed no more.
            values.retain(|value| !matches!(value, Value::Object(_)));
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(())
    }
}
