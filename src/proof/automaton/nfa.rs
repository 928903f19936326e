//! Automata over characters, made of the syntax trees of regular expressions.

use std::collections::{HashMap, VecDeque};

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::charset::CharSet;
use crate::proof::limits::Limit;

/// Most states of one automaton.
const MAX_STATES: usize = 40_000;

/// A state; numbers are indexes of states.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Takes a character of the set.
    Take(usize, u32),
    /// Goes to any of these without a character.
    Split(Vec<u32>),
    /// Goes on where the condition on the neighbouring characters holds.
    Look(Look, u32),
    /// Accepts at the end of the text. The number says for whom.
    End(u32),
    /// Accepts whatever follows.
    Whatever(u32),
}

/// An automaton, or several at once, told apart by the tags of their accepting states.
#[derive(Clone, Debug, Default)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) starts: Vec<u32>,
    pub(super) sets: Vec<CharSet>,
    /// Whether neighbouring characters matter somewhere.
    pub(super) looks: bool,
}

/// What stands around a syntax tree: whether anything may precede and follow it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) before: bool,
    pub(super) after: bool,
}

impl Nfa {
    /// The automaton of a syntax tree, with tag 0.
    pub(super) fn new(hir: &Hir, open: Open) -> Result<Self, Limit> {
        let mut maker = Maker::default();
        let end = maker.push(if open.after { State::Whatever(0) } else { State::End(0) })?;
        let mut start = maker.build(hir, end)?;
        if open.before {
            start = maker.repeat(start, |maker, again| {
                let any = maker.set(CharSet::any());
                maker.push(State::Take(any, again))
            })?;
        }
        maker.nfa.starts = vec![start];
        Ok(maker.nfa)
    }

    /// The text of a shortest way to an accepting state, conditions on neighbours taken as met, with
    /// this character wherever it may stand.
    pub(super) fn sample(&self, first: char) -> Option<String> {
        let mut texts: Vec<Option<String>> = vec![None; self.states.len()];
        let mut queue: VecDeque<(u32, String)> =
            self.starts.iter().map(|start| (*start, String::new())).collect();
        while let Some((at, text)) = queue.pop_front() {
            let known = texts.get_mut(at as usize)?;
            if known.is_some() {
                continue;
            }
            *known = Some(text.clone());
            match self.states.get(at as usize)? {
                State::End(_) | State::Whatever(_) => return Some(text),
                // Without a character: before everything that is longer.
                State::Split(all) => {
                    all.iter().rev().for_each(|next| queue.push_front((*next, text.clone())));
                }
                State::Look(_, next) => queue.push_front((*next, text)),
                State::Take(set, next) => {
                    let c = self.sets.get(*set).and_then(|set| set.readable(first));
                    queue.extend(c.map(|c| (*next, format!("{text}{c}"))));
                }
            }
        }
        None
    }

    /// Many automata at once, each with its place in the list as tag.
    pub(super) fn union<'n>(all: impl IntoIterator<Item = &'n Nfa>) -> Self {
        let mut union = Self::default();
        let mut sets: HashMap<CharSet, usize> = HashMap::new();
        for (tag, own) in (0u32..).zip(all) {
            let base = union.states.len() as u32;
            let moved: Vec<usize> = own
                .sets
                .iter()
                .map(|set| {
                    *sets.entry(set.clone()).or_insert_with(|| {
                        union.sets.push(set.clone());
                        union.sets.len() - 1
                    })
                })
                .collect();
            union.states.extend(own.states.iter().map(|state| match state {
                State::Take(set, next) => {
                    State::Take(moved.get(*set).copied().unwrap_or_default(), next + base)
                }
                State::Split(all) => State::Split(all.iter().map(|next| next + base).collect()),
                State::Look(look, next) => State::Look(*look, next + base),
                State::End(_) => State::End(tag),
                State::Whatever(_) => State::Whatever(tag),
            }));
            union.starts.extend(own.starts.iter().map(|start| start + base));
            union.looks |= own.looks;
        }
        union
    }
}

#[derive(Default)]
struct Maker {
    nfa: Nfa,
    sets: HashMap<CharSet, usize>,
}

impl Maker {
    fn push(&mut self, state: State) -> Result<u32, Limit> {
        if self.nfa.states.len() >= MAX_STATES {
            return Err(Limit::AutomatonSize);
        }
        self.nfa.states.push(state);
        Ok(self.nfa.states.len() as u32 - 1)
    }

    fn set(&mut self, set: CharSet) -> usize {
        let sets = &mut self.nfa.sets;
        *self.sets.entry(set).or_insert_with_key(|set| {
            sets.push(set.clone());
            sets.len() - 1
        })
    }

    /// States for a tree that go on to `next`; built from the end.
    fn build(&mut self, hir: &Hir, next: u32) -> Result<u32, Limit> {
        match hir.kind() {
            HirKind::Empty => Ok(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| Limit::RegexFeatures)?;
                text.chars().rev().try_fold(next, |next, c| {
                    let set = self.set(CharSet::one(c));
                    self.push(State::Take(set, next))
                })
            }
            HirKind::Class(Class::Unicode(class)) => {
                let set = self.set(CharSet::of_class(class));
                self.push(State::Take(set, next))
            }
            HirKind::Class(Class::Bytes(class)) => {
                let class = class.to_unicode_class().ok_or(Limit::RegexFeatures)?;
                let set = self.set(CharSet::of_class(&class));
                self.push(State::Take(set, next))
            }
            HirKind::Look(look) => {
                let known = [Look::Start, Look::End, Look::StartLF, Look::EndLF];
                let words = [Look::WordUnicode, Look::WordUnicodeNegate];
                if !known.contains(look) && !words.contains(look) {
                    return Err(Limit::RegexFeatures);
                }
                self.nfa.looks = true;
                self.push(State::Look(*look, next))
            }
            HirKind::Capture(capture) => self.build(&capture.sub, next),
            HirKind::Concat(members) => {
                members.iter().rev().try_fold(next, |next, member| self.build(member, next))
            }
            HirKind::Alternation(members) => {
                let starts: Result<Vec<u32>, Limit> =
                    members.iter().map(|member| self.build(member, next)).collect();
                let starts = starts?;
                self.push(State::Split(starts))
            }
            HirKind::Repetition(rep) => {
                let mut start = next;
                match rep.max {
                    None => {
                        start = self.repeat(next, |maker, again| maker.build(&rep.sub, again))?
                    }
                    Some(max) => {
                        for _ in rep.min..max {
                            let once = self.build(&rep.sub, start)?;
                            start = self.push(State::Split(vec![once, next]))?;
                        }
                    }
                }
                for _ in 0..rep.min {
                    start = self.build(&rep.sub, start)?;
                }
                Ok(start)
            }
        }
    }

    /// A state from which the body leads back, any number of times, before `next`.
    fn repeat(
        &mut self,
        next: u32,
        body: impl FnOnce(&mut Self, u32) -> Result<u32, Limit>,
    ) -> Result<u32, Limit> {
        let again = self.push(State::Split(vec![next]))?;
        let start = body(self, again)?;
        if let Some(State::Split(all)) = self.nfa.states.get_mut(again as usize) {
            all.push(start);
        }
        Ok(again)
    }
}
