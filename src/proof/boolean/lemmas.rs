//! What follows between tests of one field and can be seen at once. The theories would find it
//! too, one pair at a time; long lists are settled here.

use std::collections::BTreeMap;

use super::atoms::Probe;
use super::{Atom, Atoms, Literal};
use crate::query::{Affix, Case, Op, Pattern, Subject};

/// Most pairs of a literal and a pattern that are looked at, per field.
const MAX_PAIRS: usize = 20_000;

/// Clauses that hold on every event.
pub(in crate::proof) fn lemmas(atoms: &Atoms) -> Vec<Vec<Literal>> {
    let mut by_subject: BTreeMap<&Subject, Vec<(usize, &Atom)>> = BTreeMap::new();
    for (number, atom) in atoms.iter() {
        by_subject.entry(&atom.test.subject).or_default().push((number, atom));
    }
    let mut clauses = Vec::new();
    for (subject, own) in by_subject {
        present(atoms, subject, &own, &mut clauses);
        in_any_case(atoms, subject, &own, &mut clauses);
        literals(&own, &mut clauses);
        related(atoms, subject, &own, &mut clauses);
    }
    clauses
}

fn implies(a: usize, b: usize) -> Vec<Literal> {
    vec![Literal { atom: a, holds: false }, Literal { atom: b, holds: true }]
}

/// Whatever has a value that something is asked of exists, and matches anything.
fn present(
    atoms: &Atoms,
    subject: &Subject,
    own: &[(usize, &Atom)],
    clauses: &mut Vec<Vec<Literal>>,
) {
    let anything = Op::Matches { pattern: Pattern::any(), case: Case::Insensitive };
    for wide in [&Op::Exists, &anything] {
        let Some(wide) = atoms.number(subject, wide) else { continue };
        let narrow = own.iter().filter(|(number, atom)| {
            *number != wide && !matches!(atom.test.op, Op::Null | Op::Exists)
        });
        clauses.extend(narrow.map(|(number, _)| implies(*number, wide)));
    }
}

/// What matches as it is written does so in any case.
fn in_any_case(
    atoms: &Atoms,
    subject: &Subject,
    own: &[(usize, &Atom)],
    clauses: &mut Vec<Vec<Literal>>,
) {
    for (number, atom) in own {
        if let Op::Matches { pattern, case: Case::Sensitive } = &atom.test.op {
            let wide = Op::Matches { pattern: pattern.clone(), case: Case::Insensitive };
            clauses.extend(atoms.number(subject, &wide).map(|wide| implies(*number, wide)));
        }
    }
}

/// What stands in a field as it is also does so in any case, and what is all of it stands at its
/// start, at its end and within.
fn related(
    atoms: &Atoms,
    subject: &Subject,
    own: &[(usize, &Atom)],
    clauses: &mut Vec<Vec<Literal>>,
) {
    for (number, atom) in own {
        let Op::Field { other, affix, case } = &atom.test.op else { continue };
        let wider: &[Affix] = match affix {
            Affix::Whole => &[Affix::Whole, Affix::Start, Affix::End, Affix::Within],
            Affix::Start => &[Affix::Start, Affix::Within],
            Affix::End => &[Affix::End, Affix::Within],
            Affix::Within => &[Affix::Within],
        };
        for affix in wider {
            for wide in [*case, Case::Insensitive] {
                let op = Op::Field { other: other.clone(), affix: *affix, case: wide };
                let wide = atoms.number(subject, &op).filter(|wide| wide != number);
                clauses.extend(wide.map(|wide| implies(*number, wide)));
            }
        }
    }
}

/// A literal text satisfies what accepts it.
fn literals(own: &[(usize, &Atom)], clauses: &mut Vec<Vec<Literal>>) {
    let mut exact = Vec::new();
    let mut wide = Vec::new();
    for (number, atom) in own {
        match atom.literal() {
            Some((_, true)) => {}
            Some((text, false)) => exact.push((*number, Probe::new(text))),
            None if !matches!(atom.test.op, Op::Null | Op::Exists | Op::Field { .. }) => {
                wide.push((*number, *atom));
            }
            None => {}
        }
    }
    let caseless = own.iter().filter_map(|(number, atom)| {
        let (text, in_any_case) = atom.literal()?;
        (in_any_case && Pattern::literal(text).is_caseless()).then(|| (*number, Probe::new(text)))
    });
    exact.extend(caseless);
    if exact.len().saturating_mul(wide.len()) <= MAX_PAIRS {
        for (number, probe) in &exact {
            let accepting = wide.iter().filter(|(_, atom)| atom.accepts(probe));
            clauses.extend(accepting.map(|(wide, _)| implies(*number, *wide)));
        }
    }
}
