//! One value that satisfies some tests and none of others.
//!
//! Every value is a text as far as tests can see (a number has the text that it is written as, and
//! a text that is a number compares like one), so this asks for a text. First what the tests
//! themselves suggest is tried, which is quick and gives values that people recognise. Then
//! numbers, addresses and dates show by their ranges that nothing is left, and at last the product
//! of the tests' automata decides.

use std::collections::HashMap;
use std::rc::Rc;

use super::{address, number, text, time};
use crate::proof::automaton::Accepted;
use crate::proof::boolean::{Atoms, Probe};
use crate::proof::facts::Domain;
use crate::proof::limits::{Limit, Limits};
use crate::query::Op;

/// Largest core that is made smaller by leaving out one test after another.
const SHRUNK: usize = 8;

/// Most texts that are remembered for one list of tests.
const REMEMBERED: usize = 8;

/// Most regular expressions that samples are taken of.
const SAMPLED: usize = 8;

/// A question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'q> {
    pub(super) all: &'q [usize],
    pub(super) none: &'q [usize],
    pub(super) domain: &'q Domain,
}

/// An answer.
#[derive(Debug)]
pub(super) enum Answer {
    Text(String),
    /// There is none, already because of these of the tests.
    Clash(Vec<usize>),
    Open(Limit),
}

/// Answers questions, and remembers what helps with the next.
#[derive(Debug)]
pub(in crate::proof) struct Values {
    automata: HashMap<usize, Result<Rc<Accepted>, Limit>>,
    texts: HashMap<Vec<usize>, Vec<String>>,
    pub(super) states: usize,
    pub(super) steps: u64,
}

impl Values {
    pub(super) fn new(limits: &Limits) -> Self {
        let (automata, texts) = Default::default();
        Self { automata, texts, states: limits.states, steps: limits.steps }
    }

    /// A text that satisfies all of `ask.all` and none of `ask.none`.
    pub(super) fn find(&mut self, ask: &Ask<'_>, atoms: &Atoms) -> Answer {
        match self.decide(ask, atoms) {
            Answer::Clash(core) if (3..=SHRUNK).contains(&core.len()) => {
                Answer::Clash(self.shrink(core, ask, atoms))
            }
            answer => answer,
        }
    }

    fn decide(&mut self, ask: &Ask<'_>, atoms: &Atoms) -> Answer {
        let fits = |text: &String| rejecting(ask, text, atoms).is_none();
        let known = self.texts.get(ask.all).and_then(|texts| texts.iter().find(|t| fits(t)));
        if let Some(text) = known {
            return Answer::Text(text.clone());
        }
        if let Some(answer) = listed(ask, atoms) {
            return answer;
        }
        let candidates = self.candidates(ask, atoms);
        let cost = (candidates.len() * (ask.none.len() + 1)) as u64;
        if self.steps < cost {
            return Answer::Open(Limit::Steps);
        }
        self.steps -= cost;
        if let Some(text) = candidates.into_iter().find(fits) {
            return self.remember(ask, text);
        }
        if let Some(core) =
            [number::clash, address::clash, time::clash].iter().find_map(|clash| clash(ask, atoms))
        {
            return Answer::Clash(core);
        }
        match self.search(ask, atoms) {
            Answer::Text(text) => self.remember(ask, text),
            answer => answer,
        }
    }

    fn remember(&mut self, ask: &Ask<'_>, text: String) -> Answer {
        let texts = self.texts.entry(ask.all.to_vec()).or_default();
        if texts.len() < REMEMBERED {
            texts.push(text.clone());
        }
        Answer::Text(text)
    }

