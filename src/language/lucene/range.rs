//! Ranges, `[1 TO 5]`, inside of which other characters are marks than outside.

use super::atom::Bound;
use super::chars;
use super::lex::{Token, quoted};
use crate::language::kit::{Cursor, QueryError};
use crate::source::Span;

pub(super) fn range(cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    let broken = |cursor: &Cursor<'_>, message: &str| {
        QueryError::syntax(Span::new(start, cursor.at().max(start + 1)), message)
            .help("a range is `[1 TO 5]`, `{1 TO 5}` without its ends, `[1 TO *]` without an end")
    };
    let inclusive = cursor.bump() == Some('[');
    let mut ends = Vec::new();
    for wanted in ["a lower end", "`TO`", "an upper end"] {
        cursor.take_while(chars::is_blank);
        let end = piece(cursor)?;
        let end = end.ok_or_else(|| broken(cursor, &format!("this range lacks {wanted}")))?;
        ends.push(end);
    }
    cursor.take_while(chars::is_blank);
    let closing = cursor.bump().filter(|c| matches!(c, ']' | '}'));
    let closing = closing.ok_or_else(|| broken(cursor, "this range is not closed"))?;
    match <[Piece; 3]>::try_from(ends) {
        Ok([from, Piece::To, upper]) => Ok(Token::Range(
            Bound { text: from.text(), inclusive },
            Bound { text: upper.text(), inclusive: closing == ']' },
        )),
        _ => Err(broken(cursor, "this range has no `TO` between its ends")),
    }
}

/// One piece of a range: its text, and whether it stood in quotes.
#[derive(PartialEq)]
enum Piece {
    To,
    Open,
    Text(String),
}

impl Piece {
    fn text(self) -> Option<String> {
        match self {
            Piece::Open => None,
            Piece::To => Some("TO".to_owned()),
            Piece::Text(text) => Some(text),
        }
    }
}

/// Takes what stands between blanks inside a range, where most marks are characters and a
/// backslash does not keep a blank or a bracket from ending it.
fn piece(cursor: &mut Cursor<'_>) -> Result<Option<Piece>, QueryError> {
    if cursor.peek() == Some('"') {
        return quoted(cursor).map(Piece::Text).map(Some);
    }
    let start = cursor.at();
    let raw = cursor.take_while(|c| !chars::is_blank(c) && !matches!(c, ']' | '}'));
    match raw {
        "" => return Ok(None),
        "TO" => return Ok(Some(Piece::To)),
        "*" => return Ok(Some(Piece::Open)),
        _ => {}
    }
    let mut inner = Cursor::new(raw);
    let mut text = String::new();
    while let Some(c) = inner.bump() {
        text.push(match c {
            '\\' => chars::escaped(&mut inner, true).map_err(|mut error| {
                error.span = error.span.shifted(start);
                error
            })?,
            c => c,
        });
    }
    Ok(Some(Piece::Text(text)))
}
