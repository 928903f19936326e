//! What the formatter keeps of a file: every value, how it was written, and every comment at the
//! place to which it belongs.
//!
//! `source::Node` knows what a file means; this tree also knows what a person put round it. It has
//! one shape for lists and mappings, because comments and blank lines treat them alike.

use crate::source::Span;

/// What YAML takes for blanks and line ends; Unicode has more, which are text.
pub(super) const BLANKS: &[char] = &[' ', '\t', '\n'];

/// All documents of a file.
#[derive(Debug, Default)]
pub(super) struct Stream<'t> {
    pub(super) documents: Vec<Document<'t>>,
    /// Comments behind a last `...`, or of a file that holds nothing else.
    pub(super) tail: Vec<Comment<'t>>,
    /// The texts of all comments, sorted: what must be there afterwards.
    pub(super) comments: Vec<&'t str>,
}

/// One document.
#[derive(Debug)]
pub(super) struct Document<'t> {
    /// Comments above its `---`.
    pub(super) prologue: Vec<Comment<'t>>,
    /// Whether `---` stands before it.
    pub(super) marked: bool,
    /// The comment on the line of `---`.
    pub(super) note: Option<&'t str>,
    /// Comments about the document as a whole, which stay at its top.
    pub(super) header: Vec<Comment<'t>>,
    /// The value, as an entry without a key.
    pub(super) root: Entry<'t>,
    /// Comments behind a value that has no place for them.
    pub(super) tail: Vec<Comment<'t>>,
    /// Whether `...` ends it.
    pub(super) ended: bool,
    /// Offsets of its start and of what comes behind it.
    pub(super) span: Span,
}

/// A comment on a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Comment<'t> {
    /// From `#` to the last character that is no blank.
    pub(super) text: &'t str,
    /// Whether a blank line stands above.
    pub(super) blank: bool,
}

/// A member of a list, or a key with its value.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    /// Comments above.
    pub(super) before: Vec<Comment<'t>>,
    /// Whether a blank line stands above the entry itself.
    pub(super) blank: bool,
    /// The key; `None` in lists.
    pub(super) key: Option<Leaf<'t>>,
    pub(super) value: Value<'t>,
    /// The comment at the end of its line: behind the value, or behind `key:` or `-` if the value
    /// is a block.
    pub(super) note: Option<&'t str>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Value<'t> {
    Leaf(Leaf<'t>),
    Collection(Collection<'t>),
}

/// A list or a mapping.
#[derive(Debug)]
pub(super) struct Collection<'t> {
    /// Whether it is a mapping.
    pub(super) keyed: bool,
    /// Whether it is written in brackets.
    pub(super) flow: bool,
    pub(super) entries: Vec<Entry<'t>>,
    /// Comments behind the last entry, as deep as the entries.
    pub(super) tail: Vec<Comment<'t>>,
    pub(super) span: Span,
}

/// A scalar.
#[derive(Debug)]
pub(super) struct Leaf<'t> {
    pub(super) style: Style,
    /// What readers get; empty where nothing is written.
    pub(super) text: String,
    /// How it is written, with its quotes. That of a block is its lines with their indentation,
    /// without the line of the `|`.
    pub(super) raw: &'t str,
    pub(super) span: Span,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

impl<'t> Entry<'t> {
    /// An entry without comments.
    pub(super) fn new(key: Option<Leaf<'t>>, value: Value<'t>) -> Self {
        Self { before: Vec::new(), blank: false, key, value, note: None }
    }

    /// Offset of the key, or of the value in lists.
    pub(super) fn start(&self) -> usize {
        self.key.as_ref().map_or(self.value.span().start, |key| key.span.start)
    }

    /// Whether a blank line stands above the entry and its comments.
    pub(super) fn gap(&mut self) -> &mut bool {
        match self.before.first_mut() {
            Some(comment) => &mut comment.blank,
            None => &mut self.blank,
        }
    }
}

impl Value<'_> {
    pub(super) fn span(&self) -> Span {
        match self {
            Value::Leaf(leaf) => leaf.span,
            Value::Collection(collection) => collection.span,
        }
    }

    /// The offset behind the last character. The span of a block goes on to what follows it.
    pub(super) fn end(&self) -> usize {
        match self {
            Value::Collection(Collection { flow: false, entries, span, .. }) => {
                entries.last().map_or(span.start, |last| last.value.end())
            }
            value => value.span().end,
        }
    }
}

impl Leaf<'_> {
    /// Whether nothing is written.
    pub(super) fn is_empty(&self) -> bool {
        self.style == Style::Plain && self.raw.is_empty()
    }
}
