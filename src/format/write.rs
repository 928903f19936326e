//! From the formatter's tree to text.

use super::block::{Block, block};
use super::scalar::{Place, inline};
use super::tree::{Collection, Comment, Document, Entry, Leaf, Stream, Style, Value};

/// Longest line, in characters, on which brackets and rejoined texts stay.
const WIDTH: usize = 120;

/// Columns of one level.
const INDENT: usize = 2;

/// The same, as a block scalar says it.
pub(super) const INDENT_DIGIT: &str = "2";

/// Writes all documents.
pub(super) fn write(stream: &Stream<'_>) -> String {
    let mut writer = Writer::default();
    for document in &stream.documents {
        writer.document(document);
    }
    writer.comments(&stream.tail, 0);
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The line has been begun with the dash of a list.
    begun: bool,
    /// The last thing was a block to which a blank line behind it would belong.
    keeps: bool,
}

impl Writer {
    fn document(&mut self, document: &Document<'_>) {
        self.comments(&document.prologue, 0);
        if document.marked {
            self.out.push_str("---");
            self.note(document.note);
        }
        self.comments(&document.header, 0);
        self.above(&document.root, 0);
        match &document.root.value {
            Value::Leaf(leaf) if leaf.is_empty() => {}
            Value::Collection(root) if self.flow_line(&document.root, 0).is_none() => {
                self.collection(root, 0);
            }
            _ => self.value("", &document.root, 0),
        }
        self.comments(&document.tail, 0);
        if document.ended {
            self.out.push_str("...\n");
        }
    }

    fn gap(&mut self, blank: bool) {
        if blank && !self.out.is_empty() && !self.keeps {
            self.out.push('\n');
        }
    }

    fn comments(&mut self, comments: &[Comment<'_>], indent: usize) {
        for comment in comments {
            self.gap(comment.blank);
            self.pad(indent);
            self.out.push_str(comment.text);
            self.out.push('\n');
            self.keeps = false;
        }
    }

    /// What stands above an entry.
    fn above(&mut self, entry: &Entry<'_>, indent: usize) {
        self.comments(&entry.before, indent);
        self.gap(entry.blank);
        self.keeps = false;
    }

    fn pad(&mut self, indent: usize) {
        if !std::mem::take(&mut self.begun) {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    /// Ends a line, with the comment that stands there.
    fn note(&mut self, note: Option<&str>) {
        if let Some(note) = note {
            self.out.push(' ');
            self.out.push_str(note);
        }
        self.out.push('\n');
    }

    fn collection(&mut self, collection: &Collection<'_>, indent: usize) {
        for entry in &collection.entries {
            self.above(entry, indent);
            self.pad(indent);
            match &entry.key {
                Some(key) => self.value(&format!("{}:", inline(key, Place::Block)), entry, indent),
                None => self.value("-", entry, indent),
            }
        }
        self.comments(&collection.tail, indent);
    }

    /// The rest of the line of an entry, and its block. `head` is its key or dash.
    fn value(&mut self, head: &str, entry: &Entry<'_>, indent: usize) {
        self.out.push_str(head);
        let column = indent + head.chars().count();
        match &entry.value {
            Value::Leaf(leaf) => self.leaf(leaf, entry, column, indent),
            Value::Collection(collection) => match self.flow_line(entry, column) {
                Some(line) => self.line(&line, entry),
                None => self.block(collection, entry, indent),
            },
        }
    }

    /// A value on the line of its head.
    fn line(&mut self, text: &str, entry: &Entry<'_>) {
        if !text.is_empty() {
            self.space();
            self.out.push_str(text);
        }
        self.note(entry.note);
    }

    fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(['\n', ' ']) {
            self.out.push(' ');
        }
    }

    /// A list or mapping on lines of its own; in a list it starts behind the dash.
    fn block(&mut self, collection: &Collection<'_>, entry: &Entry<'_>, indent: usize) {
        let first = collection.entries.first();
        let bare = first.is_some_and(|first| first.before.is_empty());
        if entry.key.is_none() && entry.note.is_none() && bare {
            self.out.push(' ');
            self.begun = true;
        } else {
            self.note(entry.note);
        }
        self.collection(collection, indent + INDENT);
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, entry: &Entry<'_>, column: usize, indent: usize) {
        let line = inline(leaf, Place::Block);
        match block(leaf).filter(|_| !is_line(leaf, &line, column)) {
            Some(block) => self.lines(&block, entry, indent + INDENT),
            None => self.line(&line, entry),
        }
    }

    fn lines(&mut self, block: &Block, entry: &Entry<'_>, indent: usize) {
        self.line(&block.mark, entry);
        for line in &block.lines {
            if !line.is_empty() {
                self.pad(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.keeps = block.keeps_blank_lines();
    }

    /// A collection in brackets behind its head, if it was so and fits.
    fn flow_line(&self, entry: &Entry<'_>, column: usize) -> Option<String> {
        let line = flow(&entry.value)?;
        (column + 1 + line.chars().count() <= WIDTH).then_some(line)
    }
}

/// Whether a text of several lines, not written as a block, is put on one.
fn is_line(leaf: &Leaf<'_>, line: &str, column: usize) -> bool {
    let block = matches!(leaf.style, Style::Literal | Style::Folded);
    !block && !leaf.text.contains('\n') && column + 1 + line.chars().count() <= WIDTH
}

/// A value inside brackets; `None` if it cannot stand there.
fn flow(value: &Value<'_>) -> Option<String> {
    match value {
        // An empty value is hard to see between commas.
        Value::Leaf(leaf) => (!leaf.is_empty()).then(|| inline(leaf, Place::Flow)),
        Value::Collection(collection) => brackets(collection),
    }
}

fn brackets(collection: &Collection<'_>) -> Option<String> {
    if !collection.flow || !collection.tail.is_empty() {
        return None;
    }
    let mut members = Vec::new();
    for entry in &collection.entries {
        if entry.note.is_some() || !entry.before.is_empty() {
            return None;
        }
        let value = flow(&entry.value)?;
        members.push(match &entry.key {
            Some(key) => format!("{}: {value}", inline(key, Place::Flow)),
            None => value,
        });
    }
    let members = members.join(", ");
    Some(if collection.keyed { format!("{{{members}}}") } else { format!("[{members}]") })
}
