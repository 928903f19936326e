//! Whether Elasticsearch would take an expression's automaton.
//!
//! Lucene makes every expression deterministic before it is held against anything, and gives up where
//! that takes too much: `.*a.{20}` has a state for every set of the last twenty places at which an `a`
//! may have stood. Queries, `max_determinized_states` aside, may have 10,000 states; since version 9 what
//! is counted is how many states of the original automaton stand behind all of them together, ten for
//! each that is allowed. Both are counted here, by the same construction, on an automaton of our own.
//!
//! Sources: `max_determinized_states` on the reference pages of the queries `regexp` and `query_string`
//! in Elasticsearch's documentation; the class documentation of Lucene's `Operations.determinize`.

use std::collections::{BTreeSet, HashSet};

use super::RegexRefusal;
use super::set::variants;
use super::tree::Node;
use crate::query::{Part, Pattern};

/// Most states of a deterministic automaton; the one that it is made of may have twice as many.
const MAX_STATES: usize = 10_000;

/// Most states of the original automaton behind all states of the deterministic one.
const MAX_WORK: usize = 10 * MAX_STATES;

/// Refuses an expression that Elasticsearch would not take.
pub(super) fn bounded(node: &Node) -> Result<(), RegexRefusal> {
    let small = automaton(node).is_some_and(|automaton| automaton.is_small());
    small.then_some(()).ok_or_else(too_many)
}

/// The same of a pattern. Rules hold thousands of them, and nearly all are small for a simple reason:
/// a state is told by how many runs of anything are behind it and by one place in the pattern, and
/// stands for no more than one state a part.
pub(super) fn bounded_pattern(pattern: &Pattern) -> Result<(), RegexRefusal> {
    let (mut letters, mut runs, mut gaps) = (0, 0, 0);
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => letters += text.chars().count(),
            Part::Any => runs += 1,
            Part::One => gaps += 1,
        }
    }
    if gaps == 0 && (runs + 1) * (letters + 1) * (letters + runs + 1) <= MAX_WORK {
        return Ok(());
    }
    let nodes = pattern.parts().iter().flat_map(|part| match part {
        Part::Any => vec![Node::any_run()],
        Part::One => vec![Node::Any],
        Part::Literal(text) => text.chars().map(|c| Node::Char { c, fold: true }).collect(),
    });
    bounded(&Node::concat(nodes))
}

fn too_many() -> RegexRefusal {
    RegexRefusal(format!(
        "an expression whose automaton takes more than the {MAX_STATES} states that Elasticsearch \
         allows"
    ))
}

/// A state that a text can be in.
enum State {
    /// Reads one of some characters.
    Read(Vec<(char, char)>, usize),
    /// Goes on in either way without reading.
    Fork(usize, usize),
    /// The text may end here.
    End,
}

/// An automaton that may be in several states at once. Its states lead to those made before them, but
/// for repetitions.
struct Automaton {
    states: Vec<State>,
    start: usize,
}

/// The automaton of an expression; `None` if it alone is too large.
fn automaton(node: &Node) -> Option<Automaton> {
    let mut automaton = Automaton { states: vec![State::End], start: 0 };
    automaton.start = automaton.before(node, 0)?;
    Some(automaton)
}

impl Automaton {
    fn add(&mut self, state: State) -> Option<usize> {
        self.states.push(state);
        (self.states.len() <= 2 * MAX_STATES).then(|| self.states.len() - 1)
    }

    /// The state from which a node leads to `next`.
    fn before(&mut self, node: &Node, next: usize) -> Option<usize> {
        match node {
            Node::Char { c, fold: true } => {
                self.add(State::Read(variants(*c).into_iter().map(|c| (c, c)).collect(), next))
            }
            Node::Char { c, fold: false } => self.add(State::Read(vec![(*c, *c)], next)),
            Node::Any => self.add(State::Read(vec![('\0', char::MAX)], next)),
            Node::Class(set) => self.add(State::Read(set.ranges().to_vec(), next)),
            Node::Concat(members) => {
                members.iter().rev().try_fold(next, |next, member| self.before(member, next))
            }
            Node::Alt(members) => {
                let mut ways: Option<usize> = None;
                for member in members {
                    let way = self.before(member, next)?;
                    ways = Some(match ways {
                        Some(others) => self.add(State::Fork(others, way))?,
                        None => way,
                    });
                }
                Some(ways.unwrap_or(next))
            }
            Node::Repeat { node, min, max } => self.repeat(node, *min, *max, next),
            // No anchor and no boundary is left in a tree for whole texts.
            Node::Boundary { .. } | Node::Start { .. } | Node::End { .. } => Some(next),
        }
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>, next: usize) -> Option<usize> {
        let mut at = match max {
            Some(max) => {
                let mut at = next;
                // As many as there may be beyond those that there must be: each may be the last.
                for _ in min..max {
                    let more = self.before(node, at)?;
                    at = self.add(State::Fork(more, next))?;
                }
                at
            }
            None => {
                let fork = self.add(State::Fork(next, next))?;
                let more = self.before(node, fork)?;
                if let Some(state) = self.states.get_mut(fork) {
                    *state = State::Fork(more, next);
                }
                fork
            }
        };
        for _ in 0..min {
            at = self.before(node, at)?;
            // What reads nothing makes no states, and may be asked for any number of times.
            self.add(State::End)?;
        }
        Some(at)
    }

