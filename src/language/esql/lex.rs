//! The characters of ES|QL: blanks and comments, texts, numbers, names, index patterns.
//!
//! There are no tokens for a whole query: what may stand in a name of `FROM` is something else
//! than in an expression. Source: Elastic's page *Basic ES|QL syntax*, and *FROM* for the names of
//! indices.

use super::name::{Name, NamePattern, continues_name, starts_name};
use crate::language::kit::{Cursor, QueryError};
use crate::query::{Part, Pattern};
use crate::source::Span;

/// Units of time spans, as Elastic's page *ES|QL time spans* lists them.
const UNITS: &[&str] = &[
    "millisecond",
    "milliseconds",
    "ms",
    "second",
    "seconds",
    "sec",
    "s",
    "minute",
    "minutes",
    "min",
    "m",
    "hour",
    "hours",
    "h",
    "day",
    "days",
    "d",
    "week",
    "weeks",
    "w",
    "month",
    "months",
    "mo",
    "quarter",
    "quarters",
    "q",
    "year",
    "years",
    "yr",
    "y",
];

/// Takes blanks and comments; the comments go to `comments`. Stops at a comment without an end.
pub(super) fn blanks<'t>(cursor: &mut Cursor<'t>, comments: &mut Vec<&'t str>) {
    loop {
        cursor.take_while(char::is_whitespace);
        match comment(cursor) {
            Some(comment) => comments.push(comment),
            None => return,
        }
    }
}

/// Takes a comment, if a whole one is next.
fn comment<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let rest = cursor.rest();
    let length = if rest.starts_with("//") {
        rest.find(['\n', '\r']).unwrap_or(rest.len())
    } else {
        let inside = rest.strip_prefix("/*")?;
        inside.find("*/")? + "/**/".len()
    };
    cursor.reset(cursor.at() + length);
    rest.get(..length)
}

/// Takes what ends no command: one character, or a whole text, name or comment. `false` at the
/// end.
pub(super) fn skip(cursor: &mut Cursor<'_>) -> bool {
    let taken = match cursor.peek() {
        None => return false,
        Some('"') => string(cursor).is_ok(),
        Some('`') => quoted_name(cursor).is_ok(),
        Some('/') if cursor.rest().starts_with("//") || cursor.rest().starts_with("/*") => {
            comment(cursor).is_some()
        }
        Some(_) => cursor.bump().is_some(),
    };
    if !taken {
        // Something without an end holds the rest of the query.
        cursor.reset(cursor.text().len());
    }
    true
}

/// Takes a text; the opening quote is next.
pub(super) fn string(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    let start = cursor.at();
    if cursor.eat("\"\"\"") {
        return raw_string(cursor, start);
    }
    cursor.bump();
    let mut text = String::new();
    loop {
        match cursor.bump() {
            None => {
                cursor.reset(start);
                let span = Span::new(start, start + 1);
                return Err(QueryError::syntax(span, "this quote is not closed").help(
                    "end the text with `\"`; a quote inside it is `\\\"`, a backslash `\\\\`",
                ));
            }
            Some('"') => return Ok(text),
            Some('\\') => match escaped(cursor.peek()) {
                Some(c) => {
                    cursor.bump();
                    text.push(c);
                }
                None => return Err(bad_escape(cursor)),
            },
            Some(c) => text.push(c),
        }
    }
}

/// Takes the rest of a text in triple quotes, where nothing is an escape. Up to two quotes may
/// stand right before the closing three.
fn raw_string(cursor: &mut Cursor<'_>, start: usize) -> Result<String, QueryError> {
    let Some(end) = cursor.rest().find("\"\"\"") else {
        let span = Span::new(start, start + 3);
        cursor.reset(start);
        return Err(QueryError::syntax(span, "this triple quote is not closed")
            .help("end the text with `\"\"\"`"));
    };
    let mut text = cursor.rest().get(..end).unwrap_or_default().to_owned();
    cursor.reset(cursor.at() + end + 3);
    for _ in 0..2 {
        if cursor.eat("\"") {
            text.push('"');
        }
    }
    Ok(text)
}

fn escaped(c: Option<char>) -> Option<char> {
    match c? {
        't' => Some('\t'),
        'r' => Some('\r'),
        'n' => Some('\n'),
        c @ ('"' | '\\') => Some(c),
        _ => None,
    }
}

fn bad_escape(cursor: &Cursor<'_>) -> QueryError {
    let length = cursor.peek().map_or(0, char::len_utf8);
    let span = Span::new(cursor.at().saturating_sub(1), cursor.at() + length);
    let c = cursor.peek().map_or(String::new(), String::from);
    QueryError::syntax(span, format!("`\\{c}` is not an escape")).help(
        "write `\\\\` for a backslash, or put the text in triple quotes, where it stands for itself",
    )
}

