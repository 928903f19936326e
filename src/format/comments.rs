//! Which comment belongs to what.
//!
//! A comment behind something on the same line is about that. A comment on a line of its own is
//! about what follows, unless it is indented deeper than what follows: then it ends the block
//! above it, as in
//!
//! ```yaml
//! selection:
//!   - one
//!   # - two
//! condition: selection
//! ```

use std::collections::VecDeque;

use super::tree::{BLANKS, Collection, Comment, Entry, Stream, Value};
use crate::source::Span;

/// A comment where the parser found it.
#[derive(Debug)]
pub(super) struct Found<'t> {
    text: &'t str,
    start: usize,
    /// Bytes before it on its line.
    column: usize,
    /// Whether nothing else stands on its line.
    alone: bool,
    /// Whether the line above is blank.
    blank: bool,
}

impl<'t> Found<'t> {
    /// The comment at a place; `None` if there is no such place.
    pub(super) fn new(text: &'t str, span: Span) -> Option<Self> {
        let before = line_before(text, span.start);
        Some(Self {
            text: text.get(span.start..span.end)?.trim_end_matches(BLANKS),
            start: span.start,
            column: before.len(),
            alone: before.trim_matches(BLANKS).is_empty(),
            blank: blank_above(text, span.start),
        })
    }

    fn comment(&self) -> Comment<'t> {
        Comment { text: self.text, blank: self.blank }
    }
}

/// What stands before an offset on the same line.
fn line_before(text: &str, offset: usize) -> &str {
    text.get(..offset).and_then(|before| before.rsplit('\n').next()).unwrap_or_default()
}

/// Whether the line above that of an offset is blank.
fn blank_above(text: &str, offset: usize) -> bool {
    let mut above = text.get(..offset).unwrap_or_default().rsplit('\n').skip(1);
    above.next().is_some_and(|line| line.trim_matches(BLANKS).is_empty())
}

/// Gives every comment its place in the tree.
pub(super) fn attach<'t>(stream: &mut Stream<'t>, mut found: Vec<Found<'t>>, text: &'t str) {
    found.sort_by_key(|comment| comment.start);
    stream.comments = found.iter().map(|comment| comment.text).collect();
    stream.comments.sort_unstable();
    let mut attacher = Attacher { text, comments: found.into() };
    let starts: Vec<usize> = stream.documents.iter().skip(1).map(|d| d.span.start).collect();
    let mut starts = starts.into_iter();
    for document in &mut stream.documents {
        let next = starts.next().unwrap_or(text.len());
        let end = if document.ended { document.span.end } else { next };
        if document.marked {
            document.prologue = attacher.take(|comment| comment.start < document.span.start);
            let start = document.root.start();
            let note = attacher.next(|comment| !comment.alone && comment.start < start);
            document.note = note.map(|comment| comment.text);
        }
        attacher.value(&mut document.root, None, end);
        document.tail = attacher.take(|comment| comment.start < end);
    }
    stream.tail = attacher.take(|_| true);
}

/// Where the entries of a collection start: at their keys, or at the dashes of a list.
fn starts(collection: &Collection<'_>, column: usize, text: &str) -> Vec<usize> {
    let mut above = collection.span.start;
    let mut starts = Vec::with_capacity(collection.entries.len());
    for (index, entry) in collection.entries.iter().enumerate() {
        let start = entry.start();
        let dashed = !collection.keyed && !collection.flow;
        starts.push(match index {
            _ if !dashed => start,
            0 => collection.span.start,
            _ => dash(text, above, start, column).unwrap_or(start),
        });
        above = entry.value.end();
    }
    starts
}

/// The offset of the dash at a column, between the value above and that behind the dash.
fn dash(text: &str, above: usize, start: usize, column: usize) -> Option<usize> {
    let mut line = above;
    for part in text.get(above..start)?.split_inclusive('\n').chain([""]) {
        let written = text.get(line..).unwrap_or_default();
        let indented = written.len() - written.trim_start_matches(' ').len();
        if indented == column && written.get(column..)?.starts_with('-') {
            return Some(line + column);
        }
        line += part.len();
    }
    None
}

struct Attacher<'t> {
    text: &'t str,
    /// Comments that have no place yet.
    comments: VecDeque<Found<'t>>,
}

impl<'t> Attacher<'t> {
    fn next(&mut self, wanted: impl Fn(&Found<'t>) -> bool) -> Option<Found<'t>> {
        if self.comments.front().is_some_and(wanted) { self.comments.pop_front() } else { None }
    }

    fn take(&mut self, wanted: impl Fn(&Found<'t>) -> bool) -> Vec<Comment<'t>> {
        let next = || self.next(&wanted);
        std::iter::from_fn(next).map(|found| found.comment()).collect()
    }

    /// The entries of a collection. `outer` is the column of the entry that holds it and `end` the
    /// offset of what follows it.
    fn collection(&mut self, collection: &mut Collection<'t>, outer: Option<usize>, end: usize) {
        let end = if collection.flow { collection.span.end } else { end };
        // In brackets no column matters, and their lines may be long.
        let column = match collection.flow {
            true => 0,
            false => line_before(self.text, collection.span.start).len(),
        };
        let starts = starts(collection, column, self.text);
        for (index, entry) in collection.entries.iter_mut().enumerate() {
            let start = starts.get(index).copied().unwrap_or(end);
            entry.blank = self.is_first_on_line(start) && blank_above(self.text, start);
            entry.before = self.take(|comment| comment.start < start);
            let next = starts.get(index + 1).copied().unwrap_or(end);
            self.value(entry, Some(column), next);
        }
        let deeper = |comment: &Found<'t>| {
            collection.flow || outer.is_none_or(|outer| comment.alone && comment.column > outer)
        };
        let tail = self.take(|comment| comment.start < end && deeper(comment));
        collection.tail.extend(tail);
    }

    /// The value of an entry: its comments inside and behind it.
    fn value(&mut self, entry: &mut Entry<'t>, column: Option<usize>, end: usize) {
        let start = entry.value.span().start;
        let block = matches!(&entry.value, Value::Collection(collection) if !collection.flow);
        // Between a key and a block, comments belong to the first entry of the block.
        while let Some(found) =
            self.next(|comment| comment.start < start && !(block && comment.alone))
        {
            self.note(entry, &found);
        }
        if let Value::Collection(collection) = &entry.value
            && collection.flow
            && let Some(first) = collection.entries.first().map(Entry::start)
        {
            while let Some(found) = self.next(|comment| !comment.alone && comment.start < first) {
                self.note(entry, &found);
            }
        }
        if let Value::Collection(collection) = &mut entry.value {
            self.collection(collection, column, end);
            if collection.entries.is_empty() {
                entry.before.append(&mut collection.tail);
            }
        }
        let (text, behind) = (self.text, entry.value.end());
        let same_line = |comment: &Found<'t>| {
            let between = text.get(behind..comment.start);
            !comment.alone && between.is_some_and(|between| !between.contains('\n'))
        };
        while let Some(found) =
            self.next(|comment| !block && comment.start < end && same_line(comment))
        {
            self.note(entry, &found);
        }
    }

    /// A comment at the end of a line: one fits there, further ones go above.
    fn note(&mut self, entry: &mut Entry<'t>, found: &Found<'t>) {
        if entry.note.is_none() && !found.alone {
            entry.note = Some(found.text);
        } else {
            entry.before.push(Comment { text: found.text, blank: false });
        }
    }

    fn is_first_on_line(&self, offset: usize) -> bool {
        let before = self.text.get(..offset).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\t', '-']);
        before.is_empty() || before.ends_with('\n')
    }
}
