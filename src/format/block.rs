//! Texts that are written as blocks: `|` and `>`, and quoted or plain texts of several lines.

use super::tree::{BLANKS, Leaf, Style};

/// A text as a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// `|` or `>` with its indicators.
    pub(super) mark: String,
    /// Its lines without indentation.
    pub(super) lines: Vec<String>,
}

impl Block {
    /// Whether blank lines behind the block belong to it.
    pub(super) fn keeps_blank_lines(&self) -> bool {
        self.mark.ends_with('+')
    }
}

/// The scalar as a block, if it was one or has several lines and reads the same as a block.
pub(super) fn block(leaf: &Leaf<'_>) -> Option<Block> {
    // A block of nothing but blanks is hard to read rightly, for people and for parsers.
    if leaf.text.trim().is_empty() {
        return None;
    }
    match leaf.style {
        Style::Literal => Some(literal(&leaf.text)),
        Style::Folded => Some(folded(leaf).unwrap_or_else(|| literal(&leaf.text))),
        // Lines of these are joined as those of `>` are.
        Style::Plain => rewrapped(&leaf.text, leaf.raw, |line| line.to_owned()),
        Style::Single => rewrapped(&leaf.text, unquoted(leaf.raw)?, |line| line.replace("''", "'")),
        Style::Double if leaf.raw.contains('\\') => None,
        Style::Double => rewrapped(&leaf.text, unquoted(leaf.raw)?, |line| line.to_owned()),
    }
}

fn unquoted(raw: &str) -> Option<&str> {
    raw.get(1..raw.len().checked_sub(1)?)
}

fn literal(text: &str) -> Block {
    let lines = text.trim_end_matches('\n').split('\n').map(str::to_owned).collect();
    finished('|', lines, text)
}

/// A `>` block with the line ends that its author chose.
fn folded(leaf: &Leaf<'_>) -> Option<Block> {
    let width = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = leaf.raw.split('\n').next()?;
    // Blanks that belong to the text do not belong to the indentation.
    let indentation = width(first).checked_sub(width(leaf.text.trim_start_matches('\n')))?;
    let above = leaf.text.len() - leaf.text.trim_start_matches('\n').len();
    let mut lines = vec![String::new(); above];
    for line in leaf.raw.trim_end_matches('\n').split('\n') {
        match line.get(indentation..) {
            Some(line) => lines.push(line.to_owned()),
            None => lines.push(String::new()),
        }
    }
    drop_blank_end(&mut lines);
    reads_as(&lines, &leaf.text).then(|| finished('>', lines, &leaf.text))
}

/// A plain or quoted text of several lines as a `>` block.
fn rewrapped(text: &str, raw: &str, unescape: impl Fn(&str) -> String) -> Option<Block> {
    let mut lines: Vec<String> =
        raw.split('\n').map(|line| unescape(line.trim_matches(BLANKS))).collect();
    let several = lines.len() > 1;
    drop_blank_end(&mut lines);
    (several && reads_as(&lines, text)).then(|| finished('>', lines, text))
}

/// Takes away the blank lines at the end, of which [`finished`] writes as many as the text has.
fn drop_blank_end(lines: &mut Vec<String>) {
    while lines.last().is_some_and(|line| line.trim_matches(BLANKS).is_empty()) {
        lines.pop();
    }
}

/// Whether the lines of a `>` block are read as the text, line ends at its end aside.
fn reads_as(lines: &[String], text: &str) -> bool {
    fold(lines) == text.trim_end_matches('\n')
}

/// What a reader makes of the lines of a `>` block (YAML 1.2, section 8.1.3): a line end between
/// two lines is a blank, unless one of the two is indented further.
fn fold(lines: &[String]) -> String {
    let mut out = String::new();
    let mut above: Option<bool> = None;
    let mut empty = 0;
    for line in lines {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        let further = line.starts_with([' ', '\t']);
        let ends = match above {
            None => empty,
            Some(false) if !further => empty,
            Some(_) => empty + 1,
        };
        match (above, ends) {
            (Some(_), 0) => out.push(' '),
            _ => out.extend(std::iter::repeat_n('\n', ends)),
        }
        out.push_str(line);
        (above, empty) = (Some(further), 0);
    }
    out
}

/// Adds what the lines cannot say: an indentation that cannot be guessed, and the line ends that
/// close the text.
fn finished(mark: char, mut lines: Vec<String>, text: &str) -> Block {
    let mut mark = String::from(mark);
    // Readers take the first line that is not blank for the indentation.
    let first = lines.iter().position(|line| !line.trim_start_matches(' ').is_empty());
    if lines.iter().take(first.unwrap_or(0) + 1).any(|line| line.starts_with(' ')) {
        mark.push_str(super::write::INDENT_DIGIT);
    }
    let ends = text.len() - text.trim_end_matches('\n').len();
    match ends {
        0 => mark.push('-'),
        1 => {}
        _ => mark.push('+'),
    }
    lines.extend(std::iter::repeat_n(String::new(), ends.saturating_sub(1)));
    Block { mark, lines }
}
