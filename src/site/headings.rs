//! Headings of a Markdown text that is put into another one.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::markdown::DIALECT;

/// Deepest level that Markdown has.
const DEEPEST: usize = 6;

/// A heading that stands in no list and no quote.
struct Heading {
    /// Its lines, without the last line end.
    range: Range<usize>,
    /// 1 to 6.
    level: usize,
    /// What it says, as Markdown on one line.
    title: String,
}

/// The text with its highest heading moved down to `level`, and the others by as much.
pub(super) fn demoted(markdown: &str, level: usize) -> String {
    let headings = headings(markdown);
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(level);
    let by = level.saturating_sub(highest);
    replaced(markdown, &headings, |heading| {
        format!("{} {}", "#".repeat((heading.level + by).min(DEEPEST)), heading.title)
    })
}

/// The text with every heading a bold line. Elastic's pages show guides so, because a guide's own
/// headings would stand beside those of the page.
pub(super) fn emboldened(markdown: &str) -> String {
    replaced(markdown, &headings(markdown), |heading| match heading.title.as_str() {
        "" => String::new(),
        title => format!("**{title}**"),
    })
}

/// The text with its headings rewritten, each between blank lines.
fn replaced(markdown: &str, headings: &[Heading], write: impl Fn(&Heading) -> String) -> String {
    let mut out = String::with_capacity(markdown.len() + 16);
    let mut done = 0;
    let gap = |out: &mut String| {
        out.truncate(out.trim_end().len());
        if !out.is_empty() {
            out.push_str("\n\n");
        }
    };
    for heading in headings {
        out.push_str(markdown.get(done..heading.range.start).unwrap_or_default());
        gap(&mut out);
        out.push_str(&write(heading));
        gap(&mut out);
        let rest = markdown.get(heading.range.end..).unwrap_or_default();
        done = heading.range.end + (rest.len() - rest.trim_start_matches('\n').len());
    }
    out.push_str(markdown.get(done..).unwrap_or_default());
    out.truncate(out.trim_end_matches('\n').len());
    out
}

fn headings(markdown: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(markdown, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                if depth == 0 {
                    let lines = markdown.get(range.clone()).unwrap_or_default().trim_end();
                    let range = range.start..range.start + lines.len();
                    found.push(Heading { range, level: level as usize, title: title(lines) });
                }
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// What a heading says: without the number signs around it, or the line under it.
fn title(lines: &str) -> String {
    let lines = lines.trim_start();
    if let Some(title) = lines.strip_prefix('#') {
        let title = title.trim_start_matches('#').trim();
        let open = title.trim_end_matches('#');
        // A closing run counts only behind a blank: `C#` keeps its sign.
        let closed = open.is_empty() || open.ends_with([' ', '\t']);
        return if closed { open.trim_end() } else { title }.to_owned();
    }
    let mut lines: Vec<&str> = lines.lines().map(str::trim).collect();
    lines.pop();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_move_down_together() {
        for (markdown, expected) in [
            ("# A\n\n### B\n", "### A\n\n##### B"),
            ("A\nB\n===\ntext", "### A B\n\ntext"),
            ("#### A", "#### A"),
            ("text\n# C# #\n```\n# code\n```", "text\n\n### C#\n\n```\n# code\n```"),
            ("> # quoted", "> # quoted"),
            ("###### A\n# B", "###### A\n\n### B"),
            ("", ""),
        ] {
            assert_eq!(demoted(markdown, 3), expected);
        }
    }

    #[test]
    fn headings_become_bold_lines() {
        let guide = "## Triage\n\n### Steps ###\n- one\n#\n";
        assert_eq!(emboldened(guide), "**Triage**\n\n**Steps**\n\n- one");
        assert_eq!(emboldened("**Triage**\n\n* one"), "**Triage**\n\n* one");
    }
}
