//! The spanned YAML tree, built from `granit-parser`'s events.
//!
//! Only this file and the formatter know the YAML library. This one adds what an event stream
//! leaves open: duplicate keys are errors, aliases are copied under a budget (an alias bomb hits the budget
//! long before memory), documents of one stream come out as a list.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Entry, Kind, Mapping, Node, Scalar, Span, Spanned, Style, YamlError, YamlErrorKind};

/// Most nodes that one file may hold after aliases are copied; the largest public rule has 2,600.
pub const MAX_NODES: usize = 200_000;

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// Reads every document of a stream. Errors that leave the tree usable (duplicate keys) come with
/// the tree; a syntax error ends the reading, and the documents before it are kept.
pub fn read_yaml(text: &str) -> (Vec<Node>, Vec<YamlError>) {
    let mut builder = Builder { text, ..Builder::default() };
    // Comments are no part of the tree, and the parser buffers only so many of them.
    let options = granit_parser::options! { emit_comments: false };
    let mut parser = Parser::new_from_str_with_options(text, options).keep_tags(false);
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => {
                let span = span.byte_range().map_or(Span::default(), |r| Span::new(r.start, r.end));
                if builder.event(event, span).is_err() {
                    break;
                }
            }
            Some(Err(error)) => {
                let start = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                let next = text.get(start..).and_then(|rest| rest.chars().next());
                let end = start + next.map_or(0, char::len_utf8);
                builder.fail(Span::new(start, end), YamlErrorKind::from(&error));
                break;
            }
        }
    }
    (builder.documents, builder.errors)
}

/// A collection whose end has not come yet.
enum Open {
    Sequence {
        anchor: usize,
        start: Span,
        items: Vec<Node>,
    },
    Mapping {
        anchor: usize,
        start: Span,
        entries: Vec<Entry>,
        /// Places of the keys, once there are many.
        index: HashMap<String, Span>,
        key: Option<Key>,
    },
}

/// The key that waits for its value; `None` inside when the key was unusable.
type Key = Option<Spanned<String>>;

/// The limit was hit: nothing more is read.
struct Stop;

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    stack: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    documents: Vec<Node>,
    errors: Vec<YamlError>,
}

impl Builder<'_> {
    fn fail(&mut self, span: Span, kind: YamlErrorKind) {
        self.errors.push(YamlError { span, kind });
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = Scalar {
                    text: text.into_owned(),
                    style: match style {
                        ScalarStyle::Plain => Style::Plain,
                        ScalarStyle::SingleQuoted => Style::SingleQuoted,
                        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    },
                    tag: core_tag(tag.as_deref()),
                };
                self.finish(anchor, Node { span: self.trimmed(span), kind: Kind::Scalar(scalar) })
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, Open::Sequence { anchor, start: span, items: Vec::new() })
            }
            Event::MappingStart(_, anchor, _) => {
                let (entries, index) = Default::default();
                self.open(span, Open::Mapping { anchor, start: span, entries, index, key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => {
                    let copy = Node { span, kind: node.kind.clone() };
                    self.count(size(&copy), span)?;
                    self.place(copy)
                }
                // The library knows the anchor, but its value is not finished.
                None => {
                    self.fail(span, YamlErrorKind::endless_alias());
                    let nothing = Scalar { text: String::new(), style: Style::Plain, tag: None };
                    self.place(Node { span, kind: Kind::Scalar(nothing) })
                }
            },
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, span: Span, open: Open) -> Result<(), Stop> {
        if self.stack.len() >= MAX_DEPTH {
            self.fail(span, YamlErrorKind::TooDeep);
            return Err(Stop);
        }
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Stop> {
        let (anchor, start, kind) = match self.stack.pop() {
            Some(Open::Sequence { anchor, start, items }) => (anchor, start, Kind::Sequence(items)),
            Some(Open::Mapping { anchor, start, entries, .. }) => {
                (anchor, start, Kind::Mapping(Mapping { entries }))
            }
            None => return Ok(()),
        };
        // A block collection "ends" where the next token begins; people see its last character.
        let span = self.trimmed(start.to(end));
        self.finish(anchor, Node { span, kind })
    }

    fn finish(&mut self, anchor: usize, node: Node) -> Result<(), Stop> {
        self.count(1, node.span)?;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.place(node)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            self.fail(span, YamlErrorKind::TooMany);
            return Err(Stop);
        }
        Ok(())
    }

    /// Puts a finished node where its parent expects it.
    fn place(&mut self, node: Node) -> Result<(), Stop> {
        match self.stack.last_mut() {
            None => self.documents.push(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, index, key, .. }) => match key.take() {
                None => {
                    let (name, fault) = match node.kind {
                        Kind::Scalar(scalar) if is_merge(&scalar) => {
                            (None, Some(YamlErrorKind::MergeKey))
                        }
                        Kind::Scalar(scalar) => (Some(Spanned::new(scalar.text, node.span)), None),
                        _ => (None, Some(YamlErrorKind::ComplexKey)),
                    };
                    *key = Some(name);
                    if let Some(kind) = fault {
                        self.fail(node.span, kind);
                    }
                }
                Some(None) => {}
                Some(Some(name)) => match first_place(&name.value, entries, index) {
                    None => entries.push(Entry { key: name, value: node }),
                    Some(first) => {
                        self.fail(name.span, YamlErrorKind::DuplicateKey(name.value, first));
                    }
                },
            },
        }
        Ok(())
    }

    /// The span without the blanks and line ends that the parser counts to a node's end.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        Span::new(span.start, span.start + text.trim_end().len())
    }
}

/// Where a key stands already. Most mappings have so few keys that looking through them is quicker
/// than keeping an index.
fn first_place(key: &str, entries: &[Entry], index: &mut HashMap<String, Span>) -> Option<Span> {
    const FEW: usize = 32;
    if entries.len() < FEW {
        return entries.iter().find(|entry| entry.key.value == key).map(|entry| entry.key.span);
    }
    // What was added since the last look; the first time, everything.
    for entry in entries.get(index.len()..).unwrap_or_default() {
        index.insert(entry.key.value.clone(), entry.key.span);
    }
    index.get(key).copied()
}

fn is_merge(key: &Scalar) -> bool {
    key.style == Style::Plain && key.text == "<<"
}

fn core_tag(tag: Option<&Tag>) -> Option<String> {
    tag.and_then(Tag::core_suffix).map(str::to_owned)
}

fn size(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 1,
        Kind::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Kind::Mapping(mapping) => 1 + mapping.entries.iter().map(|e| size(&e.value)).sum::<usize>(),
    }
}
