//! The characters of query strings: blanks, marks, words, escapes.
//!
//! Facts about the grammar of Lucene's classic query parser, which Elasticsearch's `query_string`
//! uses: what a word may start with and go on with, which characters are marks, and that a
//! backslash makes the next character one like any other. `\u0041` is a character by its number,
//! but only in words, phrases and prefixes: in other patterns it is the letter `u`.

use std::fmt::Write as _;

use crate::language::kit::{Cursor, QueryError};
use crate::source::Span;

/// Marks that end a word wherever they stand, and that a word does not start with.
const MARKS: &[char] =
    &['!', '(', ')', ':', '^', '[', ']', '"', '{', '}', '~', '*', '?', '\\', '/'];

/// Marks only at the start of a word: `us-east-1` is one word.
const SIGNS: &[char] = &['+', '-'];

/// Words that are operators unless a backslash stands before them.
pub(super) const OPERATORS: [&str; 5] = ["AND", "OR", "NOT", "&&", "||"];

/// Blanks of the grammar. Others, such as the no-break space, are letters to it.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{3000}')
}

/// Whether a word may hold the character without a backslash.
pub(super) fn is_in_word(c: char) -> bool {
    !is_blank(c) && !MARKS.contains(&c)
}

/// Whether a word may start with the character without a backslash.
pub(super) fn starts_word(c: char) -> bool {
    is_in_word(c) && !SIGNS.contains(&c)
}

/// Takes the character after a backslash, which the cursor stands behind. With `numbers`, `u` and
/// four hexadecimal digits are the character of that number.
pub(super) fn escaped(cursor: &mut Cursor<'_>, numbers: bool) -> Result<char, QueryError> {
    let start = cursor.at().saturating_sub(1);
    let c = cursor.bump().ok_or_else(|| {
        QueryError::syntax(cursor.span_from(start), "a backslash needs a character after it")
            .help("write `\\\\` for a backslash")
    })?;
    if c != 'u' || !numbers {
        return Ok(c);
    }
    let unit = unit(cursor).ok_or_else(|| {
        let span = Span::new(start, cursor.at());
        QueryError::syntax(span, "`\\u` needs four hexadecimal digits after it")
            .help("write `\\\\u` for a backslash and the letter `u`")
    })?;
    let mut ahead = cursor.clone();
    let low = (0xd800..0xdc00).contains(&unit) && ahead.eat("\\u");
    let low = if low { self::unit(&mut ahead) } else { None };
    if low.is_some() {
        cursor.reset(ahead.at());
    }
    let units = std::iter::once(unit).chain(low);
    let decoded = char::decode_utf16(units).collect::<Result<String, _>>().ok();
    let mut chars = decoded.iter().flat_map(|text| text.chars());
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(QueryError::syntax(cursor.span_from(start), "this escape is half a character")),
    }
}

/// Takes four hexadecimal digits.
fn unit(cursor: &mut Cursor<'_>) -> Option<u16> {
    let digits = cursor.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    cursor.reset(cursor.at() + digits.len());
    Some(unit)
}

/// Writes a text so that it reads as part of a word or of a pattern; `first` if nothing stands
/// before it. With `numbers`, characters that would break the line are written by their numbers.
pub(super) fn write_word(text: &str, first: bool, numbers: bool, out: &mut String) {
    for (at, c) in text.char_indices() {
        if numbers && is_line_break(c) {
            write_number(c, out);
            continue;
        }
        let bare = if first && at == 0 { starts_word(c) } else { is_in_word(c) };
        if !bare {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Writes a text in quotes.
pub(super) fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        if is_line_break(c) {
            write_number(c, out);
            continue;
        }
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
}

fn write_number(c: char, out: &mut String) {
    // INVARIANT: writing to a String does not fail.
    let _ = write!(out, "\\u{:04x}", u32::from(c));
}
