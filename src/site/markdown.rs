//! Putting text into Markdown so that it stays text.
//!
//! Nothing is escaped by habit: a Markdown parser reads the text where it is going to stand, and
//! only if it would come out as something else are its special characters escaped. So ordinary
//! names keep every byte, as in the platforms' own pages, and hostile ones stay harmless.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What common renderers (GitHub, MkDocs, Hugo) read beyond CommonMark.
pub(super) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// One line: every run of blanks, line ends and control characters becomes one space.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text that means nothing but itself, on one line: for headings, list items and paragraphs.
pub(super) fn text(raw: &str) -> String {
    let line = one_line(raw);
    let reads_as_text = |frame: &str, blocks| {
        only_text(&format!("{frame}{line}")).is_some_and(|read| read == (line.clone(), blocks))
    };
    let plain = line.is_empty()
        || !depends_on_page(&line) && reads_as_text("# ", 2) && reads_as_text("* ", 4);
    if plain { line } else { escaped(&line) }
}

/// Whether what a text means can hang on other parts of the page: a backslash at the end escapes
/// what follows, `<` may find its end later, and brackets are a link as soon as the page defines
/// what they name.
fn depends_on_page(line: &str) -> bool {
    line.ends_with('\\') || line.contains('<') || (line.contains('[') && line.contains(']'))
}

/// A line of Markdown: code, emphasis and links are kept; a line that holds anything else (HTML,
/// the start of a block, a definition) is kept as text.
pub(super) fn prose(raw: &str) -> String {
    let line = one_line(raw);
    let item = format!("* {line}");
    let parser = Parser::new_ext(&item, DIALECT);
    let defines = parser.reference_definitions().iter().next().is_some();
    let events: Vec<Event<'_>> = parser.collect();
    // What stands between the starts and the ends of the list and its item.
    let inner = match events.as_slice() {
        [Event::Start(Tag::List(None)), Event::Start(Tag::Item), inner @ .., _, _] => Some(inner),
        _ => None,
    };
    let is_inline = inner.is_some_and(|inner| inner.iter().all(is_inline));
    if is_inline && !defines && !line.ends_with('\\') { line } else { escaped(&line) }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        // A tag that ends elsewhere on the page is text only here.
        Event::Text(text) => !text.contains('<'),
        Event::Code(_) => true,
        Event::Start(Tag::Link { dest_url, .. }) => is_safe_url(dest_url),
        Event::Start(tag) => matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough),
        Event::End(tag) => {
            matches!(tag, TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
        }
        _ => false,
    }
}

/// Makes one line fit for a table cell. Tables are cut at bars before anything else is read, and
/// `\|` becomes a bar again before the cell is read (GFM, section 4.10), so this is exact for any
/// Markdown, also inside code.
pub(super) fn cell(line: &str) -> String {
    one_line(line).replace('|', "\\|")
}

/// Code on its own lines. The fence is longer than any run of backticks in the code.
pub(super) fn fence(code: &str, language: &str) -> String {
    let code = code.replace("\r\n", "\n");
    let code = code.trim_matches('\n');
    let mark = "`".repeat(longest_run(code).max(2) + 1);
    let language: String =
        language.chars().filter(|c| c.is_ascii_alphanumeric() || "+-_".contains(*c)).collect();
    format!("{mark}{language}\n{code}\n{mark}")
}

/// Code within a line.
pub(super) fn code(raw: &str) -> String {
    let line = one_line(raw);
    let mark = "`".repeat(longest_run(&line) + 1);
    // A backtick at an end would lengthen the mark; renderers drop one space at each end.
    let pad =
        if line.is_empty() || line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{mark}{pad}{line}{pad}{mark}")
}

/// A link. An address that could run code (any scheme but http, https and mailto) is not linked.
pub(super) fn link(label: &str, url: &str) -> String {
    let (label, url) = (one_line(label), one_line(url));
    if !is_safe_url(&url) {
        return text(&label);
    }
    let plain = format!("[{label}]({url})");
    if is_link(&plain, &label, &url) {
        return plain;
    }
    format!("[{}]({})", escaped(&label), encoded(&url))
}

/// An address that is its own label.
pub(super) fn address(url: &str) -> String {
    let url = one_line(url);
    let bare = format!("<{url}>");
    let events: Vec<Event<'_>> = Parser::new_ext(&bare, DIALECT).collect();
    match events.as_slice() {
        [_, Event::Start(Tag::Link { dest_url, .. }), Event::Text(label), Event::End(_), _]
            if is_safe_url(&url) && **dest_url == *url && **label == *url =>
        {
            bare
        }
        _ => link(&url, &url),
    }
}

