//! Patterns with wildcards, and regular expressions, of one field: many at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_automata::meta;
use regex_automata::util::syntax;
use regex_automata::{Input, PatternSet};

use super::atoms::{TestId, Truth};
use crate::event::FastMap;
use crate::query::{Part, Pattern, Regex};

/// Most bytes of one automaton for regular expressions; what is larger goes one by one.
const MAX_AUTOMATON_BYTES: usize = 32 << 20;

/// Most bytes of texts for which a full table is made. It is twice as quick as what the library
/// takes for more than a hundred texts, and takes some hundred bytes for each byte of text.
const MAX_TABLE_TEXT: usize = 16 << 10;

/// Patterns that are found by the longest text in them.
#[derive(Debug, Default)]
pub(super) struct Needles {
    automaton: Option<AhoCorasick>,
    /// What each text of the automaton tells.
    uses: Vec<Vec<Use>>,
    /// Patterns without any text.
    bare: Vec<(TestId, Pattern)>,
}

#[derive(Debug)]
struct Use {
    test: TestId,
    place: Place,
}

/// Where the text has to stand.
#[derive(Debug)]
enum Place {
    Within,
    Start,
    End,
    /// Somewhere, and the rest of the pattern around it.
    Pattern(Pattern),
}

impl Needles {
    /// Makes one automaton of patterns. Those of any case have to be folded before.
    pub(super) fn new(patterns: Vec<(TestId, Pattern)>) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut known: FastMap<String, usize> = FastMap::default();
        let mut needles = Self::default();
        for (test, pattern) in patterns {
            let Some((text, place)) = place(&pattern) else {
                needles.bare.push((test, pattern));
                continue;
            };
            let at = *known.entry(text.clone()).or_insert_with(|| {
                texts.push(text);
                needles.uses.push(Vec::new());
                needles.uses.len() - 1
            });
            if let Some(uses) = needles.uses.get_mut(at) {
                uses.push(Use { test, place });
            }
        }
        if !texts.is_empty() {
            let size: usize = texts.iter().map(String::len).sum();
            let kind = (size <= MAX_TABLE_TEXT).then_some(AhoCorasickKind::DFA);
            let built =
                AhoCorasick::builder().match_kind(MatchKind::Standard).kind(kind).build(&texts);
            needles.automaton = built.ok();
            if needles.automaton.is_none() {
                needles.give_up(&texts);
            }
        }
        needles
    }

    pub(super) fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.bare.is_empty()
    }

    /// Sets the tests whose pattern matches a text.
    pub(super) fn apply(&self, text: &str, truth: &mut Truth) {
        if let Some(automaton) = &self.automaton
            && text.len() >= automaton.min_pattern_len()
        {
            // A text may stand many times in another; the rest of a pattern is looked at once.
            let mut tried: Vec<TestId> = Vec::new();
            for found in automaton.find_overlapping_iter(text) {
                let uses = self.uses.get(found.pattern().as_usize()).map(Vec::as_slice);
                for Use { test, place } in uses.unwrap_or_default() {
                    let holds = match place {
                        Place::Within => true,
                        Place::Start => found.start() == 0,
                        Place::End => found.end() == text.len(),
                        Place::Pattern(_) if tried.contains(test) => false,
                        Place::Pattern(pattern) => {
                            tried.push(*test);
                            pattern.matches(text, false)
                        }
                    };
                    if holds {
                        truth.set(*test);
                    }
                }
            }
        }
        for (test, pattern) in &self.bare {
            if pattern.matches(text, false) {
                truth.set(*test);
            }
        }
    }

    /// Without an automaton every pattern is tried.
    fn give_up(&mut self, texts: &[String]) {
        for (text, uses) in texts.iter().zip(std::mem::take(&mut self.uses)) {
            self.bare.extend(uses.into_iter().map(|Use { test, place }| {
                let text = || Part::Literal(text.clone());
                let pattern = match place {
                    Place::Within => [Part::Any, text(), Part::Any].into_iter().collect(),
                    Place::Start => [text(), Part::Any].into_iter().collect(),
                    Place::End => [Part::Any, text()].into_iter().collect(),
                    Place::Pattern(pattern) => pattern,
                };
                (test, pattern)
            }));
        }
    }
}

/// The text by which a pattern is found, and where it has to stand.
fn place(pattern: &Pattern) -> Option<(String, Place)> {
    let simple = match pattern.parts() {
        [Part::Any, Part::Literal(text), Part::Any] => Some((text, Place::Within)),
        [Part::Literal(text), Part::Any] => Some((text, Place::Start)),
        [Part::Any, Part::Literal(text)] => Some((text, Place::End)),
        _ => None,
    };
    let longest = || {
        let texts = pattern.parts().iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text),
            _ => None,
        });
        Some((texts.max_by_key(|text| text.len())?, Place::Pattern(pattern.clone())))
    };
    simple.or_else(longest).map(|(text, place)| (text.clone(), place))
}

/// Regular expressions.
#[derive(Debug, Default)]
pub(super) struct Regexes {
    /// One automaton; what it finds is asked again of the expression itself, so that no difference
    /// between two libraries can make a match.
    together: Option<meta::Regex>,
    members: Vec<(TestId, Regex)>,
    /// Look-around, back-references and whatever else no automaton does.
    alone: Vec<(TestId, Regex)>,
}

impl Regexes {
    /// Makes one automaton of as many as possible.
    pub(super) fn new(regexes: Vec<(TestId, Regex)>) -> Self {
        let mut own = Self::default();
        let mut trees = Vec::new();
        for (test, regex) in regexes {
            let flags = regex.flags();
            let full = match flags {
                "" => regex.source().to_owned(),
                flags => format!("(?{flags}:{})", regex.source()),
            };
            match syntax::parse(&full) {
                Ok(tree) => {
                    trees.push(tree);
                    own.members.push((test, regex));
                }
                Err(_) => own.alone.push((test, regex)),
            }
        }
        if !trees.is_empty() {
            let config = meta::Config::new()
                .match_kind(regex_automata::MatchKind::All)
                .which_captures(regex_automata::nfa::thompson::WhichCaptures::None)
                .nfa_size_limit(Some(MAX_AUTOMATON_BYTES));
            own.together =
                meta::Regex::builder().configure(config).build_many_from_hir(&trees).ok();
            if own.together.is_none() {
                own.alone.append(&mut own.members);
            }
        }
        own
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.alone.is_empty()
    }

    /// Sets the tests whose expression is found in a text.
    pub(super) fn apply(&self, text: &str, truth: &mut Truth) {
        if let Some(together) = &self.together {
            let mut found = PatternSet::new(together.pattern_len());
            together.which_overlapping_matches(&Input::new(text), &mut found);
            let members = found.iter().filter_map(|id| self.members.get(id.as_usize()));
            for (test, regex) in members {
                if !truth.is_on(*test) && regex.is_match(text) {
                    truth.set(*test);
                }
            }
        }
        for (test, regex) in &self.alone {
            if !truth.is_on(*test) && regex.is_match(text) {
                truth.set(*test);
            }
        }
    }
}
