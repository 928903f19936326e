//! Places inside a scalar: from bytes of its text to bytes of the file.

use super::Span;

/// Where the text of one scalar stands in its file.
///
/// YAML folds lines, drops indentation and resolves escapes, so the text is not always a piece of
/// the file. Folding and indentation change blanks only, so the other characters can be walked
/// along together; a scalar with escapes is only known as a whole.
#[derive(Clone, Debug)]
pub struct Within {
    whole: Span,
    offsets: Offsets,
}

/// Where the bytes of the text stand in the file.
#[derive(Clone, Debug)]
enum Offsets {
    /// One after another, from here: the text is so many bytes of the file.
    Straight(usize, usize),
    /// Here, and the end of the text; none if they are not known.
    Each(Vec<usize>),
}

impl Within {
    /// Walks along a scalar's text and its bytes in the file, `whole`, quotes included.
    pub fn new(text: &str, whole: Span, file: &str) -> Self {
        let raw = file.get(whole.start..whole.end).unwrap_or_default();
        let quote = usize::from(raw.starts_with(['\'', '"']));
        let offsets = [0, quote].into_iter().find_map(|skip| {
            let (raw, at) = (raw.get(skip..)?, whole.start + skip);
            match raw.starts_with(text) {
                true => Some(Offsets::Straight(at, text.len())),
                false => aligned(text, raw, at).map(Offsets::Each),
            }
        });
        Self { whole, offsets: offsets.unwrap_or(Offsets::Each(Vec::new())) }
    }

    /// The place in the file of a byte of the text, or of its end.
    fn offset(&self, at: usize) -> Option<usize> {
        match &self.offsets {
            Offsets::Straight(start, length) => (at <= *length).then(|| start + at),
            Offsets::Each(offsets) => offsets.get(at).copied(),
        }
    }

    /// The place in the file of a range of the text; the whole scalar if it is not known better.
    pub fn span(&self, inside: Span) -> Span {
        let start = self.offset(inside.start);
        // The end is that of the last byte: a following blank may be a line end with indentation.
        let last = inside.end.checked_sub(1).filter(|last| *last >= inside.start);
        let end = match last {
            Some(last) => self.offset(last).map(|at| at + 1),
            None => start,
        };
        start.zip(end).map_or(self.whole, |(start, end)| Span::new(start, end))
    }
}

/// Offsets in `raw` of every byte of `text` and of its end, `skip` added; `None` where they part.
fn aligned(text: &str, raw: &str, skip: usize) -> Option<Vec<usize>> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    for c in text.chars() {
        if !c.is_whitespace() {
            let rest = raw.get(at..)?;
            at += rest.len() - rest.trim_start().len();
            if !raw.get(at..)?.starts_with(c) {
                return None;
            }
        }
        offsets.extend((0..c.len_utf8()).map(|byte| skip + at + byte));
        // A blank of the text may be a longer run in the file; the next character catches up.
        let taken = raw.get(at..).and_then(|rest| rest.chars().next());
        at += taken.filter(|taken| *taken == c).map_or(0, char::len_utf8);
    }
    offsets.push(skip + at);
    Some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, file: &str, word: &str) -> Option<String> {
        let within = Within::new(text, Span::new(0, file.len()), file);
        let start = text.find(word)?;
        let span = within.span(Span::new(start, start + word.len()));
        file.get(span.start..span.end).map(str::to_owned)
    }

    #[test]
    fn words_are_found_in_every_style() {
        for (text, file) in [
            ("a and not b", "a and not b"),
            ("a and not b", "'a and not b'"),
            ("a and not b", "\"a and\n    not b\""),
            ("a\nand not b\n", "a\n    and not b\n"),
            ("é and not b", "é\n\n    and   not\n  b"),
        ] {
            for word in ["and", "not", "b"] {
                assert_eq!(place(text, file, word).as_deref(), Some(word), "{file}");
            }
        }
    }

    #[test]
    fn a_scalar_with_escapes_is_known_as_a_whole() {
        assert_eq!(place("a\tb", r#""a\tb""#, "b").as_deref(), Some(r#""a\tb""#));
    }

    #[test]
    fn the_end_of_a_text_is_a_place() {
        let within = Within::new("a and", Span::new(3, 10), "x: 'a and'");
        assert_eq!(within.span(Span::new(5, 5)), Span::new(9, 9));
    }
}
