//! One field: missing, null, an object, or scalars that satisfy what is asked.

use serde_json::{Value, json};

use super::value::{Answer, Ask};
use super::{Asked, Model, Theory, Verdict, fail, hold};
use crate::proof::boolean::{Atoms, Literal};
use crate::query::{FieldPath, Op, Subject};

impl Theory {
    /// Looks for values of one field.
    pub(super) fn field(&mut self, field: &FieldPath, asked: &Asked, atoms: &Atoms) -> Verdict {
        let facts = self.facts.get(field);
        let exists = asked.exists.filter(|literal| literal.holds);
        let null = asked.null.filter(|literal| literal.holds);
        let (mut values, mut clashes) = (Vec::new(), Vec::new());
        if let Some(literal) = asked.exists.filter(|literal| !literal.holds)
            && let Some(first) = asked.all.first()
        {
            clashes.push(vec![literal, Literal { atom: *first, holds: true }]);
            return Verdict::Clash(clashes);
        }
        if let Some(literal) = null {
            match self.null(literal, facts.never_null, asked, atoms) {
                Some(clash) => clashes.push(clash),
                None => values.push(Value::Null),
            }
            if facts.single
                && let Some(other) = exists.or(hold(&asked.all).next())
            {
                clashes.push(vec![literal, other]);
            }
        }
        if !clashes.is_empty() {
            return Verdict::Clash(clashes);
        }
        let each: Vec<Vec<usize>> = match (asked.all.is_empty(), facts.single) {
            (true, _) => Vec::new(),
            (false, true) => vec![asked.all.clone()],
            (false, false) => asked.all.iter().map(|atom| vec![*atom]).collect(),
        };
        let domain = self.domain(field);
        let mut open = None;
        for all in each {
            // A value that is there already may do.
            let fits = |value: &Value| {
                let text = value.as_str().map(crate::proof::boolean::Probe::new);
                text.is_some_and(|text| {
                    all.iter().all(|atom| atoms.get(*atom).is_some_and(|atom| atom.accepts(&text)))
                })
            };
            if values.iter().any(fits) {
                continue;
            }
            let ask = Ask { all: &all, none: &asked.none, domain: &domain };
            match self.values.find(&ask, atoms) {
                Answer::Text(text) => values.push(json!(text)),
                Answer::Clash(core) => clashes.push(as_asked(&core, &all)),
                Answer::Open(limit) => {
                    open = open.or(Some((limit, hold(&all).chain(fail(&asked.none)).collect())));
                }
            }
        }
        if !clashes.is_empty() {
            return Verdict::Clash(clashes);
        }
        if let Some((limit, literals)) = open {
            return Verdict::Open(limit, literals);
        }
        if let Some(literal) = exists
            && values.iter().all(Value::is_null)
        {
            let ask = Ask { all: &[], none: &asked.none, domain: &domain };
            match self.values.find(&ask, atoms) {
                Answer::Text(text) => values.push(json!(text)),
                _ if domain.has_composites() => values.push(domain.composite()),
                Answer::Clash(core) => {
                    return Verdict::Clash(vec![fail(&core).chain([literal]).collect()]);
                }
                Answer::Open(limit) => {
                    return Verdict::Open(limit, fail(&asked.none).chain([literal]).collect());
                }
            }
        }
        Verdict::Model(match values.is_empty() {
            true => Model::new(),
            false => Model::from([(field.clone(), values)]),
        })
    }

    /// Why the field cannot be null, if it cannot.
    fn null(
        &self,
        literal: Literal,
        never: bool,
        asked: &Asked,
        atoms: &Atoms,
    ) -> Option<Vec<Literal>> {
        if never {
            return Some(vec![literal]);
        }
        let anywhere = atoms.number(&Subject::Event, &Op::Null)?;
        asked
            .none
            .contains(&anywhere)
            .then(|| vec![literal, Literal { atom: anywhere, holds: false }])
    }
}

/// The members of a core as they were asked for.
fn as_asked(core: &[usize], all: &[usize]) -> Vec<Literal> {
    core.iter().map(|atom| Literal { atom: *atom, holds: all.contains(atom) }).collect()
}
