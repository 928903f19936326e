//! Whether one automaton can follow every move of another.
//!
//! If it can, it accepts everything that the other does. That is certain and costs a product of the
//! states; the converse does not hold, but of two spellings of one expression it does. Counted
//! repetitions (`.{1,64}`) make sets of states without number, and are seen through by this.

use super::language::Accepted;
use super::nfa::{Nfa, State};
use super::product::alphabet;

/// Most pairs of states.
const PAIRS: usize = 150_000;

/// An automaton by its places: the starts, and wherever a character leads.
struct Places {
    all: Vec<Place>,
    starts: Vec<usize>,
}

#[derive(Default)]
struct Place {
    /// Letters, as bits, and the place that they lead to.
    moves: Vec<(Vec<u64>, usize)>,
    at_end: bool,
    whatever: bool,
}

impl Accepted {
    /// Whether every text that is accepted here is certain to be accepted by `other`.
    pub(in crate::proof) fn is_within(&self, other: &Accepted) -> bool {
        let (own, other) = (&self.nfa, &other.nfa);
        if own.looks || other.looks || own.states.len() * other.states.len() > PAIRS * 4 {
            return false;
        }
        let (alphabet, sets) = alphabet([own, other].into_iter());
        let within = |places: &[usize]| -> Vec<Vec<u64>> {
            let sets = places.iter().filter_map(|set| alphabet.within.get(*set));
            sets.map(|letters| bits(letters)).collect()
        };
        let letters: Vec<Vec<Vec<u64>>> = sets.iter().map(|places| within(places)).collect();
        let [left, right] = letters.as_slice() else { return false };
        let (own, other) = (Places::of(own, left), Places::of(other, right));
        own.all.len() * other.all.len() <= PAIRS && own.follows(&other)
    }
}

fn bits(letters: &[bool]) -> Vec<u64> {
    let mut bits = vec![0u64; letters.len() / 64 + 1];
    for (at, _) in letters.iter().enumerate().filter(|(_, holds)| **holds) {
        if let Some(word) = bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    bits
}

impl Places {
    fn of(nfa: &Nfa, letters: &[Vec<u64>]) -> Self {
        let mut number = vec![None; nfa.states.len()];
        let mut order: Vec<u32> = Vec::new();
        let mut place_of = |state: u32, order: &mut Vec<u32>| -> usize {
            let Some(known) = number.get_mut(state as usize) else { return 0 };
            *known.get_or_insert_with(|| {
                order.push(state);
                order.len() - 1
            })
        };
        let starts = nfa.starts.iter().map(|start| place_of(*start, &mut order)).collect();
        let mut all = Vec::new();
        while let Some(from) = order.get(all.len()).copied() {
            let mut place = Place::default();
            let mut open = vec![from];
            let mut seen = std::collections::HashSet::new();
            while let Some(at) = open.pop() {
                if !seen.insert(at) {
                    continue;
                }
                match nfa.states.get(at as usize) {
                    Some(State::Take(set, next)) => {
                        let letters = letters.get(*set).cloned().unwrap_or_default();
                        place.moves.push((letters, place_of(*next, &mut order)));
                    }
                    Some(State::Split(next)) => open.extend(next),
                    Some(State::End(_)) => place.at_end = true,
                    Some(State::Whatever(_)) => place.whatever = true,
                    Some(State::Look(..)) | None => {}
                }
            }
            all.push(place);
        }
        Self { all, starts }
    }

    /// Whether `other` can follow from its starts. Pairs of places are struck out until no place
    /// has a move that its partner cannot answer.
    fn follows(&self, other: &Places) -> bool {
        let width = other.all.len();
        let agree = |own: &Place, other: &Place| {
            other.whatever || (!own.whatever && (!own.at_end || other.at_end))
        };
        let pairs = self.all.iter().flat_map(|own| other.all.iter().map(move |o| agree(own, o)));
        let mut can: Vec<bool> = pairs.collect();
        let mut changed = true;
        while changed {
            changed = false;
            // Later places are nearer to the end, so most is known when it is asked for.
            for (at, own) in self.all.iter().enumerate().rev() {
                for (to, partner) in other.all.iter().enumerate().rev() {
                    let pair = at * width + to;
                    if can.get(pair) == Some(&true)
                        && !partner.whatever
                        && !own.moves.iter().all(|own| answered(own, partner, &can, width))
                    {
                        if let Some(can) = can.get_mut(pair) {
                            *can = false;
                        }
                        changed = true;
                    }
                }
            }
        }
        let answer = |start: &usize| {
            other.starts.iter().any(|to| can.get(start * width + to) == Some(&true))
        };
        self.starts.iter().all(answer)
    }
}

/// Whether every letter of a move can be answered by a move to a place that can follow on.
fn answered((letters, to): &(Vec<u64>, usize), by: &Place, can: &[bool], width: usize) -> bool {
    let mut left = letters.clone();
    for (own, next) in &by.moves {
        if can.get(to * width + next) == Some(&true) {
            left.iter_mut().zip(own).for_each(|(left, own)| *left &= !own);
        }
    }
    left.iter().all(|word| *word == 0)
}
