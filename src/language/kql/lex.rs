//! The characters of KQL: blanks, keywords, escapes, literals.
//!
//! Kibana has no tokens: an unquoted literal runs until something else can start, and the rules
//! for that are subtle. `or` and `and` are keywords only between blanks, `not` wherever a blank
//! follows it, even inside a word: `a:cannot be` is an error in Kibana.

use super::ast::Literal;
use crate::language::kit::{Cursor, QueryError};
use crate::query::{Part, Pattern};
use crate::source::Span;

/// Characters that end an unquoted literal unless a backslash stands before them.
pub(super) const SPECIAL: &[char] = &['\\', '(', ')', ':', '<', '>', '"', '*', '{', '}'];

/// The words that join two operands.
pub(super) const JOINING: [&str; 2] = ["or", "and"];

/// Blanks of the grammar.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// What JavaScript's `trim` cuts off the ends of an unquoted literal: Unicode white space with
/// the byte order mark, without NEXT LINE.
pub(super) fn is_trimmed(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// Takes `word` in any letter case.
fn eat_word(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let eaten = cursor.rest().get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word));
    if eaten {
        cursor.reset(cursor.at() + word.len());
    }
    eaten
}

/// Takes `word`, in any letter case, and the blanks that have to follow it.
pub(super) fn eat_keyword(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let start = cursor.at();
    let eaten = eat_word(cursor, word) && !cursor.take_while(is_blank).is_empty();
    if !eaten {
        cursor.reset(start);
    }
    eaten
}

/// Takes `or` or `and` with the blanks that have to stand around it.
pub(super) fn eat_joining(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let start = cursor.at();
    let eaten = !cursor.take_while(is_blank).is_empty() && eat_keyword(cursor, word);
    if !eaten {
        cursor.reset(start);
    }
    eaten
}

/// Whether `or` or `and` comes next, with the blanks that have to stand around it.
pub(super) fn at_joining(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    JOINING.iter().any(|word| eat_joining(&mut ahead, word))
}

/// Takes a run of blanks unless a joining keyword follows it. Taking the run as a whole keeps the
/// time linear: none of its later blanks can start a keyword that its first one does not.
pub(super) fn take_blanks<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    if at_joining(cursor) { "" } else { cursor.take_while(is_blank) }
}

/// Takes a quoted string; the opening quote is next. `Err` if the string has no end.
pub(super) fn quoted(cursor: &mut Cursor<'_>) -> Result<Literal, QueryError> {
    let start = cursor.at();
    cursor.bump();
    let mut text = String::new();
    loop {
        match cursor.peek() {
            None => {
                let quote = Span::new(start, start + 1);
                return Err(QueryError::syntax(quote, "this quote is not closed").help(
                    "end the string with `\"`; a quote inside it is `\\\"`, a backslash `\\\\`",
                ));
            }
            Some('"') => break,
            // A backslash before anything that is no escape stands for itself: "C:\Windows".
            Some('\\') => text.push(escape(cursor, &['\\', '"'])?.unwrap_or('\\')),
            Some(c) => text.push(c),
        }
        cursor.bump();
    }
    cursor.bump();
    Ok(Literal::quoted(text))
}

/// Takes an unquoted literal. `Ok(None)` if none starts here, `Err` on a backslash that escapes
/// nothing; then everything before the backslash is taken.
pub(super) fn unquoted(cursor: &mut Cursor<'_>) -> Result<Option<Literal>, QueryError> {
    let start = cursor.at();
    let mut parts = vec![Part::Literal(String::new())];
    while let Some(c) = cursor.peek() {
        let text = match parts.last_mut() {
            Some(Part::Literal(text)) => text,
            _ => {
                parts.push(Part::Literal(String::new()));
                continue;
            }
        };
        match c {
            '*' => parts.push(Part::Any),
            '\\' => match eat_escaped_keyword(cursor) {
                Some(keyword) => {
                    text.push_str(keyword);
                    continue;
                }
                None => match escape(cursor, SPECIAL)? {
                    Some(c) => text.push(c),
                    None => return Err(bad_escape(cursor)),
                },
            },
            c if SPECIAL.contains(&c) => break,
            c if is_blank(c) => match take_blanks(cursor) {
                "" => break,
                blanks => {
                    text.push_str(blanks);
                    continue;
                }
            },
            'n' | 'N' if eat_keyword(&mut cursor.clone(), "not") => break,
            c => text.push(c),
        }
        cursor.bump();
    }
    Ok((cursor.at() > start).then(|| trimmed(parts)))
}

/// The literal of some parts, its ends cut as Kibana does after it has decoded the escapes.
fn trimmed(mut parts: Vec<Part>) -> Literal {
    if let Some(Part::Literal(text)) = parts.first_mut() {
        *text = text.trim_start_matches(is_trimmed).to_owned();
    }
    if let Some(Part::Literal(text)) = parts.last_mut() {
        text.truncate(text.trim_end_matches(is_trimmed).len());
    }
    let pattern = Pattern::from_iter(parts);
    // INVARIANT: the ends are trimmed, and there is no syntax for `Part::One`.
    Literal::unquoted(pattern).unwrap_or_else(Literal::any)
}

/// Takes `\or`, `\and` or `\not` and gives the word. Kibana reads `\n` before it looks for
/// keywords, so a lower-case `\not` is a line feed and `ot`.
fn eat_escaped_keyword<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let start = cursor.at();
    if cursor.peek_second() == Some('n') {
        return None;
    }
    cursor.bump();
    if JOINING.iter().chain(&["not"]).any(|word| eat_word(cursor, word)) {
        return cursor.text().get(start + 1..cursor.at());
    }
    cursor.reset(start);
    None
}

/// Decodes the escape that starts at the backslash next in line, up to but not including its
/// last character. `Ok(None)`, with nothing taken, if it is no escape; `Err` on half a surrogate
/// pair, which no text can hold.
fn escape(cursor: &mut Cursor<'_>, special: &[char]) -> Result<Option<char>, QueryError> {
    let decoded = match cursor.peek_second() {
        Some('t') => '\t',
        Some('r') => '\r',
        Some('n') => '\n',
        Some(c) if special.contains(&c) => c,
        Some('u') => return unicode_escape(cursor),
        _ => return Ok(None),
    };
    cursor.bump();
    Ok(Some(decoded))
}

/// Decodes `\uXXXX`, or two of them that make one character beyond the first 65,536.
fn unicode_escape(cursor: &mut Cursor<'_>) -> Result<Option<char>, QueryError> {
    let start = cursor.at();
    let Some(first) = code_unit(cursor.rest()) else { return Ok(None) };
    let second = cursor.rest().get(6..).and_then(code_unit);
    let pair = [first, second.unwrap_or_default()];
    let (decoded, length) = match char::decode_utf16(pair).next() {
        Some(Ok(c)) => (c, 6 * c.len_utf16()),
        _ => {
            let span = Span::new(start, start + 6);
            return Err(QueryError::syntax(span, "this escape is half a character")
                .help("characters beyond `\\uffff` need two escapes, or none"));
        }
    };
    cursor.reset(start + length - 1);
    Ok(Some(decoded))
}

/// The code unit that a text escapes at its start.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)
}

fn bad_escape(cursor: &Cursor<'_>) -> QueryError {
    let length = 1 + cursor.peek_second().map_or(0, char::len_utf8);
    let span = Span::new(cursor.at(), cursor.at() + length);
    let escape = cursor.rest().get(..length).unwrap_or("\\");
    QueryError::syntax(span, format!("`{escape}` is not an escape"))
        .help("write `\\\\` for a backslash, or put the value in quotes")
}
