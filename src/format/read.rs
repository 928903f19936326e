//! From text to the formatter's tree, by `granit-parser`'s events.
//!
//! `source::read_yaml` has read the text before, so syntax, nesting and keys are known to be good.
//! What the tree has no place for (anchors, tags, directives) ends the reading with the reason.

use granit_parser::{Event, Parser, ScalarStyle, options};

use super::comments::{Found, attach};
use super::tree::{BLANKS, Collection, Document, Entry, Leaf, Stream, Style, Value};
use crate::source::Span;

/// Something that cannot be kept.
#[derive(Debug)]
pub(super) struct Unkept {
    pub(super) span: Span,
    /// What it is, as the subject of a sentence.
    pub(super) what: &'static str,
}

/// Longest run of comments. The parser's own limit of 96 is meant for hostile streams; a file is
/// bounded by its size.
const MAX_COMMENTS: usize = 100_000;

/// Reads a whole file.
pub(super) fn read(text: &str) -> Result<Stream<'_>, Unkept> {
    let options = options! {
        disallow_directives: true,
        emit_comments: true,
        max_buffered_comment_events: MAX_COMMENTS,
    };
    let mut reader = Reader { text, ..Reader::default() };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => {
                let span = span.byte_range().map_or(Span::default(), |r| Span::new(r.start, r.end));
                reader.event(event, span)?;
            }
            Err(error) => {
                let start = error.marker().byte_offset().unwrap_or_default().min(text.len());
                return Err(unkept(Span::new(start, start), "a directive"));
            }
        }
    }
    let mut stream = Stream { documents: reader.documents, ..Stream::default() };
    attach(&mut stream, reader.comments, text);
    Ok(stream)
}

fn unkept(span: Span, what: &'static str) -> Unkept {
    Unkept { span, what }
}

/// A collection whose end has not come yet.
struct Open<'t> {
    collection: Collection<'t>,
    /// The key that waits for its value.
    key: Option<Leaf<'t>>,
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    stack: Vec<Open<'t>>,
    documents: Vec<Document<'t>>,
    /// The `---` of the document whose value has not come yet.
    marked: bool,
    start: usize,
    comments: Vec<Found<'t>>,
}

impl<'t> Reader<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), Unkept> {
        if event.tag().is_some() {
            return Err(unkept(span, "a tag"));
        }
        match event {
            Event::Scalar(.., anchor, _)
            | Event::SequenceStart(_, anchor, _)
            | Event::MappingStart(_, anchor, _)
                if anchor != 0 =>
            {
                Err(unkept(span, "an anchor"))
            }
            Event::Alias(_) => Err(unkept(span, "an alias")),
            Event::Scalar(text, style, ..) => {
                let leaf = self.leaf(text.into_owned(), style, span);
                self.place(Value::Leaf(leaf))
            }
            Event::SequenceStart(style, ..) => {
                self.open(false, style, span);
                Ok(())
            }
            Event::MappingStart(style, ..) => {
                self.open(true, style, span);
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::DocumentStart(marked, _) => {
                (self.marked, self.start) = (marked, span.start);
                Ok(())
            }
            Event::DocumentEnd => {
                if let Some(document) = self.documents.last_mut() {
                    let written = self.text.get(span.start..).unwrap_or_default();
                    document.ended = !span.is_empty() && written.starts_with("...");
                    document.span.end = span.start;
                }
                Ok(())
            }
            Event::Comment(..) => {
                self.comments.extend(Found::new(self.text, span));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn leaf(&self, text: String, style: ScalarStyle, span: Span) -> Leaf<'t> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let above = self.text.get(..span.start).unwrap_or_default();
        let start = match style {
            Style::Literal | Style::Folded => above.rfind('\n').map_or(0, |at| at + 1),
            _ => span.start,
        };
        let raw = self.text.get(start..span.end).unwrap_or_default();
        let raw = if style == Style::Folded { raw } else { raw.trim_end_matches(BLANKS) };
        // The library reads `~` where nothing is written.
        let nothing = style == Style::Plain && raw.is_empty();
        // Line ends behind a value belong to its span only in the library's view.
        let end = start + raw.trim_end_matches(BLANKS).len();
        let text = if nothing { String::new() } else { text };
        Leaf { style, text, raw, span: Span::new(span.start, end) }
    }

    fn open(&mut self, keyed: bool, style: granit_parser::StructureStyle, span: Span) {
        let flow = style == granit_parser::StructureStyle::Flow;
        let (entries, tail) = Default::default();
        let collection = Collection { keyed, flow, entries, tail, span };
        self.stack.push(Open { collection, key: None });
    }

    fn close(&mut self, end: Span) -> Result<(), Unkept> {
        let Some(Open { mut collection, .. }) = self.stack.pop() else { return Ok(()) };
        collection.span = collection.span.to(end);
        self.place(Value::Collection(collection))
    }

    /// Puts a finished value where its parent expects it.
    fn place(&mut self, value: Value<'t>) -> Result<(), Unkept> {
        let Some(open) = self.stack.last_mut() else {
            self.documents.push(Document {
                prologue: Vec::new(),
                marked: self.marked,
                note: None,
                header: Vec::new(),
                root: Entry::new(None, value),
                tail: Vec::new(),
                ended: false,
                span: Span::new(self.start, self.text.len()),
            });
            return Ok(());
        };
        match (open.collection.keyed, open.key.take(), value) {
            (true, None, Value::Leaf(key)) => open.key = Some(key),
            (true, None, value) => return Err(unkept(value.span(), "a key that is no text")),
            (_, key, value) => open.collection.entries.push(Entry::new(key, value)),
        }
        Ok(())
    }
}
