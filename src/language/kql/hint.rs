//! What a syntax error says.
//!
//! The parser knows where a query goes wrong; these functions look at what stands there to guess
//! what was meant.

use super::lex::{JOINING, eat_keyword, is_blank};
use crate::language::kit::{Cursor, QueryError};
use crate::source::Span;

/// Nothing that can start an operand comes next.
pub(super) fn missing(cursor: &Cursor<'_>, wanted: &str) -> QueryError {
    let expected = format!("expected {wanted}");
    let error =
        |found: &str| QueryError::syntax(cursor.here(), format!("{expected}, found {found}"));
    if eat_keyword(&mut cursor.clone(), "not") {
        let span = Span::new(cursor.at(), cursor.at() + "not".len());
        return if after_word(cursor, "not") {
            QueryError::syntax(span, "`not` cannot follow `not`")
                .help("drop both, or put the inner one in parentheses: `not (not ...)`")
        } else {
            QueryError::syntax(span, format!("{expected}, found `not`"))
                .help("inside a value list `not` needs the list's parentheses: `field:(not value)`")
        };
    }
    match cursor.peek() {
        None => {
            QueryError::syntax(cursor.here(), format!("{expected}, found the end of the query"))
        }
        Some(':') => error("`:`").help("a value with `:` in it needs quotes, or `\\:`"),
        Some(sign @ ('<' | '>')) => {
            error(&format!("`{sign}`")).help("a range has no colon: `field >= 5`")
        }
        Some('{') => {
            error("`{`").help("a nested query follows its field directly: `field:{ ... }`")
        }
        Some(')') if cursor.text().get(..cursor.at()).is_some_and(|t| before(t).ends_with('(')) => {
            error("`)`").help("parentheses cannot be empty")
        }
        Some(c) => error(&format!("`{c}`")),
    }
}

/// An operand ended at byte `end`, and what stands at the cursor, blanks later, cannot follow it.
/// `colon` is the help for a colon there.
pub(super) fn superfluous(cursor: &Cursor<'_>, end: usize, colon: &str) -> QueryError {
    let here = cursor.here();
    let spaced = cursor.at() > end;
    if let Some(word) = JOINING.into_iter().find(|word| starts_with_word(cursor.rest(), word)) {
        let span = Span::new(here.start, here.start + word.len());
        let side = if spaced { "after" } else { "before" };
        return QueryError::syntax(span, format!("`{word}` needs a blank {side} it"));
    }
    if eat_keyword(&mut cursor.clone(), "not") {
        return not_inside(cursor, spaced);
    }
    let Some(c) = cursor.peek() else {
        return QueryError::syntax(here, "the query ends too early");
    };
    let error = QueryError::syntax(here, format!("expected `and` or `or`, found `{c}`"));
    match c {
        ':' if has_sign(cursor) => error.help("KQL has no `&&` and `||`: write `and`, `or`"),
        ':' => error.help(colon),
        '(' => match JOINING.iter().chain(&["not"]).find(|word| after_word(cursor, word)) {
            Some(word) => error.help(format!("`{word}` needs a blank before the parenthesis")),
            None => error.help("a parenthesis that belongs to a value needs quotes, or `\\(`"),
        },
        '{' => error.help("a brace that belongs to a value needs quotes, or `\\{`"),
        '"' => {
            error.help("two values need a word between them; a quote inside of a value is `\\\"`")
        }
        _ => error,
    }
}

/// `not` stands where nothing can start: after an operand, or inside a word.
fn not_inside(cursor: &Cursor<'_>, spaced: bool) -> QueryError {
    let span = Span::new(cursor.at(), cursor.at() + "not".len());
    let inside = cursor
        .text()
        .get(..cursor.at())
        .is_some_and(|before| before.ends_with(char::is_alphanumeric));
    if inside && !spaced {
        QueryError::syntax(span, "Kibana reads the end of this word as `not`")
            .help("put the value in quotes")
    } else {
        QueryError::syntax(span, "expected `and` or `or`, found `not`")
            .help("write `and not`, or put the value in quotes")
    }
}

/// Whether `text` starts with `word` in any letter case, and not with a longer word.
fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        && text.get(word.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether the last word before the cursor is `word`.
fn after_word(cursor: &Cursor<'_>, word: &str) -> bool {
    let text = before(cursor.text().get(..cursor.at()).unwrap_or_default());
    let last = text.rsplit(|c| is_blank(c) || matches!(c, '(' | ':' | '{')).next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(word))
}

fn before(text: &str) -> &str {
    text.trim_end_matches(is_blank)
}

/// Whether the value before the cursor holds the `and` or `or` of another language.
fn has_sign(cursor: &Cursor<'_>) -> bool {
    let text = cursor.text().get(..cursor.at()).unwrap_or_default();
    let value = text.rsplit(':').next().unwrap_or_default();
    value.contains("&&") || value.contains("||")
}
