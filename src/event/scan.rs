//! Where a JSON value ends: brackets and strings, and nothing else.
//!
//! The scanner checks no grammar inside of a value; that is for whoever builds it. It can be fed
//! a value in pieces.

use memchr::memchr3;

/// Deepest nesting that is followed. `serde_json` builds 128 levels; what no rule needs may be
/// deeper, but not without end.
const MAX_DEPTH: usize = 1 << 16;

/// What a piece of a value told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value ends before this byte of the piece.
    Ended(usize),
    /// The value goes on behind the piece.
    More,
    /// No value goes on with this byte of the piece: a bracket of the other kind, or a line end in
    /// a string.
    Broken(usize),
}

/// Follows one object or array, from its opening bracket to the closing one; or one string.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// The brackets that are open: true for `{`.
    open: Vec<bool>,
    in_string: bool,
    escaped: bool,
}

impl Scanner {
    /// Follows a piece of the value; the first has to begin with its first byte.
    pub fn feed(&mut self, piece: &[u8]) -> Step {
        let mut at = 0;
        while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
            let step = if self.in_string { self.string(rest) } else { self.brackets(rest) };
            match step {
                Step::Ended(end) if self.is_done() => return Step::Ended(at + end),
                Step::Ended(end) => at += end,
                Step::More => return Step::More,
                Step::Broken(place) => return Step::Broken(at + place),
            }
        }
        Step::More
    }

    /// Follows the rest of an object of which nothing but the closing bracket is known to come.
    pub fn inside_object() -> Self {
        Self { open: vec![true], ..Self::default() }
    }

    /// The same value, known to stand in an object that has to be closed too.
    pub fn within_object(mut self) -> Self {
        self.open.insert(0, true);
        self
    }

    fn is_done(&self) -> bool {
        self.open.is_empty() && !self.in_string
    }

    /// Goes to the end of a string.
    fn string(&mut self, piece: &[u8]) -> Step {
        let mut at = usize::from(std::mem::take(&mut self.escaped));
        loop {
            let Some(rest) = piece.get(at..) else { return Step::More };
            // A raw line end is no part of a string: the quote that ends it is missing.
            let Some(found) = memchr3(b'"', b'\\', b'\n', rest) else { return Step::More };
            match rest.get(found) {
                Some(b'"') => {
                    self.in_string = false;
                    return Step::Ended(at + found + 1);
                }
                Some(b'\n') => return Step::Broken(at + found),
                _ if found + 1 == rest.len() => {
                    self.escaped = true;
                    return Step::More;
                }
                _ => at += found + 2,
            }
        }
    }

    /// Goes to the next string, or to the end.
    fn brackets(&mut self, piece: &[u8]) -> Step {
        for (at, byte) in piece.iter().enumerate() {
            match byte {
                b'"' => {
                    self.in_string = true;
                    return Step::Ended(at + 1);
                }
                b'{' | b'[' if self.open.len() >= MAX_DEPTH => return Step::Broken(at),
                b'{' => self.open.push(true),
                b'[' => self.open.push(false),
                b'}' | b']' => {
                    if self.open.pop() != Some(*byte == b'}') {
                        return Step::Broken(at);
                    }
                    if self.open.is_empty() {
                        return Step::Ended(at + 1);
                    }
                }
                _ => {}
            }
        }
        Step::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_at_their_bracket() {
        for (text, expected) in [
            ("{} ", Step::Ended(2)),
            (r#"{"a":"}"},"#, Step::Ended(9)),
            (r#"{"a\"}":[{}]}"#, Step::Ended(13)),
            (r#"["\\"]x"#, Step::Ended(6)),
            (r#""a\"b" "#, Step::Ended(6)),
            (r#"{"a":"#, Step::More),
            ("[}", Step::Broken(1)),
            ("[\"a\n\"]", Step::Broken(3)),
        ] {
            assert_eq!(Scanner::default().feed(text.as_bytes()), expected, "{text}");
            // In pieces of one byte it is the same.
            let mut scanner = Scanner::default();
            let steps = text.bytes().enumerate().map(|(at, byte)| match scanner.feed(&[byte]) {
                Step::Ended(end) => Step::Ended(at + end),
                Step::Broken(place) => Step::Broken(at + place),
                Step::More => Step::More,
            });
            let end = steps.into_iter().find(|step| *step != Step::More);
            assert_eq!(end.unwrap_or(Step::More), expected, "{text} byte by byte");
        }
    }
}
