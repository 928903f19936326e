//! A Markdown section of a rule as part of a page: no HTML, no address that runs code, headings
//! below the page's own, and nothing left open that would swallow what follows.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::headings::demoted;
use super::markdown::{DIALECT, fence, is_safe_url};

/// How often a text is looked at again; see [`tamed`].
const PASSES: usize = 4;

/// Stands behind a section while it is checked whether the section is closed.
const AFTER: &str = "after";

/// A section whose headings start at `level` at least. What cannot be made part of a page is shown
/// as code: losing it would be worse.
pub(super) fn section(markdown: &str, level: usize) -> String {
    let markdown = markdown.replace("\r\n", "\n");
    let markdown = markdown.trim_end().trim_start_matches('\n');
    tamed(markdown).map_or_else(|| fence(markdown, ""), |tame| closed(demoted(&tame, level)))
}

/// The text, or, if it leaves a fence open that would swallow what follows, the text as code.
pub(super) fn closed(markdown: String) -> String {
    if is_closed(&markdown) { markdown } else { fence(&markdown, "") }
}

/// A paragraph, or several: line breaks inside a paragraph become spaces, HTML becomes text.
pub(super) fn unwrapped(markdown: &str) -> String {
    let markdown = markdown.replace("\r\n", "\n");
    let markdown = tamed(markdown.trim()).map_or_else(|| fence(&markdown, ""), closed);
    let mut edits = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(&markdown, DIALECT).into_offset_iter() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::SoftBreak if depth == 1 => {
                edits.push((around(&markdown, range), " ".to_owned()))
            }
            _ => {}
        }
    }
    edited(&markdown, edits)
}

/// The range with the blanks on both sides of it.
fn around(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    start..range.end + (after.len() - after.trim_start_matches([' ', '\t']).len())
}

/// The text without HTML and unsafe links: both become plain text. `None` if that does not come to
/// an end.
fn tamed(markdown: &str) -> Option<String> {
    let mut text = markdown.to_owned();
    // Taking a tag away can bring another to light (one inside a comment), so look again.
    for _ in 0..PASSES {
        let parser = Parser::new_ext(&text, DIALECT);
        // A definition may be used by another section of the page.
        let definitions = parser.reference_definitions().iter();
        let mut edits: Vec<Edit> = definitions
            .filter(|(_, definition)| !is_safe_link(LinkType::Reference, &definition.dest))
            .flat_map(|(_, definition)| first(&text, definition.span.clone(), '[', "\\["))
            .collect();
        edits.extend(
            parser.into_offset_iter().flat_map(|(event, range)| edits_of(&text, &event, range)),
        );
        if edits.is_empty() {
            return Some(text);
        }
        text = edited(&text, edits);
    }
    None
}

type Edit = (Range<usize>, String);

/// What one event needs to become text. `&lt;` and not `\<`: a backslash before it would undo it.
fn edits_of(text: &str, event: &Event<'_>, range: Range<usize>) -> Vec<Edit> {
    match event {
        Event::Html(_) | Event::InlineHtml(_) => every(text, range, '<', "&lt;").collect(),
        Event::Start(Tag::Link { dest_url, link_type, .. })
            if !is_safe_link(*link_type, dest_url) =>
        {
            let is_bare = text.get(range.clone()).is_some_and(|link| link.starts_with('<'));
            let (mark, with) = if is_bare { ('<', "&lt;") } else { ('[', "\\[") };
            first(text, range, mark, with).into_iter().collect()
        }
        Event::Start(Tag::Image { dest_url, .. }) if !is_safe_link(LinkType::Inline, dest_url) => {
            first(text, range, '[', "\\[").into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// An edit for each `mark` in a range.
fn every(text: &str, range: Range<usize>, mark: char, with: &str) -> impl Iterator<Item = Edit> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let places = inside.match_indices(mark).map(move |(at, _)| range.start + at);
    places.map(move |at| (at..at + mark.len_utf8(), with.to_owned()))
}

fn first(text: &str, range: Range<usize>, mark: char, with: &str) -> Option<Edit> {
    every(text, range, mark, with).next()
}

/// `<name@host>` has no scheme of its own and is one that can be followed.
fn is_safe_link(kind: LinkType, url: &str) -> bool {
    // A link to nowhere is harmless, if useless.
    kind == LinkType::Email || url.is_empty() || is_safe_url(url)
}

/// Applies edits that do not overlap; of two that do, the first in the text wins.
fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + edits.len() * 4);
    let mut done = 0;
    for (range, with) in edits {
        if range.start >= done {
            out.push_str(text.get(done..range.start).unwrap_or_default());
            out.push_str(&with);
            done = range.end;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Whether a paragraph behind the section is read as one: no fence is left open.
fn is_closed(markdown: &str) -> bool {
    let whole = format!("{markdown}\n\n{AFTER}\n");
    let events: Vec<Event<'_>> = Parser::new_ext(&whole, DIALECT).collect();
    matches!(
        events.as_slice(),
        [.., Event::Start(Tag::Paragraph), Event::Text(last), Event::End(_)] if &**last == AFTER
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_cannot_break_the_page() {
        for (markdown, expected) in [
            ("## Goal\ntext\n\n### Deeper", "### Goal\n\ntext\n\n#### Deeper"),
            ("a <b>c</b>", "a &lt;b>c&lt;/b>"),
            ("<script>\nx\n</script>", "&lt;script>\nx\n&lt;/script>"),
            ("<!-- <script> -->", "&lt;!-- &lt;script> -->"),
            (
                "[x](javascript:y) [z](https://z.example)",
                "\\[x](javascript:y) [z](https://z.example)",
            ),
            ("[x][1]\n\n[1]: javascript:y", "\\[x][1]\n\n\\[1]: javascript:y"),
            ("![x](data:y)", "!\\[x](data:y)"),
            ("<javascript:y> <a@b.example>", "&lt;javascript:y> <a@b.example>"),
            ("`<kept>` and {{@evt.name}}", "`<kept>` and {{@evt.name}}"),
            ("```\nopen", "````\n```\nopen\n````"),
            ("* item\n  * deeper", "* item\n  * deeper"),
        ] {
            assert_eq!(section(markdown, 3), expected);
        }
    }

    #[test]
    fn wrapped_lines_become_paragraphs_on_one_line() {
        assert_eq!(
            unwrapped("one\n  two \nthree\n\nfour\n\n* a\n* b"),
            "one two three\n\nfour\n\n* a\n* b"
        );
        assert_eq!(unwrapped("runs <cmd>"), "runs &lt;cmd>");
    }
}