/// Takes a number without a sign: `1969`, `3.14`, `.5`, `4e5`.
pub(super) fn number<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let start = cursor.at();
    let digits = |cursor: &mut Cursor<'t>| !cursor.take_while(|c| c.is_ascii_digit()).is_empty();
    let whole = digits(cursor);
    let point = cursor.at();
    let fraction = cursor.eat(".") && (digits(cursor) || whole);
    if !fraction {
        cursor.reset(point);
    }
    if !whole && !fraction {
        return None;
    }
    let end = cursor.at();
    let exponent = (cursor.eat("e") || cursor.eat("E")) && {
        let _sign = cursor.eat("+") || cursor.eat("-");
        digits(cursor)
    };
    if !exponent {
        cursor.reset(end);
    }
    cursor.text().get(start..cursor.at())
}

/// Takes a unit of time and gives it in small letters.
pub(super) fn unit(cursor: &mut Cursor<'_>) -> Option<String> {
    let start = cursor.at();
    let word = cursor.take_while(continues_name).to_ascii_lowercase();
    if UNITS.contains(&word.as_str()) && cursor.peek() != Some('.') {
        return Some(word);
    }
    cursor.reset(start);
    None
}

/// Takes a word of letters, digits and `_`; empty if none is next.
pub(super) fn word<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    if cursor.peek().is_some_and(starts_name) {
        cursor.take_while(|c| continues_name(c) || c == '@')
    } else {
        ""
    }
}

/// Takes a name of a column, if one is next.
pub(super) fn name(cursor: &mut Cursor<'_>) -> Result<Option<Name>, QueryError> {
    let start = cursor.at();
    let mut text = String::new();
    loop {
        match cursor.peek() {
            Some('`') => text.push_str(&quoted_name(cursor)?),
            _ => match word(cursor) {
                "" if cursor.at() == start => return Ok(None),
                "" => return Err(bad_name(cursor)),
                part => text.push_str(part),
            },
        }
        if !cursor.eat(".") {
            return Ok(Name::new(text));
        }
        text.push('.');
    }
}

fn bad_name(cursor: &Cursor<'_>) -> QueryError {
    QueryError::syntax(cursor.here(), "the next part of this name is missing")
        .help("a part that does not start with a letter, `_` or `@` stands in backticks")
}

/// Takes a name in backticks; the opening one is next.
fn quoted_name(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    let start = cursor.at();
    let refused = |message| Err(QueryError::syntax(Span::new(start, start + 1), message));
    cursor.bump();
    let mut text = String::new();
    loop {
        text.push_str(cursor.take_while(|c| c != '`'));
        if cursor.eat("``") {
            text.push('`');
        } else if cursor.eat("`") {
            break;
        } else {
            cursor.reset(start);
            return refused("this backtick is not closed");
        }
    }
    if text.is_empty() { refused("this name is empty") } else { Ok(text) }
}

/// Takes a name with `*` for any run of characters, if one is next.
pub(super) fn name_pattern(cursor: &mut Cursor<'_>) -> Result<Option<NamePattern>, QueryError> {
    let mut parts = Vec::new();
    loop {
        match cursor.peek() {
            Some('`') => parts.push(Part::Literal(quoted_name(cursor)?)),
            Some('*') => {
                cursor.bump();
                parts.push(Part::Any);
            }
            _ => {
                let plain = cursor.take_while(|c| continues_name(c) || matches!(c, '@' | '.'));
                if plain.is_empty() {
                    break;
                }
                parts.push(Part::Literal(plain.to_owned()));
            }
        }
    }
    Ok(NamePattern::new(Pattern::from_iter(parts)))
}

/// Whether a pattern of indices needs no quotes.
pub(super) fn is_plain_index(text: &str) -> bool {
    let comment = text.contains("//") || text.contains("/*");
    !text.is_empty()
        && !comment
        && text.chars().all(continues_index)
        && !text.eq_ignore_ascii_case("metadata")
}

/// Takes a pattern of indices, if one is next.
pub(super) fn index(cursor: &mut Cursor<'_>) -> Result<Option<String>, QueryError> {
    if cursor.peek() == Some('"') {
        return string(cursor).map(Some);
    }
    let start = cursor.at();
    let text = cursor.take_while(continues_index);
    let comment = [text.find("//"), text.find("/*")].into_iter().flatten().min();
    let text = text.get(..comment.unwrap_or(text.len())).unwrap_or_default();
    cursor.reset(start + text.len());
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn continues_index(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, ',' | '|' | '(' | ')' | '[' | ']' | '"' | '`' | '=')
}
