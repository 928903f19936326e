//! Sets of characters, and the few characters that stand for all in a product of automata.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use crate::query::fold;

/// Ranges of characters, sorted, with both ends inside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CharSet(pub(super) Vec<(u32, u32)>);

/// What people like to read, best first.
const READABLE: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_ ./\\:";

impl CharSet {
    /// Every character.
    pub(super) fn any() -> Self {
        Self(vec![(0, 0xd7ff), (0xe000, 0x10_ffff)])
    }

    pub(super) fn of_class(class: &ClassUnicode) -> Self {
        Self(class.ranges().iter().map(|r| (u32::from(r.start()), u32::from(r.end()))).collect())
    }

    pub(super) fn one(c: char) -> Self {
        Self(vec![(u32::from(c), u32::from(c))])
    }

    /// The given character if it is one of them, or else the most readable.
    pub(super) fn readable(&self, first: char) -> Option<char> {
        let holds = |c: char| {
            let within = |(start, end): &(u32, u32)| (*start..=*end).contains(&u32::from(c));
            self.0.iter().any(within)
        };
        let any = || self.0.first().and_then(|(start, _)| char::from_u32(*start));
        std::iter::once(first).chain(READABLE.chars()).find(|c| holds(*c)).or_else(any)
    }
}

/// Everything that folds to what `c` folds to.
pub(super) fn folded(c: char) -> ClassUnicode {
    let c = fold(c);
    let others = VARIANTS.get(&c).map(Vec::as_slice).unwrap_or_default();
    let all = others.iter().chain([&c]).map(|c| ClassUnicodeRange::new(*c, *c));
    // What folds to another character may stand for nothing else.
    ClassUnicode::new(all.filter(|range| fold(range.start()) == c))
}

/// The characters of words.
pub(super) fn words() -> CharSet {
    WORDS.clone()
}

static WORDS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of_class(&class_where(regex_syntax::is_word_character)));

/// The characters that fold to another one, by that one.
static VARIANTS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut variants: HashMap<char, Vec<char>> = HashMap::new();
    for c in ('\0'..=char::MAX).filter(|c| fold(*c) != *c) {
        variants.entry(fold(c)).or_default().push(c);
    }
    variants
});

/// Every character, as a class.
pub(super) fn any_class() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])
}

/// What stands between words.
pub(super) static GAPS: LazyLock<ClassUnicode> =
    LazyLock::new(|| class_where(|c| !c.is_alphanumeric()));

/// Everything but capital letters.
pub(super) static LOWER: LazyLock<ClassUnicode> =
    LazyLock::new(|| class_where(|c| c.to_lowercase().eq([c])));

/// All characters that a predicate holds for; looks at each, so what it gives is kept.
fn class_where(holds: impl Fn(char) -> bool) -> ClassUnicode {
    let mut class = Vec::new();
    let mut from = None;
    for c in '\0'..=char::MAX {
        match (holds(c), from) {
            (true, None) => from = Some((c, c)),
            (true, Some((start, _))) => from = Some((start, c)),
            (false, Some((start, end))) => {
                class.push(ClassUnicodeRange::new(start, end));
                from = None;
            }
            (false, None) => {}
        }
    }
    class.extend(from.map(|(start, end)| ClassUnicodeRange::new(start, end)));
    ClassUnicode::new(class)
}

/// Characters in classes that no set of a product tells apart, each with one that stands for all;
/// the readable ones first.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// One character of each class.
    pub(super) letters: Vec<char>,
    /// For each set, whether it holds each class.
    pub(super) within: Vec<Vec<bool>>,
}

impl Alphabet {
    pub(super) fn new(sets: &[CharSet]) -> Self {
        let any = CharSet::any();
        let mut cuts: Vec<(u32, usize)> = Vec::new();
        for (index, set) in sets.iter().chain([&any]).enumerate() {
            cuts.extend(set.0.iter().flat_map(|(start, end)| [(*start, index), (end + 1, index)]));
        }
        cuts.sort_unstable();
        let mut within = vec![0u64; sets.len() / 64 + 1];
        let mut pieces: Vec<(u32, Vec<u64>)> = Vec::new();
        let mut cuts = cuts.into_iter().peekable();
        while let Some((at, index)) = cuts.next() {
            if let Some(word) = within.get_mut(index / 64) {
                *word ^= 1 << (index % 64);
            }
            // The last set holds every character, so surrogates are in none.
            if cuts.peek().is_none_or(|(next, _)| *next != at) && char::from_u32(at).is_some() {
                pieces.push((at, within.clone()));
            }
        }
        Self::of_pieces(&pieces, sets.len())
    }

    fn of_pieces(pieces: &[(u32, Vec<u64>)], sets: usize) -> Self {
        let piece_of = |c: char| {
            let after = pieces.partition_point(|(start, _)| *start <= u32::from(c));
            pieces.get(after.saturating_sub(1))
        };
        let readable = READABLE.chars().filter_map(|c| Some((c, &piece_of(c)?.1)));
        let rest = pieces.iter().filter_map(|(start, sets)| Some((char::from_u32(*start)?, sets)));
        let mut letters = Vec::new();
        let mut seen = HashMap::new();
        let mut columns: Vec<&Vec<u64>> = Vec::new();
        for (c, own) in readable.chain(rest) {
            if seen.insert(own, ()).is_none() {
                letters.push(c);
                columns.push(own);
            }
        }
        let has = |own: &Vec<u64>, set: usize| {
            own.get(set / 64).is_some_and(|word| word >> (set % 64) & 1 == 1)
        };
        let within = (0..sets).map(|set| columns.iter().map(|own| has(own, set)).collect());
        Self { letters, within: within.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_what_no_set_tells_apart() {
        let sets = [CharSet(vec![(97, 122)]), CharSet::one('b'), CharSet::one('\u{e000}')];
        let alphabet = Alphabet::new(&sets);
        assert_eq!(alphabet.letters, ['a', 'b', '0', '\u{e000}']);
        assert_eq!(alphabet.within[0], [true, true, false, false]);
        assert_eq!(alphabet.within[2], [false, false, false, true]);
    }

    #[test]
    fn variants_fold_alike() {
        for c in ['k', 'K', '\u{212a}', 's', 'ß', 'İ', 'σ', 'µ', '1'] {
            let class = folded(c);
            let all: Vec<char> =
                ('\0'..=char::MAX).filter(|other| fold(*other) == fold(c)).collect();
            let own: Vec<char> =
                class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
            assert_eq!(own, all, "{c}");
        }
    }
}
