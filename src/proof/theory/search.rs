//! The search by automata. Tests that must not hold are taken in as they prove to matter: of a long
//! list few do.

use std::collections::HashSet;
use std::rc::Rc;

use super::value::{Answer, Ask, Values, rejecting};
use crate::proof::automaton::{Accepted, Search, Searched};
use crate::proof::boolean::{Atoms, Probe};
use crate::proof::limits::Limit;
use crate::query::Op;

/// Most rejecting tests that a search starts over for, before it takes all of them at once.
const RESTARTS: usize = 6;

/// What is searched with so far.
#[derive(Debug, Default)]
struct Parts {
    all: Vec<Rc<Accepted>>,
    none: Vec<(usize, Rc<Accepted>)>,
    /// Tests that were taken in, or cannot be: without an exact automaton, texts are only held
    /// against them.
    seen: HashSet<usize>,
    /// Why not finding a text may mean nothing.
    limit: Option<Limit>,
}

impl Values {
    /// A text that satisfies all of `ask.all` and none of `ask.none`, or the proof that none does.
    pub(super) fn search(&mut self, ask: &Ask<'_>, atoms: &Atoms) -> Answer {
        let mut parts = self.start(ask, atoms);
        let mut restarts = 0;
        loop {
            let (searched, new) = self.once(ask, atoms, &parts);
            match (searched, new) {
                (Searched::Text(text), None) => return Answer::Text(text),
                (Searched::Text(_), Some(new)) => {
                    restarts += 1;
                    let all = if restarts > RESTARTS { ask.none } else { &[new] };
                    all.iter().for_each(|atom| self.take_in(*atom, atoms, &mut parts));
                    if let Some(core) = within(ask, atoms, new, self) {
                        return Answer::Clash(core);
                    }
                }
                (Searched::Empty(core), _) => {
                    let none = core.iter().filter_map(|at| parts.none.get(*at));
                    let core = none.map(|(atom, _)| *atom);
                    return Answer::Clash(ask.all.iter().copied().chain(core).collect());
                }
                (Searched::Rejected, _) => {
                    return Answer::Open(parts.limit.unwrap_or(Limit::Unconfirmed));
                }
                (Searched::Open(limit), _) => return Answer::Open(limit),
            }
        }
    }

    fn start(&mut self, ask: &Ask<'_>, atoms: &Atoms) -> Parts {
        let mut parts = Parts::default();
        for atom in ask.all {
            match self.automaton(*atom, atoms) {
                Ok(own) => {
                    if !own.exact {
                        parts.limit = parts.limit.or(Some(limit_of(*atom, atoms)));
                    }
                    parts.all.push(own);
                }
                Err(limit) => parts.limit = Some(limit),
            }
        }
        parts.all.extend(ask.domain.automata().into_iter().flatten().map(Rc::new));
        parts
    }

    fn take_in(&mut self, atom: usize, atoms: &Atoms, parts: &mut Parts) {
        if !parts.seen.insert(atom) {
            return;
        }
        let limit = match self.automaton(atom, atoms) {
            Ok(own) if own.exact => return parts.none.push((atom, own)),
            Ok(_) => limit_of(atom, atoms),
            Err(limit) => limit,
        };
        parts.limit = parts.limit.or(Some(limit));
    }

    /// One search. A text that a test rejects which is not taken in yet ends it, and comes with the
    /// test; that goes before all else, because automata that accept too much give many wrong texts.
    fn once(&mut self, ask: &Ask<'_>, atoms: &Atoms, parts: &Parts) -> (Searched, Option<usize>) {
        let search = Search {
            all: parts.all.iter().map(Rc::as_ref).collect(),
            none: parts.none.iter().map(|(_, own)| own.as_ref()).collect(),
            states: self.states,
        };
        let size = |own: &Accepted| own.size() as u64;
        let sizes =
            parts.all.iter().map(Rc::as_ref).chain(parts.none.iter().map(|(_, own)| &**own));
        self.steps = self.steps.saturating_sub(sizes.map(size).sum());
        let mut new = None;
        let mut check = |text: &str| {
            let probe = Probe::new(text);
            let accepts = |atom: &&usize| atoms.get(**atom).is_some_and(|a| a.accepts(&probe));
            new = ask.none.iter().filter(|atom| !parts.seen.contains(atom)).find(accepts).copied();
            new.is_some() || rejecting(ask, text, atoms).is_none()
        };
        let searched = search.run(&mut check, &mut self.steps);
        (searched, new)
    }
}

/// A test that must hold and accepts nothing but what one accepts that must not.
fn within(ask: &Ask<'_>, atoms: &Atoms, not: usize, values: &mut Values) -> Option<Vec<usize>> {
    let other = values.automaton(not, atoms).ok().filter(|own| own.exact)?;
    let is_within =
        |atom: &&usize| values.automaton(**atom, atoms).is_ok_and(|own| own.is_within(&other));
    ask.all.iter().find(is_within).map(|atom| vec![*atom, not])
}

/// What stands in the way where a test has no exact automaton.
fn limit_of(atom: usize, atoms: &Atoms) -> Limit {
    match atoms.get(atom).map(|atom| &atom.test.op) {
        Some(Op::Cidr(_)) => Limit::AddressText,
        Some(Op::Time { .. }) => Limit::TimeText,
        _ => Limit::NumberText,
    }
}