    /// Whether the deterministic automaton of the same texts is within the limits.
    fn is_small(&self) -> bool {
        let start = self.reached([self.start]);
        let mut known: HashSet<Vec<usize>> = HashSet::from([start.clone()]);
        let mut open = vec![start];
        let mut work = 0;
        while let Some(state) = open.pop() {
            work += state.len();
            if known.len() > MAX_STATES || work > MAX_WORK {
                return false;
            }
            for letter in self.letters(&state) {
                let next = self.reached(state.iter().filter_map(|at| self.read(*at, letter)));
                if !next.is_empty() && known.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        true
    }

    /// A letter of each kind that none of these states tells apart.
    fn letters(&self, states: &[usize]) -> BTreeSet<char> {
        let ranges = states.iter().filter_map(|at| match self.states.get(*at) {
            Some(State::Read(ranges, _)) => Some(ranges),
            _ => None,
        });
        let behind = |to: char| (to..=char::MAX).nth(1);
        let ends = ranges.flatten().flat_map(|(from, to)| [Some(*from), behind(*to)]);
        ends.flatten().collect()
    }

    fn read(&self, at: usize, letter: char) -> Option<usize> {
        match self.states.get(at)? {
            State::Read(ranges, next) => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&letter)).then_some(*next)
            }
            _ => None,
        }
    }

    /// The states that read or end, in order, into which these lead without reading.
    fn reached(&self, from: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut open: Vec<usize> = from.into_iter().collect();
        let mut seen: HashSet<usize> = open.iter().copied().collect();
        let mut reached = Vec::new();
        while let Some(at) = open.pop() {
            match self.states.get(at) {
                Some(State::Fork(one, other)) => {
                    open.extend([*one, *other].into_iter().filter(|next| seen.insert(*next)));
                }
                _ => reached.push(at),
            }
        }
        reached.sort_unstable();
        reached.dedup();
        reached
    }
}

#[cfg(test)]
mod tests {
    use crate::language::kit::lucene_regex::{pattern_to_lucene, to_lucene};
    use crate::query::{Case, Part, Pattern, Regex};

    fn is_taken(source: &str) -> bool {
        let taken = to_lucene(&Regex::new(source, "").expect("an expression"));
        taken.map_err(|refusal| assert!(refusal.0.contains("10000 states"), "{refusal}")).is_ok()
    }

    /// `a` in the nth place from the end takes a state for every set of places: 2 to the n.
    #[test]
    fn the_limit_is_where_the_states_are() {
        assert!(is_taken("a.{10}$"));
        assert!(!is_taken("a.{13}$"));
        // Places from the start are only counted.
        assert!(is_taken("^.{900}a"));
        assert!(is_taken("^a{0,900}$"));
        assert!(is_taken("^(a{50}){150}$"));
        assert!(!is_taken("^(a{50}){250}$"));
        assert!(is_taken(
            "(cmd|powershell|pwsh)\\.exe .*-(e|enc|encodedcommand) [A-Za-z0-9+/=]{20,}"
        ));
    }

    #[test]
    fn patterns_have_the_same_limit() {
        let gaps = |count| {
            let gaps = std::iter::repeat_n(Part::One, count);
            let parts = [Part::Any, Part::Literal("a".to_owned())].into_iter().chain(gaps);
            pattern_to_lucene(&parts.collect::<Pattern>(), Case::Insensitive).is_ok()
        };
        assert!(gaps(8));
        assert!(!gaps(14));
    }
}
