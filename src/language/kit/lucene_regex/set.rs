//! Sets of characters.

/// A set of characters, as ranges in order that neither touch nor overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(Vec<(char, char)>);

/// Ranges longer than this are taken for blocks of a script, in which case letters come in pairs
/// anyway; only ASCII letters are folded in them.
const MAX_FOLDED: u32 = 512;

/// `\d`.
pub(super) const DIGIT: &[(char, char)] = &[('0', '9')];

/// `\w`.
pub(super) const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// `\s`.
pub(super) const BLANK: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];

/// `\s` in Lucene.
pub(super) const LUCENE_BLANK: &[(char, char)] = &[('\t', '\n'), ('\r', '\r'), (' ', ' ')];

/// The classes that are written `[:name:]`.
pub(super) const POSIX: &[(&str, &[(char, char)])] = &[
    ("alnum", &[('0', '9'), ('A', 'Z'), ('a', 'z')]),
    ("alpha", &[('A', 'Z'), ('a', 'z')]),
    ("ascii", &[('\0', '\u{7f}')]),
    ("blank", &[('\t', '\t'), (' ', ' ')]),
    ("cntrl", &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')]),
    ("digit", DIGIT),
    ("graph", &[('!', '~')]),
    ("lower", &[('a', 'z')]),
    ("print", &[(' ', '~')]),
    ("punct", &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
    ("space", BLANK),
    ("upper", &[('A', 'Z')]),
    ("word", WORD),
    ("xdigit", &[('0', '9'), ('A', 'F'), ('a', 'f')]),
];

impl Set {
    /// The set of some ranges, each from its lower to its higher end.
    pub(super) fn of(ranges: impl IntoIterator<Item = (char, char)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        ranges.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::new();
        for (from, to) in ranges {
            match merged.last_mut() {
                Some((_, end)) if next(*end).is_none_or(|after| from <= after) => {
                    *end = to.max(*end);
                }
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    /// All other characters.
    pub(super) fn complement(&self) -> Self {
        let mut ranges = Vec::new();
        let mut start = Some('\0');
        for (from, to) in &self.0 {
            if let (Some(start), Some(end)) = (start, previous(*from))
                && start <= end
            {
                ranges.push((start, end));
            }
            start = next(*to);
        }
        ranges.extend(start.map(|start| (start, char::MAX)));
        Self(ranges)
    }

    /// The characters that are in both.
    pub(super) fn common(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|own| other.0.iter().map(move |range| (own, range)));
        let both = pairs.map(|(own, range)| (own.0.max(range.0), own.1.min(range.1)));
        Self::of(both.filter(|(from, to)| from <= to))
    }

    /// The set with every letter in both cases.
    pub(super) fn folded(&self) -> Self {
        let mut ranges = self.0.clone();
        for (from, to) in &self.0 {
            for (block, other) in [(('a', 'z'), 'A'), (('A', 'Z'), 'a')] {
                let (low, high) = ((*from).max(block.0), (*to).min(block.1));
                if low <= high {
                    let moved = |c: char| shifted(c, block.0, other);
                    ranges.extend(moved(low).zip(moved(high)));
                }
            }
            if !from.is_ascii() && u32::from(*to) - u32::from(*from) < MAX_FOLDED {
                ranges.extend((*from..=*to).flat_map(variants).map(|c| (c, c)));
            }
        }
        Self::of(ranges)
    }

    /// Whether it holds a letter of ASCII in both cases but not in its third.
    pub(super) fn lacks_third_case(&self) -> bool {
        let holds = |c: char| self.0.iter().any(|(from, to)| (*from..=*to).contains(&c));
        [('k', '\u{212a}'), ('s', '\u{17f}')].iter().any(|(c, third)| holds(*c) && !holds(*third))
    }

    /// The ranges.
    pub(super) fn ranges(&self) -> &[(char, char)] {
        &self.0
    }

    /// Whether it holds every character.
    pub(super) fn is_full(&self) -> bool {
        self.0 == [('\0', char::MAX)]
    }

    /// Writes it as a class, negated if that is how it was meant: it then holds the last
    /// character of all. `write` writes one character.
    pub(super) fn write(&self, out: &mut String, write: fn(char, &mut String)) {
        let negated = self.0.last().is_some_and(|(_, to)| *to == char::MAX);
        out.push_str(if negated { "[^" } else { "[" });
        let shown = if negated { self.complement() } else { self.clone() };
        for (from, to) in shown.0 {
            write(from, out);
            if from < to {
                if next(from) != Some(to) {
                    out.push('-');
                }
                write(to, out);
            }
        }
        out.push(']');
    }
}

/// The other case of a character, if it is one character, and itself.
pub(super) fn variants(c: char) -> Vec<char> {
    let mut all = vec![c];
    let single = |mut chars: Box<dyn Iterator<Item = char>>| {
        let first = chars.next();
        first.filter(|_| chars.next().is_none())
    };
    all.extend(single(Box::new(c.to_lowercase())));
    all.extend(single(Box::new(c.to_uppercase())));
    all.sort_unstable();
    all.dedup();
    all
}

fn shifted(c: char, from: char, to: char) -> Option<char> {
    char::from_u32(u32::from(c) - u32::from(from) + u32::from(to))
}

fn next(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

fn previous(c: char) -> Option<char> {
    ('\0'..=c).rev().nth(1)
}
