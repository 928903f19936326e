//! The sections of a page: guide, setup and query, each under a heading with an anchor.
//!
//! A guide is Markdown of its own, with headings, code and lists. So a Markdown parser says what is
//! a heading of the page and what only looks like one.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The sections in the order of the pages: heading, anchor, field of the API.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("Investigation guide", "_investigation_guide", "note"),
    ("Setup", "_setup", "setup"),
    ("Rule query", "_rule_query", "query"),
];

/// One section.
#[derive(Debug)]
pub(super) struct Section {
    /// The field of the API that it holds.
    pub(super) field: &'static str,
    /// The number behind its anchor.
    pub(super) number: Option<u32>,
    /// Its heading.
    pub(super) heading: Range<usize>,
    /// All that stands below the heading; of a query the fence.
    pub(super) block: Range<usize>,
    /// Its text: the block, or what the fence holds.
    pub(super) text: Range<usize>,
}

/// What stands at the outermost level of a page.
enum Block {
    Heading(Range<usize>),
    Fence(Range<usize>),
    Other(Range<usize>),
}

/// The sections of `text` from the offset `from` on. `ends` says whether what follows the sections
/// begins at a place.
pub(super) fn sections(text: &str, from: usize, ends: impl Fn(usize) -> bool) -> Vec<Section> {
    let mut found = Found { text, sections: Vec::new(), after: 0, is_open: false, end: None };
    for block in blocks(text, from) {
        match block {
            Block::Heading(range) => found.heading(range),
            Block::Fence(range) => found.fence(range),
            Block::Other(range) if found.end.is_none() && ends(range.start) => {
                found.end = Some(range.start);
            }
            Block::Other(_) => {}
        }
    }
    let end = found.end.unwrap_or(text.len());
    found.close(end);
    found.sections
}

/// What was found so far.
struct Found<'t> {
    text: &'t str,
    sections: Vec<Section>,
    /// Which section may come next: their order is fixed.
    after: usize,
    /// Whether the last section has not ended yet.
    is_open: bool,
    /// Where the sections may have ended; only right if no section follows.
    end: Option<usize>,
}

impl Found<'_> {
    fn heading(&mut self, range: Range<usize>) {
        let line = self.text.get(range.clone()).unwrap_or_default().trim_end();
        let Some((index, number)) = heading(line).filter(|(index, _)| *index >= self.after) else {
            return;
        };
        self.close(range.start);
        let heading = range.start..range.start + line.len();
        let block = heading.end..self.text.len();
        let (_, _, field) = SECTIONS[index];
        self.sections.push(Section { field, number, heading, text: block.clone(), block });
        (self.after, self.is_open, self.end) = (index + 1, true, None);
    }

    /// The first fence below the heading of the query is the query.
    fn fence(&mut self, range: Range<usize>) {
        if let Some(section) = self.sections.last_mut().filter(|last| last.field == "query")
            && self.is_open
        {
            section.text = inside(self.text, &range);
            section.block = range;
            self.is_open = false;
        }
    }

    /// Ends the last section.
    fn close(&mut self, end: usize) {
        if let Some(section) = self.sections.last_mut().filter(|_| self.is_open) {
            section.block.end = end;
            section.text.end = end;
        }
        self.is_open = false;
    }
}

/// Which section a heading begins, and the number of its anchor.
fn heading(line: &str) -> Option<(usize, Option<u32>)> {
    let (title, anchor) = line.strip_prefix("## ")?.strip_suffix(']')?.rsplit_once(" [")?;
    let index = SECTIONS.iter().position(|(known, ..)| *known == title)?;
    let number = anchor.strip_prefix(SECTIONS[index].1)?;
    if number.is_empty() {
        return Some((index, None));
    }
    Some((index, Some(number.strip_prefix('_')?.parse().ok()?)))
}

/// The lines between those of a fence, of which the last is missing if the fence is not closed.
fn inside(text: &str, fence: &Range<usize>) -> Range<usize> {
    let raw = text.get(fence.clone()).unwrap_or_default().trim_end();
    let start = raw.find('\n').map_or(raw.len(), |at| at + 1);
    let last = raw.rfind('\n').unwrap_or(raw.len());
    let closing = raw.get(last..).unwrap_or_default().trim();
    let is_closed = ['`', '~']
        .iter()
        .any(|mark| closing.len() >= 3 && closing.trim_start_matches(*mark).is_empty());
    let end = if is_closed { last.max(start) } else { raw.len() };
    fence.start + start..fence.start + end
}

/// The outermost blocks of `text` from the offset `from` on.
fn blocks(text: &str, from: usize) -> Vec<Block> {
    let mut depth = 0_usize;
    let mut blocks = Vec::new();
    let parser = Parser::new_ext(text.get(from..).unwrap_or_default(), Options::empty());
    for (event, range) in parser.into_offset_iter() {
        let range = range.start + from..range.end + from;
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    blocks.push(match tag {
                        Tag::Heading { .. } => Block::Heading(range),
                        Tag::CodeBlock(CodeBlockKind::Fenced(_)) => Block::Fence(range),
                        _ => Block::Other(range),
                    });
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    blocks
}
