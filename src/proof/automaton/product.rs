//! The shortest text that several automata accept and others do not, breadth first through the
//! product of their sets of states.

use std::collections::HashMap;

use super::charset::{Alphabet, CharSet};
use super::language::Accepted;
use super::nfa::Nfa;
use super::run::Run;
use crate::proof::limits::Limit;

/// Most texts of the product that are held against tests without an exact automaton.
const TRIES: usize = 200;

/// A search for a text.
#[derive(Debug)]
pub(in crate::proof) struct Search<'s> {
    /// Automata that must accept it.
    pub(in crate::proof) all: Vec<&'s Accepted>,
    /// Automata that must not; all exact.
    pub(in crate::proof) none: Vec<&'s Accepted>,
    /// Most states.
    pub(in crate::proof) states: usize,
}

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::proof) enum Searched {
    /// A text that also passed the last check.
    Text(String),
    /// There is none, already because of these of the automata that must not accept.
    Empty(Vec<usize>),
    /// Texts were found, and all failed the last check.
    Rejected,
    /// The search was too long.
    Open(Limit),
}

/// A state of the product, and how it was reached.
struct Reached {
    all: Vec<u32>,
    none: u32,
    from: usize,
    letter: usize,
}

impl Search<'_> {
    /// Searches; `check` has the last word on every text, and `steps` is what may be spent.
    pub(in crate::proof) fn run(
        &self,
        check: &mut dyn FnMut(&str) -> bool,
        steps: &mut u64,
    ) -> Searched {
        let none = Nfa::union(self.none.iter().map(|own| &own.nfa));
        let all: Vec<&Nfa> = self.all.iter().map(|own| &own.nfa).collect();
        let (alphabet, places) = alphabet(all.iter().copied().chain([&none]));
        let mut runs = all.iter().copied().chain([&none]).zip(&places).map(|(nfa, places)| {
            let within = places.iter().filter_map(|set| alphabet.within.get(*set));
            Run::new(nfa, within.map(Vec::as_slice).collect())
        });
        let mut own: Vec<Run<'_>> = runs.by_ref().take(all.len()).collect();
        let Some(not) = runs.next() else { return Searched::Rejected };
        let mut walk = Walk { alphabet: &alphabet, all: std::mem::take(&mut own), none: not };
        let found = walk.run(self.states, check, *steps);
        *steps = steps.saturating_sub(walk.spent());
        found
    }
}

/// One alphabet for all automata, and where the sets of each stand in it.
pub(super) fn alphabet<'n>(all: impl Iterator<Item = &'n Nfa>) -> (Alphabet, Vec<Vec<usize>>) {
    let mut index: HashMap<&CharSet, usize> = HashMap::new();
    let mut sets = Vec::new();
    let mut places = Vec::new();
    let mut looks = false;
    for nfa in all {
        looks |= nfa.looks;
        let own = nfa.sets.iter().map(|set| {
            *index.entry(set).or_insert_with(|| {
                sets.push(set.clone());
                sets.len() - 1
            })
        });
        places.push(own.collect());
    }
    if looks {
        // Conditions tell words and line ends from other characters.
        sets.push(CharSet::one('\n'));
        sets.push(super::charset::words());
    }
    (Alphabet::new(&sets), places)
}

struct Walk<'w> {
    alphabet: &'w Alphabet,
    all: Vec<Run<'w>>,
    none: Run<'w>,
}

impl Walk<'_> {
    fn spent(&self) -> u64 {
        self.all.iter().map(|run| run.spent).sum::<u64>() + self.none.spent
    }

    fn run(&mut self, most: usize, check: &mut dyn FnMut(&str) -> bool, steps: u64) -> Searched {
        let first = Reached {
            all: self.all.iter_mut().map(Run::start).collect(),
            none: self.none.start(),
            from: 0,
            letter: 0,
        };
        let mut known = HashMap::from([((first.all.clone(), first.none), ())]);
        let mut queue = vec![first];
        let mut core: Vec<usize> = Vec::new();
        let mut rejected = 0;
        let mut at = 0;
        while at < queue.len() {
            let Some(here) = queue.get(at) else { break };
            let (all, none) = (here.all.clone(), here.none);
            let shut = self.none.tags(none);
            if !shut.whatever.is_empty() {
                blame(&mut core, &shut.whatever);
                at += 1;
                continue;
            }
            if self.accepts(&all) {
                if !shut.at_end.is_empty() {
                    blame(&mut core, &shut.at_end);
                } else {
                    let text = self.text(&queue, at);
                    if check(&text) {
                        return Searched::Text(text);
                    }
                    rejected += 1;
                    if rejected >= TRIES {
                        return Searched::Rejected;
                    }
                }
            }
            for letter in 0..self.alphabet.letters.len() {
                let Some(next) = self.step(&all, none, letter, at) else { continue };
                let key = (next.all.clone(), next.none);
                if known.insert(key, ()).is_none() {
                    queue.push(next);
                }
            }
            if queue.len() > most {
                return Searched::Open(Limit::AutomatonStates);
            }
            if self.spent() > steps {
                return Searched::Open(Limit::Steps);
            }
            at += 1;
        }
        if rejected > 0 { Searched::Rejected } else { Searched::Empty(core) }
    }

    fn accepts(&mut self, all: &[u32]) -> bool {
        self.all.iter_mut().zip(all).all(|(run, at)| {
            let tags = run.tags(*at);
            !tags.at_end.is_empty() || !tags.whatever.is_empty()
        })
    }

    /// One letter on, unless some automaton accepts nothing from there.
    fn step(&mut self, all: &[u32], none: u32, letter: usize, from: usize) -> Option<Reached> {
        let c = *self.alphabet.letters.get(letter)?;
        let mut next = Vec::with_capacity(all.len());
        for (run, at) in self.all.iter_mut().zip(all) {
            let to = run.step(*at, letter, c);
            if run.is_dead(to) {
                return None;
            }
            next.push(to);
        }
        Some(Reached { all: next, none: self.none.step(none, letter, c), from, letter })
    }

    fn text(&self, queue: &[Reached], mut at: usize) -> String {
        let mut letters: Vec<char> = Vec::new();
        while at > 0 {
            let Some(reached) = queue.get(at) else { break };
            letters.extend(self.alphabet.letters.get(reached.letter));
            at = reached.from;
        }
        letters.into_iter().rev().collect()
    }
}

/// Notes one of those that shut a text out, if none that is noted does.
fn blame(core: &mut Vec<usize>, tags: &[u32]) {
    let mut tags = tags.iter().map(|tag| *tag as usize);
    if let Some(first) = tags.clone().min()
        && !tags.any(|tag| core.contains(&tag))
    {
        core.push(first);
    }
}