/// Whether an address can be followed without running anything: a known scheme, or none.
pub(super) fn is_safe_url(url: &str) -> bool {
    // Browsers skip blanks and control characters inside a scheme.
    let url: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = url.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        Some((scheme, _)) => {
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        None => !url.is_empty(),
    }
}

/// The text of a document without any inline markup, and how many block starts and ends it has;
/// `None` if there is markup.
fn only_text(markdown: &str) -> Option<(String, usize)> {
    let mut read = (String::new(), 0);
    for event in Parser::new_ext(markdown, DIALECT) {
        match event {
            Event::Text(part) => read.0.push_str(&part),
            Event::Start(Tag::Heading { .. } | Tag::List(None) | Tag::Item)
            | Event::End(TagEnd::Heading(_) | TagEnd::List(_) | TagEnd::Item) => read.1 += 1,
            _ => return None,
        }
    }
    Some(read)
}

fn is_link(markdown: &str, label: &str, url: &str) -> bool {
    let item = format!("* {markdown}");
    let mut text = String::new();
    let mut links = 0;
    for event in Parser::new_ext(&item, DIALECT) {
        match event {
            Event::Start(Tag::Link { dest_url, title, .. })
                if title.is_empty() && *dest_url == *url =>
            {
                links += 1;
            }
            Event::Text(part) => text.push_str(&part),
            Event::Start(Tag::List(None) | Tag::Item) | Event::End(_) => {}
            _ => return false,
        }
    }
    links == 1 && text == label
}

/// Every character that could begin markup behind a backslash. Bars are left to [`cell`], which
/// must come last.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let number = line.chars().take_while(char::is_ascii_digit).count();
    let mut before = ' ';
    let mut chars = line.chars().enumerate().peekable();
    while let Some((index, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let opens = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => true,
            '&' => next.is_ascii_alphanumeric() || next == '#',
            // At the start of a heading, or at its end.
            '#' => before == ' ',
            '-' | '+' | '=' | '>' => index == 0,
            '.' | ')' => index == number && number > 0,
            _ => false,
        };
        if opens {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// An address in which no character ends or changes the destination of a link.
fn encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len() + 8);
    for c in url.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            ' ' | '<' | '>' | '(' | ')' | '\\' | '`' | '"' | '|' | '[' | ']' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out
}

fn longest_run(code: &str) -> usize {
    let runs = code.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_keep_every_byte() {
        for name in [
            "filebeat-*",
            "logs-aws.cloudtrail-*",
            "Use Case: Threat Detection",
            "SMB (Windows File Sharing) Activity to the Internet",
            "user_name & Co.",
            "a * b",
            "C#",
            "2.2.1",
            "{{@evt.name}}",
        ] {
            assert_eq!(text(name), name);
        }
    }

    #[test]
    fn markup_is_escaped() {
        for (raw, expected) in [
            ("*loud*", "\\*loud\\*"),
            ("<script>", "\\<script>"),
            ("a `b` c", "a \\`b\\` c"),
            ("# heading", "\\# heading"),
            ("1. item", "1\\. item"),
            ("two\nlines", "two lines"),
            ("[^1] end\\", "\\[^1\\] end\\\\"),
            ("&lt;", "\\&lt;"),
        ] {
            assert_eq!(text(raw), expected);
        }
        let inline = "calls `a|b`, *see* [x](https://x.example)";
        assert_eq!(prose(inline), inline);
        assert_eq!(prose("<b>x</b>"), "\\<b>x\\</b>");
        assert_eq!(prose("[x](javascript:alert)"), "\\[x\\](javascript:alert)");
    }

    #[test]
    fn fences_and_marks_are_longer_than_what_they_hold() {
        assert_eq!(fence("a\n```\nb\n", "k ql"), "````kql\na\n```\nb\n````");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|b"), "`a|b`");
    }

    #[test]
    fn links_are_written_so_that_they_lead_where_they_say() {
        let url = "https://x.example/a_b(c)?d=1&e=2";
        assert_eq!(link(url, url), format!("[{url}]({url})"));
        assert_eq!(link("a]b", "/c d"), "[a\\]b](/c%20d)");
        assert_eq!(link("x", "java\tscript:alert(1)"), "x");
        assert_eq!(address("https://x.example/a_b"), "<https://x.example/a_b>");
        assert_eq!(address("../a.md"), "[../a.md](../a.md)");
        assert_eq!(address("javascript:a"), "javascript:a");
    }
}