    /// Texts that are worth a look before any search.
    fn candidates(&mut self, ask: &Ask<'_>, atoms: &Atoms) -> Vec<String> {
        let mut all = text::candidates(ask, atoms);
        all.extend(number::candidates(ask, atoms));
        all.extend(address::candidates(ask, atoms));
        all.extend(time::candidates(ask, atoms));
        let expressions = ops(ask.all, atoms).filter(|(_, op)| matches!(op, Op::Regex(_)));
        for (atom, _) in expressions.take(SAMPLED) {
            let Ok(own) = self.automaton(atom, atoms) else { continue };
            let sample = own.sample('a');
            all.extend(sample.iter().flat_map(|t| [t.clone(), t.to_uppercase(), t.to_lowercase()]));
            // Engines differ in whether a dot takes line ends.
            all.extend(own.sample('\n'));
        }
        all
    }

    pub(super) fn automaton(&mut self, atom: usize, atoms: &Atoms) -> Result<Rc<Accepted>, Limit> {
        let made =
            || atoms.get(atom).map_or(Err(Limit::AutomatonSize), |a| Accepted::by(&a.test.op));
        self.automata.entry(atom).or_insert_with(|| made().map(Rc::new)).clone()
    }

    /// A core without the tests that it can do without.
    fn shrink(&mut self, mut core: Vec<usize>, ask: &Ask<'_>, atoms: &Atoms) -> Vec<usize> {
        let mut at = 0;
        while at < core.len() && core.len() > 1 {
            let mut less = core.clone();
            less.remove(at);
            let (all, none): (Vec<usize>, Vec<usize>) =
                less.iter().partition(|atom| ask.all.contains(atom));
            let smaller = Ask { all: &all, none: &none, domain: ask.domain };
            match self.decide(&smaller, atoms) {
                Answer::Clash(_) => core = less,
                _ => at += 1,
            }
        }
        core
    }
}

/// A test that rejects a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rejecting {
    /// The field's values are not such texts.
    Domain,
    /// It must hold and does not.
    All(usize),
    /// It must not hold and does.
    Not(usize),
}

pub(super) fn rejecting(ask: &Ask<'_>, text: &str, atoms: &Atoms) -> Option<Rejecting> {
    if !ask.domain.admits(text) {
        return Some(Rejecting::Domain);
    }
    let probe = Probe::new(text);
    let accepts = |atom: &&usize| atoms.get(**atom).is_some_and(|atom| atom.accepts(&probe));
    let missed = ask.all.iter().find(|atom| !accepts(atom)).map(|atom| Rejecting::All(*atom));
    missed.or_else(|| ask.none.iter().find(accepts).map(|atom| Rejecting::Not(*atom)))
}

/// The answer where all texts in question can be listed: those of the domain, or the one that a
/// literal accepts.
fn listed(ask: &Ask<'_>, atoms: &Atoms) -> Option<Answer> {
    let literal = ask.all.iter().find_map(|atom| {
        let op = &atoms.get(*atom)?.test.op;
        let (text, folded) = atoms.get(*atom)?.literal()?;
        let caseless = matches!(op, Op::Matches { pattern, .. } if pattern.is_caseless());
        (!folded || caseless).then_some((*atom, text))
    });
    let (texts, mut core) = match (literal, ask.domain.listed()) {
        (Some((atom, text)), _) => (vec![text], vec![atom]),
        (None, Some(texts)) => (texts, Vec::new()),
        (None, None) => return None,
    };
    for text in texts {
        let reason = match rejecting(ask, text, atoms) {
            None => return Some(Answer::Text(text.to_owned())),
            Some(Rejecting::Domain) => continue,
            Some(Rejecting::All(atom) | Rejecting::Not(atom)) => atom,
        };
        if !core.contains(&reason) {
            core.push(reason);
        }
    }
    Some(Answer::Clash(core))
}

/// The operators of tests.
pub(super) fn ops<'a>(
    tests: &'a [usize],
    atoms: &'a Atoms,
) -> impl Iterator<Item = (usize, &'a Op)> {
    tests.iter().filter_map(|atom| Some((*atom, &atoms.get(*atom)?.test.op)))
}
