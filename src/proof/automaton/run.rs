//! Running an automaton on all characters of an alphabet at once: sets of states, made when met.

use std::collections::HashMap;

use regex_syntax::hir::Look;

use super::nfa::{Nfa, State};

/// A set of states together with what the last character was, if that matters.
type Key = (Vec<u32>, Neighbour);

/// What a condition on neighbouring characters can see of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Neighbour {
    /// Start or end of the text.
    Edge,
    Line,
    Word,
    Other,
}

impl Neighbour {
    pub(super) fn of(c: char) -> Self {
        match c {
            '\n' => Neighbour::Line,
            c if regex_syntax::is_word_character(c) => Neighbour::Word,
            _ => Neighbour::Other,
        }
    }
}

/// For whom a set of states accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tags {
    pub(super) at_end: Vec<u32>,
    pub(super) whatever: Vec<u32>,
}

/// An automaton with the sets of states that were met.
#[derive(Debug)]
pub(super) struct Run<'n> {
    nfa: &'n Nfa,
    /// For each set of characters of the automaton, which letters it holds.
    within: Vec<&'n [bool]>,
    keys: Vec<Key>,
    known: HashMap<Key, u32>,
    steps: HashMap<(u32, u32), u32>,
    /// States looked at.
    pub(super) spent: u64,
}

impl<'n> Run<'n> {
    pub(super) fn new(nfa: &'n Nfa, within: Vec<&'n [bool]>) -> Self {
        let (keys, known, steps) = Default::default();
        Self { nfa, within, keys, known, steps, spent: 0 }
    }

    pub(super) fn start(&mut self) -> u32 {
        let reached = self.reached(self.nfa.starts.clone(), None);
        self.intern((reached, Neighbour::Edge))
    }

    /// Whether nothing more is accepted.
    pub(super) fn is_dead(&self, at: u32) -> bool {
        self.keys.get(at as usize).is_none_or(|(states, _)| states.is_empty())
    }

    /// Where a letter, one of the alphabet, leads.
    pub(super) fn step(&mut self, at: u32, letter: usize, c: char) -> u32 {
        if let Some(next) = self.steps.get(&(at, letter as u32)) {
            return *next;
        }
        let next = Neighbour::of(c);
        let mut targets = Vec::new();
        for state in self.settled(at, next) {
            match self.nfa.states.get(state as usize) {
                Some(State::Take(set, to)) => {
                    let holds = self.within.get(*set).and_then(|letters| letters.get(letter));
                    if holds == Some(&true) {
                        targets.push(*to);
                    }
                }
                Some(State::Whatever(_)) => targets.push(state),
                _ => {}
            }
        }
        let reached = self.reached(targets, None);
        let seen = if self.nfa.looks { next } else { Neighbour::Edge };
        let to = self.intern((reached, seen));
        self.steps.insert((at, letter as u32), to);
        to
    }

    /// For whom the text up to here is accepted.
    pub(super) fn tags(&mut self, at: u32) -> Tags {
        let mut tags = Tags::default();
        for state in self.settled(at, Neighbour::Edge) {
            match self.nfa.states.get(state as usize) {
                Some(State::End(tag)) => tags.at_end.push(*tag),
                Some(State::Whatever(tag)) => tags.whatever.push(*tag),
                _ => {}
            }
        }
        // What only holds at the end of the text is not certain yet.
        if self.nfa.looks {
            let sure = self.keys.get(at as usize).map(|key| key.0.as_slice()).unwrap_or_default();
            let is_sure = |tag: &u32| {
                sure.iter().any(|state| {
                    matches!(self.nfa.states.get(*state as usize), Some(State::Whatever(own)) if own == tag)
                })
            };
            let (whatever, end) = tags.whatever.into_iter().partition(is_sure);
            tags.whatever = whatever;
            tags.at_end.extend::<Vec<u32>>(end);
        }
        tags
    }

    fn intern(&mut self, key: Key) -> u32 {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.known.insert(key, id);
        id
    }

    /// The states of a set, with conditions on the next character settled.
    fn settled(&mut self, at: u32, next: Neighbour) -> Vec<u32> {
        let Some((states, last)) = self.keys.get(at as usize) else { return Vec::new() };
        match self.nfa.looks {
            false => {
                self.spent += states.len() as u64;
                states.clone()
            }
            true => {
                let (states, last) = (states.clone(), *last);
                self.reached(states, Some((last, next)))
            }
        }
    }

    /// Everything that is reached without a character; through conditions only between known
    /// neighbours.
    fn reached(&mut self, mut open: Vec<u32>, between: Option<(Neighbour, Neighbour)>) -> Vec<u32> {
        let mut seen: Vec<u32> = Vec::new();
        let mut met = std::collections::HashSet::new();
        while let Some(at) = open.pop() {
            if !met.insert(at) {
                continue;
            }
            match self.nfa.states.get(at as usize) {
                Some(State::Split(all)) => open.extend(all),
                Some(State::Look(look, to)) => match between {
                    None => seen.push(at),
                    Some((last, next)) if holds(*look, last, next) => open.push(*to),
                    Some(_) => {}
                },
                Some(State::Whatever(_)) if self.nfa.starts.len() == 1 => {
                    // Nothing else matters any more.
                    return vec![at];
                }
                Some(_) => seen.push(at),
                None => {}
            }
        }
        self.spent += met.len() as u64;
        seen.sort_unstable();
        seen
    }
}

fn holds(look: Look, last: Neighbour, next: Neighbour) -> bool {
    let boundary = (last == Neighbour::Word) != (next == Neighbour::Word);
    match look {
        Look::Start => last == Neighbour::Edge,
        Look::End => next == Neighbour::Edge,
        Look::StartLF => matches!(last, Neighbour::Edge | Neighbour::Line),
        Look::EndLF => matches!(next, Neighbour::Edge | Neighbour::Line),
        Look::WordUnicode => boundary,
        Look::WordUnicodeNegate => !boundary,
        // No automaton has another.
        _ => false,
    }
}
