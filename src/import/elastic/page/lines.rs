//! A page line by line, each line with its place in the file.

use crate::source::Span;

/// One line without its line end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Where it begins in the file.
    pub(super) start: usize,
    /// What it says.
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// Where the line stands.
    pub(super) fn span(self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// The rest of the line behind a prefix, with its own place.
    pub(super) fn behind(self, prefix: &str) -> Option<Line<'t>> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Line { start: self.start + prefix.len(), text })
    }

    /// Whether it holds nothing but blanks.
    pub(super) fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The lines of a file from some place on, with the one that is read next.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    lines: Vec<Line<'t>>,
    next: usize,
    end: usize,
}

impl<'t> Lines<'t> {
    /// The lines of `text` from the offset `from` on.
    pub(super) fn new(text: &'t str, from: usize) -> Self {
        let mut start = from;
        let rest = text.get(from..).unwrap_or_default();
        let line = |raw: &'t str| {
            let line = Line { start, text: raw.trim_end_matches(['\n', '\r']) };
            start += raw.len();
            line
        };
        Self { lines: rest.split_inclusive('\n').map(line).collect(), next: 0, end: text.len() }
    }

    /// The line that is read next.
    pub(super) fn peek(&self) -> Option<Line<'t>> {
        self.lines.get(self.next).copied()
    }

    /// Reads a line.
    pub(super) fn next(&mut self) -> Option<Line<'t>> {
        let line = self.peek()?;
        self.next += 1;
        Some(line)
    }

    /// Where the next line begins, or the file ends.
    pub(super) fn place(&self) -> usize {
        self.peek().map_or(self.end, |line| line.start)
    }

    /// Goes on to the next line that says something, and shows it.
    pub(super) fn skip_blanks(&mut self) -> Option<Line<'t>> {
        while self.peek().is_some_and(|line| line.is_blank()) {
            self.next += 1;
        }
        self.peek()
    }

    /// Reads lines up to one that `ends`, which stays.
    pub(super) fn until(&mut self, ends: impl Fn(Line<'t>) -> bool) -> Vec<Line<'t>> {
        let mut read = Vec::new();
        while let Some(line) = self.peek().filter(|line| !ends(*line)) {
            read.push(line);
            self.next += 1;
        }
        read
    }
}
